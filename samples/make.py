"""Make the sample inbox: synthetic returns of the yearly report, good ones and one per common mistake.

Every site, code, number and name in it is invented. Run from a checkout with the ``dev`` extra installed
and LibreOffice on the PATH::

    python -m samples.make

The inbox is written anew; ``samples/expected/`` is compared with it by the tests and written by
``python -m samples.make --expected``.
"""

import argparse
import io
import json
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import msoffcrypto.format.ooxml
import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from gwxl.documents.merged import merge_document
from gwxl.form.identity import issue_identity
from gwxl.form.layout import Col, lay_out
from gwxl.merging import merge
from gwxl.records.period import Period
from gwxl.records.submission import Value
from gwxl.rules.available_forms import load
from gwxl.template import write_template
from gwxl.terms import Notice, Terms
from tests.support.clients.libreoffice import Document, LibreOffice

FORM = "website_annual_report"
YEAR = 2026
HERE = Path(__file__).parent
OFFICE = LibreOffice()
INBOX = HERE / "inbox"
EXPECTED = HERE / "expected" / "merge.json"

RULES = load(FORM)
LAYOUT = lay_out(RULES.form)
NOTICE = Notice(
    deadline=date(2027, 1, 20),
    return_to="report@example.org",
    phone="000-0000000",
    office="示例市政务公开办公室（虚构）",
)

Answers = dict[str, Value]


def code(number: int) -> str:
    """Return the invented code of a site."""
    return f"{number:010}"


def site(number: int, name: str, kind: str = "department", date: str = "2027-01-08") -> Answers:
    """Return a complete, consistent and entirely invented return."""
    random = Random(number)
    visitors = random.randint(20_017, 900_003)
    total = random.randint(900, 6_000)
    received = random.randint(40, 900)
    resolved = received - random.randint(0, 9)
    natural, legal = random.randint(1_000, 9_000), random.randint(300, 2_000)
    materials, products, comments = random.randint(11, 60), random.randint(3, 20), random.randint(1, 9)
    problems = random.randint(3, 17)
    return {
        "site_name": name,
        "site_url": f"http://site{number}.example.gov.cn",
        "site_sponsor": f"{name.removesuffix('网站')}办公室（虚构）",
        "site_type": kind,
        "site_code": code(number),
        "site_icp_number": f"京ICP备{number:08}号-1",
        "site_psb_number": f"京公网安备110000020000{number:02}号",
        "site_unique_visitors": visitors,
        "site_page_views": visitors * random.randint(3, 9) + random.randint(1, 97),
        "release_total": total,
        "release_overview": total // 40 + 1,
        "release_affairs": total // 3 + 2,
        "release_catalog": total // 4 + 3,
        "columns_maintained": random.randint(6, 31),
        "columns_opened": random.randint(1, 5),
        "interpretation_total": materials + products + comments,
        "interpretation_materials": materials,
        "interpretation_products": products,
        "interpretation_commentaries": comments,
        "concern_responses": random.randint(2, 23),
        "has_service_catalog": True,
        "service_registered_users": random.randint(2_011, 60_013),
        "service_items": 431 + number,
        "service_items_online": 211 + number,
        "cases_total": natural + legal,
        "cases_natural_person": natural,
        "cases_legal_person": legal,
        "has_unified_platform": number % 3 != 0,
        "messages_received": received,
        "messages_resolved": resolved,
        "messages_average_days": Decimal(random.randint(21, 74)) / 10,
        "messages_published": resolved - random.randint(1, 30),
        "surveys_held": 13,
        "surveys_opinions": random.randint(101, 999),
        "surveys_published": 11,
        "interviews_held": 7,
        "interviews_messages": 93,
        "interviews_answers": 58,
        "has_smart_qa": number % 2 == 0,
        "security_assessments": random.randint(2, 9),
        "security_problems_found": problems,
        "security_problems_fixed": problems,
        "has_security_monitoring": True,
        "has_emergency_drill": True,
        "has_security_officer": True,
        "has_new_media": True,
        "weibo_name": f"{name.removesuffix('网站')}发布",
        "weibo_posts": random.randint(301, 1_999),
        "weibo_followers": random.randint(5_003, 90_001),
        "wechat_name": name.removesuffix("网站"),
        "wechat_posts": random.randint(201, 1_403),
        "wechat_subscribers": random.randint(4_001, 80_003),
        "innovations": ("search_as_service", "accessible"),
        "reporting_unit": f"{name.removesuffix('网站')}办公室（虚构）",
        "unit_head": "甲某",
        "reviewer": "乙某",
        "contact_name": "丙某",
        "contact_phone": f"000-{number:08}",
        "report_date": date,
    }


def fill(name: str, answers: Answers, year: int = YEAR) -> Path:
    """Write a filled return into the inbox, as our own writer saves it."""
    path = INBOX / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_template(
        RULES, path, identity=issue_identity(RULES.form, period=Period(year)), notice=NOTICE, answers=answers
    )
    return path


