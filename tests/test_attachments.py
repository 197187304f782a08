"""Scans: whose they are by name or place, and that any other one is a sender of its own."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from gwxl.batch import file_names, mentions, owners
from gwxl.batch.attachments import KINDS, may_attach, with_attachments
from gwxl.batch.file_names import Letters
from gwxl.records.finding import Finding, Severity
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Status
from tests.support.batches import digest, receipt, report_form, site

TITLE = "政府网站工作年度报表（2026年度）"
FIRST, SECOND = "示例市甲局", "示例市乙局"


def workbook(file: str, number: int = 11, name: str = "", unit: str = "", code: str | None = None) -> Receipt:
    """Build a return of a site, called after its unit unless it has another name."""
    cells = {"site_name": name or f"{unit or FIRST}网站", "site_code": site(number) if code is None else code or None}
    built = receipt(number, cells, file=file)
    assert built.submission is not None
    surround = {**built.submission.surround, **({"reporting_unit": unit} if unit else {})}
    return replace(built, submission=replace(built.submission, surround=surround))


def scan(file: str, kind: str = "pdf") -> Receipt:
    """Build the receipt of a file that is no workbook."""
    name, _, member = file.partition("｜")
    finding = Finding(id=kind, severity=Severity.ERROR, message="")
    source = Source(file=name, member=member or None, sha256=digest(file))
    return Receipt(source=source, status=Status.REFUSED, reason="不是电子表格", findings=(finding,))


def fate(receipts: Sequence[Receipt]) -> str:
    """Return what became of the one scan among receipts: the workbook it came with, or that it was refused."""
    told = with_attachments(report_form(), receipts)
    assert [one.source.name for one in told] == sorted(one.source.name for one in receipts)
    (one,) = (one for one in told if one.submission is None)
    if one.status is Status.REFUSED:
        assert (one.reason, len(one.findings)) == ("不是电子表格", 1)
        return "refused"
    assert (one.status, one.findings) == (Status.IGNORED, ())
    return one.reason.removeprefix("附件，随 ").partition(" ")[0]


A = workbook("a.xlsx", 11, unit=FIRST)
B = workbook("b.xlsx", 12, unit=SECOND)

OWNED = {
    "the code": "0000000011盖章.pdf",
    "the code behind hour and digest": "20270115T013000-0000000a-0000000011盖章.pdf",
    "the code behind a date": "2027-01-08_0000000011.pdf",
    "the unit's whole name": f"{FIRST}盖章扫描件.pdf",
    "the site's whole name": f"报送材料-{FIRST}网站（领导已签）.jpg",
    "in full width and with blanks": "示例市 甲局　网站１.pdf",
    "with what nobody sees": "示例市\u200b甲局.pdf",
    "with the title of the form": f"{TITLE}-{FIRST}.pdf",
    "the name and the title": f"{FIRST}政府网站工作年度报表.docx",
    "code and name of one": f"0000000011{FIRST}.ofd",
    "in a folder of somebody else": f"其他/{FIRST}.pdf",
    "in an archive": f"扫描件.zip｜{FIRST}.pdf",
    "a folder called after him": f"{FIRST}/IMG_0001.jpg",
    "a folder called after his code": "0000000011/1.png",
    "an archive called after him": f"{FIRST}.zip｜盖章.pdf",
    "a folder in the folder called after him": f"{FIRST}网站/扫描件/1.pdf",
}


@pytest.mark.parametrize("case", OWNED)
def test_a_scan_that_says_whose_it_is(case: str) -> None:
    """Code and whole name of a site or its unit, in the name of the file or of a folder of his, tell the owner."""
    assert fate([A, B, scan(OWNED[case])]) == "a.xlsx"


NOBODYS = {
    "the title of the form": f"{TITLE}.pdf",
    "a word that anybody writes": "盖章扫描件.pdf",
    "another sender": "示例市丙局.pdf",
    "both": f"{FIRST}、{SECOND}.pdf",
    "code of one and name of another": f"0000000011{SECOND}.pdf",
    "part of a longer number": "100000000110.pdf",
    "part of a name": "甲局.pdf",
    "an office below the unit": f"{FIRST}教育中心.pdf",
    "beside them in a folder without workbooks": "盖章/1.pdf",
    "a folder called after both": f"{FIRST}、{SECOND}/1.pdf",
}


@pytest.mark.parametrize("case", NOBODYS)
def test_a_scan_of_nobody_known_is_a_sender(case: str) -> None:
    """What names nobody, several or somebody unknown stays refused with its finding: it may be all that was sent."""
    told = scan(NOBODYS[case])
    assert fate([A, B, told]) == "refused"
    assert may_attach(told)


def test_the_longer_name_is_meant() -> None:
    """A city's name inside that of its bureau does not claim the bureau's scan, whoever comes first."""
    city, bureau = workbook("city.xlsx", 1, "示例市"), workbook("bureau.xlsx", 2, FIRST)
    for receipts in ([city, bureau], [bureau, city]):
        assert fate([*receipts, scan(f"{FIRST}.pdf")]) == "bureau.xlsx"
        assert fate([*receipts, scan("示例市（盖章）.pdf")]) == "city.xlsx"
        assert fate([*receipts, scan(f"示例市、{FIRST}.pdf")]) == "refused"
    assert fate([city, scan(f"{FIRST}.pdf")]) == "refused"


def test_a_name_of_several_sites_needs_more() -> None:
    """The unit of three sites does not tell which one; code, site name or folder do."""
    three = [
        workbook(f"{number}/a.xlsx", number, f"{word}在线", FIRST) for number, word in ((1, "甲"), (2, "乙"), (3, "丙"))
    ]
    assert fate([*three, scan(f"{FIRST}.pdf")]) == "refused"
    assert fate([*three, scan(f"{FIRST}-乙在线.pdf")]) == "2/a.xlsx"
    assert fate([*three, scan(f"{FIRST}-0000000003.pdf")]) == "3/a.xlsx"
    assert fate([*three, scan(f"2/{FIRST}.pdf")]) == "2/a.xlsx"


def test_a_name_that_is_the_forms_own_mentions_nobody() -> None:
    """A site called as the form is does not get the scans of all that kept the template's name."""
    for name in ("政府网站", "政府门户网站", "填报表"):
        assert fate([workbook("a.xlsx", 1, name), scan(f"{TITLE}.pdf")]) == "refused"
        assert fate([workbook("a.xlsx", 1, name), scan(f"{name}.pdf")]) == "refused"


