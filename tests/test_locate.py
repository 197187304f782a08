"""Locating: every field is found where it stands, or its trouble is named; nothing shifts silently."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gwxl.form.identity import marker_line
from gwxl.form.layout import MAP_SHEET, Col, RowKind, lay_out
from gwxl.intake.locating.form_sheets import Located, locate
from gwxl.intake.locating.grid import HEADINGS
from gwxl.intake.locating.tampering import find_tampering
from gwxl.records import signals
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path as FormPath
from gwxl.spreadsheets.book import Book, Cell, CellKind, DefinedName, Sheet
from gwxl.wording import LANGUAGES, catalogue, text
from tests.support.books import LAYOUT, Draft, draft, identity_of, number, words, write_form
from tests.support.draws import draws

FORM = LAYOUT.sheet
TABLE = LAYOUT.tables[0]
INPUTS = [path for path, row in LAYOUT.inputs.items() if row.section]
COLUMNS = range(1, max(Col) + 1)


def row_of(path: str) -> int:
    """Return the row of a path in the layout."""
    return LAYOUT.inputs[FormPath.parse(path)].number


def one(made: Draft | Book) -> Located:
    """Locate the one form sheet of a workbook."""
    book = made if isinstance(made, Book) else made.book()
    (located,) = locate(book, LAYOUT)
    return located


def ids(located: Located) -> list[str]:
    """Return the ids of the findings in order."""
    return [finding.id for finding in located.findings]


def fill() -> Draft:
    """Return a workbook in which every input holds a number of its own."""
    return draft({path: number(place) for place, path in enumerate(LAYOUT.cells, 1000)})


def read(made: Draft, located: Located) -> dict[str, str]:
    """Return path → the text read, blank for a field that was not found."""
    found: dict[str, str] = {}
    for path in LAYOUT.cells:
        ref = located.cells.get(path)
        cell = made.cells[ref.sheet].get((ref.row, ref.column)) if ref else None
        found[path] = cell.text if cell else ""
    return found


RIGHT = read(fill(), one(fill()))


def test_untouched() -> None:
    """An untouched workbook gives the layout's own cells and not one finding."""
    located = one(fill())
    assert located.sheet == FORM
    assert located.cells == LAYOUT.cells
    assert located.explanations == LAYOUT.explanations
    assert located.columns == {column: column for column in Col if column is not Col.KEY}
    assert located.identity == identity_of(LAYOUT.form)
    assert (located.findings, located.held) == ((), "")


def rename(made: Draft) -> None:
    """Rename every sheet; names go along."""
    made.cells = {f"回{title}": cells for title, cells in made.cells.items()}
    made.names = {name: replace(cell, sheet=f"回{cell.sheet}") for name, cell in made.names.items() if cell}


def cut_row(made: Draft) -> None:
    """Cut a whole row and insert it elsewhere: names go along."""
    source, target = row_of("release_total"), row_of("surveys_held")

    def place(at: tuple[int, int]) -> tuple[int, int]:
        if at[0] == source:
            return target, at[1]
        return (at[0] - 1, at[1]) if source < at[0] <= target else at

    made.move(FORM, place)


HARMLESS: dict[str, Callable[[Draft], object]] = {
    "row inserted": lambda made: made.insert_row(FORM, row_of("service_items")),
    "rows inserted on top": lambda made: [made.insert_row(FORM, 1) for _ in range(3)],
    "column inserted left": lambda made: made.insert_column(FORM, 1),
    "column inserted before the inputs": lambda made: made.insert_column(FORM, Col.INPUT),
    "column inserted before the labels": lambda made: made.insert_column(FORM, Col.LABEL),
    "row cut and inserted elsewhere": cut_row,
    "sheets renamed": rename,
    "sheets reordered": lambda made: setattr(made, "cells", dict(reversed(made.cells.items()))),
    "table row inserted": lambda made: made.insert_row(TABLE.sheet, TABLE.first_row + 3),
    "table row inserted above": lambda made: made.insert_row(TABLE.sheet, 1),
    "table column inserted": lambda made: made.insert_column(TABLE.sheet, 4),
    "properties lost": lambda made: made.properties.clear(),
    "map sheet lost": lambda made: made.cells.pop(MAP_SHEET),
    "marker lost": lambda made: made.form.pop((LAYOUT.marker.row, LAYOUT.marker.column)),
}


@pytest.mark.parametrize("accident", HARMLESS)
def test_harmless_accidents(accident: str) -> None:
    """Whole rows and columns may be inserted and moved, sheets renamed: read right without a word."""
    made = fill()
    HARMLESS[accident](made)
    located = one(made)
    found = read(made, located)
    if accident == "table row inserted":
        assert {path: text for path, text in found.items() if "[" not in path} == {
            path: text for path, text in RIGHT.items() if "[" not in path
        }
        assert found["other_media[4].posts"] == ""
        assert found["other_media[5].posts"] == RIGHT["other_media[4].posts"]
        assert located.cells[FormPath.parse("other_media[21].posts")].row == TABLE.end_row
    else:
        assert found == RIGHT
    assert (ids(located), located.held) == ([], "")


def push_all(made: Draft) -> None:
    """Insert a cell in the input column."""
    made.push_down(FORM, Col.INPUT, row_of("release_total"))


def two_forms_marker(made: Draft) -> None:
    """Add the marker line of another site."""
    made.form[LAYOUT.marker.row + 3, 3] = words(marker_line(identity_of(LAYOUT.form, site_code="0000000002")))


