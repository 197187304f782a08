"""总览: one page for whoever asks how it stands."""

from collections import Counter
from collections.abc import Iterator

from gwxl.form.definition import Field
from gwxl.form.kinds import Aggregate
from gwxl.records.finding import Severity
from gwxl.summary.columns import plain
from gwxl.summary.page import A4, Page, Put, fits
from gwxl.summary.sites import Sites
from gwxl.summary.styles import BAR
from gwxl.totals.arithmetic import Number

_WIDTHS = (2, 36, 15, 20, 15, 13)
_COUNTS = ("received", "accepted", "passed", "errors", "verify", "held", "rejected", "superseded", "refused", "ignored")
_INNER = frozenset({"passed", "errors", "verify"})
_MOST = 8


def write_overview(page: Page, sites: Sites) -> None:
    """Write the sheet: what came in, what to do, the frequent problems, the main figures, the kinds of sites."""
    page.widths(*_WIDTHS)
    page.line(None, Put(page.say("overview.title", heading=sites.heading), "title"), height=34)
    page.line(None, Put(page.say("overview.note"), "note"))
    _counts(page, sites)
    _next(page, sites)
    _problems(page, sites)
    _figures(page, sites)
    _kinds(page, sites)
    page.sheet.hide_gridlines(2)
    page.sheet.set_paper(A4)
    page.sheet.fit_to_pages(1, 1)
    page.sheet.center_horizontally()
    page.sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)


def _heading(page: Page, title: str, *heads: str) -> None:
    page.skip(14)
    page.line(None, Put(title, "heading"), *(Put(None, "heading") for _ in _WIDTHS[2:]), height=22)
    if heads:
        page.line(None, *(Put(page.say(f"head.{head}") if head else "", "head") for head in heads), height=18)


def _counts(page: Page, sites: Sites) -> None:
    counts = sites.batch.counts
    _heading(page, page.say("overview.counts"), "outcome", "count", "share", "meaning", "")
    first = page.next_row
    for name in _COUNTS:
        label = ("　" if name in _INNER else "") + page.say(f"count.{name}")
        number = int(getattr(counts, name))
        meaning = Put(page.say(f"meaning.{name}"), "note")
        page.line(None, Put(label, "text"), Put(number, "number"), Put(number, "number"), meaning)
    _bars(page, first)
    equation = {name: getattr(counts, name) for name in _COUNTS}
    page.line(None, Put(page.say("overview.equation", **equation), "strong"), height=20)
    page.line(None, Put(page.say("overview.equation_accepted", **equation), "note"))


def _bars(page: Page, first: int) -> None:
    # Column D holds the number of column C again, shown as a bar only.
    rule = {"type": "data_bar", "bar_only": True, "bar_solid": True, "bar_color": BAR, "data_bar_2010": True}
    page.condition(first, page.next_row - 1, 4, {**rule, "min_type": "num", "min_value": 0, "bar_border_color": BAR})


def _next(page: Page, sites: Sites) -> None:
    _heading(page, page.say("overview.next"))
    for number, words in enumerate(_steps(page, sites), 1):
        page.across(Put(f"{number}. {words}", "plain"), first=2, last=len(_WIDTHS))


def _steps(page: Page, sites: Sites) -> Iterator[str]:
    counts = sites.batch.counts
    waiting = [name for name in ("errors", "verify", "held", "rejected", "refused") if getattr(counts, name)]
    for name in waiting:
        yield page.say(f"next.{name}", count=getattr(counts, name))
    if waiting:
        yield page.say("next.again")
    else:
        yield page.say("next.done" if counts.accepted else "next.nothing")


def _problems(page: Page, sites: Sites) -> None:
    _heading(page, page.say("overview.problems"), "problem", "sites", "share", "severity", "rule")
    first = page.next_row
    ranked = sorted(_frequent(sites).items(), key=lambda item: (-item[1], item[0][0].rank, item[0][1]))
    for (severity, rule), count in ranked[:_MOST]:
        name = Put(page.say(f"severity.{severity}"), severity)
        page.line(None, Put(sites.rule_title(rule) or rule, "text"), *_twice(count), name, Put(rule, "centre"))
    if ranked:
        _bars(page, first)
    else:
        page.line(None, Put(page.say("empty.problems_open"), "note"))


def _twice(number: int) -> tuple[Put, Put]:
    return Put(number, "number"), Put(number, "number")


def _frequent(sites: Sites) -> Counter[tuple[Severity, str]]:
    counter: Counter[tuple[Severity, str]] = Counter()
    for receipt in sites.batch.accepted:
        counter.update({(finding.severity, finding.id) for finding in receipt.findings if finding.open})
    return counter


def _figures(page: Page, sites: Sites) -> None:
    fields = [field for section in sites.batch.form.sections if (field := _first_sum(section.fields))]
    if not fields:
        return
    _heading(page, page.say("overview.figures"), "item", "all_sites", "counted", "passed_sites", "unit")
    for field in fields:
        total, passed = sites.totals[field.path], sites.totals_passed[field.path]
        words = sites.batch.form.label(field.path) + (page.say("note_line", note=field.note) if field.note else "")
        counted = Put(page.say("overview.of", n=total.n, of=total.of), "of")
        page.line(
            None,
            Put(words, "text"),
            _number(page, total.value),
            counted,
            _number(page, passed.value),
            Put(field.unit, "centre"),
        )


def _first_sum(fields: tuple[Field, ...]) -> Field | None:
    return next((field for field in fields if field.aggregate is Aggregate.SUM), None)


def _number(page: Page, value: object) -> Put:
    if not isinstance(value, Number):
        return Put(None, "number")
    return Put(value, "number") if fits(value) else Put(page.say("long_number", value=plain(value)), "exact")


def _kinds(page: Page, sites: Sites) -> None:
    form = sites.batch.form
    if not form.roles.by or not sites.batch.accepted:
        return
    field = form.fields[form.roles.by]
    value, passed = sites.totals[field.path].value, sites.totals_passed[field.path].value
    if not isinstance(value, dict) or not isinstance(passed, dict):
        return
    _heading(page, page.say("overview.kinds", by=field.label), "kind_of_site", "sites", "share", "passed_sites", "")
    first = page.next_row
    for choice in field.choices:
        page.line(None, Put(choice.label, "text"), *_twice(value[choice.key]), Put(passed[choice.key], "number"))
    _bars(page, first)