def test_one_code_in_two_files() -> None:
    """Of a sender's several workbooks the one beside the scan is named."""
    assert fate([A, workbook("丙/c.xlsx", 11, unit=FIRST), scan("丙/0000000011.pdf")]) == "丙/c.xlsx"


ALONE = {
    "one folder": ("乙局/填报表.xlsx", "乙局/填报表（盖章）.pdf"),
    "as it came by mail": ("乙局/20270115T013000-0a1b2c3d-填报表.xlsx", "乙局/20270115T013000-12345678-盖章.pdf"),
    "called anything": ("乙局/填报表.xlsx", "乙局/IMG_20270108_1.jpg"),
    "a folder of scans in it": ("乙局/填报表.xlsx", "乙局/附件/1.pdf"),
    "a folder for each kind": ("乙局/电子版/填报表.xlsx", "乙局/盖章扫描件/1.pdf"),
    "an archive": ("乙局.zip｜填报表.xlsx", "乙局.zip｜盖章.pdf"),
    "a folder in an archive": ("报送.zip｜乙局/填报表.xlsx", "报送.zip｜乙局/盖章.pdf"),
    "an archive of scans beside the workbook": ("乙局/填报表.xlsx", "乙局/附件.zip｜1.pdf"),
    "the name of the template": (f"乙局/{TITLE}.xlsx", f"乙局/{TITLE}.pdf"),
    "another name for the kind": ("乙局/甲局填报表.xlsx", "乙局/盖章填报表.pdf"),
}


@pytest.mark.parametrize("case", ALONE)
def test_a_folder_of_one_sender_alone(case: str) -> None:
    """What lies with the workbooks of one sender is his, whatever it is called."""
    file, other = ALONE[case]
    mine = workbook(file, 21, unit=FIRST)
    assert fate([mine, B, scan(other)]) == mine.source.name
    again = workbook(file.replace("填报表", "填报表2").replace(TITLE, f"{TITLE}2"), 21, unit=FIRST)
    assert fate([mine, again, B, scan(other)]) == mine.source.name
    another = workbook(file.replace("填报表", "另一").replace(TITLE, "另一"), 22, name="丁在线")
    assert fate([mine, another, B, scan(other)]) == "refused"


NOT_ALONE = {
    "the inbox itself": ("a.xlsx", "盖章.pdf"),
    "folders of two senders": ("县区/甲局/填报表.xlsx", "县区/乙局/盖章.pdf"),
    "the folder of what is of nobody known": ("unknown/填报表.xlsx", "unknown/盖章.pdf"),
    "a folder of another sender beside": ("县区/甲局.xlsx", "县区/乙局/盖章.pdf"),
    "numbered folders": ("县区/1.xlsx", "县区/2/盖章.pdf"),
    "outside his folder": ("县区/甲局/填报表.xlsx", "县区/盖章.pdf"),
    "another name where his stands": ("县区/甲局报表.xlsx", "县区/丙局报表.pdf"),
    "another whole name": (f"县区/{FIRST}.xlsx", "县区/示例市丙局.pdf"),
    "another code where his stands": ("县区/0000000011.xlsx", "县区/0000000013.pdf"),
    "another code": ("县区/填报表.xlsx", "县区/0000000013.pdf"),
    "another archive": ("甲.zip｜填报表.xlsx", "乙.zip｜盖章.pdf"),
}