def sort_by_half(made: Draft) -> None:
    """Sort keys, labels and inputs of some rows without their units."""
    first, last = row_of("release_total"), row_of("release_catalog")
    made.sort_rows(FORM, {row: first + last - row for row in range(first, last + 1)}, range(1, Col.UNIT))
    made.form[first, Col.UNIT], made.form[last, Col.UNIT] = words("条"), words("个")


HELD: dict[str, tuple[Callable[[Draft], object], str]] = {
    "cell inserted in the input column": (push_all, "L10"),
    "cell deleted in the input column": (lambda made: made.pull_up(FORM, Col.INPUT, row_of("release_total")), "L10"),
    "cell cut over another": (
        lambda made: made.names.update(
            {
                "gwxl_release_total": None,
                "gwxl_cases_total": CellRef(FORM, row_of("release_total"), Col.INPUT),
            }
        ),
        "L10",
    ),
    "label changed": (lambda made: made.form.update({(row_of("cases_total"), Col.LABEL): words("合计")}), "L05"),
    "labels swapped": (
        lambda made: made.form.update(
            {
                (row_of("release_total"), Col.LABEL): words("概况类信息更新量"),
                (row_of("release_overview"), Col.LABEL): words("总数"),
            }
        ),
        "L06",
    ),
    "keys pushed down": (lambda made: made.push_down(FORM, Col.KEY, row_of("release_total")), "L06"),
    "heading changed": (
        lambda made: made.form.update({(row_of("cases_total") - 1, Col.LABEL): words("收件量")}),
        "L05",
    ),
    "identity copies disagree": (lambda made: made.properties.update({"gwxl_site_code": "0000000009"}), "L02"),
    "two markers": (two_forms_marker, "L02"),
    "input head changed": (
        lambda made: made.form.update({(LAYOUT.head_row, Col.INPUT): words("数量")}),
        "L14",
    ),
    "rows sorted without units": (sort_by_half, "L10"),
    "table head changed": (
        lambda made: made.cells[TABLE.sheet].update({(TABLE.head_row, 6): words("阅读量")}),
        "L05",
    ),
    "table heads swapped": (
        lambda made: made.cells[TABLE.sheet].update(
            {(TABLE.head_row, 6): words("用户关注量/下载量"), (TABLE.head_row, 7): words("信息发布量")}
        ),
        "L06",
    ),
    "cell inserted in a table column": (
        lambda made: made.push_down(TABLE.sheet, 6, TABLE.first_row + 1),
        "L25",
    ),
    "cell inserted in the first table column": (
        lambda made: made.push_down(TABLE.sheet, 3, TABLE.first_row + 1),
        "L25",
    ),
    "cell deleted in a table column": (
        lambda made: made.pull_up(TABLE.sheet, 6, TABLE.first_row + 1),
        "L25",
    ),
}


@pytest.mark.parametrize("accident", HELD)
def test_held_accidents(accident: str) -> None:
    """What may have put answers under wrong fields holds the return, with a reason in Chinese."""
    made = fill()
    happen, id_ = HELD[accident]
    happen(made)
    located = one(made)
    assert id_ in ids(located)
    assert located.held == text(f"held.{next(i for i in ids(located) if i in signals.HOLDING)}", "zh")
    assert located.held.endswith("。")


REPORTED: dict[str, tuple[Callable[[Draft], object], list[str]]] = {
    "one cell cut away": (
        lambda made: made.names.update({"gwxl_cases_total": CellRef(FORM, 200, 12)}),
        ["L09"],
    ),
    "some names lost": (lambda made: made.names.update({"gwxl_cases_total": None}), ["L11"]),
    "one name drawn to another sheet": (
        lambda made: made.names.update({"gwxl_cases_total": CellRef(MAP_SHEET, 3, 3)}),
        ["L09"],
    ),
    "all names lost": (lambda made: made.names.clear(), ["L12"]),
    "identity lost": (
        lambda made: (made.properties.clear(), made.cells.pop(MAP_SHEET), made.form.pop((LAYOUT.marker.row, 3))),
        ["L01"],
    ),
    "note typed beside": (lambda made: made.form.update({(row_of("cases_total"), 12): words("见附件")}), ["L17"]),
    "note typed far below": (lambda made: made.form.update({(500, 4): words("见附件")}), ["L17"]),
    "number typed over a unit": (
        lambda made: made.form.update({(row_of("cases_total"), Col.UNIT): number(7)}),
        ["L17"],
    ),
    "number beside a heading": (
        lambda made: made.form.update({(row_of("cases_total") - 1, Col.INPUT): number(7)}),
        ["L15"],
    ),
    "end row of the table lost": (
        lambda made: (
            made.names.pop("gwxl_other_media__end"),
            [made.cells[TABLE.sheet].pop((TABLE.end_row, column), None) for column in range(1, 9)],
        ),
        ["L22"],
    ),
    "value below the end row": (
        lambda made: made.cells[TABLE.sheet].update({(TABLE.end_row + 1, 6): number(7)}),
        ["L23"],
    ),
    "note typed beside the table": (
        lambda made: made.cells[TABLE.sheet].update({(TABLE.first_row, 12): words("见附件")}),
        ["L17"],
    ),
    "input merged to the right": (
        lambda made: made.merges.update({FORM: [(row_of("cases_total"), Col.INPUT, row_of("cases_total"), Col.UNIT)]}),
        ["L19"],
    ),
    "inputs merged": (
        lambda made: made.merges.update(
            {FORM: [(row_of("cases_total"), Col.INPUT, row_of("cases_total") + 1, Col.INPUT)]}
        ),
        ["L18"],
    ),
}


@pytest.mark.parametrize("accident", REPORTED)
def test_reported_accidents(accident: str) -> None:
    """What puts no answer under a wrong field is said, and the rest is read right."""
    made = fill()
    happen, expected = REPORTED[accident]
    happen(made)
    located = one(made)
    assert (ids(located), located.held) == (expected, "")
    assert read(made, located) == RIGHT


