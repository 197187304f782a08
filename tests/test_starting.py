"""gwxl init: the folder of a campaign, and every command that finds it."""

import os
import shutil
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from gwxl.campaign.settings import FILE_NAME, SETTINGS
from gwxl.campaign.starting import start_campaign
from gwxl.errors import OutputError, SettingsError
from gwxl.form.identity import read_properties
from gwxl.form.signature import Standing, read_key
from gwxl.records.period import Period
from gwxl.records.submission import Identity
from gwxl.spreadsheets.admission.door import admit
from gwxl.spreadsheets.opening import read_book
from gwxl.terms import Terms
from tests.support.command import document, refusal, run, say
from tests.support.inboxes import send, site
from tests.support.submissions import FORMS

YEAR = 2026
MADE = ["campaign.key", "campaign.toml", "inbox", "outbox", "returns", "roster.xlsx"]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Start a campaign with a deadline, and put a good and a faulty return into its inbox."""
    folder = start(tmp_path / "年报")
    text = (folder / FILE_NAME).read_text("utf-8").replace('deadline = ""', 'deadline = "2027-01-20"')
    (folder / FILE_NAME).write_text(text, "utf-8")
    send(folder / "inbox", "a.xlsx", **site(1))
    send(folder / "inbox", "b.xlsx", **site(2), service_items_online=400)
    return folder


def start(folder: Path, form: str = "website_annual_report") -> Path:
    """Start a campaign."""
    start_campaign(Terms(form, period=Period(YEAR)), folder)
    return folder


def names(folder: Path) -> list[str]:
    """Return what stands in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_what_is_made(tmp_path: Path) -> None:
    """Settings, roster, key and three folders, in a new folder or beside what lies in one; no draft stays."""
    (tmp_path / "old").mkdir()
    (tmp_path / "old/note.txt").write_text("x", "utf-8")
    assert names(start(tmp_path / "new/deep")) == MADE
    assert names(start(tmp_path / "old")) == sorted([*MADE, "note.txt"])
    assert names(tmp_path) == ["new", "old"]


def test_the_settings_are_explained_one_by_one(tmp_path: Path) -> None:
    """Each has a comment before it, in the language of the form, and all of them are there."""
    for form, chinese in (("website_annual_report", True), (str(english(tmp_path)), False)):
        text = (start(tmp_path / f"c{chinese}", form) / FILE_NAME).read_text("utf-8")
        lines = text.splitlines()
        said = [(lines[place - 1], line) for place, line in enumerate(lines) if " = " in line and line[0] != "#"]
        assert len(said) == len(SETTINGS)
        assert all(comment.startswith("# ") for comment, _ in said)
        assert [any(char >= "\u4e00" for char in comment) for comment, _ in said] == [chinese] * len(said)
        table = tomllib.loads(text)
        assert [*table, *table["mail"]] == [
            *(one for one in SETTINGS if "." not in one),
            "mail",
            *(one.removeprefix("mail.") for one in SETTINGS if "." in one),
        ]


def english(folder: Path) -> Path:
    """Make a form in English of one that comes along, and return its folder."""
    home = folder / "templates" / "drill_record"
    home.mkdir(parents=True)
    source = FORMS / "drill_record"
    text = (source / "form.toml").read_text("utf-8").replace('language = "zh"', 'language = "en"')
    (home / "form.toml").write_text(text, "utf-8")
    shutil.copytree(FORMS.parent / "rules" / "drill_record", home / "rules")
    return home


def test_a_form_elsewhere_is_found_again(tmp_path: Path) -> None:
    """Its folder is written as seen from the campaign, so that both may be moved together."""
    start(tmp_path / "a/campaign", str(english(tmp_path)))
    table = tomllib.loads((tmp_path / "a/campaign" / FILE_NAME).read_text("utf-8"))
    assert (table["form"], table["summary"]) == ("../../templates/drill_record", "summary.xlsx")
    (tmp_path / "moved").mkdir()
    for name in ("a", "templates"):
        (tmp_path / name).rename(tmp_path / "moved" / name)
    assert "K02" in say("rules", cwd=tmp_path / "moved/a/campaign")


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the bits of a file do not say who may read it")
def test_the_key_is_good_and_its_owners_alone(tmp_path: Path) -> None:
    """Each campaign has another; nobody else may open it."""
    keys = [start(tmp_path / name) / "campaign.key" for name in ("a", "b")]
    assert [stat.S_IMODE(key.stat().st_mode) for key in keys] == [0o600, 0o600]
    assert read_key(keys[0]).id != read_key(keys[1]).id


@pytest.mark.parametrize("taken", MADE[:2] + MADE[-1:])
def test_nothing_is_replaced(tmp_path: Path, taken: str) -> None:
    """A folder that holds a campaign, or one of the files, stays as it is."""
    (tmp_path / taken).write_text("mine", "utf-8")
    with pytest.raises(OutputError, match="holds a campaign already" if taken == FILE_NAME else taken):
        start(tmp_path)
    assert [(path.name, path.read_text("utf-8")) for path in tmp_path.iterdir() if path.is_file()] == [(taken, "mine")]


def test_a_form_without_a_code_makes_no_campaign(tmp_path: Path) -> None:
    """Nobody could tell who answered; nothing is made."""
    with pytest.raises(SettingsError, match="the form course_list has no code"):
        start(tmp_path / "c", str(FORMS / "course_list"))
    assert names(tmp_path) == []


