"""gwxl migrate: a return of an older edition becomes a workbook of the current one that says the same."""

import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as some
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.workbook import Workbook

from gwxl.batch.files import find_files
from gwxl.errors import OutputError
from gwxl.form.definition import Form
from gwxl.form.identity import issue_identity
from gwxl.form.layout import Col, lay_out
from gwxl.form.signature import CampaignKey
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Submission, Unread
from gwxl.returns.migrating import Migration, Outcome, migrate
from gwxl.terms import Notice, Terms
from tests.support.command import document, refusal, run, say
from tests.support.draws import draws
from tests.support.editions import NEW_ANSWERS, OLD_ANSWERS, YEAR, Desk, desk

TO_FILL = ("evacuated", "duration", "has_plan", "departments.outside", "equipment.places")


@pytest.fixture
def clerk(tmp_path: Path) -> Desk:
    """Declare the form in a folder of its own."""
    return desk(tmp_path)


def move(clerk: Desk, *paths: Path, force: bool = False, **settings: Any) -> tuple[Migration, ...]:
    """Move returns into the folder ``new``."""
    return migrate(Terms(clerk.form, **settings), paths, clerk.folder / "new", force=force)


def one(migrations: Sequence[Migration]) -> tuple[Migration, Path]:
    """Return the only one, and the workbook it wrote."""
    (migration,) = migrations
    assert migration.path is not None
    return migration, migration.path


def read(receipt: Receipt) -> Submission:
    """Return what was read; something was."""
    assert receipt.submission is not None
    return receipt.submission


def list_left(migration: Migration) -> list[tuple[str, str, str]]:
    """Return key, words and reason of what could not move."""
    return [(item.key, item.raw, item.why) for item in migration.left_behind]


def test_a_whole_return_moves(clerk: Desk) -> None:
    """Values, lines around and explanations read the same in a fresh workbook of the current edition."""
    path = clerk.write("a.xlsx", OLD_ANSWERS, explanations={"attendants": "含来宾", "departments.security": "=两人"})
    before = read(clerk.check(path))
    notice = Notice(deadline=date(2027, 2, 1), office="某某办")
    migration, target = one(move(clerk, path, notice=notice))
    assert (migration.outcome, migration.reason, target) == (Outcome.MIGRATED, "", clerk.folder / "new" / "a.xlsx")
    assert (migration.left_behind, migration.to_fill, migration.to_do) == ((), TO_FILL, False)
    receipt = clerk.check(target)
    after = read(receipt)
    assert after.identity == issue_identity(clerk.rules.form, period=Period(YEAR))
    assert (after.values, after.surround, after.explanations) == (before.values, before.surround, before.explanations)
    assert after.explanations == {"participants": "含来宾", "departments.guards": "=两人"}
    assert migration.moved == len(after.surround) + sum(answer.value is not None for answer in after.answers.values())
    assert migration.moved == 15
    assert after.not_asked == frozenset()
    new = lay_out(clerk.rules.form).cells
    assert {path: answer.cell for path, answer in after.answers.items()} == {path: new[path] for path in after.answers}
    words = {cell.value for row in openpyxl.load_workbook(target)["填报表"].iter_rows() for cell in row}
    assert any("2027年2月1日" in str(word) for word in words)


def test_what_is_left_to_fill_is_what_the_check_then_asks_for(clerk: Desk) -> None:
    """The new workbook lacks nothing but what the older edition did not ask."""
    _, target = one(move(clerk, clerk.write("a.xlsx", {**OLD_ANSWERS, "hours": 3})))
    found = [(finding.id, finding.key) for finding in clerk.check(target).findings]
    lacking = ["evacuated", "duration", "has_plan", "equipment[1].places", "equipment[2].places"]
    assert [key for id_, key in found if id_ == "K01"] == lacking
    assert {id_ for id_, _ in found} == {"K01", "N01"}


def test_site_and_year_move(clerk: Desk) -> None:
    """The identity keeps year and site."""
    old = issue_identity(clerk.old_rules.form, period=Period(2024), site_code=OLD_ANSWERS["visit_code"])
    _, target = one(move(clerk, clerk.write("a.xlsx", OLD_ANSWERS, identity=old)))
    expected = issue_identity(clerk.rules.form, period=Period(2024), site_code=OLD_ANSWERS["visit_code"])
    assert read(clerk.check(target)).identity == expected


