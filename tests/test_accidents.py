"""What clerks do to a filled template in LibreOffice: every value is right afterwards, or it is reported."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gwxl.documents.checked import check_document
from gwxl.form.layout import Col, Layout, lay_out
from gwxl.intake import check_file
from gwxl.records.cell import column_letters
from gwxl.records.path import Path as FormPath
from gwxl.rules.available_forms import load
from gwxl.terms import Terms
from tests.support.clients.libreoffice import Document
from tests.support.clients.typed import find_differing, leaves
from tests.support.clients.workshop import FORM, SEEDS, Workshop

LAYOUT: Layout = lay_out(load(FORM).form)
LAST = max(Col)
SHEET = LAYOUT.sheet
TABLE = LAYOUT.tables[0]
SEED = SEEDS[0]
SIGNALS = ("L", "T", "W")
"""The first letters of the ids that say something about the file; the others are the rules of the form."""
TABLE_SIGNALS = frozenset({"L20", "L21", "L22", "L23", "L24", "L25", "L29"})


@dataclass(frozen=True, kw_only=True)
class Accident:
    """Something done to an open workbook whose protection is off, and what comes of it.

    Attributes:
        signals: what is said about the file, beside the protection that is off.
        wrong: the paths that do not hold what was typed, all of which have to be reported; a number of them where
            most of the form has shifted.
        returns: how many returns come out of the file.
    """

    do: Callable[[Document], object]
    signals: tuple[str, ...] = ()
    held: bool = False
    wrong: tuple[str, ...] | int = ()
    returns: int = 1


def row(key: str) -> int:
    """Return the row of an input, or of a heading by its key."""
    return next(one.number for one in LAYOUT.rows if one.key == key)


def cell(path: str) -> str:
    """Return the address of an input of the form sheet."""
    return LAYOUT.cells[FormPath.parse(path)].address


def address_across(first: str, last: str, start: Col = Col.KEY, end: Col = LAST) -> str:
    """Return the address of whole rows of the form, or of some columns of them."""
    return f"{column_letters(start)}{row(first)}:{column_letters(end)}{row(last)}"


def copy_row(book: Document) -> None:
    """Copy a row and insert the copy above it."""
    place = row("cases_total")
    book.insert_rows(SHEET, place)
    book.do("copy", SHEET, area=f"A{place + 1}:{column_letters(LAST)}{place + 1}", to=f"A{place}")


def move_row(book: Document) -> None:
    """Cut a row and insert it two rows further up."""
    place, source = row("cases_total"), row("cases_legal_person") + 1
    book.insert_rows(SHEET, place)
    book.do("drag", SHEET, area=f"A{source}:{column_letters(LAST)}{source}", to=f"A{place}")
    book.do("delete_rows", SHEET, row=source, count=1)


def copy_both_sheets(book: Document) -> None:
    """Copy the form sheet and the sheet of its table."""
    book.do("copy_sheet", SHEET, title="副本")
    book.do("copy_sheet", TABLE.sheet, title="副本2")


def note_in_new_row(book: Document) -> None:
    """Insert a row and type a number into it."""
    book.insert_rows(SHEET, row("release_total"))
    book.enter(SHEET, cell("release_total"), "99")


TABLE_LOST = tuple(f"{TABLE.field.key}[{number}].{column}" for number in (1, 2, 3) for column in sorted(TABLE.columns))
POSTS = tuple(f"{TABLE.field.key}[{number}].posts" for number in (1, 2, 3))
CASES = ("cases_legal_person", "cases_natural_person", "cases_total")
RELEASES = ("release_affairs", "release_catalog", "release_total")
NOTES = ("note:service_items", "note:surveys_held", "note:surveys_published")

HARMLESS: Mapping[str, Callable[[Document], object]] = {
    "nothing": lambda _book: None,
    "row inserted": lambda book: book.insert_rows(SHEET, row("release_total")),
    "row moved": move_row,
    "rows hidden": lambda book: book.do("hide_rows", SHEET, row=row("site_code"), count=12),
    "form sheet renamed": lambda book: book.rename(SHEET, "我单位"),
    "table sheet renamed": lambda book: book.rename(TABLE.sheet, "我单位"),
    "form sheet moved to the end": lambda book: book.do("move_sheet", SHEET, place=5),
    "instructions deleted": lambda book: book.do("delete_sheet", LAYOUT.instructions_sheet),
    "column inserted before the inputs": lambda book: book.do("insert_columns", SHEET, column=Col.INPUT, count=1),
    "key column deleted": lambda book: book.do("delete_columns", SHEET, column=Col.KEY, count=1),
    "table row inserted": lambda book: book.insert_rows(TABLE.sheet, TABLE.first_row + 1),
    "table grown": lambda book: book.insert_rows(TABLE.sheet, TABLE.end_row, 30),
    "table shrunk": lambda book: book.do("delete_rows", TABLE.sheet, row=TABLE.first_row + 5, count=10),
    "cells inserted across the table": lambda book: book.do(
        "insert_cells", TABLE.sheet, area=f"C{TABLE.first_row + 1}:G{TABLE.first_row + 1}"
    ),
    "cells deleted across the table": lambda book: book.do(
        "delete_cells", TABLE.sheet, area=f"C{TABLE.first_row + 4}:G{TABLE.first_row + 4}"
    ),
    "table column inserted": lambda book: book.do("insert_columns", TABLE.sheet, column=5, count=1),
}

ACCIDENTS: Mapping[str, Accident] = {name: Accident(do=do) for name, do in HARMLESS.items()} | {
    "number typed into an inserted row": Accident(do=note_in_new_row, signals=("L17",)),
    "row deleted": Accident(
        do=lambda book: book.do("delete_rows", SHEET, row=row("release_total"), count=1),
        signals=("L03",),
        wrong=("release_total",),
    ),
    "section heading deleted": Accident(
        do=lambda book: book.do("delete_rows", SHEET, row=row("#services"), count=1), signals=("L26",)
    ),
    "row of heads deleted": Accident(
        do=lambda book: book.do("delete_rows", SHEET, row=LAYOUT.head_row, count=1), signals=("L14",), held=True
    ),
    "row copied": Accident(do=copy_row, signals=("L07", "L17")),
    "rows sorted": Accident(
        do=lambda book: book.do(
            "sort", SHEET, area=address_across("release_total", "release_catalog"), column=Col.LABEL
        ),
        signals=("L13",),
    ),
    "rows sorted without the hidden keys": Accident(
        do=lambda book: book.do(
            "sort", SHEET, area=address_across("release_total", "release_catalog", Col.NUMBER), column=Col.INPUT - 1
        ),
        signals=("L06",),
        held=True,
        wrong=3,
    ),
    "cell inserted in the input column": Accident(
        do=lambda book: book.do("insert_cells", SHEET, area=cell("cases_total")),
        signals=("L10", "L15"),
        held=True,
        wrong=29,
    ),
    "cell inserted before the last input": Accident(
        do=lambda book: book.do("insert_cells", SHEET, area=cell("innovations.other")),
        signals=("L10",),
        held=True,
        wrong=("innovation_other", "innovations.other"),
    ),
    "cell deleted in the input column": Accident(
        do=lambda book: book.do("delete_cells", SHEET, area=cell("cases_total")),
        signals=("L10", "L15"),
        held=True,
        wrong=30,
    ),
    "input dragged onto the next": Accident(
        do=lambda book: book.do("drag", SHEET, area=cell("cases_natural_person"), to=cell("cases_legal_person")),
        signals=("L10",),
        held=True,
        wrong=("cases_legal_person", "cases_natural_person"),
    ),
    "input dragged beside the form": Accident(
        do=lambda book: book.do("drag", SHEET, area=cell("cases_natural_person"), to="K40"),
        signals=("L09", "L17"),
        wrong=("cases_natural_person",),
    ),
    "input dragged beside a heading": Accident(
        do=lambda book: book.do("drag", SHEET, area=cell("release_total"), to=f"D{row('#information_release')}"),
        signals=("L09", "L15"),
        wrong=("release_total",),
    ),
    "several inputs dragged down": Accident(
        do=lambda book: book.do(
            "drag",
            SHEET,
            area=address_across("cases_total", "cases_legal_person", Col.INPUT, Col.INPUT),
            to=f"D{row(CASES[1])}",
        ),
        signals=("L10", "L15"),
        held=True,
        wrong=CASES,
    ),
    "inputs merged": Accident(
        do=lambda book: book.do(
            "merge", SHEET, area=address_across("cases_total", "cases_natural_person", Col.INPUT, Col.INPUT)
        ),
        signals=("L18",),
    ),
    "labels cleared": Accident(
        do=lambda book: book.do("clear", SHEET, area=address_across(CASES[2], CASES[0], Col.LABEL, Col.LABEL)),
        signals=("L05",),
        held=True,
    ),
    "label column deleted": Accident(
        do=lambda book: book.do("delete_columns", SHEET, column=Col.LABEL, count=1), signals=("L05",), held=True
    ),
    "input column deleted": Accident(
        do=lambda book: book.do("delete_columns", SHEET, column=Col.INPUT, count=1),
        signals=("L12", "L14"),
        held=True,
        wrong=55,
    ),
    "explanations deleted": Accident(
        do=lambda book: book.do("delete_columns", SHEET, column=Col.REMARK, count=1), signals=("L27",), wrong=NOTES
    ),
    "form sheet copied": Accident(
        do=lambda book: book.do("copy_sheet", SHEET, title="副本"), signals=("L30",), returns=2
    ),
    "form and table copied": Accident(do=copy_both_sheets, signals=("L30",), returns=2),
    "table sheet deleted": Accident(
        do=lambda book: book.do("delete_sheet", TABLE.sheet), signals=("L20",), wrong=TABLE_LOST
    ),
    "table end deleted": Accident(
        do=lambda book: book.do("delete_rows", TABLE.sheet, row=TABLE.end_row, count=1), signals=("L22",)
    ),
    "table rows hidden": Accident(
        do=lambda book: book.do("hide_rows", TABLE.sheet, row=TABLE.first_row + 1, count=1), signals=("L41",)
    ),
    "table column deleted": Accident(
        do=lambda book: book.do("delete_columns", TABLE.sheet, column=TABLE.columns["posts"], count=1),
        signals=("L21",),
        wrong=POSTS,
    ),
    "cell inserted in the table": Accident(
        do=lambda book: book.do("insert_cells", TABLE.sheet, area=f"F{TABLE.first_row}"),
        signals=("L25",),
        held=True,
        wrong=(*POSTS, f"{TABLE.field.key}[4].posts"),
    ),
    "cell deleted in the table": Accident(
        do=lambda book: book.do("delete_cells", TABLE.sheet, area=f"F{TABLE.first_row}"),
        signals=("L25",),
        held=True,
        wrong=POSTS,
    ),
}


@pytest.fixture(scope="module")
def happened(workshop: Workshop) -> Callable[[str], Mapping[str, Sequence[Mapping[str, Any]]]]:
    """Return what does an accident and gives the returns read of the file, by format."""
    made: dict[str, Mapping[str, Sequence[Mapping[str, Any]]]] = {}

    def happen(name: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        if name not in made:
            made[name] = _check(workshop, _save(workshop, name))
        return made[name]

    return happen


def _save(workshop: Workshop, name: str) -> Mapping[str, Path]:
    place = workshop.own / "accidents" / name.replace(" ", "-")
    place.mkdir(parents=True)
    source = workshop.files("openpyxl", SEED)[".xlsx"]
    with workshop.require("soffice").open(source) as book:
        for sheet in (SHEET, TABLE.sheet):
            book.unprotect(sheet)
        ACCIDENTS[name].do(book)
        return {suffix: book.save(place / f"return{suffix}") for suffix in (".xlsx", ".xls", ".ods")}


def _check(workshop: Workshop, paths: Mapping[str, Path]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return what ``gwxl check --json`` says of each file, without starting it each time."""
    rules = workshop.rules
    return {
        suffix: check_document(Terms(rules), check_file(path, path.name, Terms(rules)))["files"]
        for suffix, path in paths.items()
    }


