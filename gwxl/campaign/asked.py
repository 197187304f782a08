"""Who a campaign asks, by when, and what it sent back: its roster, its deadline and the log beside its returns."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import file_digest
from pathlib import Path

from gwxl.campaign.journal import Journal, Prepared
from gwxl.campaign.roster.reading import read_roster
from gwxl.campaign.roster.sites import Roster
from gwxl.campaign.settings import Campaign
from gwxl.returns.sent_log import SentLog
from gwxl.summary.standing.asked import Asked, AskedSite
from gwxl.terms import Terms


def read_asked(terms: Terms, campaign: Campaign) -> Asked:
    """Return who is asked by a campaign.

    Args:
        terms: the form, by whose rules the roster is judged.
        campaign: whose roster, deadline and returns.

    Raises:
        SettingsError: several forms are named.
        CampaignError: the roster cannot be read, or holds mistakes.
        OutputError: the log of what was sent back cannot be read.
    """
    digest = roster_digest(campaign.roster)  # of what is read then, or of what stood there before
    roster = read_roster(terms, campaign.roster)
    known = {site.code.casefold(): site.known for site in roster.sites if site.known}
    return replace(build_asked(terms, campaign, _list_asked(roster), digest), known=known)


def list_asked_sites(terms: Terms, campaign: Campaign) -> Iterable[AskedSite]:
    """Return the rows of a roster as far as they say who is asked.

    Raises:
        CampaignError: the roster cannot be read, or holds mistakes.
    """
    return _list_asked(read_roster(terms, campaign.roster))


def _list_asked(roster: Roster) -> Iterable[AskedSite]:
    return [AskedSite(code=site.code, name=site.name, parent=site.parent) for site in roster.sites]


def build_asked(terms: Terms, campaign: Campaign, sites: Iterable[AskedSite], digest: str) -> Asked:
    """Return who is asked, where the sites are known."""
    log = SentLog(campaign.returns, terms.language)
    sent_back = {answered: sent.day for answered, sent in log.find_awaited().items()}
    return Asked(sites=tuple(sites), deadline=campaign.deadline, sent_back=sent_back, roster=digest)


def read_issued_names(campaign: Campaign) -> Mapping[str, str]:
    """Return code → name of each site a workbook was prepared for, as it stands there.

    Raises:
        SettingsError: the journal cannot be read.
    """
    return {one.code: one.name for one in Journal(campaign.folder).entries(Prepared)}


def roster_digest(path: Path) -> str:
    """Return the digest of the file of a roster, empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