def test_what_was_verified_is_signed_again(clerk: Desk) -> None:
    """With the campaign's key a genuine identity is signed for the current edition; an unsigned site is not."""
    key = CampaignKey(secret=b"k" * 32)
    for signed in (True, False):
        code = OLD_ANSWERS["visit_code"]
        old = issue_identity(clerk.old_rules.form, period=Period(2024), site_code=code, key=key if signed else None)
        _, target = one(move(clerk, clerk.write("a.xlsx", OLD_ANSWERS, identity=old), key=key, force=True))
        expected = issue_identity(clerk.rules.form, period=Period(2024), site_code=code, key=key if signed else None)
        assert read(clerk.check(target)).identity == expected


def test_what_is_in_doubt_does_not_move_unseen(clerk: Desk) -> None:
    """A changed unit leaves the figure behind, and somebody has to look."""
    path = clerk.write("a.xlsx", OLD_ANSWERS)
    book = openpyxl.load_workbook(path)
    cell = lay_out(clerk.old_rules.form).cells[FormPath("attendants")]
    book[cell.sheet].cell(cell.row, Col.UNIT).value = "百人"
    book.save(path)
    migration, _ = one(move(clerk, path))
    assert list_left(migration) == [("participants", "12", "doubted")]
    assert (len(migration.doubts), migration.to_do) == (1, True)


def test_a_forged_site_code_does_not_move(clerk: Desk) -> None:
    """A return that names another site than it was issued to, in the only copy that is left, is held."""
    path = clerk.write("a.xlsx", OLD_ANSWERS)
    book = openpyxl.load_workbook(path)
    vars(book)["custom_doc_props"].append(StringProperty(name="gwxl_site_code", value="x;form=y"))
    _strip_identity(book, clerk.old_rules.form, properties=False)
    book.save(path)
    assert read(clerk.check(path)).identity.site_code == "x;form=y"
    (migration,) = move(clerk, path)
    assert (migration.outcome, migration.path) == (Outcome.HELD, None)


def _strip_identity(book: Workbook, form: Form, *, properties: bool = True, marker: bool = True) -> None:
    """Take the copies of its identity from a workbook: map sheet, and properties or marker line if asked."""
    del book["gwxl_map"]
    for name in [prop.name for prop in vars(book)["custom_doc_props"].props] if properties else ():
        del vars(book)["custom_doc_props"][name]
    if marker:
        cell = lay_out(form).marker
        book[cell.sheet][cell.address].value = None


def test_what_cannot_move_is_told(clerk: Desk) -> None:
    """Dropped items, retired choices and unreadable cells are named with their words and why; rows always fit."""
    rows = tuple({"item": f"第{number}件", "pieces": number, "weight": 1} for number in range(1, 5))
    answers = {**OLD_ANSWERS, "visit_kind": "storm", "leaders": 2, "equipment": rows}
    raw = {"attendants": "约20", "hours": "=A1+1", "report_date": "上周"}
    path = clerk.write("a.xlsx", answers, raw=raw, explanations={"leaders": "两位"})
    migration, target = one(move(clerk, path))
    assert list_left(migration) == [
        ("visit_kind", "防台走访", "choice"),
        ("leaders", "2", "gone"),
        ("leaders", "两位", "explanation"),
        ("report_date", "上周", "unread"),
        ("hours", "=A1+1", "unread"),
    ]
    item = migration.left_behind[-1]
    assert (item.kind, item.cell) == ("uncalculated", lay_out(clerk.old_rules.form).cells[FormPath("hours")])
    assert migration.to_do
    after = read(clerk.check(target))
    assert after.values["participants"] == Unread(raw="约20", kind="approximate", proposal=20)
    assert after.values.keys() == {"visit_code", "participants", "departments", "equipment"}
    assert len(after.values["equipment"]) == 4  # type: ignore[arg-type]
    assert "report_date" not in after.surround


@pytest.mark.parametrize(
    "words", ["甲" * 32_767, "=1+1", "http://example.org", "_x0041_", "<r><t>x</t></r>", "external:'a.xlsx'!A1"]
)
def test_hostile_texts_move_as_they_are(clerk: Desk, words: str) -> None:
    """A text stands in the new workbook as it was, whatever a writer could take it for."""
    path = clerk.write("a.xlsx", OLD_ANSWERS)
    book = openpyxl.load_workbook(path)
    cell = book["填报表"][clerk.address("reporting_unit")]
    cell.value, cell.data_type = words, "s"
    book.save(path)
    before = read(clerk.check(path)).surround["reporting_unit"]
    migration, target = one(move(clerk, path))
    assert read(clerk.check(target)).surround["reporting_unit"] == before
    assert list_left(migration) == []