def test_sorted_rows() -> None:
    """Whole rows sorted: each is read by its own key and label, and it is said once."""
    made = fill()
    first, last = row_of("release_total"), row_of("release_catalog")
    made.sort_rows(FORM, {row: first + last - row for row in range(first, last + 1)}, COLUMNS)
    located = one(made)
    assert read(made, located) == RIGHT
    assert (ids(located), located.held) == (["L13"], "")


def test_what_was_pushed_is_named_by_its_first_cell() -> None:
    """The first input in the order of the sheet, whatever its name is called, and where its name points now."""
    made = fill()
    push_all(made)
    (moved,) = (finding for finding in one(made).findings if finding.id == "L10")
    row = row_of("release_total")
    assert (moved.source, moved.arguments["named"]) == (CellRef(FORM, row, Col.INPUT), f"{FORM}!D{row + 1}")
    assert (moved.arguments["label"], moved.arguments["lost"]) == ("信息发布·总数", "0")


def test_sorted_rows_with_a_lost_name() -> None:
    """A name that is lost beside rows that moved: nothing tells any more what was sorted along, so all is held."""
    made = fill()
    first, last = row_of("release_total"), row_of("release_catalog")
    made.sort_rows(FORM, {row: first + last - row for row in range(first, last + 1)}, COLUMNS)
    made.names["gwxl_cases_total"] = None
    located = one(made)
    assert (ids(located), bool(located.held)) == (["L10"], True)


@pytest.mark.parametrize("left", [Col.UNIT, Col.INSTRUCTION])
def test_sorted_rows_whose_unit_or_clause_stayed(left: Col) -> None:
    """Rows that were sorted without their units or clauses are no whole rows: held, though names look sorted."""
    made = fill()
    first, last = row_of("release_total"), row_of("release_catalog")
    stayed = {at: cell for at, cell in made.form.items() if at[1] == left and first <= at[0] <= last}
    made.sort_rows(FORM, {row: first + last - row for row in range(first, last + 1)}, COLUMNS)
    made.form.update(stayed)
    for row in range(first, last + 1):
        made.form[row, left] = words(f"{row}")
    located = one(made)
    assert (ids(located), bool(located.held)) == (["L10"], True)


def test_sorted_rows_but_for_the_clauses_prove_nothing() -> None:
    """All columns but the clauses sorted is held: it cannot be told from answers that other labels were sorted over."""
    first, last = row_of("release_total"), row_of("release_catalog")
    turned = {row: first + last - row for row in range(first, last + 1)}
    fair, foul = fill(), fill()
    foul.sort_rows(FORM, {first: first + 1, first + 1: first}, range(1, Col.INPUT))  # one unit: nothing shows it …
    fair.sort_rows(FORM, {first: first + 1, first + 1: first}, range(1, Col.PENDING))
    for made in (fair, foul):
        made.sort_rows(FORM, turned, range(1, Col.PENDING))
    differ = {at for at in fair.form.keys() | foul.form.keys() if fair.form.get(at) != foul.form.get(at)}
    assert {column for _, column in differ} <= {Col.INPUT, Col.CHECK, Col.REMARK}  # … but what was filled in
    assert Col.INPUT in {column for _, column in differ}
    for made in (fair, foul):
        located = one(made)
        assert (ids(located), bool(located.held)) == (["L10"], True)


@pytest.mark.parametrize(("lost", "said"), [(None, "L13"), (Col.UNIT, "L10"), (Col.INSTRUCTION, "L10")])
def test_sorted_rows_that_nothing_proves_whole(tmp_path: Path, lost: Col | None, said: str) -> None:
    """Without the head of units or of clauses nobody can tell what was sorted along, even where both are blank."""
    layout = lay_out(write_form(tmp_path, SECOND))
    made = draft({"nurses_total": number(1), "staff_total": number(2)}, layout)
    one_row, other = (layout.inputs[FormPath.parse(key)].number for key in ("nurses_total", "staff_total"))
    made.sort_rows(layout.sheet, {one_row: other, other: one_row}, COLUMNS)
    (heads,) = [row.number for row in layout.rows if row.kind is RowKind.HEADS]
    if lost is not None:
        made.form[heads, lost] = words("x")
    (located,) = locate(made.book(), layout)
    found = [one.id for one in located.findings]
    assert (said in found, {"L10", "L13"} & set(found)) == (True, {said})
    assert located.cells[FormPath("nurses_total")].row == other


def test_deleted_row() -> None:
    """A deleted row is named with its section and group, and no other field takes its place."""
    made = fill()
    made.delete_row(FORM, row_of("cases_total"))
    located = one(made)
    assert read(made, located) == {**RIGHT, "cases_total": ""}
    (finding,) = located.findings
    assert (finding.id, finding.severity, finding.key) == ("L03", Severity.ERROR, "cases_total")
    assert finding.arguments == {"label": "五、办事服务 › 5.办件量 › （1）总数"}


def test_deleted_header_row() -> None:
    """A field around the form that is gone is only a hint."""
    made = fill()
    made.delete_row(FORM, LAYOUT.inputs[FormPath("reporting_unit")].number)
    assert ids(one(made)) == ["L04"]


