"""Which sheet a table is read from, where a workbook holds several form sheets or several sheets of one table."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from gwxl.form.headings import heading_key
from gwxl.form.identity import marker_line
from gwxl.form.layout import MAP_SHEET, end_of
from gwxl.form.rounds import round_rows
from gwxl.intake.locating.form_sheets import Located, locate
from gwxl.records.cell import CellRef
from gwxl.records.path import Path
from gwxl.records.submission import Round
from gwxl.spreadsheets.book import Book, DefinedName, Sheet
from gwxl.wording import text
from tests.support.books import LAYOUT, draft, identity_of, number, words

FORM = LAYOUT.sheet
TABLE = LAYOUT.tables[0]
POSTS = Path.parse("other_media[1].posts")
SITES = ("0000000001", "0000000002", "0000000003")


def form_sheet(place: int) -> Sheet:
    """Return the filled form sheet of a site, with the site in its marker line."""
    sheet = draft({"release_total": number(100 + place)}).book().sheet(FORM)
    assert sheet is not None
    marker = words(marker_line(identity_of(LAYOUT.form, site_code=SITES[place])))
    return replace(sheet, title=f"{FORM} {place}", cells={**sheet.cells, (LAYOUT.marker.row, 3): marker})


def table_sheet(title: str, posts: int) -> Sheet:
    """Return a sheet of the table whose first row holds a number."""
    sheet = draft({POSTS: number(posts)}).book().sheet(TABLE.sheet)
    assert sheet is not None
    return replace(sheet, title=title)


def locate_sheets(sheets: Sequence[Sheet], names: Sequence[DefinedName] = ()) -> tuple[Located, ...]:
    """Locate what the sheets of a workbook hold."""
    return locate(Book(kind="xlsx", sheets=tuple(sheets), names=tuple(names)), LAYOUT)


def read_held(found: Located, sheets: Sequence[Sheet]) -> tuple[str | None, str, str]:
    """Return site, total and posts that are read for a form sheet; no posts where no table is."""
    texts = []
    for path in (Path("release_total"), POSTS):
        ref = found.cells.get(path)
        sheet = next((one for one in sheets if ref and one.title == ref.sheet), None)
        texts.append(sheet.cells[ref.row, ref.column].text if ref and sheet else "")
    assert found.identity is not None
    return found.identity.site_code, texts[0], texts[1]


@pytest.mark.parametrize("titles", [("甲", "乙", "丙"), ("3", "2", "1"), (f"{TABLE.sheet} (3)", TABLE.sheet, "其他")])
@pytest.mark.parametrize("sites", [2, 3])
def test_each_form_has_the_table_that_follows_it(sites: int, titles: tuple[str, ...]) -> None:
    """Form, table, form, table: every site is read with its own table, whatever the sheets are called."""
    sheets = [
        sheet for place in range(sites) for sheet in (form_sheet(place), table_sheet(titles[place], 1000 + place))
    ]
    found = [read_held(one, sheets) for one in locate_sheets(sheets)]
    assert found == [(SITES[place], str(100 + place), str(1000 + place)) for place in range(sites)]


@pytest.mark.parametrize("sites", [1, 2])
def test_a_round_is_of_the_only_form(sites: int) -> None:
    """A workbook that was sent back was sent for one return: with a second form in it nobody can say which."""
    sent = Round(number=2, faults=(("A05", "site_code"),))
    sheet = draft().book().sheet(MAP_SHEET)
    assert sheet is not None
    last = max(row for row, _ in sheet.cells)
    marks = {
        (row, at): words(one) for row, line in enumerate(round_rows(sent), last + 1) for at, one in enumerate(line, 1)
    }
    sheets = [*map(form_sheet, range(sites)), replace(sheet, cells={**sheet.cells, **marks})]
    assert [one.round for one in locate_sheets(sheets)] == ([sent] if sites == 1 else [None, None])


def test_one_table_is_never_given_to_two_forms() -> None:
    """Where a workbook holds fewer tables than forms, no row is read twice."""
    sheets = [form_sheet(0), table_sheet("甲", 1000), form_sheet(1)]
    found = [read_held(one, sheets)[2] for one in locate_sheets(sheets)]
    assert found.count("1000") <= 1
    assert set(found) <= {"", "1000"}
    assert found[1] == ""


@pytest.mark.parametrize(("places", "posts", "said"), [((0, 0), "1000", "L30"), ((0, 1), "", "L29")])
def test_the_only_table_is_that_of_one_site(places: tuple[int, int], posts: str, said: str) -> None:
    """A draft and what came of it share the table that stands before both; two sites have none."""
    first, second = (replace(form_sheet(place), title=title) for place, title in zip(places, "甲乙", strict=True))
    sheets = [table_sheet("丙", 1000), first, second]
    found = locate_sheets(sheets)
    assert [read_held(one, sheets)[2] for one in found] == [posts, posts]
    assert [[finding.id for finding in one.findings if finding.id in {"L29", "L30"}] for one in found] == [[said]] * 2


def table_names(title: str) -> list[DefinedName]:
    """Return the names of the table's columns and end, pointing into a sheet."""
    return [DefinedName(name=name, reference="", cell=replace(cell, sheet=title)) for name, cell in TABLE.names.items()]


