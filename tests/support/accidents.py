"""What clerks do to a filled template in LibreOffice, and what comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gwxl.form.layout import Col, Layout, lay_out
from gwxl.records.cell import column_letters
from gwxl.records.path import Path as FormPath
from gwxl.rules.available_forms import load
from tests.support.clients.libreoffice import Document
from tests.support.clients.workshop import FORM, SEEDS, Workshop, by_suffix

LAYOUT: Layout = lay_out(load(FORM).form)
LAST = max(Col)
SHEET = LAYOUT.sheet
TABLE = LAYOUT.tables[0]
SEED = SEEDS[0]


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


def save(workshop: Workshop, name: str) -> Mapping[str, Path]:
    """Return what is saved after the accident of a name, by suffix."""
    return by_suffix(workshop.make_once(f"accident {name}", lambda place: _happen(workshop, name, place)))


def _happen(workshop: Workshop, name: str, place: Path) -> None:
    source = workshop.files("openpyxl", SEED)[".xlsx"]
    with workshop.require("soffice").open(source) as book:
        for sheet in (SHEET, TABLE.sheet):
            book.unprotect(sheet)
        ACCIDENTS[name].do(book)
        for suffix in (".xlsx", ".xls", ".ods"):
            book.save(place / f"return{suffix}")
