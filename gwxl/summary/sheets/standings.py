"""报送情况: how each one that was asked stands, and what came from nobody in the roster."""

from collections.abc import Iterator, Mapping

from gwxl.batch.batch import ACCEPTED
from gwxl.records.finding import Severity
from gwxl.summary.page import Page, Put
from gwxl.summary.record import Digest
from gwxl.summary.sheets.lists import Head, write_list
from gwxl.summary.sheets.problems import problem_link
from gwxl.summary.sheets.table import row_link
from gwxl.summary.sites import Sites
from gwxl.summary.standing.arrivals import Arrival
from gwxl.summary.standing.joining import Standing, Standings, State, count_states
from gwxl.summary.standing.record import DIGEST_ROW, NAME, record_cells

_STYLES: Mapping[State, str] = {
    State.MISSING: "unsent",
    State.HELD: Severity.VERIFY,
    State.ERRORS: Severity.ERROR,
    State.VERIFY: Severity.VERIFY,
    State.PASSED: "fine",
}

Cells = Mapping[str, Put | str | int]
"""Key of a column → what stands in it."""


def write_standings(page: Page, sites: Sites) -> None:
    """Write the sheet: a row a site in the order of the roster, below them what came from nobody in it."""
    standings = sites.standings
    heads, hidden = _heads(standings), list[str]()
    rows: list[Cells] = []
    for one in standings.sites:
        words, *more = record_cells(one.site, one.arrivals)
        hidden += more
        rows.append({**_cells(page, sites, one), NAME: words})
    for arrival in standings.outside:
        (words,) = record_cells(None, [arrival])
        rows.append({**_outside(page, sites, arrival), NAME: words})
    hidden += record_cells(None, standings.rest)
    title = page.say("standing.title", heading=sites.heading)
    cells = [[row.get(head.key, "") for head in heads] for row in rows]
    write_list(page, title, heads, cells, empty=page.say("empty.standing"), frozen=3, note=equation(page, standings))
    digest = Digest()
    for words in hidden:
        page.line(*[None] * (len(heads) - 1), Put(words, "key"), hidden=True)
    for words in (*(str(row[NAME]) for row in rows), *hidden):
        digest.add(words)
    page.fill(DIGEST_ROW, len(heads), Put(digest.words(), "key"))


def equation(page: Page, standings: Standings) -> str:
    """Return in words how many are asked and how they stand."""
    counts = {str(state): count for state, count in standings.counts.items()}
    return page.say("standing.equation", asked=len(standings.sites), outside=len(standings.outside), **counts)


def _heads(standings: Standings) -> list[Head]:
    parents = any(one.site.code in standings.by_parent for one in standings.sites)
    below = [Head(key=f"below_{one}", width=9, style="number") for one in ("asked", *State)]
    return [
        Head(key="state", width=11),
        Head(key="code", width=14, most=24, style="code"),
        Head(key="name", width=20, most=40),
        *([Head(key="parent", width=14, most=28)] if parents else []),
        Head(key="marks", width=12, most=36),
        Head(key="since", width=13, style="centre"),
        Head(key="file", width=20, most=38, style="small"),
        *(below if parents else []),
        Head(key=NAME, width=6, style="key", hidden=True),
    ]


def _cells(page: Page, sites: Sites, one: Standing) -> Cells:
    standings = sites.standings
    parent = standings.find(one.site.parent)
    marks = (sites.batch.form.say(f"standing.{mark}") for mark in one.marks)
    return {
        "state": _state(page, sites, one),
        "code": one.site.code,
        "name": one.site.name,
        "parent": parent.site.name if parent else "",
        "marks": page.say("standing.between").join(marks),
        "since": one.since,
        "file": one.arrival.source.name if one.arrival else "",
        **dict(_below(standings, one)),
    }


def _state(page: Page, sites: Sites, one: Standing) -> Put:
    """Return the state in a word, as a link to where it is told more of."""
    words, style = page.say(f"state.{one.state}"), _STYLES[one.state]
    if one.arrival is None:
        return Put(words, style)
    receipt = sites.listed[int(one.arrival.entry) - 1]
    if receipt.status in ACCEPTED:
        return Put(row_link(sites, receipt, "A", words), style)
    return Put(problem_link(sites, receipt, words) if receipt.findings else words, style)


def _below(standings: Standings, one: Standing) -> Iterator[tuple[str, int]]:
    """Yield how many are right below a site, and how they stand."""
    below = standings.by_parent.get(one.site.code)
    if below:
        yield "below_asked", len(below)
        yield from ((f"below_{state}", count) for state, count in count_states(below).items())


def _outside(page: Page, sites: Sites, one: Arrival) -> Cells:
    receipt = sites.listed[int(one.entry) - 1]
    return {
        "state": Put(page.say("standing.outside"), Severity.HINT),
        "code": one.code,
        "name": sites.name(receipt),
        "marks": sites.state(receipt),
        "file": one.source.name,
    }