@pytest.mark.parametrize("named", [0, 1])
def test_of_two_tables_the_named_one_counts(named: int) -> None:
    """One form, a table and a copy of it: the one the defined names point into is read, first or second."""
    sheets = [form_sheet(0), table_sheet("甲", 1000), table_sheet("乙", 2000)]
    (found,) = locate_sheets(sheets, table_names(("甲", "乙")[named]))
    assert read_held(found, sheets)[2] == ("1000", "2000")[named]
    assert "L24" in [one.id for one in found.findings]


@pytest.mark.parametrize("named", [True, False])
def test_of_a_column_that_stands_twice_the_named_one_is_read(named: bool) -> None:  # noqa: FBT001 - a case
    """Copied with its key and head, a column is known by its name alone; without names nobody reads it."""
    table = table_sheet("甲", 1000)
    posts = TABLE.names[Path.parse("other_media.posts").defined_name].column
    copied = {(row, 20): cell for (row, column), cell in table.cells.items() if column == posts}
    sheets = [form_sheet(0), replace(table, cells={**table.cells, **copied})]
    (found,) = locate_sheets(sheets, table_names("甲") if named else [])
    assert read_held(found, sheets)[2] == ("1000" if named else "")
    assert found.cells.get(POSTS) == (CellRef("甲", TABLE.head_row + 1, posts) if named else None)
    assert ("L21" in [one.id for one in found.findings]) is not named


@pytest.mark.parametrize("titles", [(TABLE.sheet, f"{TABLE.sheet} (2)"), (f"{TABLE.sheet} (2)", TABLE.sheet)])
def test_of_two_tables_without_names_the_one_with_the_title_counts(titles: tuple[str, str]) -> None:
    """Where a program kept no names, the sheet that still bears the table's title is read, first or second."""
    sheets = [form_sheet(0), table_sheet(titles[0], 1000), table_sheet(titles[1], 2000)]
    (found,) = locate_sheets(sheets)
    assert read_held(found, sheets)[2] == ("1000" if titles[0] == TABLE.sheet else "2000")


def test_blank_tables_of_two_forms_are_asked_by_nobody() -> None:
    """Where nobody typed into any table, nothing is said of which is whose, wherever they stand."""
    blank = draft().book().sheet(TABLE.sheet)
    assert blank is not None
    tables = [replace(blank, title=title) for title in "丙丁"]
    sheets = [form_sheet(0), form_sheet(1), *tables]
    found = locate_sheets(sheets)
    assert [read_held(one, sheets) for one in found] == [(SITES[0], "100", ""), (SITES[1], "101", "")]
    assert [one.id for located in found for one in located.findings if one.id in {"L20", "L24", "L29", "L30"}] == []


def test_of_several_tables_behind_a_form_the_touched_one_counts() -> None:
    """Beside an untouched original, a form takes what somebody typed into behind it, a blank table between or not."""
    blank = draft().book().sheet(TABLE.sheet)
    assert blank is not None
    first, second = form_sheet(0), form_sheet(1)
    sheets = [first, table_sheet("甲", 1000), second, replace(blank, title="乙"), table_sheet("丙", 2000)]
    book = Book(kind="xlsx", sheets=tuple(sheets), names=())
    marker = first.cells[LAYOUT.marker.row, 3]
    sheets[2] = replace(second, cells={**second.cells, (LAYOUT.marker.row, 3): marker})
    book = Book(kind="xlsx", sheets=tuple(sheets), names=())
    (found,) = locate(book, LAYOUT, lambda one: one.sheet == first.title)
    assert (found.sheet, read_held(found, sheets)[2]) == (second.title, "2000")
    assert [one.id for one in found.findings if one.id in {"L20", "L24", "L29"}] == ["L24"]


