"""Write the workbook that a roster is filled into: a row a site, an example, and what each column takes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from gwxl.campaign.roster.columns import OWN, RosterColumn
from gwxl.files import excel_limits as limits
from gwxl.form.definition import Form
from gwxl.form.identity import DOCUMENT_PROPERTY
from gwxl.form.layout import lay_out
from gwxl.live.inputs import inputs_of
from gwxl.records.cell import CellRef, column_letters
from gwxl.rules.ruleset import RuleSet
from gwxl.template.validation import shorten, validation_of, yes_no
from gwxl.writer.book import Book, Page, Styles, warnings_as_errors
from gwxl.writer.look import GREY, LIGHT, LINE, NORMAL, PALE
from gwxl.writer.measuring import display_width

Options = Mapping[str, Any]
"""The arguments of XlsxWriter's data_validation."""

_DOCUMENT = "roster"
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # the same form shall give the same bytes
_EXAMPLE_ROW, _LAST_ROW = 2, 5_000  # of those that say what they take
_YEAR = 2000  # no column of a roster asks for one
_LEAST, _MOST = 14.0, 36.0
_HEAD_HEIGHT = 24.0

_ROW_HEIGHT = 20.0

_CELL: Mapping[str, Any] = {"border": 1, "border_color": LINE, "num_format": "@", "valign": "vcenter"}
_STYLES: Styles = {
    "head": {**_CELL, "bg_color": LIGHT, "bold": 1, "align": "center", "text_wrap": 1},
    "example": {**_CELL, "font_color": GREY, "italic": 1, "bg_color": PALE, "indent": 1},
    "typed": {**_CELL, "indent": 1},
}


def write_roster(rules: RuleSet, columns: Sequence[RosterColumn]) -> bytes:
    """Return the workbook of a form's roster: heads, an example that is never issued, no site."""
    form = rules.form
    with warnings_as_errors():
        book = Book(_STYLES, {**NORMAL, "locked": 1})
        book.describe({"title": form.say("roster.title"), "created": _CREATED}, {DOCUMENT_PROPERTY: _DOCUMENT})
        page = Page(book, form.say("roster.sheet"))
        examples = _examples(rules, columns)
        for place, column in enumerate(columns, 1):
            example = examples[column.name]
            wide = max(_LEAST, *(display_width(words) + 5 for words in (column.head, example)))
            page.columns(place, place, min(wide, _MOST), "typed")
            page.text(1, place, column.head, "head")
            page.text(_EXAMPLE_ROW, place, example, "example")
        for place, options in _validations(rules, columns, page.title):
            page.validation(_EXAMPLE_ROW, place, _LAST_ROW, options)
        page.sheet.set_default_row(_ROW_HEIGHT)
        page.height(1, _HEAD_HEIGHT)
        page.sheet.freeze_panes(1, 2)
        page.sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letters(len(columns))}{_LAST_ROW}"})
        page.sheet.set_landscape()
        page.sheet.repeat_rows(0)
        page.sheet.fit_to_pages(1, 0)
        return book.close()


def _examples(rules: RuleSet, columns: Sequence[RosterColumn]) -> Mapping[str, str]:
    """Return what the example says in each column: what the rules call right, where they show it."""
    form = rules.form
    said = {}
    for column in columns:
        right = (case[column.field.key] for rule in rules.rules for case in rule.ok if column.field.key in case)
        said[column.name] = _format_example(form, column, next(right, None))
    return {**said, "code": form.say("roster.example") + said["code"]}


def _format_example(form: Form, column: RosterColumn, value: Any) -> str:
    field = column.field
    if not column.asked:
        return form.say(f"roster.example_{column.name}")
    if field.choices:
        return field.choices[0].label
    if field.kind.is_yes_no:
        return yes_no(form)[0]
    return str(value) if isinstance(value, str | int) else ""


def _validations(
    rules: RuleSet, columns: Sequence[RosterColumn], title: str
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield place and data validation of each column that has one."""
    inputs = {item.path: item for item in inputs_of(lay_out(rules.form), rules)}
    for place, column in enumerate(columns, 1):
        own = f"roster.takes_{column.name}" if column.name in OWN else ""
        if own:
            yield place, _own(rules, column, place, own)
        elif not inputs[column.field.path].list_name:
            item = replace(inputs[column.field.path], cell=CellRef(title, _EXAMPLE_ROW, place), last_row=_LAST_ROW)
            yield place, validation_of(rules.form, item, _YEAR).options()


def _own(rules: RuleSet, column: RosterColumn, place: int, key: str) -> Options:
    form, cell = rules.form, f"{column_letters(place)}{_EXAMPLE_ROW}"
    expected = rules.limits(column.field.path).expected if column.asked and column.field.key in form.fields else ""
    formulas = {
        "code": f"SUMPRODUCT(--($A${_EXAMPLE_ROW}:$A${_LAST_ROW}={cell}))<2",
        "name": f"SUMPRODUCT(--($B${_EXAMPLE_ROW}:$B${_LAST_ROW}={cell}))<2",
        "mail": f'ISNUMBER(FIND(".",{cell},FIND("@",{cell})+2))',
        "parent": f"SUMPRODUCT(--($A${_EXAMPLE_ROW}:$B${_LAST_ROW}={cell}))>0",
    }
    told = form.say(key, expected=expected)
    options = {
        "input_title": shorten(column.head, limits.PROMPT_TITLE),
        "input_message": shorten(told, limits.PROMPT),
        "error_title": form.say("template.error_title"),
        "error_message": shorten(told, limits.PROMPT),
        "error_type": "warning",
    }
    formula = formulas.get(column.name)
    return {**options, "validate": "custom", "value": f"={formula}"} if formula else {**options, "validate": "any"}