def test_copied_row() -> None:
    """Of a row that stands twice the named one counts; without names none does."""
    made = fill()
    source, copy = row_of("cases_total"), row_of("cases_total") + 1
    made.insert_row(FORM, copy)
    made.form.update({(copy, column): cell for (row, column), cell in made.form.items() if row == source})
    located = one(made)
    assert read(made, located) == RIGHT
    assert ids(located) == ["L07", "L17"]
    assert (located.findings[0].source, located.findings[0].arguments["cells"]) == (
        CellRef(FORM, source, 1),
        "A37、A38",
    )
    made.names.clear()
    located = one(made)
    assert "cases_total" not in located.cells
    assert [finding.source for finding in located.findings if finding.id == "L08"] == [CellRef(FORM, source, 1)]


@pytest.mark.parametrize("key", ["#services", "#other_media", "#innovations"])
def test_a_heading_that_stands_twice_asks_nothing(key: str) -> None:
    """Whatever stands beside it, a heading has no answer of its own: nothing is said to be missing."""
    made = fill()
    source = next(row.number for row in LAYOUT.rows if row.key == key)
    made.insert_row(FORM, source + 1)
    made.form.update({(source + 1, column): cell for (row, column), cell in made.form.items() if row == source})
    located = one(made)
    assert read(made, located) == RIGHT
    assert not {"L07", "L08", "L26"} & set(ids(located))


def test_a_lost_name_is_told_at_its_input_where_another_one_is_gone() -> None:
    """The answer of the input that is gone may lie in the one without a name, so that one is shown."""
    made = fill()
    gone = row_of("surveys_held")
    made.cells[FORM] = {at: cell for at, cell in made.form.items() if at[0] != gone}
    made.names.update({"gwxl_surveys_held": None, "gwxl_cases_total": None})
    located = one(made)
    lost = [(finding.key, finding.source) for finding in located.findings if finding.id == "L11"]
    assert lost == [("cases_total", CellRef(FORM, row_of("cases_total"), Col.INPUT))]


def without_keys(made: Draft) -> None:
    """Empty the key column."""
    made.cells[FORM] = {at: cell for at, cell in made.form.items() if at[1] != Col.KEY}


@pytest.mark.parametrize("named", [True, False])
def test_without_key_column(named: bool) -> None:  # noqa: FBT001 - two cases
    """Without keys, labels under their headings give the place; the same label elsewhere is not mixed up."""
    made = fill()
    without_keys(made)
    if not named:
        made.names.clear()
    located = one(made)
    assert read(made, located) == RIGHT
    assert ids(located) == ([] if named else ["L12"])


def test_without_keys_and_headings() -> None:
    """Without keys and headings, names and labels give the place."""
    made = fill()
    without_keys(made)
    for row in LAYOUT.rows:
        if row.kind in HEADINGS:
            for column in COLUMNS:
                made.form.pop((row.number, column), None)
    located = one(made)
    assert read(made, located) == RIGHT
    assert set(ids(located)) == {"L26"}


def test_without_keys_shifted() -> None:
    """Without keys the names still show a shifted input column."""
    made = fill()
    without_keys(made)
    push_all(made)
    located = one(made)
    assert "L10" in ids(located)
    assert located.held


def test_without_keys_label_changed() -> None:
    """Without keys a changed label is seen at the cell that bears the field's name."""
    made = fill()
    without_keys(made)
    made.form[row_of("cases_total"), Col.LABEL] = words("合计")
    located = one(made)
    assert "L05" in ids(located)
    assert located.held


def test_without_keys_and_names_label_changed() -> None:
    """Without keys and names a changed label leaves its field not found, never guessed."""
    made = fill()
    without_keys(made)
    made.names.clear()
    made.form[row_of("cases_total"), Col.LABEL] = words("合计")
    located = one(made)
    assert "cases_total" not in located.cells
    assert "L03" in ids(located)


def test_shift_without_names() -> None:
    """Without names a shift across a heading is seen by what lands there."""
    made = fill()
    made.names.clear()
    made.push_down(FORM, Col.INPUT, row_of("release_total"))
    located = one(made)
    assert "L16" in ids(located)
    assert located.held


def test_blank_shift_without_names() -> None:
    """Without names even a shift of blank cells is seen by their lock flags."""
    made = draft()
    made.names.clear()
    made.push_down(FORM, Col.INPUT, row_of("release_total"))
    assert "L16" in ids(one(made))


def test_all_locked() -> None:
    """Lock flags are no evidence where a program locked every cell."""
    made = fill()
    made.names.clear()
    made.cells = {
        title: {at: replace(cell, locked=True) for at, cell in cells.items()} for title, cells in made.cells.items()
    }
    located = one(made)
    assert read(made, located) == RIGHT
    assert ids(located) == ["L12"]


def drop_styles(made: Draft) -> None:
    """Save as a program does that keeps no styles: every cell has the lock of a new one, and blank ones are gone."""
    made.cells = {
        title: {at: replace(cell, locked=True) for at, cell in cells.items() if cell.kind is not CellKind.BLANK}
        for title, cells in made.cells.items()
    }


def drop_table_keys(made: Draft) -> None:
    """Take away what keys the rows and the feet of the columns: older workbooks have none."""
    sheet = made.cells[TABLE.sheet]
    for row in range(TABLE.first_row, TABLE.last_row + 1):
        del sheet[row, 1]
    for column in TABLE.columns.values():
        del sheet[TABLE.foot_row, column]


@pytest.mark.parametrize("old", [False, True])
def test_a_full_table_without_styles(old: bool) -> None:  # noqa: FBT001 - two cases
    """A full table that lost its styles is no pushed one, in a workbook of today or an older one."""
    made = fill()
    if old:
        drop_table_keys(made)
    drop_styles(made)
    located = one(made)
    assert read(made, located) == RIGHT
    assert (ids(located), located.held, located.lockless) == ([], "", frozenset({"other_media"}))


