"""Draw the pictures of the pages: workbooks as they are printed and as a screen shows them, pages as Chromium does.

Run from a checkout with the ``dev`` extra, LibreOffice, poppler-utils and Chromium: ``python -m docs.pictures``
"""

import email
import email.policy
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import Any

import openpyxl
from PIL import Image, ImageChops, ImageOps

from gwxl.campaign.issuing import issue_workbooks
from gwxl.campaign.roster.columns import columns_of
from gwxl.campaign.roster.workbook import write_roster
from gwxl.campaign.starting import start_campaign
from gwxl.form.headlines import headlines
from gwxl.form.identity import issue_identity
from gwxl.intake import check_file
from gwxl.merging import merge
from gwxl.publishing import publish_summary
from gwxl.records.answered import digest_answered
from gwxl.records.delivery import Delivery
from gwxl.records.period import Period
from gwxl.records.previous import Previous
from gwxl.reporting import write_report
from gwxl.returns.planning import Sending
from gwxl.returns.returning import send_receipts
from gwxl.rules.available_forms import load
from gwxl.rules.ruleset import RuleSet
from gwxl.summary.standing.asked import Asked, AskedSite
from gwxl.template import write_template
from gwxl.terms import Notice, Terms
from tests.support.clients.chromium import Chromium
from tests.support.clients.libreoffice import LibreOffice
from tests.support.submissions import GOOD

HERE = Path(__file__).parent
FORM = "website_annual_report"
DPI, SMALL_PRINT_DPI = 84, 120
COLOURS = 64
MARGIN = 12
WRONG: Mapping[str, Any] = {
    "service_items_online": 999,
    "cases_natural_person": "约6000",
    "messages_resolved": 520,
    "interpretation_materials": 90,
}
DAY = date(2027, 1, 20)
SHOWN = {
    "page_390": ("0000000001.html", 390),
    "page_1280": ("0000000001.html", 1280),
    "index_390": ("index.html", 390),
    "index_1280": ("index.html", 1280),
    "report_390": ("report.html", 390),
    "report_1280": ("report.html", 1280),
    "mail": ("mail.html", 720),
}
SCREEN = (1366, 560)
"""What a screen of 1366 × 768 pixels shows of a sheet below the ribbon, in pixels."""
SCREENS: Mapping[str, tuple[str, str, tuple[int, int] | None]] = {
    "screen_blank": ("template", "填报表", None),
    "screen_wrong": ("sheet_wrong", "填报表", (4, 26)),
    "screen_return": ("return", "填报表", (4, 20)),
    "screen_summary": ("summary", "汇总表", None),
    "standing": ("campaign", "报送情况", None),
    "roster": ("roster", "名册", None),
}
"""Picture → workbook, sheet, and the rows that have moved out of sight."""
SITES = ("示例市政府门户网站", "示例市教育局网站", "示例市文化局网站", "示例市卫生局网站", "示例市水利局网站")
MAIL_STYLE = """
body { margin: 20px; font: 15px/1.7 "Noto Sans CJK SC", sans-serif; color: #222; }
table { border-bottom: 1px solid #ccc; width: 100%; padding-bottom: 10px; margin-bottom: 14px; }
th { width: 4.5em; text-align: left; font-weight: normal; color: #666; vertical-align: top; }
pre { font: inherit; white-space: pre-wrap; margin: 0; }
"""
LONGEST = 1200
"""Pixels of a page that are shown."""


def main() -> None:
    """Draw every picture."""
    rules = load(FORM)
    with tempfile.TemporaryDirectory() as name, LibreOffice() as office, Chromium() as browser:
        folder = Path(name)
        notice = Notice(deadline=DAY, return_to="report@example.org", phone="000-0000000")
        write_template(
            rules, folder / "template.xlsx", identity=issue_identity(rules.form, period=Period(2026)), notice=notice
        )
        shutil.copytree(HERE.parent / "samples" / "inbox", folder / "inbox")
        merge(Terms(FORM, today=DAY), folder / "inbox", folder / "summary.xlsx")
        _merge_campaign(rules, folder / "inbox", folder / "campaign.xlsx")
        _fill(rules, folder / "sheet_right.xlsx", GOOD)
        _fill(rules, folder / "sheet_wrong.xlsx", {**GOOD, **WRONG})
        _list_sites(rules, folder / "roster.xlsx")
        returned = _return(rules, folder / "sheet_wrong.xlsx", notice)
        (HERE / "images").mkdir(exist_ok=True)
        pages = {
            "template": (folder / "template.xlsx", 0, 1.0),
            "summary": (folder / "summary.xlsx", 0, 1.0),
            "breakdown": (folder / "summary.xlsx", 1, 0.85),
            "decisions": (folder / "inbox-待决.xlsx", 0, 0.4),
            "sheet_right": (folder / "sheet_right.xlsx", 1, 1.0),
            "sheet_wrong": (folder / "sheet_wrong.xlsx", 1, 1.0),
            "return": (returned, 0, 0.6),
            "comparison": (folder / "campaign.xlsx", 3, 0.7),
        }
        for picture, (workbook, page, share) in pages.items():
            dots = SMALL_PRINT_DPI if picture == "decisions" else DPI
            drawn = office.render(workbook, folder / f"{picture}.pages", dots)
            _cut(drawn[page], share)
            _shrink(drawn[page], HERE / "images" / f"{picture}.png")
        books = {"return": returned}
        for picture, (book, sheet, scrolled) in SCREENS.items():
            workbook = books.get(book, folder / f"{book}.xlsx")
            _shrink(
                office.render_screen(workbook, sheet, folder / f"{picture}.png", SCREEN, scrolled),
                HERE / "images" / f"{picture}.png",
            )
        published = publish_summary(Terms(FORM, today=DAY), folder / "summary.xlsx", folder / "pages").folder
        terms = Terms(FORM, today=DAY, notice=notice)
        write_report(terms, folder / "campaign.xlsx", published / "report.html", publisher="示例市政务公开办")
        (published / "mail.html").write_text(_show_mail(rules, folder / "office"), "utf-8")
        for picture, (file, width) in SHOWN.items():
            browser.open(published / file, width=width)
            browser.screenshot(folder / f"{picture}.png")
            _cut(folder / f"{picture}.png", 1.0)
            _shrink(folder / f"{picture}.png", HERE / "images" / f"{picture}.png")


