"""Remind the sites of a campaign, or the superiors of those who are open, each once a day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from gwxl.campaign.collecting.entries import Message
from gwxl.campaign.journal import Journal
from gwxl.campaign.reminding.drafting import Drafts, Reminded
from gwxl.campaign.reminding.due import About, Due, Reminder, among, is_due
from gwxl.campaign.roster.reading import read_roster
from gwxl.campaign.roster.sites import Site
from gwxl.campaign.settings import Campaign
from gwxl.campaign.standing import take_stock
from gwxl.errors import SettingsError
from gwxl.files.folder_lock import wait_for_others
from gwxl.summary.standing.joining import Standing, State
from gwxl.terms import Terms
from gwxl.wording import each

_FAULTY = frozenset({State.ERRORS, State.VERIFY})


@dataclass(frozen=True, kw_only=True)
class Reminders:
    """What was prepared, or would be.

    Attributes:
        folder: the outbox. mails: what each is about, in the order of the roster. files: of each, its name there.
        earlier: how many that were due had been prepared that day before.
        unsent: sites with something to mend that was not sent back yet, so that nobody can be reminded of it.
        bounced: those who are written to at an address from which a mail came back.
        headless: open sites without a superior, where the superiors are written to.
        idle: those among the named codes of whom there is nothing to remind.
    """

    folder: Path
    mails: tuple[Reminder, ...]
    files: tuple[str, ...]
    earlier: int
    unsent: tuple[Standing, ...]
    bounced: tuple[Site, ...] = ()
    headless: tuple[Site, ...] = ()
    idle: tuple[Standing, ...] = ()

    @property
    def bare(self) -> tuple[Site, ...]:
        """Return those who are missing and have no workbook of their own that could be attached."""
        return tuple(one.to for one in self.mails if one.about is About.MISSING and one.attached is None)

    @property
    def unaddressed(self) -> tuple[Site, ...]:
        """Return those whose mail the roster does not say."""
        return tuple(one.to for one in self.mails if not one.to.mail)


def remind(
    terms: Terms,
    campaign: Campaign,
    only: frozenset[str] = frozenset(),
    *,
    escalate: bool = False,
    again: bool = False,
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Reminders:
    """Write the draft of a mail into the outbox for each site that is missing or has not corrected what was sent back.

    The journal notes who was reminded of what and when. While files wait to be merged, nobody is.

    Args:
        terms: the form and the day; without one it is the day by the clock.
        campaign: whose roster, summary, returns and journal.
        only: no other sites than these codes.
        escalate: write to the superiors instead, one mail each that lists who is open right below it.
        again: remind once more those who were reminded that day.
        dry_run: write nothing.
        progress: called with (mails done, mails in all).

    Raises:
        SettingsError: a code is not in the roster, files wait to be merged, or summary or journal cannot be used.
        CampaignError: the roster cannot be read, or holds mistakes.
        OutputError, FormError: a mail cannot be written or rendered, or the log of what was sent back cannot be read.
    """
    day, roster = _today(terms), read_roster(terms, campaign.roster)
    roster.refuse_strangers(only)
    with wait_for_others(campaign.folder):
        journal, drafts = Journal(campaign.folder), Drafts(terms, campaign, roster, day)
        sites = among(_list_merged(replace(terms, today=day), campaign), only)
        due = Due(campaign, roster, terms.language)
        open_ones = tuple(due.reminders(sites))
        wanted = tuple(due.superiors(open_ones)) if escalate else open_ones
        mails = wanted if again else _leave_out_reminded(wanted, journal, day)
        for done, one in enumerate(() if dry_run else mails, 1):
            journal.note([drafts.write(one, again=again)])
            progress(done, len(mails))
    return Reminders(
        folder=campaign.outbox,
        mails=mails,
        files=tuple(map(drafts.name, mails)),
        earlier=len(wanted) - len(mails),
        unsent=tuple(filter(_is_unsent, sites)),
        bounced=_find_bounced(journal, [one.to for one in mails]),
        headless=tuple(one.to for one in open_ones if not one.to.parent) if escalate else (),
        idle=tuple(one for one in sites if only and not is_due(one)),
    )


def _leave_out_reminded(wanted: Sequence[Reminder], journal: Journal, day: date) -> tuple[Reminder, ...]:
    before = {(one.code, one.about) for one in journal.entries(Reminded) if one.day == str(day)}
    return tuple(one for one in wanted if (one.to.code, one.about) not in before)


def _is_unsent(one: Standing) -> bool:
    return one.state in _FAULTY and not (one.awaited or one.from_below or one.clerks)


def _find_bounced(journal: Journal, sites: Sequence[Site]) -> tuple[Site, ...]:
    lost = {address for one in journal.entries(Message) for address in one.bounced.split()}
    return tuple(site for site in sites if any(address.lower() in lost for address in site.mail))


def _list_merged(terms: Terms, campaign: Campaign) -> Sequence[Standing]:
    """Return how each site stands, where all that came in is merged."""
    stock = take_stock(terms, campaign)
    if stock.later:
        raise SettingsError(each("remind.unmerged", count=stock.later, folder=campaign.inbox))
    return stock.standings.sites


def _today(terms: Terms) -> date:
    return terms.today or datetime.now(UTC).astimezone().date()
