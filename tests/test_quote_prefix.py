"""A text that begins like a formula stays a text when its cell is edited, in every workbook that is written."""

import warnings
from pathlib import Path

import pytest
from openpyxl import load_workbook

from gwxl.form.identity import issue_identity
from gwxl.inert import begins_a_formula, file_stem, inert
from gwxl.merging import merge
from gwxl.records.period import Period
from gwxl.rules.available_forms import load
from gwxl.summary.places import default_summary
from gwxl.terms import Terms
from tests.support.clients.typed import draw
from tests.support.written import write_template

FORM = "website_annual_report"
SIGNS = ["=1+1", "+1", "-1点", "@x", "\t=1", "＝1+1", "＋1", "－1", "＠x"]


def find_quoted(path: Path) -> dict[str, bool]:
    """Return text → whether its cell is marked as a text, of each text in a workbook that begins like a formula."""
    found: dict[str, bool] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl does not know of a summary is not looked at
        book = load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type != "f" and begins_a_formula(cell.value):
                    found[cell.value] = found.get(cell.value, True) and bool(cell.quotePrefix)
    return found


@pytest.mark.parametrize("text", [*SIGNS, "\n=1"])
def test_signs(text: str) -> None:
    """The signs of the Chinese keyboard begin a formula too, and so do a tab and a line end."""
    assert begins_a_formula(text)


@pytest.mark.parametrize("text", ["1=1", " =1", "—", "示例-1", "", "'=1", "（=1）", "–1"])
def test_no_signs(text: str) -> None:
    """A sign anywhere else, a dash and an apostrophe do not."""
    assert not begins_a_formula(text)


@pytest.mark.parametrize("text", SIGNS)
def test_a_form_and_its_summary(text: str, tmp_path: Path) -> None:
    """An answer and an explanation are marked in the workbook that goes out and in the summary."""
    rules = load(FORM)
    (tmp_path / "inbox").mkdir()
    path = tmp_path / "inbox" / "a.xlsx"
    answers = {**draw(rules.form, 3).values, "innovation_other": text, "site_name": f"{text.strip()}市政府"}
    write_template(
        rules,
        path,
        identity=issue_identity(rules.form, period=Period(2026)),
        answers=answers,
        explanations={"site_name": text},
    )
    marked = find_quoted(path)
    assert marked
    assert all(marked.values()), marked
    merge(Terms(FORM, Period(2026)), path.parent, tmp_path / "all.xlsx")
    marked = find_quoted(tmp_path / "all.xlsx")
    assert any(key.startswith(text.strip()) for key in marked)
    assert all(marked.values()), marked


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("=1+1", "_=1+1"),
        ("＠示例", "_＠示例"),
        ("-x", "_-x"),
        ("示例-1", "示例-1"),
        ("con", "_con"),
        ("COM1.2", "_COM1.2"),
        ("com¹", "_com¹"),
        ("LPT²", "_LPT²"),
        ("lpt³ .x", "_lpt³ .x"),
        ("CONIN$", "_CONIN$"),
        ("conout$.a", "_conout$.a"),
        ("Clock$", "_Clock$"),
        ("con1", "con1"),
        ("comb", "comb"),
        ("com¹a", "com¹a"),
        ("lpt10", "lpt10"),
        ("a/b:c", "a_b_c"),
        ("...", "_"),
    ],
)
def test_file_names(name: str, stem: str) -> None:
    """A name of ours is no formula and no device of Windows; any other is kept."""
    assert file_stem(name) == stem


def test_the_summary_of_a_folder_called_like_a_formula(tmp_path: Path) -> None:
    """Its name begins with something else."""
    assert default_summary(tmp_path / "=1", "zh").name == "_=1-汇总.xlsx"
    assert default_summary(tmp_path / "收件-1", "zh").name == "收件-1-汇总.xlsx"


@pytest.mark.parametrize("char", [*"\u200b\u2060\u00ad\ufeff\u202e\u180e\u206a\u200f", "\U000e0041", "\U000e0001"])
def test_what_nobody_sees_is_seen(char: str) -> None:
    """A character without width or of direction is shown as a mark: two names that differ in one can be told apart."""
    assert inert(f"示{char}例") == "示\ufffd例"


def test_what_shapes_other_characters_goes() -> None:
    """A joiner is left out: the emoji beside it read alike."""
    assert inert("👩\u200d👧 a\u200cb") == "👩👧 ab"
