"""The graph of a workbook's formulas: planted circles of each kind are found, and nothing else is."""

import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.formula_graph import Area, Formulas
from tests.support.issuing import edit
from tests.support.planted import Names, Sheets, plant, plant_look

CIRCLES: Mapping[str, tuple[Sheets, Names, str]] = {
    "itself": ({"表": {"B2": "=B2+1"}}, {}, "表!B2 reads 表!B2 → 表!B2"),
    "direct": ({"表": {"A1": "=B1", "B1": "=A1*2"}}, {}, "表!A1 reads 表!B1 → 表!B1 reads 表!A1 → 表!A1"),
    "range": (
        {"表": {"D3": "=COUNT(AI7:AI9)", "AI8": "=INDEX($D$1:$D$88,ROW())"}},
        {},
        "表!D3 reads 表!AI7:AI9 → 表!AI8 reads 表!D1:D88 → 表!D3",
    ),
    "range turned round": ({"表": {"C3": "=SUM($D$9:B2)"}}, {}, "表!C3 reads 表!B2:D9 → 表!C3"),
    "moving range": ({"表": {"C3": "=OFFSET(B1:C4,9,9,1,1)"}}, {}, "表!C3 reads 表!B1:C4 → 表!C3"),
    "small letters": ({"表": {"C3": "=sum(b1:$c$4)"}}, {}, "表!C3 reads 表!B1:C4 → 表!C3"),
    "whole column": ({"表": {"C3": "=SUM($B:D)"}}, {}, "表!C3 reads 表!B1:D1048576 → 表!C3"),
    "whole row": ({"表": {"AZ3": "=MAX(2:$5)"}}, {}, "表!AZ3 reads 表!A2:XFD5 → 表!AZ3"),
    "name": (
        {"表": {"C3": "=gwxl_all+1"}},
        {"gwxl_all": "=表!$A$1:$D$9"},
        "表!C3 reads the name gwxl_all, which is 表!A1:D9 → 表!C3",
    ),
    "name of a formula": (
        {"表": {"C3": "=Total"}},
        {"total": "=SUM(表!$B$1:$B$2,表!$C$3)"},
        "表!C3 reads the name Total, which is 表!C3 → 表!C3",
    ),
    "name of a name": (
        {"表": {"C3": "=outer"}},
        {"outer": "=inner*2", "inner": "=表!$C$1:$C$4"},
        "表!C3 reads the name outer, which is the name inner, which is 表!C1:C4 → 表!C3",
    ),
    "names of each other": (
        {"表": {"C3": "=one"}},
        {"one": "=other", "other": "=one+1"},
        "the name one, which is the name other, which is the name one",
    ),
    "name of the cell to the left": (
        {"表": {"C3": "=at_left", "B3": "=C3"}},
        {"at_left": "=表!XFD1"},
        "表!C3 reads the name at_left, which is 表!B3 → 表!B3 reads 表!C3 → 表!C3",
    ),
    "name of a sheet": (
        {"表": {"C3": "=here"}, "live": {"C3": "=here"}},
        {"here": "=表!$Z$1", "live!here": "=live!$C$1:$C$5"},
        "live!C3 reads the name here, which is live!C1:C5 → live!C3",
    ),
    "name of another sheet": (
        {"表": {"C3": "=live!here"}, "live": {"A1": 1}},
        {"live!here": "=表!$C$1:$C$5"},
        "表!C3 reads the name live!here, which is 表!C1:C5 → 表!C3",
    ),
    "array formula": (
        {"表": {"B2:B5": "{=C1:C4*2}", "C4": "=B5"}},
        {},
        "表!B2:B5 reads 表!C1:C4 → 表!C4 reads 表!B5 → 表!B2:B5",
    ),
    "two sheets": (
        {"表": {"H7": "='it''s live'!$G$1"}, "it's live": {"G1": "=IF(表!H$1:H$9=1,2)"}},
        {},
        "表!H7 reads it's live!G1 → it's live!G1 reads 表!H1:H9 → 表!H7",
    ),
    "sheets from one to another": (
        {"表": {"A1": 1}, "live": {"B2": "=SUM('表:last one'!B1:B3)"}, "last one": {"A1": 1}},
        {},
        "live!B2 reads live!B1:B3 → live!B2",
    ),
}


