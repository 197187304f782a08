"""Answers chosen from a list in a file beside the form: offered, narrowed by what stands beside, judged, and told."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gwxl.authoring import check_form
from gwxl.form.layout import LIVE_SHEET, lay_out
from gwxl.form.loading import load_form
from gwxl.rules.ruleset import load_rules
from gwxl.wording import text
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document
from tests.support.listed import fill

CITIES = ["city,province", *(f"市{place}·{number},省{place}" for place in range(30) for number in range(100))]
CITIES += ["辖区,省1", "辖区,省2"]
FORM = """id = "places"
title = "网点"
edition = "1"
language = "zh"

[lists.cities]
file = "cities.csv"

[lists.provinces]
file = "provinces.csv"

[roles]
code = "unit_code"

[[section]]
key = "all"
number = "一"
label = "网点"

[[section.field]]
key = "unit_code"
label = "单位代码"
kind = "code"

[[section.field]]
key = "seat"
label = "所在省"
kind = "text"
list = "provinces"

[[section.field]]
key = "town"
label = "所在市"
kind = "text"
list = "cities"

[[section.field]]
key = "places"
label = "网点表"
kind = "table"
rows = 30
columns = [
    { key = "province", label = "省", kind = "text", list = "provinces" },
    { key = "city", label = "市", kind = "text", list = "cities", where = "province" },
    { key = "other", label = "另一市", kind = "text", list = "cities" },
]
"""
CELLS = """[rules.T]
title = "读不出来"
severity = "error"
basis = "通知"
message = "{field}：{reason}。"
ok = [{ seat = "省1" }]
bad = [{ seat = { unread = "TRUE", kind = "boolean_in_text" } }]

[rules.P]
title = "名录里没有"
severity = "error"
basis = "通知"
message = "{field}，名录里没有。"
ok = [{ seat = "省1" }, { places = [{ other = "市0·0" }] }]
bad = [{ seat = "省" }, { places = [{ other = "市" }] }]

[rules.C]
title = "不在该省"
severity = "error"
basis = "通知"
message = "{field}，不在该省。"
ok = [{ places = [{ province = "省1", city = "市1·1" }] }]
bad = [{ places = [{ province = "省1", city = "市2·1" }] }]

[cells]
unit_code = { type = "code", meta = { type = "T" } }
seat = { type = "text", meta = { type = "T", listed = "P" } }
town = { type = "text", meta = { type = "T", listed = "P" } }

[cells.places]
type = "table"
meta = { type = "T" }

[cells.places.schema]
type = "dict"

[cells.places.schema.schema]
province = { type = "text", meta = { type = "T", listed = "P" } }
city = { type = "text", meta = { type = "T", listed = "C" } }
other = { type = "text", meta = { type = "T", listed = "P" } }
"""
FILES = {
    "form.toml": FORM,
    "cities.csv": "\n".join(CITIES),
    "provinces.csv": "\n".join(["province", *(f"省{place}" for place in range(30))]),
    "rules/cells.toml": CELLS,
    "rules/relations.toml": "",
}


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """Write the form."""
    folder = tmp_path / "templates" / "places"
    (folder / "rules").mkdir(parents=True)
    for name, words in FILES.items():
        (folder / name).write_text(words, "utf-8")
    return folder


ROWS: tuple[Mapping[str, Any], ...] = (
    {"province": "省1", "city": "市1·1", "other": "市29·99"},
    {"province": "省1", "city": "市2·1"},
    {"province": "省2", "city": "辖区", "other": "市"},
    {"province": "省3", "city": "辖区"},
    {"city": "市2·1"},
    {"province": "省99"},
)
FOUND = [
    ("P", "seat"),
    ("C", "places[2].city"),
    ("P", "places[3].other"),
    ("C", "places[4].city"),
    ("P", "places[6].province"),
]
SHOWN = ["filled", "filled", "✗", "filled", "filled", "✗"]
"""What the sheet says of each row; what hangs on another cell is the checker's."""


def test_what_is_not_in_its_list_is_told(form: Path, soffice: LibreOffice, tmp_path: Path) -> None:
    """A list of 3,000 is judged alike by checker and sheet; one that is narrowed goes by what stands beside it."""
    rules = load_rules(form / "rules", load_form(form))
    path = fill(rules, tmp_path / "a.xlsx", ROWS, unit_code="A1", seat="省", town="市0·0")
    (file,) = document("check", path, "--form", form, cwd=tmp_path, code=1)["files"]
    assert [(one["id"], one["key"]) for one in file["findings"]] == FOUND
    saved = soffice.convert(path, tmp_path / "saved.xlsx")
    layout = lay_out(rules.form)
    book = openpyxl.load_workbook(saved, data_only=True)
    words = [str(book[layout.tables[0].sheet].cell(row, layout.tables[0].check_column).value) for row in range(5, 11)]
    assert ["filled" if one == text("live.filled", "zh") else one[:1] for one in words] == SHOWN
    checks = {path: book[cell.sheet].cell(cell.row, cell.column).value for path, cell in layout.checks.items()}
    assert [str(checks[next(one for one in checks if one == key)])[:1] for key in ("seat", "town")] == ["✗", "✓"]


