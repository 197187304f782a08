"""Check digits, what a code holds, and what may stand once in a table or in one return alone."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gwxl.authoring import check_form
from gwxl.form.loading import load_form
from gwxl.records.path import Path as FormPath
from gwxl.records.submission import Unread
from gwxl.rules.codes import functions
from gwxl.rules.document import Document
from gwxl.rules.ruleset import load_rules
from gwxl.rules.uniqueness import find_repeated, fold_value
from gwxl.wording import text
from tests.support.command import document, say
from tests.support.listed import fill


def make_citizen(first: str) -> str:
    """Return 17 digits with their check by ISO 7064 MOD 11-2, worked out digit by digit."""
    rest = 0
    for digit in first:
        rest = (rest + int(digit)) * 2 % 11
    return first + "0123456789X"[(12 - rest) % 11]


def make_credit(first: str) -> str:
    """Return 17 characters with their check: the one with which the weighted sum is divided by 31."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    total = sum(weight * signs.index(sign) for weight, sign in zip(weights, first, strict=True))
    return first + next(sign for sign in signs if (total + signs.index(sign)) % 31 == 0)


CODES = [
    ("gb11643", make_citizen("11010119900307001"), "1101011990030700111"),
    ("gb11643", make_citizen("44030819850101234").lower(), make_citizen("11010119900230001")),
    ("gb32100", make_credit("91350100M000100Y4"), "91350100M000100Y4"),
    ("gb32100", "91350100M000100Y43", "91350100M000100Y44"),
    ("luhn", "4539578763621486", "4539578763621487"),
    ("mod97", "GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 33"),
]


@pytest.mark.parametrize(("name", "right", "wrong"), CODES)
def test_a_check_digit_is_worked_out(name: str, right: str, wrong: str) -> None:
    """Each function takes a right code, and none with another last character, length or day."""
    assert functions.CHECKS[name](right)
    assert not functions.CHECKS[name](wrong)
    assert not functions.CHECKS[name]("")
    assert not functions.CHECKS[name]("张三")
    assert not functions.CHECKS[name]("１２３４５６７８９０１２３４５６７８")


@pytest.mark.parametrize("first", ["11010119900307001", "44030819850101234", "52010019991231998"])
def test_one_wrong_digit_never_passes(first: str) -> None:
    """No identity number is one with any single digit changed."""
    right = make_citizen(first)
    assert functions.is_citizen_number(right)
    for place in range(18):
        for digit in "0123456789":
            changed = right[:place] + digit + right[place + 1 :]
            assert functions.is_citizen_number(changed) is (changed == right)


def test_a_code_is_taken_apart() -> None:
    """The day and the sex stand in an identity number; what is shorter holds nothing."""
    code = make_citizen("11010119900307002")
    assert (functions.read_birth_date(code), functions.is_male(code)) == ("1990-03-07", False)
    assert functions.take_part(code, 1, 6) == "110101"
    for read in (functions.read_birth_date, functions.is_male, lambda text: functions.take_part(text, 17, 6)):
        with pytest.raises(functions.UnusableCodeError):
            read("1101011990")


