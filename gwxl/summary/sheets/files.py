"""文件清单: every file that was found, and what became of it."""

from gwxl.records.finding import Severity
from gwxl.records.receipt import Receipt
from gwxl.summary.page import Page
from gwxl.summary.sheets.lists import Head, write_list
from gwxl.summary.sites import Sites

_HEADS = (
    Head(key="file_only", width=34),
    Head(key="member", width=20),
    Head(key="state", width=10, style="centre"),
    Head(key="reason", width=40),
    Head(key="code", width=13, style="code"),
    Head(key="name", width=24),
    Head(key="new", width=8, style="centre"),
    Head(key="errors", width=7, style="number"),
    Head(key="verifies", width=7, style="number"),
)
_LAST_HEADS = (
    Head(key="year", width=7, style="centre"),
    Head(key="edition", width=7, style="centre"),
    Head(key="sheet", width=12, style="line"),
    Head(key="agreement", width=24),
    Head(key="size", width=10, style="number"),
    Head(key="sha256", width=68, style="small"),
)
_AROUND = 15


def write_files(page: Page, sites: Sites) -> None:
    """Write the sheet: one row a receipt, by file, member and sheet."""
    form = sites.batch.form
    around = [Head(key=key, width=_AROUND, style="code", words=asked.label) for key, asked in form.surround.items()]
    rows = [_row(page, sites, receipt) for receipt in sites.batch.receipts]
    title = page.say("files.title", heading=sites.heading)
    write_list(page, title, [*_HEADS, *around, *_LAST_HEADS], rows, empty=page.say("empty.files"), frozen=1)


def _row(page: Page, sites: Sites, receipt: Receipt) -> list[str | int]:
    source, identity = receipt.source, receipt.submission.identity if receipt.submission else None
    return [
        source.file,
        source.member or "",
        sites.state(receipt),
        receipt.reason,
        sites.batch.site(receipt),
        sites.name(receipt),
        _new(page, sites, receipt),
        _open(receipt, Severity.ERROR) if receipt.submission else "",
        _open(receipt, Severity.VERIFY) if receipt.submission else "",
        *sites.surround(receipt),
        str(identity.year) if identity and identity.year else "",
        identity.edition if identity else "",
        source.sheet or "",
        _agreement(page, receipt),
        source.size,
        source.sha256,
    ]


def _open(receipt: Receipt, severity: Severity) -> int:
    return sum(finding.open and finding.severity is severity for finding in receipt.findings)


def _agreement(page: Page, receipt: Receipt) -> str:
    """Return whether what the sheet said of itself is what the checker says, and the first cell where it is not."""
    found = receipt.agreement
    if found is None:
        return ""
    if not found.differences:
        return page.say("files.agrees", program=found.program, compared=found.compared)
    first, count = found.differences[0], len(found.differences)
    values = {"program": found.program, "compared": found.compared, "count": count}
    return page.say("files.differs", cell=first.cell, sheet=first.sheet, checker=first.checker, **values)


def _new(page: Page, sites: Sites, receipt: Receipt) -> str:
    if sites.previous is None or not receipt.source.sha256:
        return page.say("files.unknown")
    return "" if receipt.source.sha256 in sites.previous else page.say("files.new")
