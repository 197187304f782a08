"""The part of a page that says who was asked, who has replied, and when."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate

from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.reporting.numbers import Values, bar_of
from gwxl.summary.standing.asked import Asked
from gwxl.summary.standing.joining import Standing, Standings, State, join
from gwxl.summary.stored.account import Account

_MOST_MISSING = 100


def join_standings(account: Account) -> Standings | None:
    """Return how each that was asked stands, None where the summary does not know who was."""
    return join(Asked(sites=account.stood.sites), account.stood.arrivals, None) if account.stood else None


def describe_replies(form: Form, account: Account, deadline: date | None) -> Values | None:
    """Return what the template names of replies: by direct superior, by day, and who is missing; None for nothing."""
    standings = join_standings(account)
    parents = list(_list_parents(form, standings)) if standings else []
    days = list(_list_days(form, account.days, deadline))
    missing = [one for one in standings.sites if one.state is State.MISSING] if standings else []
    if not (parents or days):
        return None
    left = len(missing) - _MOST_MISSING
    return {
        "parents": parents,
        "days": days,
        "deadline": form.say("report.deadline", day=deadline.isoformat()) if deadline and days else "",
        "missing": [_name(one) for one in missing[:_MOST_MISSING]],
        "more_missing": form.say("report.more_missing", count=left) if left > 0 else "",
    }


def _list_parents(form: Form, standings: Standings) -> Iterator[Values]:
    """Yield a line a direct superior, one of all behind them where there are several."""
    names = {one.site.code: one.site.name for one in standings.sites}
    groups = [
        (names[code] if code else form.say("report.no_parent"), sites) for code, sites in standings.by_parent.items()
    ]
    if len(groups) != 1:
        groups.append((form.say("report.all"), standings.sites))
    for name, sites in groups if len(groups) > 1 else [(form.say("report.all"), standings.sites)]:
        yield _parent_line(name, sites)


def _parent_line(name: str, sites: Sequence[Standing]) -> Values:
    replied = sum(one.state is not State.MISSING for one in sites)
    passed = sum(one.state is State.PASSED for one in sites)
    return {
        "label": inert_line(name),
        "asked": f"{len(sites):,}",
        "reported": f"{replied:,}",
        "passed": f"{passed:,}",
        "share": f"{replied / len(sites):.1%}" if sites else "",
        "bar": bar_of(replied, len(sites)),
    }


def _list_days(form: Form, days: Sequence[date], deadline: date | None) -> Iterator[Values]:
    """Yield a line a day on which files came, with how many had come by then."""
    counts = sorted(Counter(days).items())
    most = max((count for _, count in counts), default=0)
    for (day, count), total in zip(counts, accumulate(count for _, count in counts), strict=True):
        yield {
            "label": day.isoformat(),
            "late": form.say("report.late") if deadline and day > deadline else "",
            "count": f"{count:,}",
            "total": f"{total:,}",
            "bar": bar_of(count, most),
        }


def _name(one: Standing) -> str:
    return inert_line(" ".join(filter(None, (one.site.code, one.site.name))))
