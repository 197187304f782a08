"""Join who is asked with what came in: one state for each, which add up, and marks beside it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from gwxl.records.answered import digest_answered
from gwxl.records.delivery import local_day
from gwxl.summary.standing.arrivals import GONE, IGNORED, Arrival
from gwxl.summary.standing.asked import Asked, AskedSite


class State(StrEnum):
    """How a site stands: a key below ``summary.state.``."""

    MISSING = "missing"
    HELD = "held"
    ERRORS = "errors"
    VERIFY = "verify"
    PASSED = "passed"


class Mark(StrEnum):
    """What is said beside a state: a key below ``summary.standing.mark.``."""

    OVERDUE = "overdue"
    AWAITED = "awaited"
    OTHER_CODE = "other_code"


# What counts stands for a site before what does not.
_RANK = ("passed", "verify", "errors", "held", "rejected", "refused", "superseded", "ignored")
_STATES = {"rejected": State.ERRORS, "refused": State.ERRORS}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one site stands.

    Attributes:
        site: it. arrival: what stands for it, None where nothing came.
        arrivals: all that came of it, what was replaced or ignored included.
        since: the day its return was sent back and a correction is awaited, empty where none is or it is not known.
    """

    site: AskedSite
    state: State
    marks: tuple[Mark, ...] = ()
    arrival: Arrival | None = None
    arrivals: tuple[Arrival, ...] = ()
    since: str = ""

    @property
    def awaited(self) -> bool:
        """Tell whether what stands for it was sent back and nothing came since."""
        return Mark.AWAITED in self.marks

    @property
    def clerks(self) -> bool:
        """Tell whether nothing of what stands for it is its filler's to mend, though something is open."""
        return self.arrival is not None and all(one.clerks for one in self.arrivals if one.state == self.arrival.state)

    @property
    def from_below(self) -> bool:
        """Tell whether what stands for it came by a summary of the level below."""
        return bool(self.arrival and self.arrival.source.by)


@dataclass(frozen=True, kw_only=True)
class Standings:
    """How all stand.

    Attributes:
        sites: one a site, in the order of the roster.
        outside: what came from nobody in the roster, in the order of the list of files.
        rest: what was replaced or ignored there.
    """

    sites: tuple[Standing, ...]
    outside: tuple[Arrival, ...] = ()
    rest: tuple[Arrival, ...] = ()

    @cached_property
    def counts(self) -> Mapping[State, int]:
        """Return state → how many sites; they add up to those that are asked."""
        return count_states(self.sites)

    @cached_property
    def marks(self) -> Mapping[Mark, int]:
        """Return mark → how many sites bear it."""
        found = Counter(mark for one in self.sites for mark in one.marks)
        return {mark: found[mark] for mark in Mark}

    @property
    def reported(self) -> int:
        """Return of how many sites anything came."""
        return len(self.sites) - self.counts[State.MISSING]

    @property
    def told(self) -> Mapping[str, int]:
        """Return what is said in one line: how many were asked, have reported, passed, and came from nobody."""
        passed, outside = self.counts[State.PASSED], len(self.outside)
        return {"asked": len(self.sites), "reported": self.reported, "passed": passed, "outside": outside}

    @cached_property
    def by_parent(self) -> Mapping[str, tuple[Standing, ...]]:
        """Return code of a parent → those right below it; empty for those without one, who come last."""
        found: dict[str, list[Standing]] = {}
        for one in self.sites:
            found.setdefault(one.site.parent, []).append(one)
        codes = [one.site.code for one in self.sites if one.site.code in found]
        return {code: tuple(found[code]) for code in (*codes, "") if code in found}

    @cached_property
    def astray(self) -> tuple[Standing, ...]:
        """Return the sites for which a file counts that lies in the folder of another one, of none above them.

        That one's contact has sent it, who may have filled in the workbook of somebody else.
        """
        return tuple(one for one in self.sites if self._is_astray(one))

    def _is_astray(self, one: Standing) -> bool:
        if one.arrival is None or not one.arrival.accepted or one.from_below:
            return False
        folder, _, file = one.arrival.source.file.partition("/")
        owner = self.find(folder) if file else None
        above: list[Standing] = []
        step: Standing | None = one
        while step is not None and step not in above:
            above.append(step)
            step = self.find(step.site.parent)
        return owner is not None and owner not in above

    def find(self, code: str) -> Standing | None:
        """Return how the site of a code stands, None where the roster has no such code."""
        return self._by_code.get(code.casefold())

    @cached_property
    def _by_code(self) -> Mapping[str, Standing]:
        return {one.site.code.casefold(): one for one in self.sites}


def count_states(sites: Sequence[Standing]) -> Mapping[State, int]:
    """Return state → how many of some sites."""
    found = Counter(one.state for one in sites)
    return {state: found[state] for state in State}


def join(asked: Asked, arrivals: Iterable[Arrival], day: date | None) -> Standings:
    """Return how each that is asked stands.

    Args:
        asked: who.
        arrivals: all that came in.
        day: the day of asking, None where nothing is overdue yet.
    """
    codes = {site.code.casefold(): site for site in asked.sites}
    own: dict[str, list[Arrival]] = {}
    for one in arrivals:
        own.setdefault(one.whose(codes), []).append(one)
    others = own.get("", [])
    sites = ((site, own.get(code, ())) for code, site in codes.items())
    return Standings(
        sites=tuple(
            _find_standing(site, came, asked.sent_back, late=_is_late(came, asked.deadline, day))
            for site, came in sites
        ),
        outside=tuple(one for one in others if one.state not in GONE),
        rest=tuple(one for one in others if one.state in GONE),
    )


def most_telling(arrivals: Sequence[Arrival]) -> Arrival:
    """Return which of some that came stands for all of them: the last of those in the best state."""
    best = min((one.state for one in arrivals), key=_RANK.index)
    return [one for one in arrivals if one.state == best][-1]


def _is_late(own: Sequence[Arrival], deadline: date | None, day: date | None) -> bool:
    """Tell whether nothing of a site came by a deadline: not yet, or the first by a mail that was sent after it."""
    if deadline is None or day is None:
        return False
    if all(one.state in GONE for one in own):
        return day > deadline
    came = [one for one in own if one.state != IGNORED]
    return all(one.source.sent and local_day(one.source.sent) > deadline for one in came)


def _find_standing(site: AskedSite, own: Sequence[Arrival], sent_back: Mapping[str, str], *, late: bool) -> Standing:
    standing = [one for one in own if one.state not in GONE]
    if not standing:
        marks = (Mark.OVERDUE,) if late else ()
        return Standing(site=site, state=State.MISSING, marks=marks, arrivals=tuple(own))
    telling = most_telling(standing)
    found = [one for one in standing if one.state == telling.state]
    state = _STATES.get(telling.state) or State(telling.state)
    days = [sent_back.get(digest_answered(one.source)) for one in found] if state is not State.PASSED else [None]
    awaited = [day for day in days if day is not None]
    told = {
        Mark.OVERDUE: late,
        Mark.AWAITED: len(awaited) == len(days),
        Mark.OTHER_CODE: any(one.names_another for one in standing),
    }
    return Standing(
        site=site,
        state=state,
        marks=tuple(mark for mark, true in told.items() if true),
        arrival=telling,
        arrivals=tuple(own),
        since=max(awaited) if told[Mark.AWAITED] else "",
    )
