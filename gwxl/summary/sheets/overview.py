"""总览: one page for whoever asks how it stands."""

from collections import Counter
from collections.abc import Iterator, Sequence

from gwxl.records.finding import Severity
from gwxl.records.period import day_in_words
from gwxl.summary.groups import Block
from gwxl.summary.page import A4, Page, Put
from gwxl.summary.sheets.main_figures import MOST_GROUPS, draw_shares, figure_rows, main_groups
from gwxl.summary.sites import Sites
from gwxl.summary.standing.joining import State
from gwxl.summary.styles import BAR
from gwxl.wording import text

_WIDTHS = (2, 36, 15, 13, 15, 15, 15, 15)
_LAST = len(_WIDTHS)
_FIGURES = 5  # the column from which on the kinds of sites stand
_COUNTS = ("received", "accepted", "passed", "errors", "verify", "held", "rejected", "superseded", "refused", "ignored")
_INNER = frozenset({"passed", "errors", "verify"})
_WAITING = ("errors", "verify", "held", "rejected", "refused")
_MOST = 5


def write_overview(page: Page, sites: Sites) -> None:
    """Write the sheet, one page to print and sign: how it stands, what is open, the main figures by kind of site."""
    page.widths(*_WIDTHS)
    row = page.line(None, Put(page.say("overview.title", heading=sites.heading), "title"), height=34)
    page.line(None, Put(page.say("overview.note"), "note"), *[None] * (_LAST - 3), Put(_day(page, sites), "day"))
    _marks(page, sites)
    _counts(page, sites)
    _next(page, sites)
    _problems(page, sites)
    _figures(page, sites)
    _signatures(page)
    page.sheet.hide_gridlines(2)
    page.sheet.set_paper(A4)
    page.sheet.fit_to_pages(1, 1)
    page.sheet.center_horizontally()
    page.sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.6)
    page.check(page.sheet.print_area(0, 0, page.next_row - 2, _LAST - 1), row, 1, "print area")


def _day(page: Page, sites: Sites) -> str:
    return page.say("overview.day", day=day_in_words(sites.day, page.language)) if sites.day else ""


def _marks(page: Page, sites: Sites) -> None:
    """Write what is read first: how many came, count, passed and are open, large."""
    counts = sites.batch.counts
    waiting = sum(getattr(counts, name) for name in _WAITING)
    marks = (("received", counts.received), ("accepted", counts.accepted), ("passed", counts.passed), ("open", waiting))
    page.skip(6)
    row, below = page.line(height=34), page.line(height=16)
    for (name, number), (first, last) in zip(marks, ((2, 2), (3, 4), (5, 6), (7, 8)), strict=True):
        page.spread(row, Put(number, "figure"), first=first, last=last)
        page.spread(below, Put(page.say(f"mark.{name}"), "figure_label"), first=first, last=last)


def _heading(page: Page, title: str, *heads: str) -> None:
    page.skip(14)
    page.line(None, Put(title, "heading"), *(Put(None, "heading") for _ in _WIDTHS[2:]), height=22)
    if heads:
        page.line(None, *(Put(page.say(f"head.{head}"), "head") for head in heads))


def _counts(page: Page, sites: Sites) -> None:
    counts = sites.batch.counts
    _heading(page, page.say("overview.counts"), "outcome", "count", "share")
    page.spread(page.next_row - 1, Put(page.say("head.meaning"), "head"), first=5, last=_LAST)
    first = page.next_row
    for name in _COUNTS:
        label = (text("mark.indent", page.language) if name in _INNER else "") + page.say(f"count.{name}")
        number = int(getattr(counts, name))
        row = page.line(None, Put(label, "text"), Put(number, "number"), Put(number, "number"))
        page.spread(row, Put(page.say(f"meaning.{name}"), "meaning"), first=5, last=_LAST)
    _bars(page, first)
    equation = {name: getattr(counts, name) for name in _COUNTS}
    page.write_across(Put(page.say("overview.equation", **equation), "plain"), first=2, last=_LAST)
    page.line(None, Put(page.say("overview.equation_accepted", **equation), "note"))
    if sites.asked is not None:
        found = sites.standings
        page.write_across(Put(page.say("overview.asked", **found.told), "strong"), first=2, last=_LAST)


def _bars(page: Page, first: int) -> None:
    # Column D holds the number of column C again, shown as a bar only.
    rule = {"type": "data_bar", "bar_only": True, "bar_solid": True, "bar_color": BAR, "data_bar_2010": True}
    page.condition(first, page.next_row - 1, 4, {**rule, "min_type": "num", "min_value": 0, "bar_border_color": BAR})


