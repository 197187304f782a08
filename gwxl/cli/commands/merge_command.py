"""``gwxl merge``: from an inbox to one summary."""

from pathlib import Path

import click

from gwxl import Merged, Status, merge
from gwxl.batch.batch import Batch
from gwxl.batch.decision import State
from gwxl.cli.console import console
from gwxl.cli.declaring import command as declare
from gwxl.cli.declaring import (
    exit_zero_option,
    form_option,
    help_option,
    json_option,
    option,
    signed_option,
    year_option,
)
from gwxl.cli.language import language, say
from gwxl.cli.parameters import FOLDER, OUTPUT
from gwxl.cli.settings import terms_of, today
from gwxl.documents.checked import needs_action
from gwxl.documents.merged import merge_document
from gwxl.wording import text

_SHOWN = 12  # refused, held and rejected files named one by one; the summary lists them all
_DIFFERENCES = 3  # named one by one


@declare("merge")
@click.argument("folder", type=FOLDER, metavar=say("metavar.folder"))
@option("-o", "--output", type=OUTPUT, text_key="merge.output_option")
@year_option("merge.year_option")
@form_option
@signed_option
@option("--force", is_flag=True, text_key="merge.force_option")
@json_option
@exit_zero_option
@help_option
def command(
    folder: Path,
    output: Path | None,
    year: int | None,
    form: str | None,
    *,
    signed: bool,
    force: bool,
    as_json: bool,
    exit_zero: bool,
) -> int:
    """Merge the folder and print one screen of result."""
    with console().progress(say("reading")) as (progress,):
        terms = terms_of(form, year=year, signed=signed, day=today())
        merged = merge(terms, folder, output, force=force, progress=progress)
    _tell_vain(merged)
    if as_json:
        console().json(merge_document(merged))
    else:
        _print(merged, f" --form {form}" if form else "")
    return 0 if exit_zero else int(needs_action(merged.batch.receipts))


def _tell_vain(merged: Merged) -> None:
    """Name on standard error the rows that were filled in and decide nothing."""
    in_vain = merged.batch.in_vain
    gone = [line for line, row in in_vain if row.state is State.GONE]
    told = [(line, row) for line, row in in_vain if row.state is not State.GONE]
    for line, row in told[:_SHOWN]:
        console().note(
            say("merge.decision_line", decisions=merged.decisions, line=line, file=row.file, trouble=row.trouble)
        )
    if len(told) > _SHOWN:
        console().note(say("merge.more_files", count=len(told) - _SHOWN))
    if gone:
        console().note(say("merge.decisions_gone", decisions=merged.decisions, count=len(gone), line=gone[0]))


def _print(merged: Merged, options: str) -> None:
    counts = merged.batch.counts
    console().line(say("merge.title", title=merged.batch.form.title, year=merged.batch.year or say("merge.no_year")))
    values = {name: getattr(counts, name) for name in counts.__dataclass_fields__}
    console().line(say("merge.equation", **values))
    console().line(say("merge.accepted", **values))
    _print_files(merged.batch, Status.REFUSED)
    _print_files(merged.batch, Status.HELD)
    _print_files(merged.batch, Status.REJECTED)
    _print_agreement(merged.batch)
    console().line(say("merge.summary", file=merged.summary), style="good")
    if merged.decisions is not None:
        open_cases = sum(one.state is State.OPEN for one in merged.batch.decisions)
        console().line(say("merge.decisions", file=merged.decisions, count=open_cases))
    console().line(say(_next_step(merged), summary=f"{merged.summary}{options}"), style="quiet")


def _print_files(batch: Batch, status: Status) -> None:
    receipts = batch.of(status)
    if not receipts:
        return
    console().line(text(f"status.{status}", language()) + ":", style="error")
    for receipt in receipts[:_SHOWN]:
        console().line(say("merge.file", file=receipt.source.name, reason=receipt.reason))
    if len(receipts) > _SHOWN:
        console().line(say("merge.more_files", count=len(receipts) - _SHOWN))


def _print_agreement(batch: Batch) -> None:
    """Say how the checks that programs calculated in the returns agree with the checker's, and where first not."""
    for program, found in batch.agreement.items():
        values = {"program": program, "compared": found.compared, "count": len(found.differences)}
        key, style = ("merge.differs", "error") if found.differences else ("merge.agrees", "quiet")
        console().line(say(key, **values), style=style)
        for source, one in found.differences[:_DIFFERENCES]:
            words = {"sheet": one.sheet, "checker": one.checker}
            console().line(say("merge.difference", file=source.name, cell=one.cell, **words))


def _next_step(merged: Merged) -> str:
    counts = merged.batch.counts
    if counts.errors or counts.rejected:
        return "merge.next_send_back"
    if any(one.state is State.OPEN for one in merged.batch.decisions):
        return "merge.next_decide"
    if counts.refused:
        return "merge.next_ask_again"
    return "merge.next_verify" if counts.held or counts.verify else "merge.next_report"
