"""``gwxl return``: what is wrong goes back, with the filler's own answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from gwxl import Notice, Returned, SentBack, Status, Terms, send_back
from gwxl.campaign.asked import read_issued_names
from gwxl.campaign.collecting.provenance import read_provenance
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import (
    dry_run_option,
    exit_zero_option,
    form_option,
    help_option,
    json_option,
    notice_options,
    option,
    period_option,
    previous_option,
    signed_option,
)
from gwxl.cli.console import console
from gwxl.cli.language import language, say
from gwxl.cli.parameters import ANY, FILE, FOLDER, OUTPUT_FOLDER
from gwxl.cli.settings import (
    add_previous,
    campaign,
    form_of,
    or_of_campaign,
    summary_of_campaign,
    tell_late,
    terms_of,
    today,
)
from gwxl.cli.shell_quoting import quote
from gwxl.documents.checked import needs_action
from gwxl.documents.returned import return_document
from gwxl.records.period import Period
from gwxl.template import Review, State


@declare("return")
@click.argument("files", nargs=-1, type=ANY, metavar=say("metavar.files"))
@option("--from", "summary", type=FILE, text_key="return.from_option")
@option("--inbox", type=FOLDER, text_key="return.inbox_option")
@option(
    "-o",
    "--output",
    "folder",
    type=OUTPUT_FOLDER,
    callback=or_of_campaign("returns"),
    text_key="return.folder_option",
)
@period_option("check.period_option")
@notice_options
@form_option
@previous_option
@signed_option
@option("--force", is_flag=True, text_key="return.force_option")
@dry_run_option
@json_option
@exit_zero_option
@help_option
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    files: Sequence[Path],
    summary: Path | None,
    inbox: Path | None,
    folder: Path,
    period: Period,
    deadline: date | None,
    return_to: str,
    phone: str,
    office: str,
    form: str | None,
    previous: Path | None,
    *,
    signed: bool,
    force: bool,
    dry_run: bool,
    as_json: bool,
    exit_zero: bool,
) -> int:
    """Write a workbook and a letter for each faulty return."""
    summary = summary if summary or files else summary_of_campaign()
    if bool(files) is bool(summary):
        raise click.UsageError(say("return.either"))
    if summary and period.year is not None:
        raise click.UsageError(say("return.period_of_summary"))
    notice = Notice(deadline=deadline, return_to=return_to, phone=phone, office=office)
    terms = terms_of(
        form_of(form, [summary] if summary else files), period=period, signed=signed, notice=notice, day=today()
    )
    with console().progress(say("reading"), say("writing")) as (reading, writing):
        terms = add_previous(terms, previous, reading)
        terms = _add_mails(terms, inbox)
        moved = {"reading": reading, "writing": writing}
        sent = send_back(terms, summary or files, folder, inbox=inbox, force=force, dry_run=dry_run, **moved)
    if as_json:
        console().json(return_document(folder, sent))
    else:
        if any(one.letter for one in sent.returned):
            tell_late(terms)
        _print(folder, sent)
    return 0 if exit_zero else int(_needs_action(sent))


def _add_mails(terms: Terms, inbox: Path | None) -> Terms:
    """Return terms that know to whom the campaign has issued, and by which mails the files of its inbox came."""
    found = campaign()
    if found is None:
        return terms
    ours = inbox is None or inbox.resolve() == found.inbox.resolve()
    return replace(terms, issued=read_issued_names(found), came=read_provenance(found) if ours else None)


def _needs_action(sent: SentBack) -> bool:
    return needs_action(one.receipt for one in sent.returned) or bool(sent.strangers or sent.missing)


def _print(folder: Path, sent: SentBack) -> None:
    for one in sent.returned:
        _print_one(one, dry_run=sent.dry_run)
    for name in sent.strangers:
        console().line(say("return.stranger", file=name), style="verify")
    for name in sent.missing:
        console().line(say("return.missing", file=name), style="verify")
    written = sum(one.workbook is not None for one in sent.returned)
    console().line(say("return.total", count=len(sent.returned), written=written, folder=quote(folder)), style="good")
    same = sum(one.earlier is not None for one in sent.returned)
    if same:
        console().line(say("return.same", count=same), style="quiet")
    if written or sent.dry_run:
        console().advice(say("dry_run" if sent.dry_run else "return.next"))


def _print_one(one: Returned, *, dry_run: bool) -> None:
    file, review = one.receipt.source.name, one.review
    if one.earlier is not None:
        console().line(say("return.earlier", file=file, reason=one.reason), style="quiet")
    elif one.reason:
        if one.receipt.status is not Status.SUPERSEDED or console().verbose:
            console().line(say("return.not_written", file=file, reason=one.reason), style="error")
    elif one.workbook is not None and review is not None:
        values = {**review.counted, "workbook": one.workbook.name}
        console().line(say("return.wrote", file=file, **values), style="error")
        if dry_run and one.to is not None and one.letter is not None:
            console().line(say("return.letter", to=one.to.words(language()) or file, letter=one.letter.name))
        _print_review(one, review)
    elif review is not None and (review.again or console().verbose):
        console().line(say("return.fine", file=file), style="good")
        _print_states(review)


def _print_review(one: Returned, review: Review) -> None:
    _print_states(review)
    if review.refused:
        console().line(say("return.refused", reason=one.receipt.reason))
    if review.rejected:
        console().line(say("return.rejected", reason=review.rejected))
    if review.held:
        console().line(say("return.partly" if review.partly else "return.held", reason=review.held))
    if review.lost:
        console().line(say("return.lost", count=len(review.lost)))


def _print_states(review: Review) -> None:
    if review.again:
        console().line(say("return.states", **{state.value: review.count(state) for state in State}))
