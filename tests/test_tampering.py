"""Tampering: what was changed beyond filling in is told apart from harmless saving."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from gwxl.form.identity import identity_properties, marker_line
from gwxl.form.layout import MAP_SHEET, Col
from gwxl.intake.locating.form_sheets import locate
from gwxl.intake.locating.tampering import find_tampering
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.records.signals import why_held
from gwxl.spreadsheets.book import Book, Cell, CellKind, Sheet
from tests.support.books import LAYOUT, Draft, draft, identity_of, words

FORM = LAYOUT.sheet


def find(made: Draft | Book) -> tuple[Finding, ...]:
    """Return what tampering says."""
    book = made if isinstance(made, Book) else made.book()
    (located,) = locate(book, LAYOUT)
    return find_tampering(book, located, LAYOUT)


def change_everywhere(made: Draft, change: Callable[[Cell], Cell]) -> Book:
    """Change every cell of a workbook."""
    cells = {title: {at: change(cell) for at, cell in sheet.items()} for title, sheet in made.cells.items()}
    return replace(made, cells=cells).book()


def rename_all(book: Book, **sheet: Any) -> Book:
    """Change an attribute of every sheet."""
    return replace(book, sheets=tuple(replace(one, **sheet) for one in book.sheets))


def delete_sheet(made: Draft, title: str) -> Book:
    """Delete a sheet."""
    del made.cells[title]
    return made.book()


HARMLESS: dict[str, Callable[[], Book]] = {
    "as issued": lambda: draft().book(),
    "structure lock off": lambda: replace(draft().book(), structure_protected=False),
    "structure lock on": lambda: replace(draft().book(), structure_protected=True),
    "another program": lambda: replace(draft().book(), program="LibreOffice/7.4", modified="2026-01-15T08:00:00Z"),
    "map sheet shown": lambda: rename_all(draft().book(), state="visible"),
    "map sheet deleted": lambda: delete_sheet(draft(), MAP_SHEET),
    "validations gone": lambda: rename_all(draft().book(), validations=0),
    "rows hidden": lambda: rename_all(draft().book(), hidden_rows=frozenset(range(1, 50))),
    "every cell locked": lambda: change_everywhere(draft(), lambda cell: replace(cell, locked=True)),
}


@pytest.mark.parametrize("saving", HARMLESS)
def test_harmless_saving(saving: str) -> None:
    """What programs change when they save is not mentioned at all."""
    book = HARMLESS[saving]()
    (located,) = locate(book, LAYOUT)
    assert (located.findings, located.held, find_tampering(book, located, LAYOUT)) == ((), "", ())


def test_protection_off() -> None:
    """Protection taken off is a hint that names the sheets and never holds."""
    made = draft()
    made.protected = False
    (finding,) = find(made)
    assert (finding.id, finding.severity) == ("T01", Severity.HINT)
    assert finding.arguments == {"sheets": "填报表、其他新媒体"}
    assert why_held([finding], LAYOUT.form.say) == ""


def with_identity(**parts: object) -> Draft:
    """Return a workbook whose identity differs in some parts, in every copy."""
    made = draft()
    identity = identity_of(LAYOUT.form, **parts)
    made.properties = dict(identity_properties(identity))
    del made.cells[MAP_SHEET]
    made.form[LAYOUT.marker.row, LAYOUT.marker.column] = words(marker_line(identity))
    return made


def test_foreign_fingerprint() -> None:
    """A fingerprint that is not the form's is an error that holds."""
    (finding,) = find(with_identity(fingerprint="0123456789abcdef"))
    assert (finding.id, finding.severity) == ("T02", Severity.ERROR)
    assert finding.arguments == {"found": "0123456789abcdef", "expected": LAYOUT.form.fingerprint}
    assert why_held([finding], LAYOUT.form.say) == "表格指纹不符，可能不是同一份表，暂不计入，请确认后再定。"


def test_another_edition() -> None:
    """Another edition has a fingerprint of its own, which is no tampering."""
    assert find(with_identity(edition="0", fingerprint="0123456789abcdef")) == ()


def test_no_identity() -> None:
    """Without an identity there is no fingerprint to compare."""
    made = with_identity()
    made.properties = {}
    del made.form[LAYOUT.marker.row, LAYOUT.marker.column]
    assert find(made) == ()