def _next(page: Page, sites: Sites) -> None:
    _heading(page, page.say("overview.next"))
    for number, words in enumerate(_steps(page, sites), 1):
        page.write_across(Put(f"{number}. {words}", "plain"), first=2, last=_LAST)


def _steps(page: Page, sites: Sites) -> Iterator[str]:
    counts, standings = sites.batch.counts, sites.standings
    open_ = {name: getattr(counts, name) for name in _WAITING}
    open_ |= {"missing": standings.counts[State.MISSING], "outside": len(standings.outside) if sites.asked else 0}
    waiting = {name: count for name, count in open_.items() if count}
    for name, count in waiting.items():
        yield page.say(f"next.{name}", count=count)
    if waiting:
        yield page.say("next.again")
    else:
        yield page.say("next.done" if counts.accepted else "next.nothing")


def _problems(page: Page, sites: Sites) -> None:
    _heading(page, page.say("overview.problems"), "problem", "sites", "share", "severity")
    page.spread(page.next_row - 1, Put(page.say("head.rule"), "head"), first=6, last=_LAST)
    first = page.next_row
    ranked = sorted(_frequent(sites).items(), key=lambda item: (-item[1], item[0][0].rank, item[0][1]))
    for (severity, rule), count in ranked[:_MOST]:
        name = Put(page.say(f"severity.{severity}"), severity)
        row = page.line(None, Put(sites.rule_title(rule) or rule, "text"), *_repeat(count), name)
        page.spread(row, Put(rule, "centre"), first=6, last=_LAST)
    if ranked:
        _bars(page, first)
    else:
        page.line(None, Put(page.say("empty.problems_open"), "note"))


def _repeat(number: int) -> tuple[Put, Put]:
    return Put(number, "number"), Put(number, "number")


def _frequent(sites: Sites) -> Counter[tuple[Severity, str]]:
    counter: Counter[tuple[Severity, str]] = Counter()
    for receipt in sites.batch.accepted:
        counter.update({(finding.severity, finding.id) for finding in receipt.findings if finding.open})
    return counter


def _figures(page: Page, sites: Sites) -> None:
    """Write the main figures, by kind of site where the form has one, and draw how the kinds share them."""
    groups = main_groups(page, sites)
    passed_too = 0 < len(groups) < MOST_GROUPS
    rows = list(figure_rows(page, sites, groups, passed_too=passed_too))
    if not rows and not groups:
        return
    form = sites.batch.form
    title = page.say("overview.kinds", by=form.fields[form.roles.by].label) if groups else page.say("overview.figures")
    _heading(page, title)
    words = [block.label for block in groups] or [page.say(f"part.{part}") for part in _SPREAD]
    words[:0] = [page.say(f"part.{_SPREAD[0]}")] if passed_too else []
    heads = [page.say(f"head.{head}") for head in ("item", "all_sites", "counted")]
    head = page.line(None, *(Put(one, "head") for one in (*heads, *words)))
    if groups:
        _sites_lines(page, sites, groups, passed_too=passed_too)
    for row in rows:
        page.line(None, *row)
    if sum(block.of > 0 for block in groups) > 1:
        page.skip(6)
        draw_shares(page, groups, range(head, page.next_row - 1), range(_FIGURES + passed_too, _LAST + 1))


_SPREAD = ("passed_value", "minimum", "median", "maximum")


def _sites_lines(page: Page, sites: Sites, groups: Sequence[Block], *, passed_too: bool) -> None:
    counts = sites.batch.counts
    numbers = [Put(counts.passed, "number")] * passed_too + [Put(block.of, "number") for block in groups]
    page.line(None, Put(page.say("count.accepted_sites"), "text"), Put(counts.accepted, "total"), _OF, *numbers)
    numbers = [Put(counts.passed, "number")] * passed_too + [Put(block.passed_of, "number") for block in groups]
    page.line(None, Put(page.say("count.passed_sites"), "text"), Put(counts.passed, "total"), _OF, *numbers)


_OF = Put(None, "of")


def _signatures(page: Page) -> None:
    """Leave room to sign."""
    page.skip(14)
    names = [Put(page.say(f"sign.{name}"), "sign") for name in ("maker", "reviewer", "head")]
    line = Put(None, "sign_line")
    page.line(None, names[0], line, names[1], line, names[2], line, line, height=30)
    page.line(*[None] * (_LAST - 1), Put(page.say("sign.day"), "day"), height=24)
