"""Some columns of a sheet, cut out before it is parsed, hold what they hold when all of it is read."""

import random
from collections.abc import Mapping

import pytest

from gwxl.errors import RefusedError
from gwxl.spreadsheets.book import Cell
from gwxl.spreadsheets.xlsx.excerpt import Excerpt
from gwxl.summary.stored.recognising import SUMMARY_LIMITS
from tests.support.draws import seed
from tests.support.workbooks import SHEET, parts, read, strings, zip_parts

ROWS = 5_500
"""So many that the part is unpacked in several pieces."""
HEADS = 2
COLUMNS = (1, 3, 27)
TEXTS = (
    "<t>甲</t>",
    '<t xml:space="preserve"> 乙 </t>',
    "<t>丙 &amp; &lt;丁&gt;</t>",
    "<r><rPr><strike/></rPr><t>12</t></r><r><t>15</t></r>",
    "<t>a_x000D_b</t>",
    "<t/>",
    "<t>字</t><rPh sb='0' eb='1'><t>zì</t></rPh>",
)
CELLS = (
    '<c r="{at}" t="s"><v>{text}</v></c>',
    '<c r="{at}" s="0" t="s"><v>{text}</v></c>',
    '<c r="{at}"><v>{number}</v></c>',
    '<c r="{at}" s="0" t="n"><v>-1.5E+3</v></c>',
    '<c r="{at}"><f>SUM(B1:B2)</f><v>{number}</v></c>',
    '<c r="{at}" t="str"><f>"x"</f><v>x</v></c>',
    '<c r="{at}" t="inlineStr"><is><t>内 &amp; 外</t></is></c>',
    '<c r="{at}" t="b"><v>1</v></c>',
    '<c r="{at}" t="e"><v>#N/A</v></c>',
    '<c r="{at}" s="0"/>',
    '<c r="{at}"></c>',
    "",
)

Sheet = Mapping[tuple[int, int], Cell]


@pytest.fixture(scope="module")
def drawn() -> str:
    """Return the rows of a sheet, drawn anew in each run."""
    dice = random.Random(seed())
    rows = []
    for row in range(1, ROWS + 1):
        cells = (
            dice.choice(CELLS).format(at=f"{letters}{row}", text=dice.randrange(len(TEXTS)), number=dice.randint(0, 99))
            for letters in ("A", "B", "C", "Z", "AA", "AB")
        )
        rows.append(f'<row r="{row}" spans="1:28">{"".join(cells)}</row>')
    return "".join(rows)


def workbook(rows: str) -> bytes:
    """Return a workbook of rows."""
    return zip_parts(parts(f"<sheetData>{rows}</sheetData>") | {"xl/sharedStrings.xml": strings(*TEXTS)})


def looked(data: bytes, last_row: int, columns: tuple[int, ...]) -> Sheet:
    """Return what is read of some columns."""
    return filled(Excerpt(data, SUMMARY_LIMITS).open_sheet("填报表").read(last_row, columns).cells)


def wanted(data: bytes) -> Sheet:
    """Return of all that stands in a workbook the heads and the wanted columns."""
    return {at: cell for at, cell in filled(read(data).sheets[0].cells).items() if at[0] <= HEADS or at[1] in COLUMNS}


def filled(cells: Sheet) -> Sheet:
    """Return the cells that hold something: a blank one that is listed says no more than one that is absent."""
    return {at: cell for at, cell in cells.items() if cell.text or cell.formula is not None}


def test_columns_are_what_they_are_in_the_whole(drawn: str) -> None:
    """Texts plain, escaped and in runs, numbers, formulas, blanks; A is not AA."""
    data = workbook(drawn)
    assert looked(data, HEADS, COLUMNS) == wanted(data)
    heads = {at: cell for at, cell in wanted(data).items() if at[0] <= HEADS}
    assert looked(data, HEADS, ()) == heads
    assert len(heads) < len(wanted(data))


def test_rows_that_are_asked_for_are_what_they_are_in_the_whole(drawn: str) -> None:
    """Below the heads only they are read, wherever they stand in the part."""
    data, rows = workbook(drawn), {3, 2_750, ROWS}
    found = Excerpt(data, SUMMARY_LIMITS).open_sheet("填报表").read(HEADS, COLUMNS, rows).cells
    assert filled(found) == {at: cell for at, cell in wanted(data).items() if at[0] <= HEADS or at[0] in rows}


@pytest.mark.parametrize("opening", ["<si>", "<si >"])
def test_texts_are_found_by_number_in_many_pieces(opening: str) -> None:
    """Of so many texts that the part is unpacked in several pieces each is its own, however its element is written."""
    texts = [f"<t>{number}{'字' * random.Random(seed() + number).randrange(400)}</t>" for number in range(9_000)]
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>{number}</v></c></row>'
        for row, number in enumerate(range(0, 9_000, 7), 1)
    )
    table = strings(*texts).replace("<si>", opening)
    data = zip_parts(parts(f"<sheetData>{rows}</sheetData>") | {"xl/sharedStrings.xml": table})
    assert len(table.encode()) > 3 << 20
    assert looked(data, HEADS, (1,)) == read(data).sheets[0].cells


STRANGE = {
    "style first": ('<c r="A3"', '<c s="0" r="A3"'),
    "no address": ('<c r="A3"', "<c"),
    "a comment": ('<row r="4"', '<!-- <c r="C3"><v>1</v></c> --><row r="4"'),
    "a row without number": ('<row r="3"', "<row"),
    "single quotes": ('<c r="B5"', "<c r='B5'"),
}


@pytest.mark.parametrize("way", STRANGE)
def test_a_sheet_written_in_another_way_is_read_whole(drawn: str, way: str) -> None:
    """What cannot be cut is parsed: no cell is missed, and none is made up."""
    sure = (
        "".join(f'<c r="{letters}{row}"><v>{row}</v></c>' for letters in ("A", "B", "C", "AA")) for row in range(1, 6)
    )
    first = "".join(f'<row r="{row}">{cells}</row>' for row, cells in enumerate(sure, 1))
    rows = first + drawn[drawn.index('<row r="6"') : drawn.index('<row r="400"')]
    before, after = STRANGE[way]
    data = workbook(rows.replace(before, after, 1))
    found = looked(data, HEADS, COLUMNS)
    assert {at: found.get(at) for at in wanted(data)} == wanted(data)


def test_a_part_that_is_damaged_further_down(drawn: str) -> None:
    """What is asked for is refused where it lies behind the damage; what stands before it can be read."""
    data = bytearray(workbook(drawn))
    at = data.index(SHEET.encode()) + len(SHEET)
    end = data.index(b"PK\3\4", at)
    data[end - 900] ^= 0xFF
    assert looked(bytes(data), HEADS, ())
    with pytest.raises(RefusedError) as refused:
        looked(bytes(data), HEADS, COLUMNS)
    assert refused.value.reason in {"damaged", "overloaded"}
