"""``gwxl rules``: the rule list of a form, from its rule files."""

from collections.abc import Iterator

from gwxl import Terms
from gwxl.cli.console import console
from gwxl.cli.declaring import command as declare
from gwxl.cli.declaring import form_option, help_option, option
from gwxl.cli.language import say
from gwxl.rules.ruleset import RuleSet

_NAMED = 3  # fields of a rule that the terminal names; the Markdown page names all
_COLUMNS = ("id", "severity", "title", "basis", "fields", "judge")


@declare("rules")
@form_option
@option("--markdown", is_flag=True, text_key="rules.markdown_option")
@help_option
def command(form: str | None, *, markdown: bool) -> None:
    """Print a row a rule."""
    rules = Terms(form).proven()
    heads = [say(f"rules.{name}") for name in _COLUMNS]
    rows = list(_rows(rules, None if markdown else _NAMED))
    if not markdown:
        console().table(heads, rows)
        return
    console().line(f"# {rules.form.title}")
    console().line()
    for row in (heads, ["---"] * len(heads), *rows):
        console().line("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")


def _rows(rules: RuleSet, most: int | None) -> Iterator[list[str]]:
    for rule in rules.rules:
        fields = ", ".join(rule.fields[:most])
        if most is not None and len(rule.fields) > most:
            fields += say("rules.more_fields", count=len(rule.fields))
        severity = rules.form.say(f"severity.{rule.severity}")
        yield [rule.id, severity, rule.title, rule.basis, fields, rule.clerk_only or say("rules.both_judges")]
