"""``gwxl merge``: from an inbox, and summaries of the level below, to one summary."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from gwxl import Asked, Campaign, Merged, Receipt, Status, Terms, merge, read_asked
from gwxl.batch.batch import Batch
from gwxl.batch.decision import State
from gwxl.campaign.collecting.provenance import read_provenance
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import (
    dry_run_option,
    exit_zero_option,
    form_option,
    help_option,
    json_option,
    option,
    period_option,
    place_argument,
    previous_option,
    signed_option,
)
from gwxl.cli.console import console
from gwxl.cli.language import language, say
from gwxl.cli.parameters import ANY, OUTPUT
from gwxl.cli.settings import add_previous, campaign, of_campaign, terms_of, today
from gwxl.cli.shell_quoting import quote
from gwxl.documents.checked import needs_action
from gwxl.documents.merged import merge_document
from gwxl.errors import CampaignError, EmptyRosterError
from gwxl.records.finding import Severity
from gwxl.records.period import Period
from gwxl.records.submission import Source
from gwxl.summary.stored.comparing import Change, Changes
from gwxl.wording import catalogue, text

_SHOWN = 10  # files named one by one; the summary lists them all
_DIFFERENCES = 3  # named one by one


@declare("merge")
@place_argument("places", "inbox", type=ANY, nargs=-1)
@option("-o", "--output", type=OUTPUT, text_key="merge.output_option")
@period_option("merge.period_option")
@form_option
@previous_option
@signed_option
@option("--force", is_flag=True, text_key="merge.force_option")
@dry_run_option
@json_option
@exit_zero_option
@help_option
def command(  # noqa: PLR0913 - one argument an option
    places: Sequence[Path],
    output: Path | None,
    period: Period,
    form: str | None,
    previous: Path | None,
    *,
    signed: bool,
    force: bool,
    dry_run: bool,
    as_json: bool,
    exit_zero: bool,
) -> int:
    """Merge the folder, and the summaries that are named, and print one screen of result."""
    folder, summaries = _tell_apart(places)
    with console().progress(say("reading"), say("writing")) as (reading, writing):

        def progress(done: int, files: int) -> None:
            reading(done, files)
            if done == files:
                writing(0, 0)

        terms = add_previous(terms_of(form, period=period, signed=signed, day=today()), previous, reading)
        found = _campaign_of(folder)
        terms = replace(terms, came=read_provenance(found) if found else None)
        place = output or (of_campaign("summary") if found else None)
        asked = _read_asked(terms, found) if found and not dry_run else None
        how = {"force": force, "dry_run": dry_run}
        merged = merge(terms, folder, place, summaries=summaries, asked=asked, progress=progress, **how)
    _tell_vain(merged)
    if as_json:
        console().json(merge_document(merged))
    else:
        _print(merged, f" --form {form}" if form else "", alone=found is not None and output is None)
    unread = any(one.reason for one in merged.set_aside)
    return 0 if exit_zero else int(unread or needs_action(merged.batch.receipts))


def _tell_apart(places: Sequence[Path]) -> tuple[Path | None, Sequence[Path]]:
    """Return the folder, that of the campaign where only summaries are named, and the summaries.

    Raises:
        click.UsageError: there are several folders.
    """
    folders = [place for place in places if place.is_dir()]
    if len(folders) > 1:
        raise click.UsageError(say("merge.one_folder", names=" ".join(map(quote, folders))))
    return folders[0] if folders else of_campaign("inbox"), [one for one in places if one not in folders]


def _campaign_of(folder: Path | None) -> Campaign | None:
    """Return the campaign whose inbox a folder is, None for any other folder."""
    found = campaign()
    ours = found is not None and folder is not None and folder.resolve() == found.inbox.resolve()
    return found if ours else None


def _read_asked(terms: Terms, found: Campaign) -> Asked | None:
    """Return who was asked; where the roster cannot be used that is told, and the returns are merged all the same."""
    try:
        return read_asked(terms, found)
    except EmptyRosterError:
        return None
    except CampaignError as error:
        for line in error.lines(language()):
            console().note(line)
        console().note(say("merge.no_roster", file=quote(of_campaign("roster"))))
        return None


def _tell_vain(merged: Merged) -> None:
    """Name on standard error the rows that were filled in and decide nothing."""
    for one in merged.set_aside:
        written = merged.decisions or one.path
        words = {"path": quote(one.path), "kept": quote(one.kept), "decisions": quote(written)}
        key = "merge.decisions_unread" if one.reason else "merge.decisions_joined"
        console().note(say(key, reason=(one.reason or {}).get(language(), ""), **words))
    for path in merged.overlooked:
        console().note(say("merge.decisions_overlooked", path=quote(path)))
    in_vain = [(merged.places[number], row) for number, row in merged.batch.in_vain]
    gone = [place for place, row in in_vain if row.state is State.GONE]
    told = [(place, row) for place, row in in_vain if row.state is not State.GONE]
    for place, row in told[:_SHOWN]:
        console().note(
            say("merge.decision_line", decisions=merged.decisions, place=place, file=row.file, trouble=row.trouble)
        )
    if len(told) > _SHOWN:
        console().note(say("merge.more_files", count=len(told) - _SHOWN))
    if gone:
        console().note(say("merge.decisions_gone", decisions=merged.decisions, count=len(gone), place=gone[0]))


def _print(merged: Merged, options: str, *, alone: bool) -> None:
    batch, counts = merged.batch, merged.batch.counts
    console().line(
        say("merge.title", title=batch.form.title, period=batch.period.label(language()) or say("merge.no_period"))
    )
    values = {name: getattr(counts, name) for name in counts.__dataclass_fields__}
    console().line(say("merge.equation", **values))
    console().line(say("merge.accepted", **values))
    if merged.changes is not None:
        _print_below(merged)
        _print_changes(merged.changes, merged)
        return
    if merged.standings is not None:
        console().line(say("merge.asked", **merged.standings.told))
    key = "merge.unchanged" if merged.unchanged else "merge.summary"
    console().line(say(key, file=quote(merged.summary)), style="good")
    if merged.kept is not None:
        console().line(say("merge.kept", file=quote(merged.kept)))
    if merged.decisions is not None:
        open_cases = sum(one.state is State.OPEN for one in batch.decisions)
        console().line(say("merge.decisions", file=quote(merged.decisions), count=open_cases))
    _print_below(merged)
    _print_agreement(batch)
    for status in (Status.REFUSED, Status.HELD, Status.REJECTED):
        reasons = [(receipt.source, receipt.reason) for receipt in batch.of(status)]
        _print_files(text(f"status.{status}", language()), reasons)
    _print_files(say("merge.with_errors"), [(one.source, _faults(one)) for one in batch.accepted if one.has_errors])
    _print_previous(merged)
    step = _next_step(merged)
    step = "merge.next_status" if alone and step in {"merge.next_send_back", "merge.next_decide"} else step
    console().advice(say(step, summary=f"{quote(merged.summary)}{options}", decisions=quote(merged.decisions)))


def _print_below(merged: Merged) -> None:
    """Say what came by summaries of the level below, what came by two ways, and which summaries were not named."""
    for one in merged.below:
        if one.head is not None:
            key = "merge.below_anew" if one.anew else "merge.below"
            console().line(say(key, file=one.source.name, count=len(one.receipts)))
    if merged.twice:
        console().line(say("merge.twice", count=merged.twice))
    _print_files(say("merge.left_out"), [(one.source, one.reason) for one in merged.left_out], style="verify")


def _print_previous(merged: Merged) -> None:
    """Say what the returns were held against, or how many rules were not judged for want of it."""
    if merged.unjudged:
        console().line(say("merge.no_previous", count=len(merged.unjudged)))
    if (last := merged.last) is None:
        return
    found = len(merged.batch.accepted) - merged.newcomers
    console().line(say("merge.previous", period=last.period.label(language()), found=found, newcomers=merged.newcomers))
    if last.unused:
        console().line(say("merge.previous_unused", period=last.period.label(language()), count=last.unused))


def _print_files(
    head: str, told: Sequence[tuple[Source, str]], *, more: str = "merge.more_files", style: str = "error"
) -> None:
    """Name files with what is said of each, ten at most, and where the rest stands."""
    if told:
        console().line(say("merge.files", head=head, count=len(told)), style=style)
    for source, reason in told[:_SHOWN]:
        console().line(say("merge.file", file=source.name, reason=reason))
    if len(told) > _SHOWN:
        console().line(say(more, count=len(told) - _SHOWN))


def _print_changes(changes: Changes, merged: Merged) -> None:
    """Say what a dry run would change in the summary that stands: counts first, then ten of a kind by name."""
    if changes.unread is not None:
        console().line(say("merge.changes_unknown", reason=changes.unread.line(language())), style="error")
    else:
        kinds = {name: getattr(changes, name) for name in ("added", "changed", "dropped")}
        counts = {name: len(some) for name, some in kinds.items()} | {"unchanged": changes.unchanged}
        console().line(say("merge.changes", file=quote(merged.summary), **counts))
        for name, some in kinds.items():
            told = [(one.source, _tell_change(one)) for one in some]
            _print_files(say(f"merge.{name}"), told, more="merge.more_changes", style="")
    if merged.kept is not None:
        key = "merge.is_kept" if merged.kept.exists() else "merge.to_keep"
        console().line(say(key, file=quote(merged.kept)))
    console().advice(say("dry_run"))


def _tell_change(change: Change) -> str:
    words = " → ".join(dict.fromkeys(_state(one) for one in (change.before, change.after) if one is not None))
    return say("merge.other_content", states=words) if change.other_content else words


def _state(state: str) -> str:
    """Return a state in words; what somebody typed over one in the summary stays as it is."""
    return catalogue().get(f"summary.state.{state}", {}).get(language(), state)


def _faults(receipt: Receipt) -> str:
    wrong = [one.severity for one in receipt.findings if one.open]
    return say("merge.faults", errors=wrong.count(Severity.ERROR), verify=wrong.count(Severity.VERIFY))


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
    counts, batch = merged.batch.counts, merged.batch
    if counts.errors or counts.rejected:
        return "merge.next_send_back"
    if any(one.held for one in merged.below):
        return "merge.next_below"
    if any(one.state is State.OPEN for one in batch.decisions) or batch.in_vain:
        return "merge.next_decide"
    if counts.refused:
        return "merge.next_ask_again"
    if merged.standings is not None and merged.standings.told["reported"] < merged.standings.told["asked"]:
        return "merge.next_remind"
    looked_through = counts.passed + counts.superseded + counts.ignored
    return "merge.next_report" if looked_through == counts.received else "merge.next_verify"
