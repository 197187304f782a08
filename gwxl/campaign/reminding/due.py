"""Who is to be reminded of what: those who are missing, and those who have not corrected what was sent back."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from hashlib import sha256
from pathlib import Path

from gwxl.campaign.journal import Journal, Prepared
from gwxl.campaign.roster.sites import Roster, Site
from gwxl.campaign.settings import Campaign
from gwxl.records.answered import digest_answered
from gwxl.records.submission import Status
from gwxl.returns.sent_log import SentLog
from gwxl.summary.standing.joining import Standing, State
from gwxl.summary.stored.open_items import OpenItem, read_open_items
from gwxl.summary.stored.own_process import run_aside


class About(StrEnum):
    """What somebody is reminded of."""

    MISSING = "missing"
    OPEN = "open"
    BELOW = "below"


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """What a mail is about.

    Attributes:
        to: the site, or the superior, it goes to.
        items: what is open in the return that was sent back. since: the day it was, empty where that is not known.
        attached: the workbook that goes along, None where none does. blank: it holds no answer of what was sent back.
        below: what those below a superior are to be reminded of.
    """

    to: Site
    about: About
    items: tuple[OpenItem, ...] = ()
    since: str = ""
    attached: Path | None = None
    blank: bool = False
    below: tuple["Reminder", ...] = ()


class Due:
    """What the sites of a campaign are to be reminded of."""

    def __init__(self, campaign: Campaign, roster: Roster, language: str) -> None:
        """Take a campaign and its roster; the language is that of its form."""
        self._campaign = campaign
        self._roster = roster
        self._awaited = SentLog(campaign.returns, language).find_awaited()
        self._prepared = {one.code: one for one in Journal(campaign.folder).entries(Prepared)}

    def reminders(self, sites: Iterable[Standing]) -> Iterator[Reminder]:
        """Yield a reminder for each site that is missing, or whose return was sent back and not corrected."""
        wanted = list(filter(is_due, sites))
        sent_back = frozenset(one.arrival.entry for one in wanted if one.arrival)
        items = run_aside(partial(read_open_items, entries=sent_back), self._campaign.summary) if sent_back else {}
        for one in wanted:
            yield self._remind_of_missing(one) if one.arrival is None else self._open(one, items)

    def _remind_of_missing(self, one: Standing) -> Reminder:
        to = self._roster.by_code[one.site.code]
        return Reminder(to=to, about=About.MISSING, attached=self._find_issued(to.code))

    def _find_issued(self, code: str) -> Path | None:
        """Return the personal workbook of a site as it was prepared last, None where it is not there or another."""
        entry = self._prepared.get(code)
        path = self._campaign.outbox / entry.file if entry else None
        same = entry and path and path.is_file() and sha256(path.read_bytes()).hexdigest() == entry.sha256
        return path if same else None

    def _open(self, one: Standing, items: Mapping[str, tuple[OpenItem, ...]]) -> Reminder:
        entry, digest = (one.arrival.entry, digest_answered(one.arrival.source)) if one.arrival else ("", "")
        return Reminder(
            to=self._roster.by_code[one.site.code],
            about=About.OPEN,
            items=items.get(entry, ()),
            since=one.since,
            attached=self._find_sent_back(digest),
            blank=one.arrival is not None and one.arrival.state == Status.REFUSED,
        )

    def _find_sent_back(self, digest: str) -> Path | None:
        """Return the workbook that answers a return, None where it is gone; the log that names it may be anybody's."""
        sent = self._awaited.get(digest)
        path = self._campaign.returns / sent.workbook if sent and Path(sent.workbook).name == sent.workbook else None
        return path if path and path.is_file() and not path.is_symlink() else None

    def superiors(self, reminders: Iterable[Reminder]) -> Iterator[Reminder]:
        """Yield a reminder for each superior of those who are to be reminded, in the order of the roster."""
        below: dict[str, list[Reminder]] = {}
        for one in reminders:
            below.setdefault(one.to.parent, []).append(one)
        for site in self._roster.sites:
            if site.code in below:
                yield Reminder(to=site, about=About.BELOW, below=tuple(below[site.code]))


def is_due(one: Standing) -> bool:
    """Tell whether a site is to be reminded of something."""
    return one.state is State.MISSING or one.awaited


def among(sites: Iterable[Standing], only: Collection[str]) -> tuple[Standing, ...]:
    """Return the sites of some codes, all where there are none."""
    return tuple(one for one in sites if not only or one.site.code in only)
