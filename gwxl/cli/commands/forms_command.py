"""``gwxl forms``: which forms there are, and what is wrong with one."""

from pathlib import Path

from gwxl import Terms, check_form, draft_form, start_form
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import form_option, help_option, json_option, option
from gwxl.cli.console import console
from gwxl.cli.language import language, say
from gwxl.cli.parameters import FILE, OUTPUT_FOLDER
from gwxl.cli.shell_quoting import quote
from gwxl.documents.drafted import draft_document
from gwxl.documents.forms import form_list_document, forms_document
from gwxl.form.definition import Form
from gwxl.rules.ruleset import RuleSet
from gwxl.wording.joining import join_words

_KIB = 1024
_COLUMNS = ("id", "title", "edition", "older", "fields", "rules")


@declare("forms")
@form_option
@option("--check", "checked", text_key="forms.check_option", metavar=say("metavar.form"))
@option("--new", type=OUTPUT_FOLDER, text_key="forms.new_option")
@option("--from", "source", type=(FILE, OUTPUT_FOLDER), text_key="forms.from_option", metavar=say("forms.from_what"))
@json_option
@help_option
def command(
    form: str | None, checked: str | None, new: Path | None, source: tuple[Path, Path] | None, *, as_json: bool
) -> int:
    """Print a row a form, or every mistake in one; or write one to go on with."""
    if checked is not None:
        return _check(checked, as_json=as_json)
    if new is not None:
        start_form(new, language())
        console().line(say("forms.started", folder=quote(new)), style="good")
        return 0
    if source is not None:
        return _draft(*source, as_json=as_json)
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
    for mistake, line in zip(checked.mistakes, checked.lines, strict=True):
        told = str(mistake)
        console().line(told.replace(mistake.file, f"{mistake.file}:{line}", 1) if line else told)
    name = checked.form.id if checked.form else checked.folder.name
    if checked.mistakes:
        console().line(say("forms.mistakes", form=name, count=len(checked.mistakes)), style="error")
        return 1
    console().line(say("forms.no_mistakes", form=name), style="good")
    if checked.blank:
        pages = join_words((f"{title} {count}" for title, count in checked.blank.pages.items()), language())
        size = f"{checked.blank.size / _KIB:,.0f}"
        console().line(say("forms.blank", size=size, pages=sum(checked.blank.pages.values()), sheets=pages))
    return 0


def _draft(workbook: Path, folder: Path, *, as_json: bool) -> int:
    drafted = draft_form(workbook, folder)
    if as_json:
        console().json(draft_document(drafted))
        return 0
    for doubt in drafted.doubts:
        console().line(f"{doubt.place}  {doubt.say(language())}")
    counts = {"inputs": len(drafted.inputs), "doubts": len(drafted.doubts)}
    console().line(say("forms.drafted", folder=quote(folder), **counts), style="good")
    return 0


def _row(rules: RuleSet) -> list[str]:
    form = rules.form
    return [form.id, form.title, form.edition, _older(form), str(form.questions), str(len(rules.rules))]


def _older(form: Form) -> str:
    names = [one.form.edition for one in form.older]
    return ", ".join(say("forms.accepted", edition=name) if name in form.accepts else name for name in names) or "-"
