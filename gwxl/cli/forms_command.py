"""``gwxl forms``: which forms there are."""

from gwxl.cli.commands import command as declare
from gwxl.cli.commands import form_option, help_option
from gwxl.cli.console import console
from gwxl.cli.language import say
from gwxl.form.definition import Form
from gwxl.rules.ruleset import RuleSet
from gwxl.rules.shelf import load_all

_COLUMNS = ("id", "title", "edition", "older", "fields", "rules")


@declare("forms")
@form_option
@help_option
def command(form: str | None) -> None:
    """Print a row a form."""
    heads = [say(f"forms.{name}") for name in _COLUMNS]
    console().table(heads, [_row(rules) for rules in load_all(form)])


def _row(rules: RuleSet) -> list[str]:
    form = rules.form
    return [form.id, form.title, form.edition, _older(form), str(len(form.fields)), str(len(rules.rules))]


def _older(form: Form) -> str:
    names = [one.form.edition for one in form.older]
    return ", ".join(say("forms.accepted", edition=name) if name in form.accepts else name for name in names) or "-"
