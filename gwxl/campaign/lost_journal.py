"""Notice that a journal knows of nothing that was issued while what was issued is there, and begin it anew."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from gwxl.campaign.journal import Entry, Journal, Prepared
from gwxl.campaign.post.posting import Posting, State
from gwxl.campaign.roster.sites import Site
from gwxl.campaign.settings import Campaign
from gwxl.errors import SettingsError
from gwxl.summary.stored.own_process import run_aside
from gwxl.summary.stored.stood import read_stood
from gwxl.wording import each

ISSUE = "issue"
"""The kind of the messages that carry personal workbooks."""


@dataclass(frozen=True, kw_only=True)
class Begun(Entry):
    """A journal in which what is issued is noted, from before the first one was written on; time: ISO 8601, in UTC."""

    time: str


def begin_journal(
    campaign: Campaign, names: Mapping[str, str], sites: Mapping[str, Site], *, anew: bool, dry_run: bool
) -> frozenset[str]:
    """Begin the journal of a campaign where nothing was issued; refuse where that is not so and it does not know.

    Args:
        campaign: whose journal, outbox and summary.
        names: code → the name of the workbook of each site.
        sites: code → site.
        anew: begin it all the same; to whom something was issued is noted as unclear, and not written to again.
        dry_run: write nothing.

    Returns:
        The codes of the sites whose workbook lies there and is noted now.

    Raises:
        SettingsError: the journal was lost, or it was not and is to be begun anew.
    """
    journal = Journal(campaign.folder)
    known = bool(journal.entries(Begun) or journal.entries(Prepared))
    if known and anew:
        raise SettingsError(each("issue.journal_there", path=journal.path))
    found = {} if known else _find_issued(campaign, names)
    if found and not anew:
        example = names[next(iter(found))]
        raise SettingsError(each("issue.journal_lost", path=journal.path, count=len(found), example=example))
    if not known and not dry_run:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        adopted = (entry for code, path in found.items() for entry in _adopt(campaign, sites[code], path))
        journal.note([Begun(time=now), *adopted])
    return frozenset(code for code, path in found.items() if path)


def _find_issued(campaign: Campaign, names: Mapping[str, str]) -> Mapping[str, Path | None]:
    """Return the codes of the sites a workbook was issued to → where it lies; None where only its return is known."""
    found: dict[str, Path | None] = {}
    for code, name in names.items():
        path = campaign.outbox / name
        if path.is_file() or path.with_suffix(".eml").is_file():
            found[code] = path if path.is_file() else None
    stood = run_aside(read_stood, campaign.summary) if campaign.summary.exists() else None
    returned = {one.issued for one in stood.arrivals} if stood else set()
    return found | {code: None for code in names if code in returned and code not in found}


def _adopt(campaign: Campaign, site: Site, path: Path | None) -> Iterator[Entry]:
    """Yield what is noted of a site that was issued to: what lies there, and that its mail may have gone or not."""
    known = path or campaign.summary if (path or campaign.summary.exists()) else campaign.outbox
    time = datetime.fromtimestamp(known.stat().st_mtime, UTC).isoformat(timespec="seconds")
    mail = "; ".join(site.mail)
    if path:
        digest = sha256(path.read_bytes()).hexdigest()
        yield Prepared(code=site.code, name=site.name, mail=mail, file=path.name, sha256=digest, time=time)
    yield Posting(
        kind=ISSUE,
        code=site.code,
        round=1,
        attempt=1,
        state=State.SENDING,
        mail=mail,
        file="",
        message_id="",
        reply="",
        time=time,
    )
