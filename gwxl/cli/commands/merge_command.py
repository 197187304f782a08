"""``gwxl merge``: from an inbox, and summaries of the level below, to one summary."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from gwxl import Asked, Campaign, Merged, Repeated, Status, Terms, merge, merge_or_repeat, read_asked
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
from gwxl.documents.merged import merge_document
from gwxl.errors import CampaignError, EmptyRosterError
from gwxl.records.period import Period
from gwxl.summary.outcome import LISTED, Listing, Outcome
from gwxl.summary.stored.comparing import Change, Changes
from gwxl.wording import catalogue, text


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
        how: dict[str, Any] = {"summaries": summaries, "asked": asked, "progress": progress}
        told: Merged | Repeated
        if as_json or force or dry_run:
            told = merge(terms, folder, place, force=force, dry_run=dry_run, **how)
        else:
            told = merge_or_repeat(terms, folder, place, **how)
    _tell_vain(told)
    if as_json and isinstance(told, Merged):
        console().json(merge_document(told))
    else:
        _print(told, f" --form {form}" if form else "", alone=found is not None and output is None)
    unread = any(one.reason for one in told.set_aside)
    return 0 if exit_zero else int(unread or told.outcome.needs_action)


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


def _tell_vain(told: Merged | Repeated) -> None:
    """Name on standard error the rows that were filled in and decide nothing."""
    for one in told.set_aside:
        written = told.decisions or one.path
        words = {"path": quote(one.path), "kept": quote(one.kept), "decisions": quote(written)}
        key = "merge.decisions_unread" if one.reason else "merge.decisions_joined"
        console().note(say(key, reason=(one.reason or {}).get(language(), ""), **words))
    for path in told.overlooked:
        console().note(say("merge.decisions_overlooked", path=quote(path)))
    gone = [row for row in told.outcome.in_vain if row.gone]
    rows = [row for row in told.outcome.in_vain if not row.gone]
    for row in rows[:LISTED]:
        console().note(
            say("merge.decision_line", decisions=told.decisions, place=row.place, file=row.file, trouble=row.trouble)
        )
    if len(rows) > LISTED:
        console().note(say("merge.more_files", count=len(rows) - LISTED))
    if gone:
        console().note(say("merge.decisions_gone", decisions=told.decisions, count=len(gone), place=gone[0].place))


def _print(told: Merged | Repeated, options: str, *, alone: bool) -> None:
    outcome = told.outcome
    period = outcome.period.label(language()) or say("merge.no_period")
    console().line(say("merge.title", title=outcome.title, period=period))
    values = {name: getattr(outcome.counts, name) for name in outcome.counts.__dataclass_fields__}
    console().line(say("merge.equation", **values))
    console().line(say("merge.accepted", **values))
    if told.changes is not None:
        _print_below(outcome)
        _print_changes(told.changes, told)
        return
    if outcome.asked:
        console().line(say("merge.asked", **outcome.asked))
    key = "merge.unchanged" if told.unchanged else "merge.summary"
    console().line(say(key, file=quote(told.summary)), style="good")
    if told.kept is not None:
        console().line(say("merge.kept", file=quote(told.kept)))
    if told.decisions is not None:
        console().line(say("merge.decisions", file=quote(told.decisions), count=outcome.open_cases))
    _print_below(outcome)
    _print_agreement(outcome)
    for status in (Status.REFUSED, Status.HELD, Status.REJECTED):
        _print_listing(text(f"status.{status}", language()), outcome.listings[status])
    faulty = outcome.listings["errors"]
    faults = [(one.file, say("merge.faults", errors=one.errors, verify=one.verify)) for one in faulty.first]
    _print_files(say("merge.with_errors"), faults, faulty.count)
    _print_earlier(outcome)
    step = _next_step(outcome)
    step = "merge.next_status" if alone and step in {"merge.next_send_back", "merge.next_decide"} else step
    console().advice(say(step, summary=f"{quote(told.summary)}{options}", decisions=quote(told.decisions)))


def _print_below(outcome: Outcome) -> None:
    """Say what came by summaries of the level below, what came by two ways, and which summaries were not named."""
    words = outcome.period.span.words
    for one in outcome.below:
        if not one.held:
            console().line(
                say("merge.below_anew" if one.anew else "merge.below", file=one.file, count=one.returns, **words)
            )
    if outcome.twice:
        console().line(say("merge.twice", count=outcome.twice))
    _print_listing(say("merge.left_out"), outcome.listings["left_out"], style="verify")


def _print_earlier(outcome: Outcome) -> None:
    """Say what the returns were held against, or how many rules were not judged for want of it."""
    words = outcome.period.span.words
    if outcome.unjudged:
        console().line(say("merge.no_previous", count=outcome.unjudged, **words))
    if (last := outcome.earlier) is None:
        return
    period = last.period.label(language())
    console().line(say("merge.previous", period=period, found=last.found, newcomers=last.newcomers, **words))
    if last.unused:
        console().line(say("merge.previous_unused", period=period, count=last.unused))


def _print_listing(head: str, listing: Listing, style: str = "error") -> None:
    """Name the first files of a listing, and say how many there are."""
    _print_files(head, [(one.file, one.reason) for one in listing.first], listing.count, style=style)


def _print_files(
    head: str, told: Sequence[tuple[str, str]], count: int, *, more: str = "merge.more_files", style: str = "error"
) -> None:
    """Name files with what is said of each, ten at most, and where the rest stands."""
    if told:
        console().line(say("merge.files", head=head, count=count), style=style)
    for name, reason in told[:LISTED]:
        console().line(say("merge.file", file=name, reason=reason))
    if count > LISTED:
        console().line(say(more, count=count - LISTED))


def _print_changes(changes: Changes, told: Merged | Repeated) -> None:
    """Say what a dry run would change in the summary that stands: counts first, then ten of a kind by name."""
    if changes.unread is not None:
        console().line(say("merge.changes_unknown", reason=changes.unread.line(language())), style="error")
    else:
        kinds = {name: getattr(changes, name) for name in ("added", "changed", "dropped")}
        counts = {name: len(some) for name, some in kinds.items()} | {"unchanged": changes.unchanged}
        console().line(say("merge.changes", file=quote(told.summary), **counts))
        for name, some in kinds.items():
            named = [(one.source.name, _tell_change(one)) for one in some]
            _print_files(say(f"merge.{name}"), named, len(named), more="merge.more_changes", style="")
    if told.kept is not None:
        key = "merge.is_kept" if told.kept.exists() else "merge.to_keep"
        console().line(say(key, file=quote(told.kept)))
    console().advice(say("dry_run"))


def _tell_change(change: Change) -> str:
    words = " → ".join(dict.fromkeys(_state(one) for one in (change.before, change.after) if one is not None))
    return say("merge.other_content", states=words) if change.other_content else words


def _state(state: str) -> str:
    """Return a state in words; what somebody typed over one in the summary stays as it is."""
    return catalogue().get(f"summary.state.{state}", {}).get(language(), state)


def _print_agreement(outcome: Outcome) -> None:
    """Say how the checks that programs calculated in the returns agree with the checker's, and where first not."""
    for one in outcome.agreement:
        values = {"program": one.program, "compared": one.compared, "count": one.differing}
        key, style = ("merge.differs", "error") if one.differing else ("merge.agrees", "quiet")
        console().line(say(key, **values), style=style)
        for found in one.first:
            console().line(say("merge.difference", **vars(found)))


def _next_step(outcome: Outcome) -> str:
    counts = outcome.counts
    if counts.errors or counts.rejected:
        return "merge.next_send_back"
    if any(one.held for one in outcome.below):
        return "merge.next_below"
    if outcome.open_cases or outcome.in_vain:
        return "merge.next_decide"
    if counts.refused:
        return "merge.next_ask_again"
    if outcome.asked and outcome.asked["reported"] < outcome.asked["asked"]:
        return "merge.next_remind"
    looked_through = counts.passed + counts.superseded + counts.ignored
    return "merge.next_report" if looked_through == counts.received else "merge.next_verify"
