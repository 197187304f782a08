"""Say of the files in an inbox by which mails they came."""

from collections.abc import Mapping

from gwxl.campaign.collecting.entries import Collected
from gwxl.campaign.journal import Journal
from gwxl.campaign.settings import Campaign
from gwxl.inert import inert_line
from gwxl.records.delivery import Delivery, in_local_time

_MOST = 3  # mails of one file that are told


def read_provenance(campaign: Campaign) -> Mapping[str, Delivery]:
    """Return path below the inbox → the mails a file came with.

    Raises:
        SettingsError: the journal cannot be read.
    """
    mails: dict[str, dict[str, None]] = {}
    sent: dict[str, str] = {}
    digests: dict[str, set[str]] = {}
    for one in Journal(campaign.folder).entries(Collected):
        told = (in_local_time(one.date), one.sender, inert_line(one.subject))
        mails.setdefault(one.file, {})[" ".join(filter(None, told))] = None
        digests.setdefault(one.file, set()).add(one.mail)
        if one.date:
            sent[one.file] = min(one.date, sent.get(one.file, one.date))
    return {
        file: Delivery(words=" ｜ ".join([*words][-_MOST:]), sent=sent.get(file, ""), mails=frozenset(digests[file]))
        for file, words in mails.items()
    }
