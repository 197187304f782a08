"""Send spreadsheet forms out by mail, read what comes back, check it, merge it.

This is the way in for Python, one verb a command; docs/api.md shows each. What a name needs is loaded when it is first
asked for, so that nobody waits for what another verb works with.
"""

from importlib import import_module

TYPE_CHECKING = False  # what type checkers take for true; the module typing takes a fifth of loading the command line

if TYPE_CHECKING:
    from gwxl.authoring import Checked, check_form
    from gwxl.campaign.asked import read_asked
    from gwxl.campaign.collecting.collection import Collection, Filed, Taken
    from gwxl.campaign.collecting.mails import collect_mails
    from gwxl.campaign.issuing import Issued, Wanted, issue_workbooks
    from gwxl.campaign.mailing import Mailed, send_workbooks
    from gwxl.campaign.reminding.due import Reminder
    from gwxl.campaign.reminding.reminders import Reminders, remind
    from gwxl.campaign.roster.reading import read_roster
    from gwxl.campaign.roster.sites import Roster, Site
    from gwxl.campaign.settings import Campaign, find_campaign
    from gwxl.campaign.standing import Stock, take_stock
    from gwxl.campaign.starting import Started, start_campaign
    from gwxl.drafting.drafting import Drafted, draft_form
    from gwxl.drafting.small_form import start_form
    from gwxl.errors import GwxlError
    from gwxl.explaining import explain
    from gwxl.exporting import Exported, export
    from gwxl.form.signature import CampaignKey, read_key
    from gwxl.merging import merge, merge_or_repeat
    from gwxl.previous import read_previous
    from gwxl.publishing import Counted, Published, PublishedSummary, publish, publish_summary, write_receipt
    from gwxl.receiving import check
    from gwxl.records.finding import Finding, Severity, Verdict
    from gwxl.records.period import Period
    from gwxl.records.receipt import Receipt
    from gwxl.records.submission import Status, Submission
    from gwxl.reporting import Reported, write_report
    from gwxl.returns.migrating import Migration, migrate
    from gwxl.returns.returning import Returned
    from gwxl.returns.sending_back import SentBack, send_back
    from gwxl.summary.merged import Merged, Repeated
    from gwxl.summary.standing.asked import Asked
    from gwxl.summary.stored.explanation import Explanation
    from gwxl.template.making import Template, make_template
    from gwxl.terms import Notice, Terms

__version__ = "0.1.0"

__all__ = [
    "Asked",
    "Campaign",
    "CampaignKey",
    "Checked",
    "Collection",
    "Counted",
    "Drafted",
    "Explanation",
    "Exported",
    "Filed",
    "Finding",
    "GwxlError",
    "Issued",
    "Mailed",
    "Merged",
    "Migration",
    "Notice",
    "Period",
    "Published",
    "PublishedSummary",
    "Receipt",
    "Reminder",
    "Reminders",
    "Repeated",
    "Reported",
    "Returned",
    "Roster",
    "SentBack",
    "Severity",
    "Site",
    "Started",
    "Status",
    "Stock",
    "Submission",
    "Taken",
    "Template",
    "Terms",
    "Verdict",
    "Wanted",
    "check",
    "check_form",
    "collect_mails",
    "draft_form",
    "explain",
    "export",
    "find_campaign",
    "issue_workbooks",
    "make_template",
    "merge",
    "merge_or_repeat",
    "migrate",
    "publish",
    "publish_summary",
    "read_asked",
    "read_key",
    "read_previous",
    "read_roster",
    "remind",
    "send_back",
    "send_workbooks",
    "start_campaign",
    "start_form",
    "take_stock",
    "write_receipt",
    "write_report",
]

_HOMES = {
    "authoring": "Checked check_form",
    "campaign.asked": "read_asked",
    "campaign.collecting.collection": "Collection Filed Taken",
    "campaign.collecting.mails": "collect_mails",
    "campaign.issuing": "Issued Wanted issue_workbooks",
    "campaign.mailing": "Mailed send_workbooks",
    "campaign.reminding.due": "Reminder",
    "campaign.reminding.reminders": "Reminders remind",
    "campaign.roster.sites": "Roster Site",
    "campaign.roster.reading": "read_roster",
    "campaign.settings": "Campaign find_campaign",
    "campaign.standing": "Stock take_stock",
    "campaign.starting": "Started start_campaign",
    "drafting.drafting": "Drafted draft_form",
    "drafting.small_form": "start_form",
    "errors": "GwxlError",
    "explaining": "explain",
    "exporting": "Exported export",
    "records.period": "Period",
    "form.signature": "CampaignKey read_key",
    "merging": "merge merge_or_repeat",
    "summary.merged": "Merged Repeated",
    "previous": "read_previous",
    "publishing": "Counted Published PublishedSummary publish publish_summary write_receipt",
    "receiving": "check",
    "records.finding": "Finding Severity Verdict",
    "records.receipt": "Receipt",
    "records.submission": "Status Submission",
    "reporting": "Reported write_report",
    "returns.migrating": "Migration migrate",
    "returns.returning": "Returned",
    "returns.sending_back": "SentBack send_back",
    "summary.stored.explanation": "Explanation",
    "summary.standing.asked": "Asked",
    "template.making": "Template make_template",
    "terms": "Notice Terms",
}

if not TYPE_CHECKING:  # a type checker sees the imports above, and nothing else

    def __getattr__(name: str) -> object:
        """Load what a name stands for."""
        home = next((module for module, names in _HOMES.items() if name in names.split()), None)
        if home is None:
            message = f"module 'gwxl' has no attribute {name!r}"
            raise AttributeError(message)
        found = getattr(import_module(f"gwxl.{home}"), name)
        globals()[name] = found
        return found
