"""How a campaign stands: who has reported and with what outcome, from its roster, its log and its last summary."""

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from gwxl.batch.file_names import place_decisions
from gwxl.batch.files import is_leftover
from gwxl.campaign.asked import build_asked, list_asked_sites, roster_digest
from gwxl.campaign.journal import Journal
from gwxl.campaign.settings import Campaign
from gwxl.files.drafts import is_draft
from gwxl.inert import readable_name
from gwxl.summary.standing.joining import Standings, join
from gwxl.summary.stored.own_process import run_aside
from gwxl.summary.stored.stood import Stood, read_stood
from gwxl.terms import Terms

_MOST, _DEEPEST = 100_000, 40  # entries of an inbox, and folders in each other
_NOTHING = Stood(roster="", sites=(), arrivals=())


@dataclass(frozen=True, kw_only=True)
class Stock:
    """How a campaign stands.

    Attributes:
        standings: one state a site, and what came from nobody in the roster.
        deadline: the last day, None where none is named. day: the day it was asked, None where none is named.
        merged: when the summary was written, None where there is none that knows who was asked.
        later: how many files of the inbox the summary does not know as they are.
        decisions: the file of decisions, None where none stands there.
        issued: a workbook was prepared, or anything came in.
    """

    standings: Standings
    deadline: date | None
    day: date | None
    merged: datetime | None
    later: int
    decisions: Path | None
    issued: bool


def take_stock(terms: Terms, campaign: Campaign) -> Stock:
    """Return how each site of a campaign stands by its last merge; no return is read.

    Args:
        terms: the form, by whose rules the roster is judged, and the day.
        campaign: whose roster, summary, inbox and returns.

    Raises:
        SettingsError: the summary is none that gwxl wrote or what it remembers was changed; the inbox cannot be listed.
        CampaignError: the roster cannot be read, or holds mistakes.
        OutputError: the log of what was sent back cannot be read.
    """
    stood = run_aside(read_stood, campaign.summary) if campaign.summary.exists() else None
    written = campaign.summary.stat().st_mtime if stood else None
    before, digest = stood or _NOTHING, roster_digest(campaign.roster)
    # Reading a roster means judging each row; one that a merge has read since it was last changed is known to be good.
    sites = before.sites if digest and before.roster == digest else list_asked_sites(terms, campaign)
    asked = build_asked(terms, campaign, sites, digest)
    return Stock(
        standings=join(asked, before.arrivals, terms.today),
        deadline=campaign.deadline,
        day=terms.today,
        merged=datetime.fromtimestamp(written, UTC) if written is not None else None,
        later=_later(campaign.inbox, before, written or 0),
        decisions=_find_decisions(campaign.inbox, terms.language),
        issued=bool(before.arrivals) or Journal(campaign.folder).path.exists(),
    )


def _find_decisions(inbox: Path, language: str) -> Path | None:
    place = place_decisions(inbox, language)
    files = (place.with_name(place.name + suffix) for suffix in (".xlsx", ".csv"))
    return next((file for file in files if file.exists()), None)


def _later(inbox: Path, before: Stood, written: float) -> int:
    """Return how many files lie in an inbox that a summary does not list, or that were changed since it was written."""
    listed = {one.source.file: one.source for one in before.arrivals if not one.source.by}
    later = 0
    for name, found in _files(inbox):
        source = listed.get(name) or listed.get(readable_name(name))
        if source is None:
            later += not is_leftover(name)
        elif source.sha256:
            later += found.st_mtime > written or (not source.member and source.size != found.st_size)
    return later


def _files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield each file below a folder as :func:`gwxl.batch.files.list_files` does, but for making names readable."""
    waiting, left = deque([(str(folder), "", 0)]), _MOST
    while waiting and left > 0:
        place, before, depth = waiting.popleft()
        try:
            entries = [*islice(os.scandir(place), left)] if depth <= _DEEPEST else []
            left -= len(entries)
            for entry in entries:
                name = f"{before}{entry.name}"
                if not entry.is_dir(follow_symlinks=False):
                    yield name, entry.stat(follow_symlinks=False)
                elif not is_draft(entry.name):
                    waiting.append((entry.path, f"{name}/", depth + 1))
        except OSError:  # gone meanwhile, or not to be listed: the next merge tells
            continue