def test_an_older_table_is_read_the_same() -> None:
    """Without keys for rows and feet nothing changes, and a pushed column is told by its locks."""
    made = fill()
    drop_table_keys(made)
    assert (one(made).cells, ids(one(made)), one(made).lockless) == (LAYOUT.cells, [], frozenset())
    made.pull_up(TABLE.sheet, 6, TABLE.first_row)
    assert "L25" in ids(one(made))


@pytest.mark.parametrize("column", range(3, 8))
@pytest.mark.parametrize("up", [True, False])
def test_a_pushed_column_without_locks(column: int, up: bool) -> None:  # noqa: FBT001 - two directions
    """A foot that stands off the others holds the return, in whatever column, without one lock or name."""
    made = fill()
    (made.pull_up if up else made.push_down)(TABLE.sheet, column, TABLE.first_row + 3)
    made.names.clear()
    drop_styles(made)
    located = one(made)
    assert "L25" in ids(located)
    assert located.held == text("held.L25", "zh")


@pytest.mark.parametrize("bare", [False, True])
def test_cells_inserted_across_the_table(bare: bool) -> None:  # noqa: FBT001 - two cases
    """Where all inputs moved together no row is mixed up: the table ends where its inputs end."""
    made = draft({path: number(place) for place, path in enumerate(LAYOUT.cells, 1000) if "[20]" not in path})
    made.move(
        TABLE.sheet,
        lambda at: (at[0] + 1, at[1]) if at[1] in TABLE.columns.values() and at[0] > TABLE.first_row else at,
    )
    if bare:
        drop_styles(made)
    located = one(made)
    assert located.held == ""
    assert read(made, located)["other_media[3].posts"] == RIGHT["other_media[2].posts"]
    assert located.cells[FormPath.parse("other_media[21].posts")].row == TABLE.end_row


def test_what_is_typed_over_the_pointer() -> None:
    """Products typed into the cell that points to the table's sheet are named with what was typed."""
    made = fill()
    row = next(one.number for one in LAYOUT.rows if one.key == "#other_media")
    made.form[row, Col.INPUT] = words("移动客户端 某某通 301条")
    (finding,) = one(made).findings
    assert (finding.id, finding.severity, str(finding.source)) == ("L40", Severity.VERIFY, f"{FORM}!D{row}")
    assert finding.arguments["found"] == "移动客户端 某某通 301条"
    made.form[row, Col.INPUT] = words(text("template.see_table", "zh", sheet=TABLE.sheet))
    assert ids(one(made)) == []


@pytest.mark.parametrize(
    ("hidden", "state", "cells"),
    [
        (frozenset({TABLE.first_row + 1, TABLE.foot_row}), "visible", "C6、D6、E6、F6、G6"),
        (frozenset({TABLE.key_row, TABLE.foot_row}), "visible", None),
        (frozenset(), "veryHidden", "C5、D5、E5、F5、G5 …(10)"),
    ],
)
def test_hidden_rows_of_a_table(hidden: frozenset[int], state: str, cells: str | None) -> None:
    """What stands in hidden rows, or on a hidden sheet, is read and named; hidden rows of ours are not."""
    made = draft({path: number(7) for path in LAYOUT.cells if "[1]." in path or "[2]." in path})
    book = made.book()
    sheets = [replace(s, hidden_rows=hidden, state=state) if s.title == TABLE.sheet else s for s in book.sheets]
    located = one(replace(book, sheets=tuple(sheets)))
    assert [(found.id, found.arguments["cells"]) for found in located.findings] == ([("L41", cells)] if cells else [])
    assert read(made, located)["other_media[2].posts"] == "7"


def test_the_column_of_explanations_deleted() -> None:
    """Without its column no explanation is read, which is said once; every answer stays where it was."""
    made = fill()
    made.move(FORM, lambda at: None if at[1] == Col.REMARK else (at[0], at[1] - 1) if at[1] > Col.REMARK else at)
    located = one(made)
    assert (ids(located), located.explanations) == (["L27"], {})
    assert read(made, located) == RIGHT


@pytest.mark.parametrize("named", [True, False])
def test_every_head_lost(named: bool) -> None:  # noqa: FBT001 - two cases
    """Without one head the inputs are where names or labels say, but held: shown is the top of their column."""
    made = fill()
    (heads,) = [row.number for row in LAYOUT.rows if row.kind is RowKind.HEADS]
    for column in COLUMNS:
        made.form.pop((heads, column), None)
    if not named:
        made.names.clear()
    located = one(made)
    (found,) = [finding for finding in located.findings if finding.id == "L14"]
    assert (found.source, found.arguments["cell"]) == (CellRef(FORM, 1, Col.INPUT), f"{FORM}!D1")
    assert found.arguments["state"] == text("head.lost", "zh")
    assert located.held
    assert read(made, located) == RIGHT


def test_every_head_and_label_lost() -> None:
    """Where nothing tells the column of the inputs, the top of the sheet is shown and nothing of the form is read."""
    made = fill()
    (heads,) = [row.number for row in LAYOUT.rows if row.kind is RowKind.HEADS]
    for at in list(made.form):
        if at[1] in {Col.LABEL, Col.NUMBER} or at[0] == heads:
            made.form.pop(at)
    made.names.clear()
    located = one(made)
    (found,) = [finding for finding in located.findings if finding.id == "L14"]
    assert found.source == CellRef(FORM, 1, 1)
    assert {path.partition("[")[0] for path in located.cells} == {"other_media"}


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(("typed", "quoted"), [("随便", "随便"), ("", "（空白）")])
def test_the_head_of_the_inputs_lost(named: bool, typed: str, quoted: str) -> None:  # noqa: FBT001 - two cases
    """The cell where the head belongs is shown with what stands there; names, or the labels, tell the column."""
    made = fill()
    (heads,) = [row.number for row in LAYOUT.rows if row.kind is RowKind.HEADS]
    made.form[heads, Col.INPUT] = words(typed)
    if not named:
        made.names.clear()
    located = one(made)
    (found,) = [finding for finding in located.findings if finding.id == "L14"]
    assert found.source == CellRef(FORM, heads, Col.INPUT)
    assert found.arguments["state"] == text("head.typed", "zh", cell=f"{FORM}!D{heads}", found=quoted)
    assert read(made, located) == RIGHT