# Commands in the folder of a campaign


def test_the_command_says_what_to_do(tmp_path: Path) -> None:
    """What was made, what to fill in, what comes next; a second time it refuses."""
    printed = say("init", "年报", "--lang", "zh", cwd=tmp_path, GWXL_TODAY="2026-12-01").splitlines()
    assert printed[0] == "已建立 年报（政府网站工作年度报表，2026 年度）"
    assert printed[-1] == "下一步：填写 年报 中的 campaign.toml 和 roster.xlsx，在该文件夹里运行 gwxl issue --dry-run"
    assert refusal("init", "年报", cwd=tmp_path).endswith(
        "年报 holds a campaign already (campaign.toml); take another folder"
    )
    assert 'period = "2025"' in make(tmp_path, "2026-06-30")


def make(folder: Path, today: str) -> str:
    """Start another campaign on a day and return its settings."""
    say("init", today, cwd=folder, GWXL_TODAY=today)
    return (folder / today / FILE_NAME).read_text("utf-8")


def test_merge_alone_goes_by_the_campaign(desk: Path) -> None:
    """From anywhere below: its inbox, form, year and key; the summary and the decisions stand in its folder."""
    for folder in (desk, desk / "inbox", desk / "returns"):
        found = document("merge", cwd=folder, code=1)
        assert (found["counts"]["received"], found["counts"]["passed"]) == (2, 1)
        assert (folder / found["summary"]).resolve() == desk / "汇总.xlsx"
    assert openpyxl.load_workbook(desk / "汇总.xlsx", read_only=True).sheetnames[0] == "总览"


def test_another_inbox_leaves_the_summary_alone(desk: Path) -> None:
    """Only the campaign's inbox is merged into its summary; a named output comes first."""
    send(desk / "late", "c.xlsx", **site(3))
    say("merge", "late", cwd=desk)
    say("merge", "-o", "mine.xlsx", cwd=desk, code=1)
    assert [name for name in names(desk) if name.endswith("汇总.xlsx") or name == "mine.xlsx"] == [
        "late-汇总.xlsx",
        "mine.xlsx",
    ]


def test_every_command_finds_the_campaign(desk: Path) -> None:
    """Check, explain, return and publish need no name of file or folder; deadline and address stand in the letter."""
    assert "2 in all, 1 to act on" in say("check", cwd=desk, code=1).splitlines()
    say("merge", cwd=desk, code=1)
    assert "  file: a.xlsx" in say("explain", "site_page_views", "--site", site(1)["site_code"], cwd=desk).splitlines()
    assert say("return", cwd=desk, code=1).splitlines()[-2] == "2 in all, 1 to send back → returns"
    (letter,) = (desk / "returns").glob("*.txt")
    assert "2027年1月20日" in letter.read_text("utf-8")
    say("publish", "-o", "pages", cwd=desk, code=1)
    say("export", "-o", "figures.csv", cwd=desk)
    assert {"pages", "figures.csv"} <= set(names(desk))


def test_flags_come_before_the_campaign(desk: Path) -> None:
    """A workbook made there bears year, deadline and signature of the campaign, and what a flag says instead."""
    document("template", "-o", "a.xlsx", cwd=desk)
    document("template", "-o", "b.xlsx", "--year", "2025", "--deadline", "2026-01-31", cwd=desk)
    key = read_key(desk / "campaign.key")
    said = []
    for name in ("a.xlsx", "b.xlsx"):
        identity = identity_of(desk / name)
        text = " ".join(openpyxl_texts(desk / name))
        said.append((identity.year, key.judge_identity(identity), "2027年1月20日" in text, "2026年1月31日" in text))
    assert said == [(2026, Standing.GENUINE, True, False), (2025, Standing.GENUINE, False, True)]


def identity_of(path: Path) -> Identity:
    """Return what a workbook says it is."""
    found = read_properties(read_book(admit(path)).properties)
    assert found is not None
    return found


def openpyxl_texts(path: Path) -> Iterator[str]:
    """Yield the texts of the first sheet."""
    for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True):
        yield from (cell for cell in row if isinstance(cell, str))


def test_the_key_of_the_environment_comes_first(desk: Path, tmp_path: Path) -> None:
    """A key that GWXL_KEY_FILE names is taken instead of the campaign's."""
    other = start(tmp_path / "other") / "campaign.key"
    say("template", "-o", "a.xlsx", cwd=desk, GWXL_KEY_FILE=str(other))
    identity = identity_of(desk / "a.xlsx")
    assert (read_key(other).judge_identity(identity), read_key(desk / "campaign.key").judge_identity(identity)) == (
        Standing.GENUINE,
        Standing.OTHER,
    )


def test_settings_that_cannot_be_used_stop_every_command(desk: Path) -> None:
    """Each mistake is a line of its own, and nothing is written."""
    (desk / FILE_NAME).write_text('form = "x"\nperiod = "y"\n', "utf-8")
    before = names(desk)
    for arguments in (["merge"], ["check", "inbox/a.xlsx"], ["template", "-o", "t.xlsx"], ["rules"]):
        result = run(*arguments, cwd=desk)
        assert (result.returncode, result.stdout) == (2, "")
        assert [line.partition(", ")[2].partition(":")[0] for line in result.stderr.splitlines()] == ["form", "period"]
    assert names(desk) == before
