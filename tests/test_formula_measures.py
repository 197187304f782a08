"""The measures of what every program judges alike: what is planted is told, and nothing else is."""

from pathlib import Path

import pytest

from tests.support.formula_graph import Area
from tests.support.formula_measures import Subset, find_sought, functions, most_arguments, nesting, one_by_one
from tests.support.planted import plant, plant_look

PLAIN = {
    '=IF(A1="",0,SUMPRODUCT(--(LOWER(A1)={"a","b"})))': (3, 3),
    "=A1+(B1*(C1-2))": (0, 0),
    "=SUM()+TODAY()": (1, 0),
    '=IF(A1,,"a,b(c(d(")': (1, 3),
    "=SUM((A1,B1),{1,2,3;4,5,6},MAX(C1:D9,2))": (2, 3),
    "=ABS(ABS(ABS(ABS(ABS(ABS(ABS(A1)))))))+ABS(ABS(1))": (7, 1),
}


@pytest.mark.parametrize("text", PLAIN)
def test_depth_and_arguments_are_counted(text: str) -> None:
    """The outermost call has depth 1; commas of texts, unions and array constants part no arguments."""
    assert (nesting(text), most_arguments(text)) == PLAIN[text]


def test_functions_are_named_as_written() -> None:
    """In capitals, with the prefix of what an .xls does not know, and not from within a text."""
    assert functions('=if(_xlfn.IFNA(a1,"MMULT(1)"),{1},Row())') == {"IF", "_XLFN.IFNA", "ROW"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('=SUMPRODUCT(--EXACT(A1,{"a","b"}))', ("EXACT",)),
        ('=LEN(SUBSTITUTE(A1,{"a","b"},""))', ("SUBSTITUTE", "LEN")),
        ('=LEN(A1)+SUM({1,2})+SUBSTITUTE(A1,"{1}","")', ()),
        ('=SUMPRODUCT(--(LOWER(A1)={"a","b"}))+EXACT(A1,B1)', ()),
    ],
)
def test_array_constants_that_are_not_taken_whole(text: str, found: tuple[str, ...]) -> None:
    """EXACT, LEN and SUBSTITUTE are told where one stands in an argument of theirs."""
    assert one_by_one(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("=MATCH(A1,B1:B9,0)", ["MATCH A1"]),
        ("=COUNTIF(A1:A9,TRIM(B1)&1)", ["COUNTIF TRIM(B1)&1"]),
        ("=COUNTIFS(A1:A9,B1,C1:C9,D1)", ["COUNTIFS B1", "COUNTIFS D1"]),
        ("=SUMIFS(A1:A9,B1:B9,C1,D1:D9,E1)", ["SUMIFS C1", "SUMIFS E1"]),
        ("=SUMIF(A1:A9,B1,C1:C9)", ["SUMIF B1"]),
        ("=VLOOKUP(A1,B1:C9,2)+HLOOKUP(A2,B1:C9,2)+LOOKUP(A3,B1:B9)", ["VLOOKUP A1", "HLOOKUP A2", "LOOKUP A3"]),
        ("=SUM(A1,B1)+INDEX(A1:A9,2)+TODAY()", []),
    ],
)
def test_what_is_searched_for_is_found(text: str, found: list[str]) -> None:
    """Of each function with wildcards the arguments it searches for, and not those it searches in."""
    assert [f"{name} {''.join(token.value for token in tokens)}" for name, tokens in find_sought(text)] == found


INPUTS = (Area.at("表", "D1:D400"), Area.at("live", "C1:C9"))
KNOWN = frozenset({"IF", "SUM", "MATCH", "COUNTIF", "INDEX", "ABS", "LEN", "ROW"})
NAMES = {"typed": "=表!$D$7", "letters": '={"a","b"}', "product": "=MMULT({1},{1})"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("=ABS(" * 8 + "1" + ")" * 8, ["8 nested, 7 allowed"]),
        ("=1" + "+1" * 512, ["1026 characters, 1024 allowed"]),
        ("=SUM(" + "1," * 30 + "1)", ["31 arguments, 30 allowed"]),
        ("=SUM(A:B)", ["表!A1:B1048576 is whole"]),
        ("=SUM($3:$3)", ["表!A3:XFD3 is whole"]),
        ("=SUM(A1:A1048576)", ["表!A1:A1048576 is whole"]),
        ("=LEN(letters)", ["LEN over an array constant"]),
        ("=IF(SUMPRODUCT(1)=1,_xlfn.IFNA(1,2))", ["SUMPRODUCT", "_XLFN.IFNA"]),
        ("=product", ["MMULT"]),
        ("=MATCH(D7,A1:A9,0)", ["MATCH searches for what is typed in 表!D7"]),
        ("=COUNTIF(A1:A9,typed)", ["COUNTIF searches for what is typed in 表!D7"]),
        ("=COUNTIF(A1:A9,live!$C$1)", ["COUNTIF searches for what is typed in live!C1"]),
        ("=MATCH(INDEX($D$1:$D$400,ROW()),A1:A9,0)", ["MATCH searches for what is typed in 表!D1:D400"]),
        ("=MATCH(A7,$D$1:$D$400,0)+COUNTIF($D$1:$D$400,0)", []),
        ("=COUNTIF(live!$D$1:$D$9,A1)+INDEX($D$1:$D$400,MATCH(A7,live!A1:A400,0))", []),
        ("=ABS(" * 7 + "1" + ")" * 7, []),
        ("=11" + "+1" * 510 + "0", []),
        ("=SUM(" + "1," * 29 + "1)", []),
    ],
)
def test_what_is_beyond_the_subset_is_told(text: str, found: list[str], tmp_path: Path) -> None:
    """Each fault in words, by the limits that are given; names are measured by what they stand for."""
    formulas = plant(tmp_path / "book.xlsx", {"表": {"C3": text}, "live": {"A1": 1}}, NAMES)
    subset = Subset(functions=KNOWN, inputs=INPUTS)
    assert list(subset.find_beyond(formulas.cells[0], formulas)) == found
    assert subset.faults(formulas) == tuple(f"表!C3: {one}: {text}" for one in found)


def test_the_one_function_that_is_never_allowed(tmp_path: Path) -> None:
    """Without a list of functions any may stand in a formula but MMULT."""
    formulas = plant(tmp_path / "book.xlsx", {"表": {"C3": "=MMULT(A1,A2)", "C4": "=NPER(1,2,3)"}})
    assert Subset().faults(formulas) == ("表!C3: MMULT: =MMULT(A1,A2)",)


@pytest.mark.parametrize("kind", ["format", "custom"])
def test_formats_and_validations_are_measured_too(kind: str, tmp_path: Path) -> None:
    """Their formulas are held to the same."""
    formulas = plant_look(tmp_path / "book.xlsx", kind, "=COUNTIF($K$1:$K$3,D2)")
    (fault,) = Subset(inputs=INPUTS).faults(formulas)
    assert fault.partition(" 表!B2:C9: ")[2] == "COUNTIF searches for what is typed in 表!D2: =COUNTIF($K$1:$K$3,D2)"