def test_table_sheet_missing() -> None:
    """A form sheet copied without its table says that the table was not read."""
    made = fill()
    del made.cells[TABLE.sheet]
    located = one(made)
    assert ids(located) == ["L20"]
    assert not [path for path in located.cells if "[" in path]


def test_far_end_row() -> None:
    """An end row a million rows away costs nothing: only filled rows are numbered."""
    made = fill()
    made.move(TABLE.sheet, lambda at: (1_048_576, at[1]) if at[0] == TABLE.end_row else at)
    located = one(made)
    assert read(made, located) == RIGHT


def copy_sheets(made: Draft, times: int, *, tables: int, beside: bool = False) -> Book:
    """Return a book that holds the form sheet several times, with sites of their own in the marker.

    The tables stand behind all of them, or each beside its own.
    """
    base = made.book()
    form, table = base.sheet(FORM), base.sheet(TABLE.sheet)
    assert form is not None
    assert table is not None
    sheets, names = [], list(base.names)
    for copy in range(times):
        code = f"000000000{copy + 1}"
        cells = dict(form.cells)
        cells[LAYOUT.marker.row, 3] = words(marker_line(identity_of(LAYOUT.form, site_code=code)))
        title = f"{FORM} ({copy + 1})"
        sheets.append(replace(form, title=title, cells=cells))
        names += [
            DefinedName(name=name, reference="", cell=replace(cell, sheet=title), scope=title)
            for name, cell in LAYOUT.names.items()
            if cell.sheet == FORM
        ]
    copies = [replace(table, title=f"{TABLE.sheet} ({copy + 1})") for copy in range(tables)]
    sheets = [one for pair in zip(sheets, copies, strict=True) for one in pair] if beside else [*sheets, *copies]
    return replace(base, sheets=tuple(sheets), names=tuple(names))


def test_several_forms() -> None:
    """Each form sheet is a return of its own, with the identity of its own marker and the table behind it."""
    located = locate(copy_sheets(fill(), 2, tables=2, beside=True), LAYOUT)
    assert [one.identity.site_code for one in located if one.identity] == ["0000000001", "0000000002"]
    assert [one.sheet for one in located] == [f"{FORM} (1)", f"{FORM} (2)"]
    unmarked = copy_sheets(fill(), 2, tables=2, beside=True)
    del unmarked.sheets[0].cells[LAYOUT.marker.row, 3]  # type: ignore[attr-defined]  # made here
    codes = [one.identity.site_code if one.identity else "lost" for one in locate(unmarked, LAYOUT)]
    assert codes == [None, "0000000002"]
    assert [one.cells[FormPath.parse("other_media[1].posts")].sheet for one in located] == [
        f"{TABLE.sheet} (1)",
        f"{TABLE.sheet} (2)",
    ]
    assert [ids(one) for one in located] == [["L30"], ["L30"]]
    assert all(one.cells[FormPath("release_total")].sheet == one.sheet for one in located)


@pytest.mark.parametrize("tables", [1, 2])
def test_several_forms_and_no_order(tables: int) -> None:
    """Where nothing tells which of two form sheets a table belongs to, it is given to none, and both are held."""
    located = locate(copy_sheets(fill(), 2, tables=tables), LAYOUT)
    assert [[path for path in one.cells if "[" in path] for one in located] == [[], []]
    assert [ids(one) for one in located] == [["L29"], ["L29"]]
    assert {one.held for one in located} == {"文件中有几张填报表，不能确定附表是哪一张的，暂不计入，请确认后再定。"}


def test_other_workbooks() -> None:
    """A workbook without a form sheet gives nothing; one of another form gives its identity alone."""
    assert locate(Book(kind="xlsx", sheets=(Sheet(title="x", cells={(1, 1): words("总数")}),)), LAYOUT) == ()
    other = words("gwxl;form=other_form;edition=1;fingerprint=0123;year=2025")
    (located,) = locate(Book(kind="xlsx", sheets=(Sheet(title="x", cells={(9, 3): other}),)), LAYOUT)
    assert located.identity is not None
    assert (located.identity.form, dict(located.cells)) == ("other_form", {})


def test_a_map_sheet_is_no_form() -> None:
    """A map sheet shown and renamed is not taken for a form sheet, though it lists every key."""
    made = fill()
    made.cells["对照"] = made.cells.pop(MAP_SHEET)
    assert [located.sheet for located in locate(made.book(), LAYOUT)] == [FORM]


def test_of_copies_that_disagree_ours_counts() -> None:
    """A sheet that was copied into the workbook of another form is a return of its own form."""
    made = fill()
    made.properties.update({"gwxl_form": "other_form"})
    located = one(made)
    assert located.identity == identity_of(LAYOUT.form)
    assert "L02" in ids(located)


def test_a_note_with_our_marker_line_is_no_form() -> None:
    """A sheet that holds nothing of a form but its marker line is passed over beside the form itself."""
    made = fill()
    made.cells["说明"] = {(3, 3): words(marker_line(identity_of(LAYOUT.form))), (4, 3): words("见填报表")}
    located = one(made)
    assert (located.sheet, ids(located)) == (FORM, [])
    assert read(made, located) == RIGHT