FORM = """id = "people"
title = "人员"
edition = "1"
language = "zh"
[roles]
code = "unit_code"
[[section]]
key = "all"
number = "一"
label = "人员"
[[section.field]]
key = "unit_code"
label = "单位代码"
kind = "code"
[[section.field]]
key = "people"
label = "人员表"
kind = "table"
rows = 20
columns = [
    { key = "name", label = "姓名", kind = "text" },
    { key = "id", label = "身份证号码", kind = "code" },
    { key = "born", label = "出生日期", kind = "date" },
    { key = "male", label = "男性", kind = "yes_no" },
    { key = "seat", label = "座位号", kind = "count" },
]
"""
RIGHT, WRONG = make_citizen("11010119900307002"), "110101199003070021"
CELLS = f"""[rules.T]
title = "读不出来"
severity = "error"
basis = "通知"
message = "{{field}}：{{reason}}。"
ok = [{{ people = [{{ seat = 1 }}] }}]
bad = [{{ people = [{{ seat = {{ unread = "一", kind = "not_a_number" }} }}] }}]
[rules.U]
title = "每人只填一次"
severity = "error"
basis = "通知"
message = "{{field}}，与 {{first}} 重复。"
ok = [{{ people = [{{ id = "{RIGHT}" }}] }}]
bad = [{{ people = [{{ id = "{RIGHT}" }}, {{ id = "{RIGHT}" }}] }}]
[rules.S]
title = "座位号不重复"
severity = "verify"
basis = "通知"
message = "{{field}}，座位重复。"
ok = [{{ people = [{{ seat = 1 }}, {{ seat = 2 }}] }}]
bad = [{{ people = [{{ seat = 1 }}, {{ seat = 1 }}] }}]
[cells]
unit_code = {{ type = "code", meta = {{ type = "T" }} }}
[cells.people]
type = "table"
meta = {{ type = "T" }}
[cells.people.schema]
type = "dict"
[cells.people.schema.schema]
name = {{ type = "text", meta = {{ type = "T" }} }}
id = {{ type = "code", unique = "form", meta = {{ type = "T", unique = "U" }} }}
born = {{ type = "date", meta = {{ type = "T" }} }}
male = {{ type = "yes_no", meta = {{ type = "T" }} }}
seat = {{ type = "count", unique = "table", meta = {{ type = "T", unique = "S" }} }}
"""
RELATIONS = f"""[[relation]]
id = "R1"
title = "身份证号码的校验位正确"
for = "people.rows"
expr = "gb11643(id)"
severity = "error"
basis = "GB 11643"
message = "{{id}}，校验位不对。"
ok = {{ id = "{RIGHT}" }}
bad = {{ id = "{WRONG}" }}
[[relation]]
id = "R2"
title = "出生日期、性别与身份证号码一致"
for = "people.rows"
expr = "born == birth_date(id) and male == is_male(id) and part(id, 1, 2) == '11'"
severity = "error"
basis = "GB 11643"
message = "{{born}} 与 {{id}} 不一致。"
ok = {{ id = "{RIGHT}", born = 1990-03-07, male = false }}
bad = {{ id = "{RIGHT}", born = 1990-03-08, male = false }}
"""


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """Write the form."""
    folder = tmp_path / "templates" / "people"
    (folder / "rules").mkdir(parents=True)
    for name, words in {"form.toml": FORM, "rules/cells.toml": CELLS, "rules/relations.toml": RELATIONS}.items():
        (folder / name).write_text(words, "utf-8")
    return folder


def person(name: str, seat: int, **changes: Any) -> Mapping[str, Any]:
    """Return a row whose identity number agrees with the rest."""
    return {"name": name, "id": RIGHT, "born": "1990-03-07", "male": "否", "seat": seat, **changes}


def test_rows_are_held_against_each_other_and_other_returns(form: Path, tmp_path: Path) -> None:
    """Twice in one table is told at the later row, naming the first; in two returns at both, with the other's place."""
    rules = load_rules(form / "rules", load_form(form))
    (tmp_path / "in").mkdir()
    other = make_citizen("11010119850101233")
    first = [
        person("甲", 1),
        person("乙", 2, id=RIGHT.lower()),
        person("丙", 1, id=other, born="1985-01-01", male="是"),
    ]
    fill(rules, tmp_path / "in" / "1.xlsx", first, unit_code="A1")
    fill(rules, tmp_path / "in" / "2.xlsx", [person("丁", 4, id=other, born="1985-01-01", male="是")], unit_code="A2")
    merged = document("merge", "in", "--form", form, cwd=tmp_path, code=1)
    found = [[(one["id"], one["key"], one["message"]) for one in file["findings"]] for file in merged["files"]]
    assert [(id_, key) for id_, key, _ in found[0]] == [
        ("U", "people[2].id"),
        ("D14", "people[3].id"),
        ("S", "people[3].seat"),
    ]
    assert f"与 D5「人员表[1]·身份证号码」填 {RIGHT} 重复" in found[0][0][2]
    assert "2.xlsx（A2） D5 也填了" in found[0][1][2]
    assert [(id_, key) for id_, key, _ in found[1]] == [("D14", "people[1].id")]
    assert "1.xlsx（A1） D7 也填了" in found[1][0][2]
    say("return", "in", "--form", form, "-o", "back", cwd=tmp_path, code=1)


@pytest.mark.parametrize(
    ("value", "folded"),
    [(10, "10"), (Decimal("1.5"), "1.5"), ("ａ B\n", "ab"), ("", ""), (None, ""), (Unread(raw="十", kind="x"), "")],
)
def test_how_a_value_is_compared(value: object, folded: str) -> None:
    """A number by its digits, a text whatever its case, width and blanks; what says nothing is like nothing else."""
    assert fold_value(value) == folded


def test_what_stands_once_in_a_return_repeats_no_row(form: Path) -> None:
    """A field outside of tables may be unique over all returns: in one there is nothing to hold it against."""
    file = form / "rules" / "cells.toml"
    old, new = (
        'unit_code = { type = "code", meta = {',
        'unit_code = { type = "code", unique = "form", meta = { unique = "U",',
    )
    words = file.read_text("utf-8")
    assert old in words
    file.write_text(words.replace(old, new), "utf-8")
    cells = load_rules(file.parent, load_form(form)).cells
    assert cells.unique_columns == (FormPath("people", "id"), FormPath("people", "seat"))
    assert cells.unique_in_form == {FormPath("people", "id"), FormPath("unit_code")}


