"""Mail the workbooks of a campaign: what is not prepared yet is, and what lies prepared and unsent is sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from gwxl.campaign.issuing import EVERY, Issued, Progress, Wanted, draft_name, issue_workbooks
from gwxl.campaign.journal import Journal, Prepared
from gwxl.campaign.lost_journal import ISSUE
from gwxl.campaign.post.message import Message
from gwxl.campaign.roster.sites import Site
from gwxl.campaign.sending import Sending, send_messages
from gwxl.campaign.settings import Campaign
from gwxl.terms import Terms


@dataclass(frozen=True, kw_only=True)
class Mailed:
    """What was prepared, and what became of the mails.

    Attributes:
        issued: what this run prepared. sending: what became of the mails of all sites that are wanted.
    """

    issued: Issued
    sending: Sending

    @property
    def unaddressed(self) -> tuple[Site, ...]:
        """Return the sites whose mail the roster does not say: to them nothing is mailed."""
        return tuple(site for site in self.issued.wanted if not site.mail)


def send_workbooks(
    terms: Terms,
    campaign: Campaign,
    wanted: Wanted = EVERY,
    *,
    dry_run: bool = False,
    writing: Progress = lambda _done, _all: None,
    sending: Progress = lambda _done, _all: None,
) -> Mailed:
    """Prepare what is still to be prepared, and mail to each site its workbook, once.

    Args:
        terms: as for :func:`gwxl.campaign.issuing.issue_workbooks`.
        campaign: as there.
        wanted: which sites; one that is issued to again is mailed to again.
        dry_run: write and send nothing.
        writing: called with (sites done, sites in all).
        sending: called with (messages settled, messages to be sent).

    Raises:
        SettingsError: no server can be used as it is set; or as for ``issue_workbooks``.
        OutputError: another process is sending; or as for ``issue_workbooks``.
        CampaignError, WorkbookError, FormError, RuleError: as for ``issue_workbooks``.
    """
    campaign.service.refuse_unfit(campaign.sender)
    issued = issue_workbooks(terms, campaign, wanted, dry_run=dry_run, progress=writing)
    messages = list(_messages(campaign, issued, dry_run=dry_run))
    return Mailed(issued=issued, sending=send_messages(campaign, messages, dry_run=dry_run, progress=sending))


def _messages(campaign: Campaign, issued: Issued, *, dry_run: bool) -> Iterator[Message]:
    prepared: dict[str, list[Prepared]] = {}
    for entry in Journal(campaign.folder).entries(Prepared):
        prepared.setdefault(entry.code, []).append(entry)
    unmade = {site.code for site in issued.sites} if dry_run else set()
    for site in issued.wanted:
        entries = prepared.get(site.code, [])
        last = entries[-1] if site.code not in unmade else None
        if site.mail:
            yield Message(
                kind=ISSUE,
                code=site.code,
                round=len(entries) + (last is None),
                name=site.name,
                place=site.place,
                to=tuple(dict.fromkeys(site.mail)),
                draft=campaign.outbox / draft_name(last.file) if last else None,
                attached={last.sha256: last.file} if last else {},
            )