@pytest.mark.parametrize(
    ("left", "markers", "found"),
    [
        (22, [], True),
        (21, [], False),
        (21, ["website_annual_report"], True),
        (21, ["other_form", "website_annual_report"], True),
        (21, ["other_form"], False),
        (0, ["website_annual_report"], False),
    ],
)
def test_what_makes_a_form_sheet(left: int, markers: list[str], found: bool) -> None:  # noqa: FBT001 - an expectation
    """A third of its 65 inputs does, or fewer beside a marker line of the form itself."""
    made = fill()
    lost = [row.number for row in LAYOUT.rows if row.path is not None or row.kind is RowKind.TABLE][left:]
    made.cells[FORM] = {at: cell for at, cell in made.form.items() if at[0] not in {*lost, LAYOUT.marker.row}}
    for row, form in enumerate(markers, 500):
        made.form[row, 3] = words(f"gwxl;form={form};edition=1;fingerprint=0123;year=2025")
    assert any(located.cells for located in locate(made.book(), LAYOUT)) is found


def test_foreign_marker_text_does_not_break() -> None:
    """A marker with nonsense in it is no marker."""
    made = fill()
    made.form[LAYOUT.marker.row, 3] = words("gwxl;" + "x" * 5000)
    assert ids(one(made)) == []


def test_texts_of_the_workbook_are_inert() -> None:
    """A label from the workbook is shown cut, on one line, without direction marks."""
    made = fill()
    made.form[row_of("cases_total"), Col.LABEL] = words("\u202e合计\n" + "长" * 500)
    (finding,) = one(made).findings
    assert len(finding.arguments["found"]) <= 80
    assert not set(finding.arguments["found"]) & set("\u202e\n")


SECOND = """
id = "clinic"
title = "Clinic"
edition = "2"
language = "en"
[[section]]
key = "staff"
number = "A"
label = "Staff"
group = [{ key = "nurses", number = "1", label = "Nurses" }]
[[section.field]]
key = "nurses_total"
label = "Total"
number = "a"
group = "nurses"
kind = "count"
[[section.field]]
key = "staff_total"
label = "Total"
number = "b"
kind = "count"
[[section.field]]
key = "rooms"
label = "Rooms"
kind = "table"
rows = 2
columns = [ { key = "room", label = "Room", kind = "text" }, { key = "beds", label = "Beds", kind = "count" } ]
"""


def test_second_form(tmp_path: Path) -> None:
    """A small form in English, without header, is found the same way; an ambiguous label is never guessed."""
    layout = lay_out(write_form(tmp_path, SECOND))
    made = draft({"nurses_total": number(1), "staff_total": number(2), "rooms[2].beds": number(3)}, layout)
    (located,) = locate(made.book(), layout)
    assert (located.cells, located.findings) == (layout.cells, ())
    made.cells[layout.sheet] = {at: cell for at, cell in made.form.items() if at[1] != Col.KEY}
    made.names.clear()
    (located,) = locate(made.book(), layout)
    found = {path: located.cells.get(path, layout.cells[path]) for path in layout.cells}
    assert found == layout.cells
    assert {f.key for f in located.findings if f.id == "L03"} == layout.inputs.keys() - located.cells.keys()


def judge(made: Draft) -> tuple[Located, list[Finding]]:
    """Return what locating and tampering say."""
    located = one(made)
    return located, [*located.findings, *find_tampering(made.book(), located, LAYOUT)]


def right_or_reported(made: Draft) -> None:
    """Assert that every value is right, or the return is held, or the field itself is spoken of."""
    located, findings = judge(made)
    found = read(made, located)
    wrong = {path for path in RIGHT if found[path] != RIGHT[path]}
    if not wrong or located.held:
        return
    named = {finding.key for finding in findings}
    around = {path for path in LAYOUT.form.surround if path not in located.cells} if "L04" in ids(located) else set()
    emptied = {path for path in wrong if not found[path] and path in located.cells and "L11" in ids(located)}
    assert wrong <= named | around | emptied, findings


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["insert row", "delete row", "insert column", "push", "pull", "cut cell", "cut over", "sort", "cut row"]
        ),
        st.integers(min_value=1, max_value=len(LAYOUT.rows)),
        st.integers(min_value=1, max_value=len(LAYOUT.rows)),
    ),
    min_size=1,
    max_size=3,
)


def happen(made: Draft, step: tuple[str, int, int]) -> None:
    """Let one accident happen on the form sheet, as a spreadsheet program would carry it out."""
    what, first, second = step
    column = max((ref.column for ref in made.names.values() if ref and ref.sheet == FORM), default=int(Col.INPUT))
    if what == "insert row":
        made.insert_row(FORM, first)
    elif what == "delete row":
        made.delete_row(FORM, first)
    elif what == "insert column":
        made.insert_column(FORM, 1 + second % 5)
    elif what == "push":
        made.push_down(FORM, column, first)
    elif what == "pull":
        made.pull_up(FORM, column, first)
    elif what == "cut cell":
        made.move(FORM, lambda at: (300 + second, 20) if at == (first, column) else at)
    elif what == "cut over":
        over, cut = (second, column), (first, column)
        if over != cut:  # put over itself, nothing happens
            made.move(FORM, lambda at: None if at == over else over if at == cut else at)
    elif what == "sort":
        low, high = sorted((first, second))
        made.sort_rows(FORM, {row: low + high - row for row in range(low, high + 1)}, range(1, 20))
    else:
        low, high = sorted((first, second))
        made.move(FORM, lambda at: (high, at[1]) if at[0] == low else (at[0] - 1, at[1]) if low < at[0] <= high else at)