def test_unit_changed() -> None:
    """A changed unit can change a number: it is to be verified, at its cell."""
    made = draft()
    row = LAYOUT.inputs[Path("release_total")].number
    made.form[row, Col.UNIT] = words("万条")
    (finding,) = find(made)
    assert (finding.id, finding.severity, finding.key) == ("T03", Severity.VERIFY, "release_total")
    assert finding.source == CellRef(FORM, row, Col.UNIT)
    assert finding.arguments["found"] == "万条"
    assert finding.arguments["expected"] == "条"


@pytest.mark.parametrize(("part", "id_"), [("macros", "T04"), ("external_links", "T05")])
def test_foreign_parts(part: str, id_: str) -> None:
    """A macro project or a link to another workbook, which no template of ours has, is a hint."""
    (finding,) = find(replace(draft().book(), **dict[str, Any]({part: True})))
    assert (finding.id, finding.severity) == (id_, Severity.HINT)


@pytest.mark.parametrize(
    "title",
    [
        "政府网站工作年度报表（2024年度）",
        "政府网站工作年度报表（２０２４年度）",
        "二〇二四年度政府网站工作年度报表",
        "2024年度报表",
    ],
)
def test_another_year_in_the_title(title: str) -> None:
    """A title that names another year than the form is to be verified: the answers may be of that year."""
    made = draft()
    made.form[1, Col.NUMBER] = words(title)
    (finding,) = find(made)
    assert (finding.id, finding.severity, finding.key) == ("S07", Severity.VERIFY, None)
    assert finding.source == CellRef(FORM, 1, Col.NUMBER)
    assert finding.arguments == {"found": title, "year": "2025", "cell": "填报表!B1"}


@pytest.mark.parametrize(
    ("column", "words_there"),
    [
        (Col.NUMBER, "政府网站工作年度报表（2025年度）"),
        (Col.NUMBER, "2025年度报表（2024年12月印发）"),
        (Col.NUMBER, "政府网站工作年度报表"),
        (Col.NUMBER, "文号 120240"),
        (Col.INSTRUCTION, "截止日期：2026年1月15日"),
    ],
)
def test_a_title_of_this_year(column: int, words_there: str) -> None:
    """The form's own year, no year, other digits and the deadline beside the title say nothing."""
    made = draft()
    made.form[1, column] = words(words_there)
    assert find(made) == ()


def test_the_year_typed_around_the_form_is_no_title() -> None:
    """What is filled in above the sections may name any year."""
    made = draft()
    ref = LAYOUT.cells[Path("reporting_unit")]
    made.form[ref.row, ref.column] = words("某某局（2019年组建）", locked=False)
    assert find(made) == ()


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_form_sheet(state: str) -> None:
    """A form sheet out of sight is read, and named."""
    (finding,) = find(rename_all(draft().book(), state=state))
    assert (finding.id, finding.severity, finding.arguments) == ("S08", Severity.HINT, {"sheet": FORM})


def add_helpers(made: Draft, *over: tuple[int, int]) -> Draft:
    """Put hidden formulas beside every row, some written over."""
    cells = {(row, column): Cell(CellKind.NUMBER, "1", "1") for row in range(10, 60) for column in (30, 31)}
    made.form.update(cells | dict.fromkeys(over, Cell(CellKind.NUMBER, "0")))
    return made


def test_hidden_formulas_written_over() -> None:
    """A few cells without a formula amid a column of formulas are named, on the form sheet and on a hidden one."""
    (finding,) = find(add_helpers(draft(), (20, 30), (21, 31)))
    assert (finding.id, finding.severity, finding.key) == ("S09", Severity.HINT, None)
    assert finding.source == CellRef(FORM, 20, 30)
    assert finding.arguments["cells"] == "AD20、AE21"
    book = draft().book()
    cells = {(row, 5): cell for (row, column), cell in add_helpers(draft(), (20, 30)).form.items() if column == 30}
    hidden = Sheet(title="核对", cells=cells, state="veryHidden")
    shown = replace(hidden, title="附表", state="visible")
    (finding,) = find(replace(book, sheets=(*book.sheets, hidden, shown)))
    assert (finding.id, finding.source) == ("S09", CellRef("核对", 20, 5))


@pytest.mark.parametrize("kept", [range(10, 60), range(10, 20), (10, 11, 59), ()])
def test_hidden_formulas_that_a_program_drops(kept: Sequence[int]) -> None:
    """A program that keeps what formulas came to keeps many such cells, at the ends or all over: that is no typing."""
    made = add_helpers(draft())
    for row in range(10, 60):
        if row not in kept:
            made.form[row, 30] = Cell(CellKind.NUMBER, "1")
    assert find(made) == ()