texts = some.text(some.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
numbers = some.one_of(some.integers(0, 10**12), some.decimals(0, 10**6, places=3))
columns = {"item": texts, "pieces": some.integers(0, 999), "weight": numbers, "color": texts}
rows = some.lists(some.fixed_dictionaries({}, optional=columns), max_size=4)
filled = some.fixed_dictionaries(
    {"visit_code": some.from_regex(r"V[0-9]{4}", fullmatch=True)},
    optional={
        "visit_kind": some.sampled_from(["fire", "flood", "storm"]),
        "attendants": some.integers(0, 10**15),
        "leaders": some.integers(0, 9),
        "hours": numbers,
        "duration": texts,
        "departments": some.lists(some.sampled_from(["office", "security", "kitchen"]), unique=True).map(tuple),
        "equipment": rows.map(tuple),
        "reporting_unit": texts,
        "contact": texts,
        "report_date": some.dates(date(2000, 1, 1), date(2100, 1, 1)).map(date.isoformat),
    },
)
places = some.sampled_from(["attendants", "hours", "visit_kind", "duration", "report_date"])
typed = some.dictionaries(places, texts, max_size=2)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Declare the form once for many returns."""
    return desk(tmp_path_factory.mktemp("many"))


def _clean(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers without characters no workbook can hold."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return "".join(char for char in value if char.isprintable() and char not in "<>")
        if isinstance(value, tuple):
            return tuple({k: clean(v) for k, v in row.items()} if isinstance(row, dict) else row for row in value)
        return value

    return {key: clean(value) for key, value in answers.items()}


@settings(max_examples=draws(5, full=15), phases=[Phase.generate])
@given(answers=filled, raw=typed)
def test_every_answer_is_there_again_or_told(shared: Desk, answers: Mapping[str, Any], raw: Mapping[str, str]) -> None:
    """Re-reading gives exactly the moved answers, and what is missing is exactly what was said to be left behind."""
    path = shared.write("any.xlsx", _clean(answers), raw=_clean(raw))
    before = read(shared.check(path))
    migration, target = one(move(shared, path, force=True))
    after = read(shared.check(target))
    told = {item.key: item.why for item in migration.left_behind[len(before.left_behind) :]}
    wanted = {key: answer.value for key, answer in before.answers.items() if answer.value is not None}
    again = {key: answer.value for key, answer in after.answers.items() if answer.value is not None}
    assert again == {key: value for key, value in wanted.items() if key not in told}
    assert after.surround == {key: value for key, value in before.surround.items() if key not in told}
    for key, why in told.items():
        assert (why == "unread") is isinstance(wanted.get(key), Unread)
    assert migration.moved == len(again) + len(after.surround)


def test_a_return_of_the_current_edition_needs_nothing(clerk: Desk) -> None:
    """It is said, nothing is written, and not even the folder is made."""
    (migration,) = move(clerk, clerk.write("b.xlsx", NEW_ANSWERS, edition="2"))
    assert (migration.outcome, migration.path, migration.to_do) == (Outcome.CURRENT, None, False)
    assert not (clerk.folder / "new").exists()


def unknown(clerk: Desk) -> Path:
    """Return a workbook of an edition nobody declared."""
    identity = replace(issue_identity(clerk.rules.form, period=Period(YEAR)), edition="7")
    return clerk.write("unknown.xlsx", NEW_ANSWERS, edition="2", identity=identity)


def write_held(clerk: Desk) -> Path:
    """Return a workbook of the old edition with a changed label."""
    path = clerk.write("held.xlsx", OLD_ANSWERS)
    book = openpyxl.load_workbook(path)
    book["填报表"].cell(lay_out(clerk.old_rules.form).cells[FormPath("hours")].row, 3).value = "别的"
    book.save(path)
    return path


def nameless(clerk: Desk) -> Path:
    """Return a workbook that has lost every copy of its identity."""
    path = clerk.write("nameless.xlsx", NEW_ANSWERS, edition="2")
    book = openpyxl.load_workbook(path)
    _strip_identity(book, clerk.rules.form)
    book.save(path)
    return path


def yearless(clerk: Desk) -> Path:
    """Return a workbook of the old edition whose marker line is the only copy left, without a year."""
    path = clerk.write("yearless.xlsx", OLD_ANSWERS)
    book = openpyxl.load_workbook(path)
    _strip_identity(book, clerk.old_rules.form, marker=False)
    marker = lay_out(clerk.old_rules.form).marker
    cell = book[marker.sheet][marker.address]
    cell.value = str(cell.value).replace(f"year={YEAR}", "year=")
    book.save(path)
    return path


def write_refused(clerk: Desk) -> Path:
    """Return a file that is no workbook."""
    path = clerk.folder / "refused.xlsx"
    path.write_bytes(b"")
    return path


@pytest.mark.parametrize(
    ("make", "outcome", "reason"),
    [
        (unknown, Outcome.UNKNOWN, "写明的版本是“7”，没有这个版本的表定义。"),
        (nameless, Outcome.UNKNOWN, "文件中没有写明表的版本，不能确定怎样转换。"),
        (yearless, Outcome.UNKNOWN, "文件中没有写明年度，不能生成新表。"),
        (write_held, Outcome.HELD, "项目名称被改动，暂不计入，请确认后再定。"),
        (write_refused, Outcome.REFUSED, "文件是空的（没有内容）。请打开原文件核对，另存为 .xlsx 后重新报送。"),
    ],
)
def test_what_is_not_moved_says_why(clerk: Desk, make: Any, outcome: Outcome, reason: str) -> None:
    """Nothing is written for it, and somebody has to act."""
    (migration,) = move(clerk, make(clerk))
    assert (migration.outcome, migration.reason, migration.path, migration.to_do) == (outcome, reason, None, True)
    assert not (clerk.folder / "new").exists()


def test_an_edition_that_is_not_accepted_can_be_moved(tmp_path: Path) -> None:
    """Whether it counts in a merge does not matter: moving it is what it needs."""
    clerk = desk(tmp_path)
    form = Path(clerk.form) / "form.toml"
    form.write_text(form.read_text("utf-8").replace('accepts = ["1"]', ""), "utf-8")
    migration, target = one(move(clerk, clerk.write("a.xlsx", OLD_ANSWERS)))
    assert (migration.outcome, migration.to_do, target.is_file()) == (Outcome.MIGRATED, False, True)


def test_names_never_collide(clerk: Desk) -> None:
    """Equal names, names that differ in case only, and members of an archive each get a file of their own."""
    first = clerk.write("x/报表.xlsx", OLD_ANSWERS)
    second = clerk.write("y/报表.xlsx", {**OLD_ANSWERS, "attendants": 13})
    third = clerk.write("z/A.xlsx", {**OLD_ANSWERS, "attendants": 14})
    fourth = clerk.write("z/a (2).xlsx", {**OLD_ANSWERS, "attendants": 15})
    with zipfile.ZipFile(clerk.folder / "all.zip", "w") as archive:
        archive.write(first, "甲/报表.xlsx")
        archive.write(second, "乙/a.xlsx")
        archive.write(third, "CON.xlsx")
    migrations = move(clerk, first, second, third, fourth, clerk.folder / "all.zip")
    names = [migration.path.name for migration in migrations if migration.path]
    assert names == ["报表.xlsx", "报表 (2).xlsx", "A.xlsx", "a (2).xlsx", "_CON.xlsx", "a (3).xlsx", "报表 (3).xlsx"]
    figures = [read(clerk.check(clerk.folder / "new" / name)).values["participants"] for name in names]
    assert figures == [12, 13, 14, 15, 14, 13, 12]
    assert sorted(path.name for path in (clerk.folder / "new").iterdir()) == sorted(names)


def test_a_conflict_stops_before_anything_is_written(clerk: Desk) -> None:
    """One name that is taken keeps all from being written; --force replaces it."""
    first, second = clerk.write("a.xlsx", OLD_ANSWERS), clerk.write("b.xlsx", {**OLD_ANSWERS, "attendants": 13})
    (clerk.folder / "new").mkdir()
    taken = clerk.folder / "new" / "b.xlsx"
    taken.write_text("mine", "utf-8")
    with pytest.raises(OutputError, match=r"new/b\.xlsx: exists already"):
        move(clerk, first, second)
    assert [path.name for path in (clerk.folder / "new").iterdir()] == ["b.xlsx"]
    assert taken.read_text("utf-8") == "mine"
    move(clerk, first, second, force=True)
    assert read(clerk.check(taken)).values["participants"] == 13


@pytest.mark.parametrize("force", [False, True])
def test_an_original_is_never_replaced(clerk: Desk, force: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Not even when asked to: the folder of the originals is no place for the new ones."""
    path = clerk.write("a.xlsx", OLD_ANSWERS)
    before = path.read_bytes()
    with pytest.raises(OutputError, match="is a returned file itself"):
        migrate(Terms(clerk.form), [path], clerk.folder, force=force)
    assert path.read_bytes() == before


def test_a_file_in_the_way_of_the_folder(clerk: Desk) -> None:
    """The line says to name a folder."""
    path = clerk.write("a.xlsx", OLD_ANSWERS)
    (clerk.folder / "new").write_text("x", "utf-8")
    with pytest.raises(OutputError, match="is no folder"):
        move(clerk, path)
    (clerk.folder / "new").unlink()
    with pytest.raises(OutputError, match="cannot be made"):
        migrate(Terms(clerk.form), [path], path / "inside")


def test_files_are_found_as_they_are_typed(tmp_path: Path) -> None:
    """A folder stands for every file below it; names keep the way they were typed."""
    (tmp_path / "in" / "sub").mkdir(parents=True)
    for name in ("in/a.xlsx", "in/sub/b.xlsx", "c.xlsx"):
        (tmp_path / name).touch()
    found = find_files([tmp_path / "in", tmp_path / "c.xlsx"])
    assert [one.name for one in found] == [str(tmp_path / name) for name in ("in/a.xlsx", "in/sub/b.xlsx", "c.xlsx")]


def test_the_command_prints_what_moved_and_what_did_not(clerk: Desk) -> None:
    """File by file: where it was written, what stayed behind with its cell, what is new, and what to do next."""
    clerk.write("in/a.xlsx", {**OLD_ANSWERS, "leaders": 2})
    clerk.write("in/b.xlsx", NEW_ANSWERS, edition="2")
    shutil.move(write_held(clerk), clerk.folder / "in" / "c.xlsx")
    arguments = ("migrate", "in", "-o", "out/new", "--form", clerk.form)
    assert say(*arguments, cwd=clerk.folder, code=1).splitlines() == [
        "in/a.xlsx: edition 1 → 2, 15 answers moved into out/new/a.xlsx",
        "  1 could not move:",
        "item      cell  as written  why",
        f"带队人数  {clerk.address('leaders')}   2           the current edition does not ask this",
        "  5 new to fill in: 疏散人数, 历时, 是否有预案, 部门·外单位, 器材·存放处数",
        "in/b.xlsx: is of the current edition; nothing to do",
        "in/c.xlsx: not moved (held)",
        "  项目名称被改动，暂不计入，请确认后再定。",
        "3 in all, 1 moved, 2 to act on",
        "Next: fill in what is new and what could not move, then run gwxl check out/new",
    ]
    assert "exists already" in refusal(*arguments, cwd=clerk.folder)
    assert run(*arguments, "--force", cwd=clerk.folder).returncode == 1
    assert say("migrate", "in/b.xlsx", "-o", "x", "--form", clerk.form, cwd=clerk.folder).splitlines()[-1] == (
        "1 in all, 0 moved, 0 to act on"
    )


def test_the_document(clerk: Desk) -> None:
    """The JSON holds the same, whole, and is valid by its schema."""
    clerk.write("a.xlsx", {**OLD_ANSWERS, "duration": "长" * 300})
    found = document("migrate", "a.xlsx", "-o", "new", "--form", clerk.form, cwd=clerk.folder, code=1)
    identity = {"form": "visit_record", "edition": "1", "year": YEAR, "period": str(YEAR), "site_code": None}
    stayed = {
        "key": "duration",
        "label": "历时",
        "sheet": "填报表",
        "cell": clerk.address("duration"),
        "raw": "长" * 300,
        "why": "kind",
    }
    assert found == {
        "schema": "gwxl.migrate/1",
        "folder": "new",
        "files": [
            {
                "file": "a.xlsx",
                "member": None,
                "outcome": "migrated",
                "reason": None,
                "identity": identity,
                "edition": "2",
                "written": "new/a.xlsx",
                "moved": 15,
                "left_behind": [stayed],
                "to_fill": list(TO_FILL),
                "doubts": [],
            }
        ],
    }


def test_a_good_return_leaves_nothing_to_do(clerk: Desk) -> None:
    """Exit code 0: what is new is for the sender."""
    clerk.write("a.xlsx", OLD_ANSWERS)
    say("migrate", "a.xlsx", "-o", "new", "--form", clerk.form, "--deadline", "2027-02-01", cwd=clerk.folder)
