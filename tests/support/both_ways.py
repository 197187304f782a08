"""Read and judge every workbook a second time, the strict way, and hold both against each other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest

from gwxl.containers.limits import DEFAULT_LIMITS, Limits
from gwxl.containers.xml import Markup
from gwxl.errors import RefusedError
from gwxl.intake import checking
from gwxl.intake.judging import judge_reading
from gwxl.intake.locating import form_sheets
from gwxl.intake.locating.remembered import Remembered
from gwxl.records.reading import Reading
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source
from gwxl.rules.passing import Passing
from gwxl.spreadsheets import opening
from gwxl.spreadsheets.admission.door import Admitted
from gwxl.spreadsheets.book import Book
from gwxl.spreadsheets.xlsx import workbook
from gwxl.spreadsheets.xlsx.workbook import read_ooxml
from gwxl.terms import Terms

_read_book = vars(checking)["_read_book"]
Told = TypeVar("Told")

RECALLING = ("know_styles", "recall_strings", "recall_worksheet")
"""What is asked for what was met before."""


@contextmanager
def strictly() -> Iterator[None]:
    """Remember nothing, parse everything."""
    with pytest.MonkeyPatch.context() as patch:
        for name in RECALLING:
            patch.setattr(workbook, name, lambda *_, **__: None)
        patch.setattr(Markup, "recall", Markup.parse)
        patch.setattr(form_sheets, "remember", Remembered)
        patch.setattr(Passing, "passes", lambda *_: False)
        yield


def read_twice(admitted: Admitted, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Return a workbook as :func:`read_ooxml` does, which the strict way reads, or refuses, alike."""
    return _do_twice(lambda: read_ooxml(admitted, limits))


def check_twice(admitted: Admitted, source: Source, terms: Terms) -> tuple[Reading | Receipt, ...]:
    """Return what stands on the form sheets of a workbook, which the strict way reads and judges alike."""

    def check() -> tuple[tuple[Reading | Receipt, ...], tuple[Receipt, ...]]:
        read = tuple(_read_book(admitted, source, terms))
        return read, tuple(judge_reading(one, terms) for one in read if isinstance(one, Reading))

    return _do_twice(check)[0]


def _do_twice(do: Callable[[], Told]) -> Told:
    told = _outcome(do)
    with strictly():
        expected = _outcome(do)
    if isinstance(told, RefusedError):
        assert isinstance(expected, RefusedError), told
        assert (told.reason, told.details) == (expected.reason, expected.details)
        raise told
    assert told == expected
    return told


def _outcome(do: Callable[[], Told]) -> Told | RefusedError:
    try:
        return do()
    except RefusedError as error:
        return error


def read_all_twice(patch: pytest.MonkeyPatch) -> None:
    """Let whatever reads or judges workbooks do it twice."""
    patch.setattr(checking, "_read_book", check_twice)
    readers = vars(opening)["_READERS"]
    for kind in [kind for kind, reader in readers.items() if reader is read_ooxml]:
        patch.setitem(readers, kind, read_twice)