def test_of_two_tables_the_one_that_was_filled_in_counts() -> None:
    """A blank table with the right title beside a copy that somebody typed into: the copy is read, nothing is said."""
    blank = draft().book().sheet(TABLE.sheet)
    assert blank is not None
    sheets = [form_sheet(0), blank, table_sheet("乙", 2000)]
    (found,) = locate_sheets(sheets)
    assert read_held(found, sheets)[2] == "2000"
    assert "L24" not in [one.id for one in found.findings]


@pytest.mark.parametrize("said", [text("table.end", "zh"), heading_key(end_of(TABLE.field))])
@pytest.mark.parametrize("column", [1, 9])
def test_the_words_of_the_end_end_no_table_above_its_rows(column: int, said: str) -> None:
    """Where they, or the key of the end, stand in the row of the heads or above it, the rows below are read."""
    table = table_sheet("甲", 1000)
    head, end = TABLE.head_row, text("table.end", "zh")
    left = {at: cell for at, cell in table.cells.items() if said == end or cell.text != end}
    for row in (head - 1, head):
        sheets = [form_sheet(0), replace(table, cells={**left, (row, column): words(said)})]
        (found,) = locate_sheets(sheets)
        assert read_held(found, sheets)[2] == "1000"


def test_forms_without_a_code_are_no_one_site() -> None:
    """Where neither of two form sheets says whose it is, the only table is given to none."""
    marker, code = LAYOUT.marker, LAYOUT.cells[Path(LAYOUT.form.roles.code)]
    unsaid = [
        replace(
            one,
            cells={at: cell for at, cell in one.cells.items() if at not in {(marker.row, 3), (code.row, code.column)}},
        )
        for one in map(form_sheet, range(2))
    ]
    found = locate_sheets([table_sheet("丙", 1000), *unsaid])
    assert [one.cells.get(POSTS) for one in found] == [None, None]
    assert [[each.id for each in one.findings if each.id in {"L29", "L30"}] for one in found] == [["L29"], ["L29"]]


def test_of_two_tables_that_nothing_tells_apart_none_counts() -> None:
    """Two sheets of the table, neither named nor with its title: none is read, and it is said."""
    sheets = [form_sheet(0), table_sheet("甲", 1000), table_sheet("乙", 2000)]
    (found,) = locate_sheets(sheets)
    assert read_held(found, sheets)[2] == ""
    assert [one.arguments for one in found.findings if one.id == "L24"] == [
        {"label": TABLE.field.label, "sheets": "1", "tables": "2", "table": ""}
    ]


@pytest.mark.parametrize(
    ("titles", "named", "taken"),
    [(("甲", "乙"), "乙", "乙"), (("甲", TABLE.sheet), "", TABLE.sheet), (("甲", "乙"), "", "甲")],
)
def test_of_two_blank_tables_one_is_taken(titles: tuple[str, str], named: str, taken: str) -> None:
    """Where nobody typed into either nothing is said: the named one, the one with the title, else the first."""
    blank = draft().book().sheet(TABLE.sheet)
    assert blank is not None
    sheets = [form_sheet(0), *(replace(blank, title=title) for title in titles)]
    (found,) = locate_sheets(sheets, table_names(named) if named else [])
    assert found.table_sheets == {"other_media": taken}
    assert "L24" not in [one.id for one in found.findings]


@pytest.mark.parametrize("columns", [1, 5])
def test_heads_that_are_repeated_below_are_no_heads(columns: int) -> None:
    """A row that holds some of the heads again, or all of them, is a row of answers: the table begins above it."""
    sheet = table_sheet("甲", 1000)
    again = {
        (TABLE.first_row + 1, column): sheet.cells[TABLE.head_row, column]
        for column in sorted(TABLE.columns.values())[:columns]
    }
    sheet = replace(sheet, cells={**sheet.cells, **again})
    (found,) = locate_sheets([form_sheet(0), sheet])
    assert read_held(found, [form_sheet(0), sheet])[2] == "1000"
    assert found.cells[POSTS].row == TABLE.first_row


