"""``gwxl status --receipt``: the page of what was counted of a site."""

from dataclasses import replace
from pathlib import Path

from gwxl import Terms, write_receipt
from gwxl.campaign.collecting.provenance import read_provenance
from gwxl.cli.console import console
from gwxl.cli.language import say
from gwxl.cli.settings import campaign, of_campaign, summary_of_campaign
from gwxl.cli.shell_quoting import quote
from gwxl.inert import file_stem
from gwxl.wording import text

_SHOWN = 10  # labels named one by one


def show_receipt(terms: Terms, code: str, output: Path | None, *, force: bool) -> None:
    """Write the page, into the outbox by default, and say what does not count."""
    summary, outbox = summary_of_campaign(), of_campaign("outbox")
    assert summary is not None and outbox is not None  # noqa: S101, PT018 - looked at by the caller
    found = campaign()
    terms = replace(terms, came=read_provenance(found) if found else None)
    page = output or outbox / text("receipt.file_name", terms.language, stem=file_stem(code))
    counted = write_receipt(terms, summary, code, page, force=force)
    console().line(say("status.receipt", page=quote(page), file=counted.receipt.source.name), style="good")
    if counted.uncounted:
        labels = say("status.between").join(counted.uncounted[:_SHOWN])
        console().line(say("status.uncounted", count=len(counted.uncounted), labels=labels), style="verify")
