"""文件清单: every file that was found, and what became of it."""

from gwxl.batch.batch import ACCEPTED
from gwxl.records.finding import Severity
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source
from gwxl.summary.page import Page, Put
from gwxl.summary.sheets.lists import Head, write_list
from gwxl.summary.sheets.problems import problem_link
from gwxl.summary.sheets.table import row_link
from gwxl.summary.sites import Sites

_FIRST_HEADS = (
    Head(key="file_only", width=24, most=40),
    Head(key="member", width=15, most=30),
)
_BY = Head(key="by", width=20, most=36)
_HEADS = (
    Head(key="state", width=10),
    Head(key="reason", width=24, most=60),
    Head(key="code", width=14, most=24, style="code"),
    Head(key="name", width=20, most=36),
    Head(key="new", width=9, style="centre"),
    Head(key="errors", width=8, style="number"),
    Head(key="verifies", width=8, style="number"),
)
_LAST_HEADS = (
    Head(key="year", width=8, style="centre"),
    Head(key="edition", width=8, style="centre"),
    Head(key="sheet", width=10, most=20),
    Head(key="agreement", width=24, most=60),
    Head(key="size", width=11, style="number"),
    Head(key="id", width=6, style="key", hidden=True),
    Head(key="sha256", width=14, style="digest"),
)
_CAME = Head(key="came", width=24, most=60)


def way(source: Source) -> str:
    """Return the summaries a return came by, in a line; empty for one that was read here."""
    return "｜".join(source.by)


def write_files(page: Page, sites: Sites) -> None:
    """Write the sheet: one row a receipt, by file, member and sheet; a returned file is named, never linked."""
    form = sites.batch.form
    around = [Head(key=key, width=12, most=36, style="code", words=one.label) for key, one in form.surround.items()]
    below = any(receipt.source.by for receipt in sites.listed)
    rows = [_row(page, sites, receipt, below=below) for receipt in sites.listed]
    title = page.say("files.title", heading=sites.heading)
    by, came = [_BY] if below else [], [_CAME] if sites.came else []
    heads = [*_FIRST_HEADS, *by, *_HEADS, *around, *came, *_LAST_HEADS]
    write_list(page, title, heads, rows, empty=page.say("empty.files"), frozen=1)


def _row(page: Page, sites: Sites, receipt: Receipt, *, below: bool) -> list[Put | str | int]:
    source, identity = receipt.source, receipt.submission.identity if receipt.submission else None
    return [
        source.file,
        source.member or "",
        *([way(source)] if below else []),
        _state(sites, receipt),
        receipt.reason,
        sites.batch.site(receipt),
        sites.name(receipt),
        _new(page, sites, receipt),
        _open(sites, receipt, Severity.ERROR),
        _open(sites, receipt, Severity.VERIFY),
        *sites.surround(receipt),
        *([sites.came[source.file].words if source.file in sites.came else ""] if sites.came else []),
        str(identity.period) if identity else "",
        identity.edition if identity else "",
        source.sheet or "",
        _agreement(page, receipt),
        source.size,
        sites.entry(receipt),
        source.sha256,
    ]


def _state(sites: Sites, receipt: Receipt) -> Put:
    """Return what became of a receipt, as a link to its row in 汇总表, or to its findings where it has none there."""
    words, style = sites.state(receipt), sites.state_style(receipt)
    if receipt.status in ACCEPTED:
        return Put(row_link(sites, receipt, "A", words), style)
    return Put(problem_link(sites, receipt, words) if receipt.findings else words, style)


def _open(sites: Sites, receipt: Receipt, severity: Severity) -> Put | str | int:
    """Return how many findings of a severity are open, as a link to them."""
    if receipt.submission is None:
        return ""
    count = sum(finding.open and finding.severity is severity for finding in receipt.findings)
    return Put(problem_link(sites, receipt, count), "link_number") if count else 0


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
    if sites.known is None or not receipt.source.sha256:
        return page.say("files.unknown")
    return "" if receipt.source.sha256 in sites.known else page.say("files.new")