def test_blanks_repeat_nothing() -> None:
    """Of rows that leave a column blank, or say there what cannot be read, none repeats another."""
    unread = Unread(raw="十", kind="x")
    said = ["A1", None, "", unread, None, "", unread, "ａ1"]
    rows = [{} if one is None else {"id": one} for one in said]
    document = Document(values={"people": rows}, filled=frozenset({"people"}), rows={"people": tuple(range(3, 11))})
    (fault,) = find_repeated(document, [FormPath("people", "id"), FormPath("people", "seat")])
    assert (fault.path, fault.value, fault.other) == (("people", 7, "id"), "ａ1", "people[3].id")


def test_what_a_code_says_is_held_against_its_row(form: Path, tmp_path: Path) -> None:
    """A wrong check digit is told; another day or sex, too; what is too short is not told twice."""
    rules = load_rules(form / "rules", load_form(form))
    rows = [person("甲", 1, id=WRONG), person("乙", 2, born="1990-03-08"), person("丙", 3, id="11", male="是")]
    path = fill(rules, tmp_path / "a.xlsx", rows, unit_code="A1")
    (file,) = document("check", path, "--form", form, cwd=tmp_path, code=1)["files"]
    found = [(one["id"], one["key"]) for one in file["findings"]]
    assert found == [("R1", "people[1].id"), ("R2", "people[2].born"), ("R1", "people[3].id")]


@pytest.mark.parametrize(
    ("expr", "when", "alone"),
    [
        ("male == is_male(id)", "", True),
        ("male", "is_male(id)", True),
        ("male == is_male(id)", "is_male(id)", True),
        ("male", "blank(born)", False),
        ("male", "", False),
    ],
)
def test_a_code_is_looked_into_by_the_clerk_alone(form: Path, expr: str, when: str, alone: bool) -> None:  # noqa: FBT001
    """A rule that takes a code apart, to judge or to know whether to, says why the sheet does not ask it."""
    file = form / "rules" / "relations.toml"
    old, guard = 'expr = "gb11643(id)"', f'when = "{when}"\n' if when else ""
    words = file.read_text("utf-8")
    assert old in words
    words = words.replace(old, f'{guard}expr = "{expr}"').replace("{id}，校验位", "校验位")
    for name, code in (("ok", RIGHT), ("bad", WRONG)):
        words = words.replace(f'{name} = {{ id = "{code}" }}', f"{name} = {{ male = true }}")
    file.write_text(words, "utf-8")
    rule = load_rules(file.parent, load_form(form)).rule("R1")
    assert rule.clerk_only == (text("clerk_only.code", "zh") if alone else "")


MISTAKES = [
    (
        "rules/cells.toml",
        'unique = "form"',
        'unique = "all"',
        "cells.people.schema.schema.id.unique",
        "is none of table, form",
    ),
    ("rules/cells.toml", ', unique = "S"', "", "cells.people.schema.schema.seat.meta.unique", "is missing"),
    (
        "rules/cells.toml",
        'male = { type = "yes_no"',
        'male = { unique = "table", type = "yes_no"',
        "cells.people.schema.schema.male.unique",
        "few answers",
    ),
    (
        "rules/cells.toml",
        'unit_code = { type = "code"',
        'unit_code = { unique = "table", type = "code"',
        "cells.unit_code.unique",
        "is none of form",
    ),
    ("rules/cells.toml", "座位重复", "{first} 座位重复{reason}", "rules.S.message", "names {reason}"),
    ("rules/relations.toml", "gb11643(id)", "gb11643(id, 2)", "R1.expr", "gb11643 takes a code"),
    ("rules/relations.toml", "gb11643(id)", "gb11643(seat)", "R1.expr", "a number where a text belongs"),
    ("rules/relations.toml", "part(id, 1, 2)", "part(id, 0, 2)", "R2.expr", "part takes a code and two whole numbers"),
    ("rules/relations.toml", "part(id, 1, 2)", "part(id)", "R2.expr", "part takes a code and two whole numbers"),
    (
        "rules/relations.toml",
        f'bad = {{ id = "{WRONG}" }}',
        f'bad = {{ id = "{RIGHT}" }}',
        "R1.bad[0]",
        "passes the rule",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake[3]}: {mistake[4]}")
def test_mistakes_are_told_with_file_key_and_cure(form: Path, mistake: tuple[str, str, str, str, str]) -> None:
    """An author sees where it is wrong, and what would be right."""
    file, old, new, key, reason = mistake
    told = (form / file).read_text("utf-8")
    assert old in told
    (form / file).write_text(told.replace(old, new, 1), "utf-8")
    mistakes = [(Path(one.file).name, one.key, one.reason) for one in check_form(str(form)).mistakes]
    assert [one for one in mistakes if one[:2] == (Path(file).name, key) and reason in one[2]], mistakes
