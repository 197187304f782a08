"""``gwxl forms``: which forms there are, and what is wrong with one."""

from gwxl import Terms, check_form
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import form_option, help_option, json_option, option
from gwxl.cli.console import console
from gwxl.cli.language import say
from gwxl.documents.forms import form_list_document, forms_document
from gwxl.form.definition import Form
from gwxl.rules.ruleset import RuleSet

_COLUMNS = ("id", "title", "edition", "older", "fields", "rules")


@declare("forms")
@form_option
@option("--check", "checked", text_key="forms.check_option", metavar=say("metavar.form"))
@json_option
@help_option
def command(form: str | None, checked: str | None, *, as_json: bool) -> int:
    """Print a row a form, or every mistake in one."""
    if checked is not None:
        return _check(checked, as_json=as_json)
    forms = Terms(form).forms
    if as_json:
        console().json(form_list_document(forms))
        return 0
    console().table([say(f"forms.{name}") for name in _COLUMNS], [_row(rules) for rules in forms])
    return 0


def _check(form: str, *, as_json: bool) -> int:
    checked = check_form(form)
    if as_json:
        console().json(forms_document(checked))
        return int(bool(checked.mistakes))
    for mistake in checked.mistakes:
        console().line(str(mistake))
    name = checked.form.id if checked.form else checked.folder.name
    if checked.mistakes:
        console().line(say("forms.mistakes", form=name, count=len(checked.mistakes)), style="error")
        return 1
    console().line(say("forms.no_mistakes", form=name), style="good")
    return 0


def _row(rules: RuleSet) -> list[str]:
    form = rules.form
    return [form.id, form.title, form.edition, _older(form), str(len(form.fields)), str(len(rules.rules))]


def _older(form: Form) -> str:
    names = [one.form.edition for one in form.older]
    return ", ".join(say("forms.accepted", edition=name) if name in form.accepts else name for name in names) or "-"