@pytest.mark.parametrize("kind", CIRCLES)
def test_a_planted_circle_is_told(kind: str, tmp_path: Path) -> None:
    """A circle of each kind is found, and told by the cells it goes through; a long row of formulas hides none."""
    sheets, names, words = CIRCLES[kind]
    chain: Sheets = {"ends": {"A1": 1, **{f"A{row}": f"=A{row - 1}" for row in range(2, 50)}}}
    assert _turn(plant(tmp_path / "book.xlsx", {**sheets, **chain}, names).circle()) == _turn(words)


def _turn(words: str) -> tuple[str, ...]:
    """Return a circle with its steps in order: where it begins does not matter."""
    *steps, last = words.split(", which is " if words.startswith("the name") else " → ")
    assert steps[0].startswith(last)
    return tuple(sorted(steps))


INNOCENTS: Mapping[str, tuple[Sheets, Names]] = {
    "a chain": ({"表": {"A1": 1, "A2": "=A1", "A3": "=SUM(A1:A2)", "A4": "=A$1+A3"}}, {}),
    "beside a range": ({"表": {"D5": "=SUM($D$1:$D$4,$D$6:$D$9,C5:C5,E:F,6:9)"}}, {}),
    "the same place on another sheet": ({"表": {"D5": "=live!D5"}, "live": {"D5": "=SUM(表!D1:D4)"}}, {}),
    "a sheet outside": ({"表": {"D5": "=SUM('a:b'!D5)"}, "a": {"A1": 1}, "b": {"A1": 1}}, {}),
    "words": ({"表": {"A1": '="A1"&"表!A1"&{1,2}&TRUE&"=SUM(A:A)"'}}, {}),
    "where it stands": ({"表": {"A1": "=ROW()+COLUMN()"}}, {}),
    "a name elsewhere": (
        {"表": {"C3": "=here+there"}, "live": {"C3": "=there"}},
        {"here": "=表!$C$4:$C$9", "live!here": "=表!$C$3", "there": "=5"},
    ),
    "a name that nothing reads": ({"表": {"C3": "=1"}}, {"unread": "=表!$C$3+unread"}),
    "an array formula": ({"表": {"B2:B5": "{=C1:C4*2}", "C5": "=B5", "B6": "=B2"}}, {}),
    "another workbook": ({"表": {"A1": "=[1]表!A1+'[2]a b'!A1+表!#REF!"}}, {}),
}


@pytest.mark.parametrize("kind", INNOCENTS)
def test_no_circle_is_made_up(kind: str, tmp_path: Path) -> None:
    """What comes near to its own cell and does not read it is no circle."""
    sheets, names = INNOCENTS[kind]
    formulas = plant(tmp_path / "book.xlsx", sheets, names)
    assert (formulas.circle(), bool(formulas.cells)) == ("", True)


def test_a_shared_formula_counts_at_each_of_its_cells(tmp_path: Path) -> None:
    """Its other cells hold no text of their own, and the third closes the circle."""
    shared: dict[str, str | float] = {"B1": "=A1", "B2": 2, "B3": 3, "A3": "=B3"}
    assert plant(tmp_path / "book.xlsx", {"s": shared}).circle() == ""
    path, part = tmp_path / "book.xlsx", "xl/worksheets/sheet1.xml"
    for row, old, new in (
        (1, '<c r="B1"><f>', '<c r="B1"><f t="shared" ref="B1:B3" si="0">'),
        (2, '<c r="B2"><v>2</v>', '<c r="B2"><f t="shared" si="0"/><v>2</v>'),
        (3, '<c r="B3"><v>3</v>', '<c r="B3"><f t="shared" si="0"/><v>3</v>'),
    ):
        path = edit(path, tmp_path / f"{row}.xlsx", part, old, new)
    formulas = Formulas.of(path)
    assert [(str(one), one.text) for one in formulas.cells if one.area.left == 2] == [
        ("s!B1", "=A1"),
        ("s!B2", "=A2"),
        ("s!B3", "=A3"),
    ]
    assert _turn(formulas.circle()) == _turn("s!B3 reads s!A3 → s!A3 reads s!B3 → s!B3")


