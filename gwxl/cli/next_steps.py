"""What is to be done next in a campaign: only what there is to do, with the file to open and the command to run."""

from collections.abc import Iterator, Sequence

from gwxl import Campaign, Stock
from gwxl.cli.language import say
from gwxl.cli.shell_quoting import quote
from gwxl.summary.standing.joining import State

_FAULTY = frozenset({State.ERRORS, State.VERIFY})
_SHOWN = 5  # summaries of the level below named one by one


def next_steps(stock: Stock, found: Campaign) -> tuple[str, ...]:
    """Return what is to be done, in this order; none where everything passed."""
    merge = " ".join(["gwxl merge", *_summaries_below(stock)])
    if first := _first_step(stock, found, merge):
        return (first,)
    return (*_own_steps(stock, found, merge), *_others_steps(stock))


def _summaries_below(stock: Stock) -> Sequence[str]:
    """Return the summaries of the level below as they are named to a merge, for each has to be named again."""
    standings = stock.standings
    came = (*(arrival for one in standings.sites for arrival in one.arrivals), *standings.outside, *standings.rest)
    names = [*dict.fromkeys(quote(arrival.source.by[0]) for arrival in came if arrival.source.by)]
    return [*names[:_SHOWN], "…"] if len(names) > _SHOWN else names


def _first_step(stock: Stock, found: Campaign, merge: str) -> str:
    """Return what comes before anything else can be told; empty where nothing does."""
    if stock.later:
        return say("status.next_merge", count=stock.later, merge=merge)
    if stock.merged is not None:
        return ""
    if found.summary.exists():
        return say("status.next_merge_roster", merge=merge)
    if not stock.issued:
        return say("status.next_issue")
    return say("status.next_collect", inbox=quote(found.inbox), merge=merge)


def _own_steps(stock: Stock, found: Campaign, merge: str) -> Iterator[str]:
    """Yield what the clerk decides: what is held or compared with others, and what nobody in the roster sent."""
    standings, known = stock.standings, {"decisions": quote(stock.decisions), "merge": merge}
    if held := sum(one.state is State.HELD and not one.from_below for one in standings.sites):
        yield say("status.next_decide", count=held, **known)
    faulty = [one for one in standings.sites if one.state in _FAULTY and not one.from_below]
    if compared := sum(one.clerks for one in faulty):
        yield say("status.next_settle", count=compared, **known)
    if strange := sum(bool(one.code) for one in standings.outside):
        yield say("status.next_roster", count=strange, roster=quote(found.roster), **known)
    if nameless := len(standings.outside) - strange:
        yield say("status.next_whose", count=nameless, inbox=quote(found.inbox), **known)


def _others_steps(stock: Stock) -> Iterator[str]:
    """Yield what others are to be asked for."""
    sites = stock.standings.sites
    if below := [one for one in sites if one.from_below and one.state is not State.PASSED]:
        names = dict.fromkeys(quote(one.arrival.source.by[0]) for one in below if one.arrival)
        yield say("status.next_below", count=len(below), summaries=say("status.between").join([*names][:_SHOWN]))
    own = [one for one in sites if not one.from_below]
    if sendable := sum(one.state in _FAULTY and not one.awaited and not one.clerks for one in own):
        yield say("status.next_return", count=sendable)
    if open_ones := sum(one.state is State.MISSING or one.awaited for one in own):
        yield say("status.next_remind", count=open_ones)