def edit(path: Path, change: Callable[[Worksheet], None]) -> Path:
    """Change the form sheet of a return as openpyxl would."""
    workbook = openpyxl.load_workbook(path)
    change(workbook[LAYOUT.sheet])
    workbook.save(path)
    return path


def put(path: str, value: object) -> Callable[[Worksheet], None]:
    """Return a change that writes into the input of a path."""

    def change(sheet: Worksheet) -> None:
        cell = LAYOUT.cells[path]
        sheet.cell(cell.row, cell.column).value = value  # type: ignore[assignment]

    return change


def explain(path: str, words: str) -> Callable[[Worksheet], None]:
    """Return a change that writes into the explanation cell of a path."""

    def change(sheet: Worksheet) -> None:
        cell = LAYOUT.explanations[path]
        sheet.cell(cell.row, cell.column).value = words

    return change


def through_libreoffice(path: Path, change: Callable[[Document], None] = lambda _document: None) -> Path:
    """Open a return in LibreOffice, change it there, and save it as LibreOffice does."""
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "saved.xlsx"
        with OFFICE.open(path) as document:
            change(document)
            document.save(saved)
        shutil.move(saved, path)
    return path


def leave_out(answers: Answers, *keys: str) -> Answers:
    """Return answers with some left blank."""
    return {key: value for key, value in answers.items() if key not in keys}


def make_good() -> None:
    """Make returns that pass."""
    apps = (
        {
            "product_type": "移动客户端",
            "platform_name": "示例应用市场",
            "product_name": "示例通",
            "posts": 321,
            "followers_or_downloads": 12_345,
        },
        {
            "product_type": "短视频",
            "platform_name": "示例视频平台",
            "product_name": "示例市发布",
            "posts": 87,
            "followers_or_downloads": 6_789,
        },
    )
    fill("01-示例市政府门户网站.xlsx", {**site(1, "示例市人民政府门户网站", "portal"), "other_media": apps})
    through_libreoffice(fill("02-示例市教育局.xlsx", site(2, "示例市教育局网站")))
    through_libreoffice(fill("03-示例县政府.xlsx", site(3, "示例县人民政府网站", "portal")))
    fill("区县/04-示例区政府.xlsx", site(4, "示例区人民政府网站", "portal"))
    no_media = leave_out(
        {
            **site(5, "示例市统计局网站"),
            "has_new_media": False,
            "innovations": ("other",),
            "innovation_other": "数据可视化",
        },
        *("weibo_name", "weibo_posts", "weibo_followers", "wechat_name", "wechat_posts", "wechat_subscribers"),
    )
    through_libreoffice(fill("05-示例市统计局（无新媒体）.xlsx", no_media))


def make_mistakes() -> None:
    """Make a return for each common mistake."""
    gaps = ("site_icp_number", "release_total", "has_smart_qa", "security_assessments")
    fill("11-漏填四项.xlsx", leave_out(site(11, "示例市文化局网站"), *gaps))
    fill(
        "12-全程在线大于事项总数.xlsx",
        {**site(12, "示例市卫生局网站"), "service_items": 90, "service_items_online": 120},
    )
    fill(
        "13-访客大于点击.xlsx",
        {**site(13, "示例市交通局网站"), "site_unique_visitors": 90_017, "site_page_views": 8_003},
    )
    edit(fill("14-数字写成1.2万.xlsx", site(14, "示例市水利局网站")), put("site_unique_visitors", "1.2万"))
    path = fill("15-文本数字和全角数字.xlsx", site(15, "示例市农业局网站"))
    edit(path, put("release_overview", "３８"))
    edit(path, put("site_page_views", "5,912,345"))
    edit(path, put("columns_opened", " 4 "))
    through_libreoffice(path)
    fill("16-无新媒体却填了微博.xlsx", {**site(16, "示例市商务局网站"), "has_new_media": False})
    turned_over = {"messages_received": 120, "messages_resolved": 131, "messages_published": 100}
    edit(
        fill("17-办结大于收到（已说明）.xlsx", {**site(17, "示例市信访局网站"), **turned_over}),
        explain("messages_resolved", "含上年结转的留言 14 条"),
    )
    fill("18-办结大于收到（未说明）.xlsx", {**site(18, "示例市民政局网站"), **turned_over})
    ticked = {**site(19, "示例市科技局网站"), "innovations": ("accessible", "other")}
    fill("19-勾选其他未注明.xlsx", ticked)
    edit(fill("20-标识码位数不对.xlsx", site(20, "示例市司法局网站")), put("site_code", "00000020"))


