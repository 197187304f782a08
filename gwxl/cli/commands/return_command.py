"""``gwxl return``: what is wrong goes back, with the filler's own answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from gwxl.batch.corrections import Trust, replace_corrected
from gwxl.batch.files import find_files
from gwxl.cli.console import console
from gwxl.cli.declaring import command as declare
from gwxl.cli.declaring import (
    exit_zero_option,
    form_option,
    help_option,
    json_option,
    notice_options,
    option,
    signed_option,
)
from gwxl.cli.language import say
from gwxl.cli.received import received
from gwxl.cli.settings import campaign_key, today
from gwxl.documents.check import needs_action
from gwxl.documents.returned import return_document
from gwxl.form.signature import CampaignKey
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.returns.from_summary import take_up
from gwxl.returns.returning import Returned, Sending, send_back
from gwxl.rules.available import load_all
from gwxl.template import Notice, State

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """Hold the returns to look at, and the names of those that cannot be."""

    receipts: Sequence[Receipt]
    form: str | None
    year: int | None
    places: Sequence[Path]
    strangers: Sequence[str] = ()
    missing: Sequence[str] = ()


@declare("return")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar=say("metavar.files"))
@option("--from", "summary", type=_FILE, text_key="return.from_option")
@option("--inbox", type=_FOLDER, text_key="return.inbox_option")
@option("-o", "--output", "folder", type=click.Path(path_type=Path), required=True, text_key="return.folder_option")
@option("--year", type=click.IntRange(2000, 2100), text_key="check.year_option")
@notice_options
@form_option
@signed_option
@option("--force", is_flag=True, text_key="force_option")
@json_option
@exit_zero_option
@help_option
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    files: Sequence[Path],
    summary: Path | None,
    inbox: Path | None,
    folder: Path,
    year: int | None,
    deadline: str,
    return_to: str,
    phone: str,
    office: str,
    form: str | None,
    *,
    signed: bool,
    force: bool,
    as_json: bool,
    exit_zero: bool,
) -> int:
    """Write a workbook and a letter for each faulty return."""
    if bool(files) is bool(summary):
        raise click.UsageError(say("return.either"))
    if summary and year is not None:
        raise click.UsageError(say("return.year_of_summary"))
    notice = Notice(deadline=deadline, return_to=return_to, phone=phone, office=office)
    key = campaign_key(signed=signed)
    taken = _from_summary(summary, form, inbox, key) if summary else _from_files(files, form, year, key)
    sending = Sending(
        folder=folder,
        year=taken.year,
        key=key,
        notice=notice,
        originals=tuple(one.path for one in find_files(taken.places)),
        force=force,
    )
    with console().progress(say("writing")) as progress:
        returned = []
        for done, one in enumerate(send_back(taken.receipts, taken.form, sending), 1):
            returned.append(one)
            progress(done, len(taken.receipts))
    if as_json:
        console().json(return_document(folder, returned, taken.strangers, taken.missing))
    else:
        _print(folder, returned, taken)
    return 0 if exit_zero else int(needs_action(taken.receipts) or bool(taken.strangers or taken.missing))


def _from_files(files: Sequence[Path], form: str | None, year: int | None, key: CampaignKey | None) -> _Taken:
    receipts: Sequence[Receipt] = received(files, form, year, key)
    for rules in load_all(form):
        receipts = replace_corrected(rules.form, receipts, Trust(key=key))
    return _Taken(receipts=receipts, form=form, year=year, places=files)


def _from_summary(summary: Path, form: str | None, inbox: Path | None, key: CampaignKey | None) -> _Taken:
    with console().progress(say("reading")) as progress:
        merged = take_up(summary, form=form, inbox=inbox, key=key, today=today(), progress=progress)
    names = tuple(receipt.source.name for receipt in merged.strangers)
    return _Taken(
        receipts=merged.receipts,
        form=merged.form,
        year=merged.year,
        places=[merged.folder],
        strangers=names,
        missing=merged.missing,
    )


def _print(folder: Path, returned: Sequence[Returned], taken: _Taken) -> None:
    for one in returned:
        _print_one(one)
    for name in taken.strangers:
        console().line(say("return.stranger", file=name), style="verify")
    for name in taken.missing:
        console().line(say("return.missing", file=name), style="verify")
    written = sum(one.workbook is not None for one in returned)
    console().line(say("return.total", count=len(returned), written=written, folder=folder), style="good")
    if written:
        console().line(say("return.next"), style="quiet")


def _print_one(one: Returned) -> None:
    file, review = one.receipt.source.name, one.review
    if one.reason:
        if one.receipt.status is not Status.SUPERSEDED or console().verbose:
            console().line(say("return.not_written", file=file, reason=one.reason), style="error")
    elif one.workbook is None or review is None:
        if review is not None and (review.round > 1 or console().verbose):
            console().line(say("return.fine", file=file), style="good")
    else:
        counts = review.counted
        console().line(say("return.wrote", file=file, workbook=one.workbook.name, **counts), style="error")
    if review is not None and review.round > 1:
        console().line(say("return.states", **{state.value: review.count(state) for state in State}))
    if one.workbook is not None and review is not None:
        if review.rejected:
            console().line(say("return.rejected", reason=review.rejected))
        if review.held:
            console().line(say("return.held", reason=review.held))
        if review.lost:
            console().line(say("return.lost", count=len(review.lost)))
