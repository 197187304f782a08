"""Put an answer into its input cell, and take it back out word for word."""

from datetime import date
from decimal import Decimal

from gwxl.files.excel_limits import DIGITS
from gwxl.form.definition import Form
from gwxl.live.calculation import day_number
from gwxl.live.inputs import Input
from gwxl.records.cell import CellRef
from gwxl.records.submission import Scalar
from gwxl.template.validation import yes_no
from gwxl.writer.book import Page

_FIRST_DAY = date(1900, 3, 1)  # programs do not agree on how the days before are stored


def write_value(page: Page, cell: CellRef, item: Input, form: Form, value: Scalar | None, *, style: str = "") -> str:
    """Write an input cell with its answer, blank for None, and return what shows in it.

    It has the style of its kind if none is given. A number that a cell cannot hold exactly stays a text, as does what
    is no value of its kind.
    """
    style, form_at = style or item.kind.style, item.kind.format
    stored = value_to_store(item, form, value)
    if isinstance(stored, Decimal):
        page.number(cell.row, cell.column, float(stored), style, form_at)
        return str(value)
    if isinstance(stored, date):
        page.date(cell.row, cell.column, stored, style, form_at)
        return str(value)
    page.text(cell.row, cell.column, stored, style, form_at)
    return stored


def value_to_store(item: Input, form: Form, value: Scalar | None) -> Decimal | date | str:
    """Return what a cell stores of an answer: a number, a day, or a text, empty for none."""
    if item.kind.is_number and isinstance(value, int | Decimal) and _fits(value):
        return Decimal(value)
    if item.kind.is_date and isinstance(value, str) and (day := _date(value)):
        return day
    return _show(item, form, value)


def as_number(stored: Decimal | date | str) -> str | float:
    """Return what a formula sees of what a cell stores: a day is a number."""
    if isinstance(stored, date):
        return day_number(stored)
    if isinstance(stored, Decimal):
        return int(stored) if stored == stored.to_integral_value() else float(stored)
    return stored


def _fits(value: Decimal | int) -> bool:
    number = Decimal(value)
    return not isinstance(value, bool) and number.is_finite() and len(number.as_tuple().digits) <= DIGITS


def _date(value: str) -> date | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day >= _FIRST_DAY else None


def _show(item: Input, form: Form, value: Scalar | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        if item.kind.is_choices:
            return form.say("template.tick") if value else ""
        return yes_no(form)[0 if value else 1]
    labels = {choice.key: choice.label for choice in item.choices}
    return labels.get(str(value), str(value))
