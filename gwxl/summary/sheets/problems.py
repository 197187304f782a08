"""问题清单: every finding, gravest first within a site."""

from collections.abc import Iterator

from gwxl.batch.batch import ACCEPTED
from gwxl.records.finding import Finding, Severity, Verdict
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.summary.page import Formula, Page, Put, link, row_of
from gwxl.summary.sheets.lists import FIRST_ROW, Head, letters_of, write_list
from gwxl.summary.sheets.table import place_of, row_link
from gwxl.summary.sites import Sites
from gwxl.wording import catalogue

_HEADS = (
    Head(key="severity", width=10),
    Head(key="code", width=13, most=24, style="code"),
    Head(key="name", width=14, most=24),
    Head(key="cell", width=9, style="centre"),
    Head(key="rule_title", width=16, most=26),
    Head(key="found", width=10, most=18),
    Head(key="message", width=70),
    Head(key="expected", width=16, most=36),
    Head(key="proposal", width=10, most=24),
    Head(key="settled", width=12, most=40),
    Head(key="sheet", width=10, most=20),
    Head(key="state", width=10),
    Head(key="file", width=20, most=38, style="small"),
    Head(key="rule", width=9, style="of"),
    Head(key="id", width=6, style="key", hidden=True),
    Head(key="open", width=6, style="key", hidden=True),
)
NOWHERE = "-"
"""What stands in the hidden column of what is open where a finding names no answer; else its path."""


def write_problems(page: Page, sites: Sites) -> None:
    """Write the sheet: the findings of each receipt, those that were read first by site, then the rest by file.

    What waits for another answer to be judged stands behind all of them: nobody can do anything about it yet.
    """
    found = [(receipt, finding) for receipt in _receipts(sites) for finding in receipt.findings]
    ordered = sorted(found, key=lambda item: item[1].verdict is Verdict.UNJUDGED)
    rows = [_row(page, sites, receipt, finding) for receipt, finding in ordered]
    title = page.say("problems.title", heading=sites.heading)
    note = page.say("problems.note")
    write_list(page, title, _HEADS, rows, empty=page.say("empty.problems"), frozen=3, note=note)


def problem_link(sites: Sites, receipt: Receipt, shown: str | int) -> Formula:
    """Return a link to the first finding of a receipt."""
    title, count = sites.title("problems"), sum(len(one.findings) for one in sites.batch.receipts)
    row = row_of(title, letters_of(_HEADS, "id"), FIRST_ROW - 1 + count, sites.entry(receipt))
    return link(title, "A", row, shown)


def _receipts(sites: Sites) -> Iterator[Receipt]:
    yield from sites.batch.accepted
    for status in (Status.HELD, Status.REJECTED, Status.SUPERSEDED, Status.REFUSED, Status.IGNORED):
        yield from (receipt for receipt in sites.listed if receipt.status is status)


def _row(page: Page, sites: Sites, receipt: Receipt, finding: Finding) -> list[Put | str]:
    return [
        severity_put(page, finding),
        sites.batch.site(receipt),
        sites.name(receipt),
        _cell(sites, receipt, finding),
        _title(page, sites, finding),
        finding.value or "",
        sites.message(receipt, finding),
        finding.expected,
        finding.proposal or "",
        _tell_settled(page, finding),
        finding.source.sheet if finding.source else receipt.source.sheet or "",
        Put(sites.state(receipt), sites.state_style(receipt)),
        receipt.source.name,
        "" if _unread(finding) else finding.id,
        sites.entry(receipt),
        _open(finding),
    ]


def _open(finding: Finding) -> str:
    waits = finding.open and finding.severity is not Severity.HINT
    return (finding.key or NOWHERE) if waits else ""


def _cell(sites: Sites, receipt: Receipt, finding: Finding) -> Put | str:
    """Return the cell a finding names, as a link to where 汇总表 shows what stands there."""
    address = finding.source.address if finding.source else ""
    letters = place_of(sites, finding.key)
    if not address or not letters or receipt.status not in ACCEPTED:
        return address
    return Put(row_link(sites, receipt, letters, address), "link")


def _title(page: Page, sites: Sites, finding: Finding) -> str:
    """Return in a few words what a finding is about."""
    unread = _unread(finding)
    return page.say(f"problems.{unread}") if unread else sites.rule_title(finding.id)


def _unread(finding: Finding) -> str:
    """Return what was not read, where the id of a finding is a word of the program and no rule: a file or a summary."""
    if f"refused.{finding.id}" in catalogue():
        return "unreadable"
    of_level = finding.id.removeprefix("level_")
    return "below_held" if of_level != finding.id and f"level.{of_level}" in catalogue() else ""


def severity_put(page: Page, finding: Finding) -> Put:
    """Return the cell that says how much a finding weighs, with a sign beside the word."""
    name = Verdict.UNJUDGED if finding.verdict is Verdict.UNJUDGED else finding.severity
    return Put(page.say(f"severity.{name}"), finding.severity)


def _tell_settled(page: Page, finding: Finding) -> str:
    words = finding.explanation or ""
    return page.say("problems.settled", words=words) if finding.settled else words
