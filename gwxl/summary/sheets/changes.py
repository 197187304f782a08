"""读数记录: the cells that were read as something else than they say, where a person may see it otherwise."""

from gwxl.records.receipt import Receipt
from gwxl.records.submission import Answer
from gwxl.summary.page import Page
from gwxl.summary.sheets.lists import Head, write_list
from gwxl.summary.sites import Sites

# A full-width digit or a blank at the end leaves no doubt; where it stood is told in 数据来源.
_DOUBTFUL = frozenset({"none", "own_label", "unticked", "number_as_text", "date"})
_HEADS = (
    Head(key="code", width=13, most=24, style="code"),
    Head(key="name", width=20, most=36),
    Head(key="item", width=20, most=40),
    Head(key="raw", width=16, most=36),
    Head(key="read_as", width=16, most=36),
    Head(key="why", width=20, most=50),
    Head(key="sheet", width=10, most=20, style="text"),
    Head(key="cell", width=9, style="centre"),
    Head(key="file", width=20, most=38, style="small"),
)


def write_changes(page: Page, sites: Sites) -> None:
    """Write the sheet: the doubtful changes of the accepted returns, by site and in form order."""
    rows = [
        row
        for receipt in sites.batch.accepted
        if receipt.submission
        for answer in (*receipt.submission.answers.values(), *receipt.submission.reread)
        for row in _rows(sites, receipt, answer)
    ]
    title = page.say("changes.title", heading=sites.heading)
    write_list(page, title, _HEADS, rows, empty=page.say("empty.changes"), frozen=2, note=page.say("changes.note"))


def _rows(sites: Sites, receipt: Receipt, answer: Answer) -> list[list[str]]:
    return [
        [
            sites.batch.site(receipt),
            sites.name(receipt),
            sites.batch.form.label(change.key),
            change.raw,
            change.value,
            sites.batch.form.say(f"change.{change.kind}"),
            answer.cell.sheet if answer.cell else "",
            answer.cell.address if answer.cell else "",
            receipt.source.name,
        ]
        for change in answer.changes
        if change.kind in _DOUBTFUL
    ]
