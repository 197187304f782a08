"""A kind of field is one object: a new one is added in the places that CONTRIBUTING.md names, and nowhere else."""

import json
import pickle
import re
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gwxl.form.kinds import KINDS
from gwxl.wording import catalogue
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import run
from tests.support.sources import ROOT
from tests.support.summaries import open_book

STARS = {
    "gwxl/form/kinds.py": {
        "KINDS: Mapping": """
def _is_stars(value: object) -> bool:
    return _is_whole(value) and value in range(1, 6)


STARS = Kind(name="stars", holds=_is_stars, aggregates=_ADDED, is_number=True, style="input_choice", format="0")

KINDS: Mapping""",
        "CHOICES, TABLE, MATRIX)": "CHOICES, TABLE, MATRIX, STARS)",
    },
    "gwxl/wording/kinds.toml": {
        "[summary.kind]\n": '[summary.kind]\nstars = { zh = "星级", en = "stars" }\n',
        "[not_of_kind]\n": '[not_of_kind]\nstars = { zh = "不是一至五星", en = "is not one to five stars" }\n',
        "[template.hint]\n": '[template.hint]\nstars = { zh = "请填 1 至 5。", en = "1 to 5." }\n',
        "[template.error]\n": '[template.error]\nstars = { zh = "“{label}”只能填 1 至 5。", en = "1 to 5." }\n',
    },
    "gwxl/values/value.py": {
        "_READERS: Mapping": """
def _read_stars(work: Work, kind: CellKind) -> Scalar | Unread:
    if set(work.text) != {"★"}:
        return read_number(work, kind)
    work.log("text_number")
    return len(work.text)


_READERS: Mapping""",
        "    kinds.COUNT: read_number,\n": "    kinds.COUNT: read_number,\n    kinds.STARS: _read_stars,\n",
    },
    "gwxl/live/helper_cells.py": {
        "    kinds.DECIMAL: _finite,\n": "    kinds.DECIMAL: _finite,\n"
        '    kinds.STARS: lambda raw: all_of([compare(raw, ">=", 1), compare(raw, "<=", 5), _whole(raw)]),\n',
    },
    "gwxl/template/validation.py": {
        "    kinds.COUNT: _count,\n": "    kinds.COUNT: _count,\n"
        '    kinds.STARS: lambda _form, _item: _validate_range("whole", "1", "5"),\n',
    },
}
"""File → what stands there → what stands there once the form may ask for one to five stars."""

FORM = """
id = "visits"
title = "走访评价表"
edition = "1"
language = "zh"
[roles]
code = "place"
[[section]]
key = "all"
number = "一"
label = "评价"
[[section.field]]
key = "place"
label = "地点编号"
kind = "code"
[[section.field]]
key = "service"
label = "服务"
kind = "stars"
aggregate = "sum"
"""

CELLS = """
[rules.V1]
title = "内容读不出来"
severity = "error"
basis = "要求"
message = "{field}，{reason}。"
ok = [{ service = 5 }]
bad = [{ service = 6 }]
[cells]
place = { type = "code", meta = { type = "V1" } }
service = { type = "stars", meta = { type = "V1" } }
"""


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the program, the new kind added in its places, and a form that asks for it."""
    root = tmp_path_factory.mktemp("changed")
    for name in ("gwxl", "templates", "rules"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name, changes in STARS.items():
        words = (root / name).read_text("utf-8")
        for there, then in changes.items():
            assert words.count(there) == 1, (name, there)
            words = words.replace(there, then)
        (root / name).write_text(words, "utf-8")
    for name, words in {
        "templates/visits/form.toml": FORM,
        "rules/visits/cells.toml": CELLS,
        "rules/visits/relations.toml": "",
    }.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(words, "utf-8")
    (root / "inbox").mkdir()
    assert gwxl(root, "forms", "--check", "templates/visits").startswith("visits: nothing to correct")
    gwxl(root, "template", "--form", "visits", "--year", 2026, "-o", "blank.xlsx")
    given: dict[str, int | str] = {"A1": 4, "A2": "★★★", "A3": 6}
    for place, stars in given.items():
        fill(root, place, stars)
    return root


def gwxl(root: Path, *arguments: object, code: int = 0) -> str:
    """Run the changed program, and return what it prints."""
    done = run(*arguments, cwd=root, cold=True, PYTHONPATH=str(root))
    assert done.returncode == code, done.stderr
    return done.stdout


def fill(root: Path, place: str, stars: int | str) -> None:
    """Fill a return as a program of its own does: a code and the stars beside their keys."""
    book = openpyxl.load_workbook(root / "blank.xlsx")
    sheet = book["填报表"]
    rows = {cell.value: cell.row for (cell,) in sheet["A1:A40"]}
    sheet.cell(rows["place"], 4, place)
    sheet.cell(rows["service"], 4, stars)
    book.save(root / "inbox" / f"{place}.xlsx")


def stars_of(path: Path) -> tuple[Worksheet, int]:
    """Return the form's sheet of a workbook, and the row that asks for stars."""
    sheet = openpyxl.load_workbook(path)["填报表"]
    (row,) = (row for row, (key, *_) in enumerate(sheet.iter_rows(values_only=True), 1) if key == "service")
    return sheet, row


