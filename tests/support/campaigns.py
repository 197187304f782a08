"""A small campaign as an office keeps it: settings filled in, a roster in CSV."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gwxl.campaign.settings import FILE_NAME, Campaign, load_campaign
from gwxl.campaign.starting import start_campaign
from gwxl.form.layout import lay_out
from gwxl.form.signature import read_key
from gwxl.records.cell import CellRef
from gwxl.records.period import Period
from gwxl.terms import Terms
from tests.support.filling import fill
from tests.support.inboxes import site
from tests.support.submissions import GOOD, report_form, report_rules

_LAYOUT = lay_out(report_form())
CELLS: Mapping[str, CellRef] = {str(path): cell for path, cell in {**_LAYOUT.anchors, **_LAYOUT.cells}.items()}
"""The cell of each input of the form as it is issued."""

ROSTER = "名册.csv"
_SETTINGS = {
    'deadline = ""': 'deadline = "2027-01-20"',
    'office = ""': 'office = "示例市政务公开办"',
    'sender = ""': 'sender = "report@example.org"',
    '"roster.xlsx"': f'"{ROSTER}"',
}


def begin(folder: Path, rows: Sequence[Sequence[str]], *, key: bool = False) -> Campaign:
    """Start a campaign due on 2027-01-20, its roster with code, name, mail, phone and superior of each site."""
    start_campaign(Terms("website_annual_report", period=Period(2026)), folder)
    text = (folder / FILE_NAME).read_text("utf-8")
    for old, new in {**_SETTINGS, **({} if key else {'key = "campaign.key"': 'key = ""'})}.items():
        assert old in text
        text = text.replace(old, new)
    (folder / FILE_NAME).write_text(text, "utf-8")
    list_sites(folder, rows)
    return load_campaign(folder)


def list_sites(folder: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write the roster."""
    lines = [("代码", "名称", "邮箱", "联系电话", "上级"), *rows]
    (folder / ROSTER).write_text("".join(",".join(row) + "\n" for row in lines), "utf-8")


def terms_of(campaign: Campaign) -> Terms:
    """Return what a campaign goes by."""
    key = read_key(campaign.key) if campaign.key else None
    return Terms(report_rules(), period=campaign.period, key=key, notice=campaign.notice)


def fill_issued(campaign: Campaign, number: int, target: str, **answers: Any) -> Path:
    """Fill in the workbook that was issued to a site, as it has to be but for some answers; None is blank."""
    code = str(site(number)["site_code"])
    (issued,) = campaign.outbox.glob(f"{code}-*.xlsx")
    said = {key: value for key, value in {**GOOD, **site(number)}.items() if key not in {"site_code", "site_name"}}
    said = {key: value for key, value in {**said, **answers}.items() if value is not None}
    return fill(issued, campaign.inbox / target, report_form(), CELLS, said)