def _merge_campaign(rules: RuleSet, inbox: Path, summary: Path) -> None:
    """Merge an inbox as in a campaign: who was asked is known, when mails came, and what was reported a year before."""
    counted = merge(Terms(FORM), inbox, summary, dry_run=True).batch
    codes = {counted.site(one): one for one in counted.accepted}
    sites = [
        AskedSite(code=code, name=one.submission.text_of("site_name") if one.submission else "")
        for code, one in codes.items()
    ]
    sites += [AskedSite(code=f"000000009{number}", name=f"示例市第{number}局") for number in range(3)]
    top, *rest = sites
    sites = [top, *(replace(one, parent=top.code) for one in rest)]
    faulty = [one for one in counted.accepted if one.has_errors]
    sent_back = {digest_answered(one.source): "2027-01-14" for one in faulty[::2]}
    days = {one.source.file: f"2027-01-{1 + number % 23:02}" for number, one in enumerate(counted.accepted)}
    came = {file: Delivery(words=f"{day} 12:00:00", sent=f"{day}T04:00:00+00:00") for file, day in days.items()}
    numbers = [path for path in headlines(rules.form) if rules.form.question_at(path).kind.is_number]
    last = {
        code: {path: value * 9 // 10 for path in numbers if isinstance(value := values.get(path), int)}
        for code, one in codes.items()
        if (values := one.submission.values if one.submission else {})
    }
    previous = Previous(form=FORM, period=Period(2025), sites=last, place=Path("2025.xlsx"))
    asked = Asked(sites=tuple(sites), deadline=DAY, sent_back=sent_back)
    merge(Terms(FORM, today=DAY + timedelta(days=1), came=came, previous=previous), inbox, summary, asked=asked)


def _list_sites(rules: RuleSet, path: Path) -> None:
    """Write a roster with some sites filled in."""
    path.write_bytes(write_roster(rules, columns_of(rules.form)))
    book = openpyxl.load_workbook(path)
    for number, name in enumerate(SITES, 1):
        row = (f"{number:010}", name, f"s{number}@example.org", f"000-000000{number}", SITES[0] if number > 1 else "")
        for column, value in enumerate(row, 1):
            book.worksheets[0].cell(number + 2, column, value)
    book.save(path)


def _show_mail(rules: RuleSet, folder: Path) -> str:
    """Return the draft of a mail as a page that shows it as a mail program does."""
    notice = Notice(deadline=DAY, return_to="report@example.org", phone="000-0000000", office="示例市政务公开办")
    started = start_campaign(Terms(rules.form.id, period=Period(2026), notice=notice), folder).campaign
    _list_sites(rules, started.roster)
    issue_workbooks(Terms(rules, period=started.period, key=None, notice=started.notice), started)
    draft = next(iter(sorted(started.outbox.glob("*.eml"))))
    mail = email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)
    body = mail.get_body()
    names = ", ".join(str(one.get_filename()) for one in mail.iter_attachments())
    heads = {"发件人": mail["From"], "收件人": mail["To"], "主题": mail["Subject"], "附件": names}
    rows = "".join(f"<tr><th>{head}<td>{escape(str(value))}" for head, value in heads.items())
    words = escape(str(body.get_content()) if body else "")
    return f"<!DOCTYPE html><meta charset=utf-8><style>{MAIL_STYLE}</style><table>{rows}</table><pre>{words}</pre>"


def _fill(rules: RuleSet, path: Path, answers: Mapping[str, Any]) -> None:
    write_template(rules, path, identity=issue_identity(rules.form, period=Period(2026)), answers=answers)


def _return(rules: RuleSet, path: Path, notice: Notice) -> Path:
    """Send a return back and give the workbook that goes."""
    receipts = check_file(path, path.name, Terms(rules))
    (one,) = send_receipts(Terms(FORM, notice=notice), receipts, Sending(folder=path.parent / "back"))
    if one.workbook is None:
        raise SystemExit(one.reason)
    return one.workbook


def _cut(picture: Path, share: float) -> None:
    """Leave the top of a page: so much of its height, and no more than is shown of any."""
    with Image.open(picture) as whole:
        top = whole.crop((0, 0, whole.width, min(round(whole.height * share), LONGEST)))
    top.save(picture)


def _shrink(page: Path, target: Path) -> None:
    """Cut the white margin and reduce the colours."""
    with Image.open(page) as picture:
        drawn = picture.convert("RGB")
    ink = ImageChops.difference(drawn, Image.new("RGB", drawn.size, "white")).getbbox()
    ImageOps.expand(drawn.crop(ink), MARGIN, "white").quantize(COLOURS).save(target, optimize=True)


if __name__ == "__main__":
    main()