@pytest.mark.parametrize("case", NOT_ALONE)
def test_no_folder_of_one_sender_alone(case: str) -> None:
    """Folders of several, the inbox, and files that bear another name where his stands in theirs tell nobody."""
    file, other = NOT_ALONE[case]
    assert fate([workbook(file, 11, unit=FIRST), scan(other)]) == "refused"


SHARED = {
    "the same stem": ("甲局报表.xlsx", "甲局报表.pdf", "甲局报表.xlsx"),
    "said to be stamped": ("甲局报表.xlsx", "甲局报表（盖章）.pdf", "甲局报表.xlsx"),
    "said to be stamped, in front": ("甲局报表.xlsx", "【已盖章】甲局报表.pdf", "甲局报表.xlsx"),
    "a second copy": ("甲局报表.xlsx", "甲局报表(1).pdf", "甲局报表.xlsx"),
    "in the other case": ("Abc局.xlsx", "ABC局.PDF", "Abc局.xlsx"),
    "of another folder": ("甲局报表.xlsx", "扫描/甲局报表.pdf", "refused"),
    "a longer one": ("甲局.xlsx", "甲局办公室.pdf", "refused"),
    "a shorter one": (f"{TITLE}-{FIRST}.xlsx", f"{TITLE}.pdf", "refused"),
    "the template's own": (f"{TITLE}.xlsx", f"{TITLE}.pdf", "refused"),
    "the template's own, a second copy": (f"{TITLE} (1).xlsx", f"{TITLE} (1).pdf", "refused"),
    "the template's own, as an enclosure": (f"附件2：{TITLE}.xlsx", f"附件2：{TITLE}.pdf", "refused"),
    "the sheet's own": ("填报表.xlsx", "填报表（盖章）.pdf", "refused"),
    "a program's own": ("新建 Microsoft Excel 工作表.xlsx", "新建 Microsoft Excel 工作表.pdf", "refused"),
    "a number": ("1.xlsx", "1.pdf", "refused"),
}


@pytest.mark.parametrize("case", SHARED)
def test_the_name_of_a_workbook(case: str) -> None:
    """A scan called as the one workbook beside it came with it, unless anybody's file may be called so."""
    file, other, wanted = SHARED[case]
    assert fate([workbook(file, 11, "门户在线"), B, scan(other)]) == wanted


def test_a_name_that_two_senders_use() -> None:
    """A stem that stands in two senders' folders tells nobody, not even in one of them beside others."""
    mine = [workbook("报送/甲村报表.xlsx", 1, "甲在线"), workbook("报送/乙.xlsx", 2, "乙在线")]
    assert fate([*mine, scan("报送/甲村报表.pdf")]) == "报送/甲村报表.xlsx"
    assert fate([*mine, workbook("丙/甲村报表.xlsx", 3, "丙在线"), scan("报送/甲村报表.pdf")]) == "refused"


def test_without_a_code() -> None:
    """A sender without a code is known by his name; a blank workbook is nobody's and owns nothing."""
    mine = workbook("甲/表.xlsx", 1, FIRST, code="")
    assert fate([mine, scan("甲/1.pdf")]) == fate([mine, scan(f"{FIRST}.pdf")]) == "甲/表.xlsx"
    assert mine.submission is not None
    blank = replace(mine, submission=replace(mine.submission, values={}, surround={}))
    assert fate([blank, scan("甲/1.pdf")]) == "refused"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_may_be_an_attachment(kind: str) -> None:
    """A PDF, OFD, picture or text may belong to a workbook."""
    assert may_attach(scan("x", kind))
    assert fate([A, scan(f"{FIRST}.dat", kind)]) == "a.xlsx"


def test_what_is_damaged_is_no_attachment() -> None:
    """A workbook that could not be read stays refused, whatever it is called."""
    damaged = scan(f"{FIRST}.xlsx", "damaged")
    assert not may_attach(damaged)
    assert fate([A, damaged]) == "refused"
    assert not may_attach(replace(scan("x"), status=Status.IGNORED))


def test_the_work_grows_as_the_files_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice as many workbooks and scans are looked at twice as often, not four times."""
    looked = 0

    def count_look(name: str) -> Letters:
        nonlocal looked
        looked += 1
        return plain(name)

    plain = file_names.letters
    for module in (file_names, mentions, owners):
        monkeypatch.setattr(module, "letters", count_look)
    times = []
    for count in (50, 100):
        looked = 0
        books = [workbook(f"{number}.xlsx", number, f"示例市{number}局") for number in range(count)]
        told = with_attachments(report_form(), [*books, *(scan(f"示例市{number}局.pdf") for number in range(count))])
        assert sum(one.status is Status.IGNORED for one in told) == count
        times.append(looked)
    assert times[1] == 2 * times[0] > 0