def signals(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of what was said about the file, once each."""
    return tuple(sorted({finding["id"] for finding in said["findings"] if finding["id"].startswith(SIGNALS)}))


def wrong_paths(workshop: Workshop, said: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the paths that do not hold what was typed."""
    return find_differing(workshop.draw_typed(SEED).leaves(), leaves(said["values"], said["explanations"]))


def find_unreported(said: Mapping[str, Any], wrong: Sequence[str]) -> list[str]:
    """Return the wrong paths that nothing points to: the return is not held, and no finding is about them."""
    if said["status"] in {"held", "refused"}:
        return []
    failed = [finding for finding in said["findings"] if finding["verdict"] == "failed"]
    keys, ids = {finding["key"] for finding in failed}, {finding["id"] for finding in failed}
    return [path for path in wrong if path not in keys and not _is_told(path, ids)]


def _is_told(path: str, ids: set[str]) -> bool:
    if path.startswith("note:"):
        return "L27" in ids
    return FormPath.parse(path).row is not None and bool(ids & TABLE_SIGNALS)


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
@pytest.mark.parametrize("name", ACCIDENTS)
def test_right_or_reported(
    workshop: Workshop, happened: Callable[[str], Mapping[str, Any]], name: str, suffix: str
) -> None:
    """After the accident exactly these values differ, exactly this is said, and no wrong value goes unreported."""
    accident, returns = ACCIDENTS[name], happened(name)[suffix]
    assert len(returns) == accident.returns
    for said in returns:
        wrong = wrong_paths(workshop, said)
        assert find_unreported(said, wrong) == []
        assert signals(said) == tuple(sorted({*accident.signals, "T01"}))
        assert (said["status"] == "held") is accident.held
        assert (len(wrong) if isinstance(accident.wrong, int) else wrong) == accident.wrong


def test_rows_of_a_table_sorted(workshop: Workshop, tmp_path: Path) -> None:
    """Table rows sorted as whole rows are the same rows in another order."""
    with workshop.require("soffice").open(workshop.files("openpyxl", SEED)[".xlsx"]) as book:
        book.unprotect(TABLE.sheet)
        area = f"C{TABLE.first_row}:G{TABLE.first_row + 2}"
        book.do("sort", TABLE.sheet, area=area, column=TABLE.columns["posts"] - 2)
        path = book.save(tmp_path / "return.xlsx")
    (said,) = _check(workshop, {".xlsx": path})[".xlsx"]
    typed = workshop.draw_typed(SEED).values["other_media"]
    assert said["values"]["other_media"] == sorted(typed, key=lambda line: int(line["posts"]))
    assert signals(said) == ("T01",)


@pytest.mark.parametrize("values_only", [False, True])
def test_form_sheet_in_a_bare_workbook(workshop: Workshop, tmp_path: Path, *, values_only: bool) -> None:
    """A form sheet copied, or pasted as values, into another workbook is read; its table is said to be missing."""
    with workshop.require("soffice").open(workshop.files("openpyxl", SEED)[".xlsx"]) as book:
        path = book.carry(SHEET, tmp_path / "return.xlsx", values_only=values_only)
    (said,) = _check(workshop, {".xlsx": path})[".xlsx"]
    wrong = wrong_paths(workshop, said)
    assert wrong == TABLE_LOST
    assert find_unreported(said, wrong) == []
    assert signals(said) == (("L12", "L20", "T01") if values_only else ("L20", "T05"))
    assert said["identity"]["year"] == 2026


def test_inputs_sorted_alone_look_like_typing(workshop: Workshop, tmp_path: Path) -> None:
    """Values sorted under labels that stay leave no trace in the file: only the rules of the form can tell."""
    with workshop.require("soffice").open(workshop.files("openpyxl", SEED)[".xlsx"]) as book:
        book.unprotect(SHEET)
        area = address_across("release_total", "release_catalog", Col.INPUT, Col.INPUT)
        book.do("sort", SHEET, area=area, column=1)
        path = book.save(tmp_path / "return.xlsx")
    (said,) = _check(workshop, {".xlsx": path})[".xlsx"]
    assert wrong_paths(workshop, said) == RELEASES
    assert signals(said) == ("T01",)
    assert {finding["id"] for finding in said["findings"]} == {"T01", "B03a", "B03b", "B03c"}
