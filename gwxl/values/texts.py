"""Texts, codes, addresses and dates."""

import re

from gwxl.characters import trim, without_spaces
from gwxl.files.excel_limits import DIGITS
from gwxl.records.submission import Scalar, Unread
from gwxl.spreadsheets.book import CellKind
from gwxl.values import dates
from gwxl.values.cell_in_progress import Work, fold, format_logged, tidy
from gwxl.values.numbers import digits, double, whole

_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+\Z")
_BRACKETS = {"<": ">", "＜": "＞", "‹": "›", "〈": "〉", "《": "》", "«": "»", "⟨": "⟩"}
_LIKELY_SERIAL = 36_526  # 2000-01-01: a smaller number is hardly a date that lost its format


def read_text(work: Work, kind: CellKind) -> Scalar | Unread:
    """Read a free text; it keeps its own characters."""
    if kind is CellKind.BOOLEAN:
        return work.give_up("boolean_in_text")
    if kind is CellKind.NUMBER:
        return _number_as_text(work)
    tidy(work)
    return work.text


def _number_as_text(work: Work) -> Scalar | Unread:
    if work.cell.date:
        return work.give_up("date_in_text")
    number = double(work.text)
    if number is None or digits(number) > DIGITS:
        return work.give_up("digits_lost")
    work.text = format_logged(whole(number))
    work.log("number_as_text")
    return work.text


def read_code(work: Work, kind: CellKind) -> Scalar | Unread:
    """Read a code: digits and letters, leading zeros included."""
    if kind is not CellKind.TEXT:
        value = read_text(work, kind)
        return work.give_up("not_a_code") if isinstance(value, str) and not value.isdigit() else value
    tidy(work)
    fold(work)
    return work.give_up("digits_lost") if _SCIENTIFIC.match(work.text) else work.text


def read_url(work: Work, kind: CellKind) -> Scalar | Unread:
    """Read an address without the brackets and blanks a mail program puts around it."""
    if kind is not CellKind.TEXT:
        return work.give_up("not_a_url")
    tidy(work)
    if _BRACKETS.get(work.text[0]) == work.text[-1] and trim(work.text[1:-1]):
        work.take_text("brackets", trim(work.text[1:-1]))
    fold(work)
    rest = work.text.split()[1:]
    if rest and work.text.isascii() and not any("://" in part or part.startswith("www.") for part in rest):
        work.take_text("spaces", without_spaces(work.text))
    return work.text


def read_date(work: Work, kind: CellKind) -> Scalar | Unread:
    """Read a day as ``YYYY-MM-DD``."""
    if kind is CellKind.NUMBER:
        return _read_stored_date(work)
    tidy(work)
    fold(work)
    day = dates.from_text(work.text) if kind is CellKind.TEXT else None
    if day is None:
        return work.give_up("not_a_date", dates.from_run(work.text))
    work.take_text("date", day)
    return day


def _read_stored_date(work: Work) -> Scalar | Unread:
    number = double(work.text)
    if number is None or number.adjusted() >= DIGITS:
        return work.give_up("not_a_date")
    day = dates.from_serial(number, date1904=work.date1904)
    if work.cell.date and day is not None:
        work.log("date")
        return day
    likely = day if not work.cell.date and number > _LIKELY_SERIAL else None
    return work.give_up("not_a_date", dates.from_run(str(whole(number))) or likely)