def test_lists_are_offered_from_the_hidden_sheet(form: Path, tmp_path: Path) -> None:
    """Each input has a list to choose from by name; a narrowed one shows the part that goes with its neighbour."""
    rules = load_rules(form / "rules", load_form(form))
    path = fill(rules, tmp_path / "a.xlsx", ())
    book = openpyxl.load_workbook(path)
    area = lay_out(rules.form).tables[0]
    offered = {str(one.sqref): one.formula1 for one in book[area.sheet].data_validations.dataValidation}
    name, by = "gwxlist_places.city", "gwxlist_places.city__by"
    assert offered == {
        "C5:C34": "gwxlist_places.province",
        "D5:D34": f'IF($C5="",{name},OFFSET({name},MATCH($C5,{by},0)-1,0,COUNTIF({by},$C5),1))',
        "E5:E34": "gwxlist_places.other",
    }
    cells = book.defined_names["gwxlist_places.other"].attr_text
    assert cells is not None
    assert cells.startswith(f"'{LIVE_SHEET}'!")
    first, last = (int(one) for one in cells.partition("!")[2].replace("$S$", "").split(":"))
    assert last - first + 1 == 3002 - 1


FORM_FILE, OUTSIDE = "form.toml", "is no .csv file in the folder"
SEAT = 'seat = { type = "text", meta = { type = "T"'
MISTAKES = [
    (FORM_FILE, '"cities.csv"', '"../cities.csv"', FORM_FILE, "lists.cities.file", OUTSIDE),
    (FORM_FILE, '"cities.csv"', '"cities.xlsx"', FORM_FILE, "lists.cities.file", OUTSIDE),
    (FORM_FILE, '"cities.csv"', '"/cities.csv"', FORM_FILE, "lists.cities.file", OUTSIDE),
    (FORM_FILE, 'file = "cities.csv"', 'path = "c.csv"', FORM_FILE, "lists.cities", "takes one setting"),
    (FORM_FILE, '"cities.csv"', '"towns.csv"', "towns.csv", "", "cannot be read"),
    (
        FORM_FILE,
        'where = "province"',
        'where = "a"',
        FORM_FILE,
        "places.city.where",
        "no further column of the list",
    ),
    (
        FORM_FILE,
        'key = "province", l',
        'key = "a", l',
        FORM_FILE,
        "places.city.where",
        "needs a text or code",
    ),
    (
        FORM_FILE,
        'list = "provinces" }',
        'list = "a" }',
        FORM_FILE,
        "places.province.list",
        "known are cities",
    ),
    (
        FORM_FILE,
        '"text", list = "pro',
        '"count", list = "pro',
        FORM_FILE,
        "places.province.list",
        "make it a text",
    ),
    (FORM_FILE, "[roles]", '[lists.a]\nfile = "cities.csv"\n[roles]', FORM_FILE, "lists.a", "no field or column"),
    ("cities.csv", "city,province", "City,province", "cities.csv", "City,province", "line 1 names its columns"),
    ("cities.csv", "city,province", "city,city", "cities.csv", "city,city", "line 1 names its columns"),
    ("cities.csv", "市0·0,省0", "市0·0", "cities.csv", "line 2", "expected 2"),
    ("cities.csv", "市0·0,省0", '"市0·0', "cities.csv", "", "is no CSV"),
    ("cities.csv", "市0·0,省0", f"{'市' * 256},省0", "cities.csv", "line 2", "255 are possible"),
    ("rules/cells.toml", f'{SEAT}, listed = "P"', SEAT, "cells.toml", "cells.seat.meta.listed", "is missing"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake[4]}: {mistake[5]}")
def test_mistakes_are_told_with_file_key_and_cure(form: Path, mistake: tuple[str, ...]) -> None:
    """An author sees where it is wrong, and what would be right."""
    file, old, new, where, key, reason = mistake
    told = (form / file).read_text("utf-8")
    assert old in told
    (form / file).write_text(told.replace(old, new, 1), "utf-8")
    mistakes = [(Path(one.file).name, one.key, one.reason) for one in check_form(str(form)).mistakes]
    assert [one for one in mistakes if one[:2] == (where, key) and reason in one[2]], mistakes


def test_an_older_edition_has_lists_of_its_own(form: Path) -> None:
    """A copy of form.toml in editions/ keeps its lists; each edition is checked with its own."""
    (form / "editions").mkdir()
    shutil.copy(form / "form.toml", form / "editions" / "1.toml")
    shutil.copy(form / "provinces.csv", form / "editions" / "provinces_1.csv")
    old = (form / "editions" / "1.toml").read_text("utf-8")
    old = old.replace('file = "provinces.csv"', 'file = "editions/provinces_1.csv"')
    (form / "editions" / "1.toml").write_text(old, "utf-8")
    (form / "form.toml").write_text(FORM.replace('edition = "1"', 'edition = "2"\naccepts = ["1"]'), "utf-8")
    (form / "provinces.csv").write_text("province\n省1\n", "utf-8")
    loaded = load_form(form)
    assert loaded.lists["provinces"].entries == ("省1",)
    (edition,) = loaded.older
    assert len(edition.form.lists["provinces"].entries) == 30
