"""The settings of a campaign: where they are found, what they say, and every mistake in them at once."""

from datetime import date
from pathlib import Path

import pytest

from gwxl.campaign.settings import FILE_NAME, SETTINGS, find_campaign, load_campaign
from gwxl.errors import CampaignError
from gwxl.records.period import Period
from gwxl.terms import Notice
from tests.support.submissions import FORMS

LEAST = 'form = "website_annual_report"\nperiod = "2026"\n'


def settings(folder: Path, text: str) -> Path:
    """Write the settings of a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_text(text, "utf-8")
    return folder


def mistakes(folder: Path, language: str = "en") -> list[str]:
    """Return what is wrong with the settings of a folder, the name of the file left out."""
    with pytest.raises(CampaignError) as caught:
        load_campaign(folder)
    colon = {"en": ": ", "zh": "："}[language]
    return [line.removeprefix(f"{folder / FILE_NAME}{colon}") for line in caught.value.lines(language)]


def test_what_is_left_out_has_a_meaning(tmp_path: Path) -> None:
    """Form and period are enough; files stand beside the settings, and nothing is signed without a key."""
    found = load_campaign(settings(tmp_path, LEAST))
    assert (found.form, found.period, found.key) == ("website_annual_report", Period(2026), None)
    assert (found.roster, found.summary) == (tmp_path / "roster.xlsx", tmp_path / "summary.xlsx")
    assert (found.inbox, found.outbox, found.returns) == tuple(tmp_path / one for one in ("inbox", "outbox", "returns"))
    assert found.notice == Notice()
    assert found.file_name == "{code}"


def test_what_is_said_is_taken(tmp_path: Path) -> None:
    """Each setting is read, numbers and days of TOML too; returns go to the sender where nobody else is named."""
    text = (
        'form = "website_annual_report"\nperiod = 2026\noffice = "某市\t办公室"\nphone = "000-1"\n'
        'deadline = 2027-01-20\nsender = "a@example.org"\nroster = "../名册.csv"\nsummary = "s.xlsx"\nkey = "k"\n'
        '[mail]\nfile_name = "{name}{code}"'
    )
    found = load_campaign(settings(tmp_path, text))
    assert found.notice == Notice(
        deadline=date(2027, 1, 20), return_to="a@example.org", phone="000-1", office="某市 办公室"
    )
    assert (found.roster, found.key) == (tmp_path / "../名册.csv", tmp_path / "k")
    assert found.file_name == "{name}{code}"
    other = load_campaign(settings(tmp_path, f'{text}\nreturn_to = "b@example.org"'))
    assert (other.sender, other.return_to) == ("a@example.org", "b@example.org")


def test_a_form_may_lie_anywhere(tmp_path: Path) -> None:
    """A folder is named as seen from the settings."""
    folder = settings(tmp_path / "a", 'form = "../forms/drill_record"\nperiod = "2026"')
    (tmp_path / "forms").symlink_to(FORMS, target_is_directory=True)
    assert load_campaign(folder).form == str(folder / "../forms/drill_record")


def test_every_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    """Names, kinds and values: each with line, key and cure, whatever else is wrong."""
    text = (
        'from = "x"\nform = "website_anual_report"\nperiod = "2026Q5"\noffice = 5.5\nphone = "a\\u0007"\n'
        'deadline = "2027-02-30"\nsender = "a b@example.org"\nroster = ""\nsummary = true\n'
        '[mail]\nreturn_to = "b"\nfile_name = "{site}"\n[more]\nx = 1\n'
    )
    assert mistakes(settings(tmp_path, text)) == [
        "line 1, from: is no setting; did you mean form?",
        "line 2, form: there is no form “website_anual_report”; write website_annual_report, or a folder that holds form.toml",  # noqa: E501 - as it is told
        'line 3, period: “2026Q5” is no period; write one such as "2026", "2026H1", "2026Q3", "2026-09", or "none" for a form of no period',  # noqa: E501
        "line 4, office: is 5.5; write a text in quotation marks",
        "line 5, phone: holds U+0007, which cannot stand in a workbook; remove it",
        'line 6, deadline: “2027-02-30” is no day; write it like "2027-01-20"',
        "line 7, sender: “a b@example.org” is no address of mail; write it like name@example.org",
        'line 8, roster: names no file; write one such as "roster.xlsx"',
        "line 9, summary: is True; write a text in quotation marks",
        "line 11, mail.return_to: “b” is no address of mail; write it like name@example.org",
        "line 12, mail.file_name: “{site}” makes no names of files; it needs {code}, and takes {code} {name} {period} {title} {year}",  # noqa: E501
        f"line 13, more: is no setting; take the line out, known are {', '.join(SETTINGS)}",
    ]


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    """A file that says nothing lacks form and period."""
    assert mistakes(settings(tmp_path, ""), "zh") == [
        '缺少 form；请补上这一行，如 form = "…"（gwxl help init 说明各项设置）',
        '缺少 period；请补上这一行，如 period = "…"（gwxl help init 说明各项设置）',
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'form = "a\nperiod', "第 1 行（第 10 列附近）写法不对，请核对等号和成对的英文引号"),
        (b'form = "a', "没有写完，请核对最后几行的等号和成对的英文引号"),
        (b'form = "a"\nform = "b"', "有一项设置写了两次，请删去一处"),
        ('form = "表"'.encode("gbk"), "是 GBK 编码（记事本称 ANSI），读不出来；请用记事本打开，另存为，编码选 UTF-8"),
        ("form".encode("utf-16"), "是 UTF-16 编码（记事本称 Unicode），读不出来；请用记事本打开，另存为，编码选 UTF-8"),
        (b"form\xff\xff", "不是 UTF-8 编码，读不出来；请用记事本打开核对，另存为，编码选 UTF-8"),
        (b"a = " + b"[" * 5000, "a 写得太长或太深，读不出来（"),
        (b"#" * 600_000, "太长了，不像是填报设置；请删去多余的内容"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, data: bytes, told: str) -> None:
    """A slip of the pen, another encoding and what would stop the reader are told in one line, without English."""
    (tmp_path / FILE_NAME).write_bytes(data)
    (line,) = mistakes(tmp_path, "zh")
    assert line.startswith(told)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Whoever can write into a folder does not choose what is read."""
    settings(tmp_path / "real", LEAST)
    (tmp_path / FILE_NAME).symlink_to(tmp_path / "real" / FILE_NAME)
    assert mistakes(tmp_path) == ["is a folder, a link or something else; put the file itself there"]


def test_the_nearest_settings_count(tmp_path: Path) -> None:
    """From the folder of the settings and any below it; a campaign inside another is its own."""
    outer, inner = settings(tmp_path / "a", LEAST), settings(tmp_path / "a/b", LEAST)
    (inner / "c/d").mkdir(parents=True)
    places = (outer, inner, inner / "c/d", tmp_path)
    assert [found and found.folder for found in map(find_campaign, places)] == [outer, inner, inner, None]