@pytest.mark.parametrize(("columns", "found"), [(5, True), (3, True), (2, False), (0, False)])
def test_a_sheet_of_half_the_columns_is_the_table(columns: int, found: bool) -> None:  # noqa: FBT001 - an expectation
    """Three of five columns are enough to know the table by, two are not; each that is lost is said."""
    sheet = table_sheet("甲", 1000)
    lost = sorted(TABLE.columns.values())[columns:]
    rest = {
        at: cell
        for at, cell in sheet.cells.items()
        if at[0] not in {TABLE.key_row, TABLE.head_row} or at[1] not in lost
    }
    (located_,) = locate_sheets([form_sheet(0), replace(sheet, cells=rest)])
    ids = [one.id for one in located_.findings]
    assert (ids.count("L20"), ids.count("L21")) == ((0, 5 - columns) if found else (1, 0))
    assert any(path.startswith("other_media[1].") for path in located_.cells) is found


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(("lost", "said"), [("heads", 5), ("keys", 0)])
def test_the_rows_of_a_table_without_heads_or_keys(lost: str, said: int, named: bool) -> None:  # noqa: FBT001 - two cases
    """Either line tells the columns and where the rows begin, with names or without; heads that are lost are said."""
    sheet = table_sheet(TABLE.sheet, 1000)
    row = TABLE.head_row if lost == "heads" else TABLE.key_row
    sheet = replace(sheet, cells={at: cell for at, cell in sheet.cells.items() if at[0] != row})
    (found,) = locate_sheets([form_sheet(0), sheet], table_names(TABLE.sheet) if named else [])
    assert read_held(found, [form_sheet(0), sheet])[2] == "1000"
    ref = found.cells[POSTS]
    assert (ref.row, ref.column) == (TABLE.first_row, TABLE.columns["posts"])
    assert len([path for path in found.cells if path.startswith("other_media[")]) == 5 * TABLE.field.rows
    assert [one.id for one in found.findings].count("L05") == said


def test_a_column_without_head_and_key_is_lost() -> None:
    """A name alone does not say where a column is: it may have been dragged anywhere."""
    sheet = table_sheet(TABLE.sheet, 1000)
    gone = {(row, TABLE.columns["posts"]) for row in (TABLE.key_row, TABLE.head_row)}
    sheet = replace(sheet, cells={at: cell for at, cell in sheet.cells.items() if at not in gone})
    (found,) = locate_sheets([form_sheet(0), sheet], table_names(TABLE.sheet))
    assert POSTS not in found.cells
    assert [one.arguments["column"] for one in found.findings if one.id == "L21"] == [
        next(column.label for column in TABLE.field.columns if column.key == "posts")
    ]


def test_a_column_of_ones_own_is_named() -> None:
    """A head that is not ours and what stands below it are typed beside the table."""
    sheet = table_sheet(TABLE.sheet, 1000)
    beside = max(column for _, column in sheet.cells) + 1
    typed = {(TABLE.head_row, beside): words("备注"), (TABLE.first_row, beside): words("自填")}
    (found,) = locate_sheets([form_sheet(0), replace(sheet, cells={**sheet.cells, **typed})], table_names(TABLE.sheet))
    head, cell = (CellRef(TABLE.sheet, row, beside) for row in (TABLE.head_row, TABLE.first_row))
    assert [(one.source, one.arguments["cells"]) for one in found.findings if one.id == "L17"] == [
        (head, f"{head.address}、{cell.address}")
    ]


def test_the_end_of_a_table_is_named() -> None:
    """Where key and words of the end row are gone, its name still says where the table ends."""
    sheet = table_sheet(TABLE.sheet, 1000)
    end = TABLE.end_row
    sheet = replace(sheet, cells={at: cell for at, cell in sheet.cells.items() if at[0] != end})
    (found,) = locate_sheets([form_sheet(0), sheet], table_names(TABLE.sheet))
    assert read_held(found, [form_sheet(0), sheet])[2] == "1000"
    assert "L22" not in [one.id for one in found.findings]
    (unnamed,) = locate_sheets([form_sheet(0), sheet])
    last = CellRef(TABLE.sheet, TABLE.first_row, 1)
    assert [(one.id, one.source) for one in unnamed.findings if one.id == "L22"] == [("L22", last)]


def test_a_blank_table_without_its_end() -> None:
    """A table cut off from its end row on, with nothing filled in, is named at its head and read nowhere."""
    blank = draft().book().sheet(TABLE.sheet)
    assert blank is not None
    cut = replace(blank, cells={at: cell for at, cell in blank.cells.items() if at[0] < TABLE.first_row})
    (found,) = locate_sheets([form_sheet(0), cut])
    assert [(one.id, one.source) for one in found.findings if one.id == "L22"] == [
        ("L22", CellRef(TABLE.sheet, TABLE.head_row, 1))
    ]
    assert not [path for path in found.cells if path.field == "other_media"]