@settings(max_examples=draws(100, full=400))
@given(STEPS, st.booleans())
def test_right_or_reported(steps: list[tuple[str, int, int]], keys: bool) -> None:  # noqa: FBT001 - drawn
    """Property: after up to three accidents every value is right, or its field is reported, or all is held."""
    assume(len(set(steps)) == len(steps))  # a sort that is undone leaves what was done between as if it had been typed
    made = fill()
    if not keys:
        without_keys(made)
    for step in steps:
        happen(made, step)
    if locate(made.book(), LAYOUT):
        right_or_reported(made)


@settings(max_examples=draws(37, full=150))
@given(st.sampled_from(INPUTS), st.integers(min_value=1, max_value=4))
def test_pushed_input_column_is_never_silent(path: str, times: int) -> None:
    """Property: cells inserted in the input column alone are always seen, wherever it happens."""
    made = fill()
    for _ in range(times):
        made.push_down(FORM, Col.INPUT, row_of(path))
    located = one(made)
    moved = [other for other in LAYOUT.inputs if row_of(other) >= row_of(path)]
    assert located.held if len(moved) > 1 else "L09" in ids(located)


@settings(max_examples=draws(37, full=150))
@given(
    st.dictionaries(st.sampled_from(INPUTS), st.tuples(st.integers(1, 90), st.integers(1, 12)), min_size=1, max_size=6)
)
def test_dragged_names(drags: dict[str, tuple[int, int]]) -> None:
    """Property: names dragged anywhere never change what is read, and never go unmentioned."""
    made = fill()
    for path, place in drags.items():
        made.names[FormPath(path).defined_name] = CellRef(FORM, *place)
    located = one(made)
    moved = {path for path, place in drags.items() if CellRef(FORM, *place) != LAYOUT.cells[FormPath.parse(path)]}
    assert read(made, located) == RIGHT
    assert located.held or {f.key for f in located.findings if f.id == "L09"} == moved or "L13" in ids(located)


@settings(max_examples=draws(37, full=150))
@given(
    st.dictionaries(
        st.tuples(st.integers(1, 100), st.integers(1, 12)),
        st.builds(Cell, st.sampled_from([CellKind.TEXT, CellKind.NUMBER]), st.text(max_size=8), locked=st.booleans()),
        max_size=20,
    )
)
def test_anything_may_stand_anywhere(cells: dict[tuple[int, int], Cell]) -> None:
    """Property: whatever is written over a form sheet, locating ends with findings and never with an exception."""
    made = fill()
    made.form.update(cells)
    for located in locate(made.book(), LAYOUT):
        assert all(ref.sheet in made.cells for ref in located.cells.values())


def test_every_signal_has_words() -> None:
    """Every id of the table has its message in both languages, and every holding one its reason."""
    lines = (signals.__doc__ or "").splitlines()
    listed = [line.split()[0] for line in lines if line[:1] in set("WLTSFE") and line[1:3].isdigit()]
    assert len(listed) == len(set(listed)) == 70
    assert set(listed) >= signals.HOLDING
    for id_ in listed:
        line = next(line for line in lines if line.startswith(id_))
        assert signals.severity_of(id_) == line.split()[1]
        assert ("!" in line.split()[2]) == (id_ in signals.HOLDING)
        for language in LANGUAGES:
            assert catalogue()[f"signal.{id_}"][language]
            if id_ in signals.HOLDING:
                assert replace(LAYOUT.form, language=language).say(f"held.{id_}")


QUOTED = (
    ("合计（含转载）", "合计（含转载）"),
    (" 合计：Ａ、b！ ", "合计：Ａ、b！"),
    ("合计\n（万件）", "合计 （万件）"),
    (Cell(CellKind.NUMBER, "12", locked=True), "12"),
    ("", "（空白）"),
)


def as_cell(found: str | Cell) -> Cell:
    """Return a cell of what was typed."""
    return found if isinstance(found, Cell) else words(found)


@pytest.mark.parametrize(("typed", "quoted"), QUOTED)
def test_changed_labels_are_quoted_as_they_were_typed(typed: str | Cell, quoted: str) -> None:
    """The message shows the label with its brackets and signs, and a word where there is none."""
    made = fill()
    made.form[row_of("cases_total"), Col.LABEL] = as_cell(typed)
    made.form.pop((row_of("cases_total"), Col.NUMBER), None)
    (finding,) = [one for one in one(made).findings if one.id == "L05"]
    assert finding.arguments["found"] == quoted


@pytest.mark.parametrize(("typed", "quoted"), QUOTED)
def test_changed_heads_are_quoted_as_they_were_typed(typed: str | Cell, quoted: str) -> None:
    """The head of the input column and that of a table's column are shown as they stand there."""
    made = fill()
    made.form[LAYOUT.head_row, Col.INPUT] = as_cell(typed)
    made.cells[TABLE.sheet][TABLE.head_row, 6] = as_cell(typed)
    said = {finding.id: finding for finding in one(made).findings}
    assert said["L14"].arguments["expected"] == "填报内容"
    assert f"处为“{quoted}”" in said["L14"].arguments["state"]
    assert said["L05"].arguments["found"] == quoted


def test_a_head_that_stands_twice_is_told_with_both_places() -> None:
    """Two heads of one name are named by their cells."""
    made = fill()
    made.form[LAYOUT.head_row, Col.UNIT] = words("填报内容")
    (finding,) = [one for one in one(made).findings if one.id == "L14"]
    assert finding.arguments["state"] == f"D{LAYOUT.head_row}、E{LAYOUT.head_row} 处都是"
