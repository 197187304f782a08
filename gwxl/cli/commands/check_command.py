"""``gwxl check``: what is wrong with single files."""

from collections.abc import Sequence
from pathlib import Path

from gwxl import Finding, Receipt, Status, Terms, Verdict, check
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import (
    exit_zero_option,
    form_option,
    help_option,
    json_option,
    period_option,
    place_argument,
    previous_option,
    signed_option,
)
from gwxl.cli.console import console
from gwxl.cli.language import language, say
from gwxl.cli.parameters import ANY
from gwxl.cli.settings import add_previous, form_of_all, terms_of, today
from gwxl.documents.checked import check_document, needs_action
from gwxl.form.definition import Form
from gwxl.records.finding import render_message
from gwxl.records.period import Period
from gwxl.wording import text

_SHOWN = 10  # files to act on named below the result


@declare("check")
@place_argument("files", "inbox", nargs=-1, type=ANY)
@form_option
@previous_option
@signed_option
@period_option("check.period_option")
@json_option
@exit_zero_option
@help_option
def command(
    files: Sequence[Path],
    form: str | None,
    previous: Path | None,
    period: Period,
    *,
    signed: bool,
    as_json: bool,
    exit_zero: bool,
) -> int:
    """Read and judge the files; a folder stands for every file below it."""
    terms = terms_of(form_of_all(form, files), period=period, signed=signed, day=today())
    single = len(files) == 1 and not files[0].is_dir()
    with console().progress(say("reading"), still=single) as (progress,):
        terms = add_previous(terms, previous, progress)
        receipts = check(terms, files, progress=progress)
    if as_json:
        console().json(check_document(terms, receipts))
    else:
        _print(terms, receipts)
    return 0 if exit_zero else int(needs_action(receipts))


def _print(terms: Terms, receipts: Sequence[Receipt]) -> None:
    for receipt in receipts:
        _print_receipt(terms.form_of(receipt.submission), receipt)
    acted = [receipt for receipt in receipts if needs_action([receipt])]
    console().line(say("check.total", files=len(receipts), acted=len(acted)), style="error" if acted else "good")
    if len(receipts) > 1:
        _print_acted(acted)


def _print_acted(acted: Sequence[Receipt]) -> None:
    """Name the files to act on once more, as what is wrong with each may fill many screens."""
    for receipt in acted[:_SHOWN]:
        console().line("  " + say("check.file", file=receipt.source.name, status=_state(receipt)))
    if len(acted) > _SHOWN:
        console().line(say("check.more", count=len(acted) - _SHOWN))


def _print_receipt(form: Form, receipt: Receipt) -> None:
    period = receipt.submission.identity.period.label(language()) if receipt.submission else ""
    key = "check.file_of_period" if period else "check.file"
    console().line(say(key, file=receipt.source.name, status=_state(receipt), period=period), style=_style(receipt))
    if receipt.reason:
        console().line("  " + receipt.reason)
    shown = [one for one in receipt.findings if console().verbose or one.verdict is Verdict.FAILED]
    if shown and not all(render_message(one, form.label, {}, form.language) == receipt.reason for one in shown):
        heads = [say("check.severity"), say("check.rule"), say("check.cell"), say("check.message")]
        rows = [_row(form, finding, receipt) for finding in shown]
        console().table(heads, rows, [finding.severity for finding in shown])
    console().line()


def _state(receipt: Receipt) -> str:
    """Return in a word what became of a receipt, by the gravest of what is open; hints alone open nothing."""
    hinted = receipt.passed and receipt.status is Status.FINDINGS
    return say("check.hinted") if hinted else text(f"summary.state.{receipt.state}", language())


def _style(receipt: Receipt) -> str:
    if receipt.passed:
        return "good"
    return "quiet" if receipt.status is Status.IGNORED else "error"


def _row(form: Form, finding: Finding, receipt: Receipt) -> list[str]:
    cells = receipt.submission.cells if receipt.submission else {}
    severity = text(f"severity.{finding.severity}", language())
    if finding.settled:
        severity = say("check.settled", severity=severity)
    message = render_message(finding, form.label, cells, form.language)
    if finding.proposal:
        message += say("check.proposal", proposal=finding.proposal)
    return [severity, finding.id, finding.source.address if finding.source else "", message]