def check(root: Path, place: str, code: int) -> dict[str, Any]:
    """Return what the changed program finds in a return."""
    told = gwxl(root, "check", "--form", "visits", "--json", f"inbox/{place}.xlsx", code=code)
    (file,) = json.loads(told)["files"]
    assert isinstance(file, dict)
    return file


def test_contributing_names_every_place_of_a_new_kind() -> None:
    """The five files that the new kind changes are those that CONTRIBUTING.md names."""
    words = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("- **A kind of field**")[2].partition("\n- **")[0]
    assert sorted(re.findall(r"`(gwxl/[a-z/_.]+)`", words)) == sorted(STARS)


def test_its_cell_takes_what_the_kind_takes(changed: Path) -> None:
    """The template has the validation, the number format and the hint of the new kind."""
    sheet, row = stars_of(changed / "blank.xlsx")
    (taken,) = (one for one in sheet.data_validations.dataValidation if f"D{row}" in one.sqref)
    assert (taken.type, taken.formula1, taken.formula2) == ("whole", "1", "5")
    assert (taken.error, taken.prompt) == ("“服务”只能填 1 至 5。", "请填 1 至 5。")
    assert sheet[f"D{row}"].number_format == "0"


@pytest.mark.parametrize(("place", "value"), [("A1", 4), ("A2", 3)])
def test_it_is_read(changed: Path, place: str, value: int) -> None:
    """A number and stars are read as the new kind's reader says, without a finding."""
    file = check(changed, place, 0)
    assert (file["values"]["service"], file["findings"]) == (value, [])


def test_what_is_not_of_it_is_told(changed: Path) -> None:
    """Six stars break the rule of the type, in the words of the new kind."""
    (finding,) = check(changed, "A3", 1)["findings"]
    assert (finding["id"], finding["key"]) == ("V1", "service")
    assert "不是一至五星" in finding["message"]


def test_the_sheet_judges_it_itself(changed: Path, soffice: LibreOffice) -> None:
    """Calculated in LibreOffice, the checks in the sheet take four stars and refuse six."""
    said = {}
    sheet, row = stars_of(changed / "blank.xlsx")
    for place in ("A1", "A3"):
        with soffice.open(changed / "inbox" / f"{place}.xlsx") as document:
            document.recalculate()
            said[place] = document.read(sheet.title, f"G{row}")["text"]
    assert said == {"A1": "✓ 已填", "A3": "✗ 错误 内容读不出来 V1"}


def test_it_is_added_up_published_and_sent_back(changed: Path) -> None:
    """A merge adds the good ones up, a page shows one, and the faulty one goes back with what is wrong."""
    gwxl(changed, "merge", "inbox", "--form", "visits", "--json", "-o", "sum.xlsx", code=1)
    book = open_book(changed / "sum.xlsx")
    (column,) = [column for column in book["汇总表"].iter_cols(values_only=True) if column[1] == "service"]
    assert (column[2], column[7:]) == (7, (4, 3, "6（不计入）"))
    assert "星级" in {cell.value for row in book["字段说明"].iter_rows() for cell in row}
    gwxl(changed, "publish", "inbox/A1.xlsx", "--form", "visits", "-o", "page.html")
    assert "服务" in (changed / "page.html").read_text("utf-8")
    gwxl(changed, "return", "inbox/A3.xlsx", "--form", "visits", "--year", 2026, "-o", "back", code=1)
    (back,) = (changed / "back").rglob("*.xlsx")
    sheet, row = stars_of(back)
    assert sheet[f"D{row}"].value == 6


def test_no_module_compares_a_kind_with_one_it_names() -> None:
    """What differs between kinds is asked of the kind, so that a new one is never forgotten in a comparison."""
    compared = re.compile(r"(?: is| is not|[!=]=| in| not in) [({]*kinds\.[A-Z]")
    assert [path for path in (ROOT / "gwxl").rglob("*.py") if compared.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_has_its_words_and_is_one_object(name: str) -> None:
    """Every kind has its name and its reason in the catalogue, and is the same object in another process."""
    assert {f"summary.kind.{name}", f"not_of_kind.{name}"} <= catalogue().keys()
    assert pickle.loads(pickle.dumps(KINDS[name])) is KINDS[name]  # noqa: S301 - made in the line itself
