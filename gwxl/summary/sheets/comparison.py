"""同比: each number of this period beside that of the earlier one, and the sites that stand out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gwxl.form.definition import Form
from gwxl.records.finding import Finding, Verdict
from gwxl.records.path import Path
from gwxl.records.period import Span
from gwxl.records.receipt import Receipt
from gwxl.summary.page import Page, Put
from gwxl.summary.sheets.breakdown import KEY, Item, items, number_put
from gwxl.summary.sheets.problems import severity_put
from gwxl.summary.sites import Sites
from gwxl.summary.styles import EDGE
from gwxl.totals.arithmetic import Number
from gwxl.totals.comparing import Compared, figures, find_growth, share
from gwxl.writer.printing import page_breaks, set_up_print

_WIDTHS = (13, 34, 6, 17, 17, 17, 11, 11)
HEADS = ("number", "item", "unit", "this", "last", "change", "change_share", "comparable")
STANDING_OUT = ("code", "item", "severity", "this", "last", "change", "change_share", "rule")
FIRST_ROW = 4
_PERCENT = f"0.0%{EDGE}"


def name_comparison(span: Span | None) -> str:
    """Return the name of the sheet below ``summary.sheet.``: year by year is told from shorter periods."""
    return "comparison" if span in {None, Span.YEAR} else "comparison_short"


def write_comparison(page: Page, sites: Sites) -> None:
    """Write the sheet: a band a section, a row a number; below, a row a number that a rule on last year names."""
    page.widths(*_WIDTHS)
    period = sites.last.period.label(sites.language) if sites.last else ""
    page.line(Put(page.say("comparison.title", heading=sites.heading, period=period), "title"), height=26)
    form, counts = sites.batch.form, {"found": len(sites.pairs), "of": len(sites.batch.accepted)}
    page.line(Put(form.say("summary.comparison.note", **counts), "note"))
    page.line(*_heads(form, HEADS), Put(KEY, "key"))
    page.hide(len(HEADS) + 1)
    headings = set(_fields(page, sites))
    page.skip()
    headings.add(_band(page, form.say("summary.comparison.outliers")))
    headings.add(page.line(*_heads(form, STANDING_OUT)))
    rows = [page.line(*_cells(page, sites, one)) for one in _outliers(sites)]
    if not rows:
        page.line(Put(form.say("summary.comparison.none"), "note"))
    _print(page, headings)


def _heads(form: Form, names: tuple[str, ...]) -> Iterator[Put]:
    return (Put(form.say(f"summary.head.{name}"), "head") for name in names)


def _band(page: Page, label: str, number: str = "") -> int:
    blank = [Put(None, "band") for _ in HEADS[2:]]
    return page.line(Put(number, "band_head"), Put(label, "band"), *blank, height=20)


def _fields(page: Page, sites: Sites) -> Iterator[int]:
    """Write the numbers of each section that has any, and yield the rows of the bands."""
    for section in sites.batch.form.sections:
        numbers = [item for field in section.fields for item in items(page, field) if item.path in sites.compared]
        if numbers:
            yield _band(page, section.label, section.number)
        for item in numbers:
            found = sites.compared[item.path]
            label = Put(sites.batch.form.label(item.path), "text")
            cells = [Put(item.number, "centre"), label, Put(item.unit, "centre"), *_numbers(page, sites, item, found)]
            page.line(*cells, Put(f"{found.n} / {found.of}", "of"), Put(item.key, "key"))


def _numbers(page: Page, sites: Sites, item: Item, found: Compared) -> list[Put]:
    numbers = (found.this, found.last, found.change)
    return [*(number_put(page, sites, item, one) for one in numbers), Put(found.share, "number", _PERCENT)]


@dataclass(frozen=True, kw_only=True)
class _Outlier:
    """A number of a site that rules on last year name, the gravest finding first."""

    receipt: Receipt
    path: Path
    this: Number
    last: Number
    findings: Sequence[Finding]


def _outliers(sites: Sites) -> Iterator[_Outlier]:
    """Yield each number that a rule on last year names at a site, in the order of 汇总表 and of the form."""
    form = sites.batch.form
    for receipt, last in sites.pairs:
        told = [one for one in receipt.findings if _speaks_of_last(sites, one)]
        for path in sorted({path for one in told for path in one.operands}, key=form.order):
            if (both := figures(form, receipt, last, path)) is not None:
                about = sorted((one for one in told if path in one.operands), key=lambda one: one.severity.rank)
                yield _Outlier(receipt=receipt, path=path, this=both[0], last=both[1], findings=about)


def _speaks_of_last(sites: Sites, finding: Finding) -> bool:
    return finding.id in sites.rules.looking_back and finding.verdict is Verdict.FAILED


def _cells(page: Page, sites: Sites, one: _Outlier) -> list[Put]:
    form = sites.batch.form
    (item,) = items(page, form.fields[one.path.field])
    numbers = (
        number_put(page, sites, item, number) for number in (one.this, one.last, find_growth(one.this, one.last))
    )
    return [
        Put(sites.batch.site(one.receipt), "code"),
        Put(page.say("comparison.at", item=form.label(one.path), name=sites.name(one.receipt)), "text"),
        severity_put(page, one.findings[0]),
        *numbers,
        Put(share(one.this, one.last), "number", _PERCENT),
        Put(" ".join(dict.fromkeys(finding.id for finding in one.findings)), "centre"),
    ]


def _print(page: Page, headings: set[int]) -> None:
    set_up_print(page, page.language, (1, len(HEADS)), page.next_row - 1)
    page.sheet.freeze_panes(FIRST_ROW - 1, 2)
    page.sheet.repeat_rows(2, FIRST_ROW - 2)
    repeated = page.heights[FIRST_ROW - 1]
    page.breaks(page_breaks(page.heights, headings, _WIDTHS, repeated=repeated))