def make_accidents() -> None:
    """Make returns that something happened to on the way."""
    fill("21-示例市审计局.xlsx", {**site(21, "示例市审计局网站", date="2027-01-06"), "release_total": 871})
    fill("21-示例市审计局（更正）.xlsx", {**site(21, "示例市审计局网站", date="2027-01-12"), "release_total": 1_871})
    original = fill("22-示例市体育局.xlsx", site(22, "示例市体育局网站"))
    shutil.copy(original, INBOX / "22-示例市体育局 - 副本.xlsx")
    through_libreoffice(fill("23-工作表改名.xlsx", site(23, "示例市林业局网站")), rename)
    through_libreoffice(fill("24-插入了一行.xlsx", site(24, "示例市气象局网站")), insert_row)
    paste_values(fill("25-粘贴到新工作簿.xlsx", site(25, "示例市档案局网站")))
    edit(fill("26-公式没有存值.xlsx", site(26, "示例市旅游局网站")), put("cases_total", "=D37+D38"))
    edit(fill("27-改了项目名称.xlsx", site(27, "示例市粮食局网站")), relabel)
    fill("28-报成上一年度.xlsx", site(28, "示例市供销社网站"), year=YEAR - 1)
    make_archive()
    make_scan()


def rename(document: Document) -> None:
    """Rename the form sheet."""
    document.rename(LAYOUT.sheet, "市林业局")


def insert_row(document: Document) -> None:
    """Insert a row for a private note, as a filler who has taken the protection off."""
    row = LAYOUT.inputs["release_total"].number
    document.unprotect(LAYOUT.sheet)
    document.insert_rows(LAYOUT.sheet, row)
    document.enter(LAYOUT.sheet, f"C{row}", "（本行为经办人备注）")


def relabel(sheet: Worksheet) -> None:
    """Reword the label of a field, so that it asks something else."""
    sheet.protection.sheet = False
    row = LAYOUT.inputs["messages_received"].number
    sheet.cell(row, Col.LABEL).value = "收到留言和电话数量"


def paste_values(path: Path) -> None:
    """Paste what can be seen of the form sheet into a bare workbook."""
    old = openpyxl.load_workbook(path)[LAYOUT.sheet]
    bare = openpyxl.Workbook()
    sheet = bare.active
    for row in old.iter_rows():
        for cell in row:
            if cell.value is not None:
                sheet.cell(cell.row, cell.column).value = cell.value
    bare.save(path)


def make_archive() -> None:
    """Pack two returns into one archive, names in GBK as Windows writes them."""
    paths = [
        fill("29-a.xlsx", site(29, "示例市物价局网站")),
        fill("29-b.xlsx", site(30, "示例市外事局网站")),
    ]
    names = ("示例市物价局.xlsx", "示例市外事局.xlsx")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, name in zip(paths, names, strict=True):
            archive.writestr(_stand_in(path, name), path.read_bytes())
    data = packed.getvalue()
    for path, name in zip(paths, names, strict=True):
        # zipfile itself writes UTF-8 names only: names of the same length are put in their places.
        data = data.replace(_stand_in(path, name).encode(), name.encode("gbk"))
        path.unlink()
    (INBOX / "29-两个单位合并报送.zip").write_bytes(data)


def _stand_in(path: Path, name: str) -> str:
    return path.stem.ljust(len(name.encode("gbk")), "x")


def make_scan() -> None:
    """Put a stamped scan beside its workbook."""
    fill("31-示例市地震局.xlsx", site(31, "示例市地震局网站"))
    (INBOX / "31-示例市地震局（盖章扫描件）.pdf").write_bytes(b"%PDF-1.4\n% synthetic scan\n%%EOF\n")


def make_unreadable() -> None:
    """Make files that cannot be read, each for another reason."""
    other = openpyxl.Workbook()
    other.active["A1"] = "会议签到表"
    other.save(INBOX / "41-发错的表.xlsx")
    whole = fill("42-没有传完.xlsx", site(42, "示例市人防办网站"))
    whole.write_bytes(whole.read_bytes()[:-4_000])
    locked = fill("43-加了密码.xlsx", site(43, "示例市国资委网站"))
    with io.BytesIO(locked.read_bytes()) as plain, locked.open("wb") as stream:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("sample", stream)
    (INBOX / "~$01-示例市政府门户网站.xlsx").write_bytes(b"\x04User" + b" " * 160)
    (INBOX / "44-空文件.xlsx").write_bytes(b"")
    (INBOX / "45-其实是网页.xls").write_text("<html><body><table><tr><td>1</td></tr></table></body></html>", "utf-8")
    (INBOX / "46-只有扫描件.pdf").write_bytes(b"%PDF-1.4\n% synthetic scan\n%%EOF\n")


def merge_expected() -> dict[str, object]:
    """Return what merge says about the inbox, as JSON, less the place of the summary."""
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "inbox"
        shutil.copytree(INBOX, inbox)
        document = merge_document(merge(Terms(FORM), inbox, Path(folder) / "summary.xlsx"))
    return {name: value for name, value in document.items() if name not in {"summary", "decisions"}}


def main() -> int:
    """Make the inbox, or what merge says about it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--expected", action="store_true", help="write expected/merge.json from the inbox as it is")
    if not parser.parse_args().expected:
        shutil.rmtree(INBOX, ignore_errors=True)
        INBOX.mkdir()
        with OFFICE:
            for make in (make_good, make_mistakes, make_accidents, make_unreadable):
                make()
    EXPECTED.parent.mkdir(exist_ok=True)
    EXPECTED.write_text(json.dumps(merge_expected(), ensure_ascii=False, indent=1, default=float) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
