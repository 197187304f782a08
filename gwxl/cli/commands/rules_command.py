"""``gwxl rules``: the rule list of a form, from its rule files."""

from gwxl import Terms
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import form_option, help_option, json_option, option
from gwxl.cli.console import console
from gwxl.cli.settings import form_of
from gwxl.cli.wrapping import WIDTH, wrap
from gwxl.documents.rules import rules_document
from gwxl.records.path import Path
from gwxl.rules.rule import Rule
from gwxl.rules.ruleset import RuleSet

_NAMED = 3  # fields of a rule that the terminal names; the Markdown page names all
_INDENT = 4
_COLUMNS = ("id", "severity", "title", "basis", "fields", "judge")


@declare("rules")
@form_option
@option("--markdown", is_flag=True, text_key="rules.markdown_option")
@json_option
@help_option
def command(form: str | None, *, markdown: bool, as_json: bool) -> None:
    """Print the rules in the language of the form."""
    rules = Terms(form_of(form)).prove_rules()
    if as_json:
        console().json(rules_document(rules))
    elif markdown:
        _print_markdown(rules)
    else:
        for rule in rules.rules:
            _print_rule(rules, rule)


def _print_rule(rules: RuleSet, rule: Rule) -> None:
    """Print a rule, and below it what it rests on and concerns, in the columns of a terminal."""
    facts = dict(zip(_COLUMNS, _row(rules, rule, _NAMED), strict=True))
    console().line(f"{facts['id']}  {facts['severity']}  {facts['title']}")
    for name in ("fields", "basis", "judge"):
        told = rules.form.say("rules.fact", name=rules.form.say(f"rules.{name}"), fact=facts[name])
        for line in wrap(told, WIDTH - _INDENT) if facts[name] else []:
            console().line(" " * _INDENT + line)


def _print_markdown(rules: RuleSet) -> None:
    heads = [rules.form.say(f"rules.{name}") for name in _COLUMNS]
    console().line(f"# {rules.form.title}")
    console().line()
    for row in (heads, ["---"] * len(heads), *(_row(rules, rule, None) for rule in rules.rules)):
        console().line("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")


def _row(rules: RuleSet, rule: Rule, most: int | None) -> list[str]:
    form = rules.form
    fields = form.say("rules.and").join(form.label(Path.parse(name)) for name in rule.fields[:most])
    if most is not None and len(rule.fields) > most:
        fields += form.say("rules.more_fields", count=len(rule.fields))
    judge = rule.clerk_only or form.say("rules.both_judges")
    return [rule.id, form.say(f"severity.{rule.severity}"), rule.title, rule.basis, fields, judge]
