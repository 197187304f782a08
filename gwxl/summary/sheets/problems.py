"""问题清单: every finding, gravest first within a site."""

from collections.abc import Iterator

from gwxl.records.finding import Finding, Verdict
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.summary.page import Page, Put
from gwxl.summary.sheets.lists import Head, write_list
from gwxl.summary.sites import Sites

_HEADS = (
    Head(key="severity", width=9),
    Head(key="rule", width=11, style="centre"),
    Head(key="rule_title", width=32),
    Head(key="code", width=13, style="code"),
    Head(key="name", width=24),
    Head(key="cell", width=8, style="centre"),
    Head(key="found", width=16),
    Head(key="message", width=52),
    Head(key="expected", width=20),
    Head(key="proposal", width=12),
    Head(key="settled", width=22),
    Head(key="sheet", width=12, style="line"),
    Head(key="file", width=30, style="small"),
    Head(key="state", width=9, style="centre"),
)


def write_problems(page: Page, sites: Sites) -> None:
    """Write the sheet: the findings of each receipt, those that were read first by site, then the rest by file."""
    rows = [_row(page, sites, receipt, finding) for receipt in _receipts(sites) for finding in receipt.findings]
    title = page.say("problems.title", heading=sites.heading)
    write_list(page, title, _HEADS, rows, empty=page.say("empty.problems"), frozen=2)


def _receipts(sites: Sites) -> Iterator[Receipt]:
    yield from sites.batch.accepted
    yield from sites.batch.of(Status.HELD, Status.REJECTED, Status.SUPERSEDED, Status.REFUSED, Status.IGNORED)


def _row(page: Page, sites: Sites, receipt: Receipt, finding: Finding) -> list[Put | str]:
    return [
        severity_put(page, finding),
        finding.id,
        sites.rule_title(finding.id),
        sites.batch.site(receipt),
        sites.name(receipt),
        finding.source.address if finding.source else "",
        finding.value or "",
        sites.message(receipt, finding),
        finding.expected,
        finding.proposal or "",
        _settled(page, finding),
        finding.source.sheet if finding.source else receipt.source.sheet or "",
        receipt.source.name,
        sites.state(receipt),
    ]


def severity_put(page: Page, finding: Finding) -> Put:
    """Return the cell that says how much a finding weighs, with a sign beside the word."""
    name = Verdict.UNJUDGED if finding.verdict is Verdict.UNJUDGED else finding.severity
    return Put(page.say(f"severity.{name}"), finding.severity)


def _settled(page: Page, finding: Finding) -> str:
    words = finding.explanation or ""
    return page.say("problems.settled", words=words) if finding.settled else words