@pytest.mark.parametrize(
    "text", ['=INDIRECT("A1")', "=SUM(A1:INDEX(B:B,3))", "=SUM(INDEX(B:B,3):A1)", "=t[x]", "=gone"]
)
def test_what_cannot_be_followed_is_an_error(text: str, tmp_path: Path) -> None:
    """No formula passes because nobody could tell what it reads."""
    formulas = plant(tmp_path / "book.xlsx", {"表": {"C3": text}})
    with pytest.raises(ValueError, match=r"cannot be followed|neither a reference nor a name"):
        formulas.circle()


def test_many_formulas_over_long_ranges_are_looked_at_in_a_moment(tmp_path: Path) -> None:
    """Two thousand formulas that each read four hundred others take less than two seconds."""
    many = {f"{column}{row}": f"=SUM($D$1:$D$400)+{row}" for column in "EFGHI" for row in range(1, 401)}
    many |= {f"D{row}": f"=A{row}" for row in range(1, 401)}
    formulas = plant(tmp_path / "book.xlsx", {"表": many})
    begun = time.process_time()
    assert formulas.circle() == ""
    assert time.process_time() - begun < 2
    assert plant(tmp_path / "circle.xlsx", {"表": {**many, "A399": "=I1"}}).circle() != ""


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("format", "=LEFT(live!$H2)=1", ("conditional format 表!B2:C9 reads live!H2",)),
        ("format", "=COUNTIF(other,B2)", ("conditional format 表!B2:C9 reads live!K1:K3",)),
        ("format", '=LEFT($H2,1)="live!A1"', ()),
        ("format", "=COUNTIF(own,表!B2)", ()),
        ("list", "=live!$K$1:$K$3", ("validation 表!B2:C9 reads live!K1:K3",)),
        ("custom", "=COUNTIF(live!K:K,B2)", ("validation 表!B2:C9 reads live!K1:K1048576",)),
        ("list", "=other", ()),
        ("list", "=$K$1:$K$3", ()),
        ("list", ["live!A1", "a"], ()),
    ],
)
def test_formats_and_validations_look_at_their_own_sheet(
    kind: str, text: str, found: tuple[str, ...], tmp_path: Path
) -> None:
    """Another sheet in a conditional format is told, in a validation unless a name gives it."""
    formulas = plant_look(tmp_path / "book.xlsx", kind, text)
    assert (formulas.strangers(), len(formulas.looks)) == (found, 1)


def test_formats_of_an_extension_are_looked_at(tmp_path: Path) -> None:
    """Excel writes a format that looks at another sheet into the extensions of the sheet."""
    plant_look(tmp_path / "book.xlsx", "format", "=TRUE")
    extension = (
        '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
        'uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}"><x14:conditionalFormattings><x14:conditionalFormatting '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:cfRule type="expression" id="{0}">'
        "<xm:f>live!$A$1=1</xm:f></x14:cfRule><xm:sqref>D4:D5</xm:sqref></x14:conditionalFormatting>"
        "</x14:conditionalFormattings></ext></extLst></worksheet>"
    )
    path = edit(tmp_path / "book.xlsx", tmp_path / "ext.xlsx", "xl/worksheets/sheet1.xml", "</worksheet>", extension)
    assert Formulas.of(path).strangers() == ("conditional format 表!D4:D5 reads live!A1",)


def test_areas_of_a_formula_hold_those_of_its_names(tmp_path: Path) -> None:
    """Names are spelled out where they stand, those in names and relative ones too."""
    names = {"outer": "=inner*{1,2}", "inner": "=SUM(表!$K$1:$K$3,表!A1)"}
    formulas = plant(tmp_path / "book.xlsx", {"表": {"C3": "=outer+B1"}}, names)
    (formula,) = formulas.cells
    assert formulas.spell_out(formula.text, formula.area) == "=((SUM(表!$K$1:$K$3,表!C3))*{1,2})+B1"
    assert list(formulas.areas(formula.text, formula.area)) == [Area.at("表", place) for place in ("K1:K3", "C3", "B1")]
