"""Doubt a cell that does not show what it stores: parts struck out or raised, and formats that hide or add."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from gwxl.characters import is_blank, trim, without_spaces
from gwxl.records.submission import Scalar, Unread
from gwxl.spreadsheets.book import Cell, CellKind
from gwxl.spreadsheets.looks import Look, Mark
from gwxl.values.cell_in_progress import Work
from gwxl.values.numbers import double
from gwxl.values.shown import agrees, show_number, show_text, shows_figure

Reader = Callable[[Work, CellKind], Scalar | Unread | None]

_DASHES = str.maketrans("", "", "-()")
_DIGITS = re.compile(r"(?:0|[1-9][0-9,]*)(?:\.[0-9]+)?\Z")  # no zeros before the first digit
_BASE = "10"  # with a raised figure behind it, a power


def check_appearance(work: Work, kind: CellKind, read: Reader) -> Unread | None:
    """Give up a value that the cell does not show as it is stored, None where it does.

    Args:
        work: the cell on its way; its cell has a look.
        kind: what it stores.
        read: the reader of the field's kind.
    """
    look = work.cell.look or Look()
    mark = look.mark_of_text
    if mark is not Mark.NONE:
        return _read_marked(work, look, mark, read)
    if look.format is None or work.cell.date or kind not in {CellKind.NUMBER, CellKind.TEXT}:
        return None
    return _check_format(work, kind, read)


def _read_marked(work: Work, look: Look, mark: Mark, read: Reader) -> Unread:
    rest = trim(look.unmarked)
    if not rest:
        return work.give_up("struck")
    # A figure with something struck out of its middle, or a power of ten, is not what is left of it.
    power, torn = mark is not Mark.STRUCK and rest == _BASE, work.asked.kind.is_number and _is_torn(look)
    left = None if power or torn else _read_text(work, rest, read)
    return work.give_up("struck_part" if mark is Mark.STRUCK else "raised", None if isinstance(left, Unread) else left)


def _is_torn(look: Look) -> bool:
    parts = [mark is Mark.NONE for text, mark in look.runs if not is_blank(text)]
    return [kept for kept, _ in groupby(parts)].count(True) > 1


def _check_format(work: Work, kind: CellKind, read: Reader) -> Unread | None:
    """Give up what a format hides, and what it makes another answer of; a number it scales is read, and told."""
    number = double(work.text) if kind is CellKind.NUMBER else None
    seen = show_text(work.cell.look, work.text) if number is None else show_number(work.cell.look, number)
    if seen is None or (kind is CellKind.NUMBER and number is None):
        return None
    if _hides(seen, work, number):
        return work.give_up("hidden", 0 if number == 0 and work.asked.kind.is_number else None)
    if _is_same(seen, work, number) or work.asked.kind.is_date:
        return None
    if work.asked.kind.is_number:
        return _number_in_text(work, seen, read) if number is None else None
    stored, shown = _read_text(work, work.text, read, kind), _read_text(work, seen, read)
    if stored == shown and not isinstance(stored, Unread):
        return None
    return work.give_up("shown_otherwise", shown.proposal if isinstance(shown, Unread) else shown)


def _hides(seen: str, work: Work, number: Decimal | None) -> bool:
    """Tell whether nothing is left of what is stored; a mark for an answer of few shows it."""
    if is_blank(seen):
        return True
    if number is None:
        return trim(work.text) not in seen
    return work.asked.kind.is_written and not shows_figure(seen, number)


def _number_in_text(work: Work, seen: str, read: Reader) -> Unread | None:
    stored, shown = _read_text(work, work.text, read), _read_text(work, seen, read)
    if isinstance(stored, int | Decimal) and agrees(seen, Decimal(stored), work.asked.unit):
        return None
    return work.give_up("shown_otherwise", shown.proposal if isinstance(shown, Unread) else shown)


def _is_same(seen: str, work: Work, number: Decimal | None) -> bool:
    """Tell whether what is shown is just what is stored: blanks, separators and decimal zeros change nothing."""
    bare = without_spaces(seen)
    if number is None:
        return bare == without_spaces(work.text)
    match = _DIGITS.match(bare.translate(_DASHES))
    return match is not None and Decimal(match[0].replace(",", "")) == number


def _read_text(work: Work, text: str, read: Reader, kind: CellKind = CellKind.TEXT) -> Scalar | Unread | None:
    """Return what a text says as an answer to the same question."""
    return read(replace(work, cell=Cell(kind, text), text=text, kinds=[], notes=[]), kind)
