"""Say of the files in an inbox by which mails they came."""

from collections.abc import Mapping

from gwxl.campaign.collecting.entries import Collected
from gwxl.campaign.journal import Journal
from gwxl.campaign.settings import Campaign
from gwxl.inert import inert_line

_MOST = 3  # mails of one file that are told


def read_provenance(campaign: Campaign) -> Mapping[str, str]:
    """Return path below the inbox → date in UTC, sender and subject of the mails a file came with, the last of many.

    Raises:
        SettingsError: the journal cannot be read.
    """
    mails: dict[str, dict[str, None]] = {}
    for one in Journal(campaign.folder).entries(Collected):
        date = one.date.partition("+")[0].replace("T", " ")
        told = " ".join(part for part in (date, one.sender, inert_line(one.subject)) if part)
        mails.setdefault(one.file, {})[told] = None
    return {file: " ｜ ".join([*told][-_MOST:]) for file, told in mails.items()}
