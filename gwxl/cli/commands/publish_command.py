"""``gwxl publish``: the page of one return, or those of all that passed in a summary."""

from collections import Counter
from pathlib import Path

import click

from gwxl import Published, PublishedSummary, publish, publish_summary
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import exit_zero_option, form_option, help_option, json_option, option, signed_option
from gwxl.cli.console import console
from gwxl.cli.language import language, say
from gwxl.cli.parameters import FILE, FOLDER, OUTPUT
from gwxl.cli.settings import form_of, form_of_all, summary_of_campaign, terms_of, today
from gwxl.cli.shell_quoting import quote
from gwxl.documents.checked import needs_action
from gwxl.documents.published import publish_document, publish_summary_document
from gwxl.wording import text

_MOST = 10  # files that are named


@declare("publish")
@click.argument("file", type=FILE, required=False, metavar=say("metavar.file"))
@option("--from", "summary", type=FILE, text_key="publish.from_option")
@option("--inbox", type=FOLDER, text_key="return.inbox_option")
@option("-o", "--output", type=OUTPUT, required=True, text_key="publish.output_option")
@option("--publisher", default="", text_key="publish.publisher_option")
@form_option
@signed_option
@option("--force", is_flag=True, text_key="force_option")
@json_option
@exit_zero_option
@help_option
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    file: Path | None,
    summary: Path | None,
    inbox: Path | None,
    output: Path,
    publisher: str,
    form: str | None,
    *,
    signed: bool,
    force: bool,
    as_json: bool,
    exit_zero: bool,
) -> int:
    """Write the page, unless the return holds an error."""
    if file is not None and summary is None:
        if inbox is not None:
            raise click.UsageError(say("publish.of_summary", name="--inbox"))
        terms = terms_of(form_of_all(form, [file]), signed=signed, day=today())
        one = publish(terms, file, output, publisher=publisher, force=force)
        if as_json:
            console().json(publish_document(one))
        else:
            _print(file, one)
        return 0 if exit_zero else int(one.page is None)
    summary = summary or summary_of_campaign()
    if summary is None or file is not None:
        raise click.UsageError(say("publish.either"))
    if force:
        raise click.UsageError(say("publish.no_force"))
    terms = terms_of(form_of(form, [summary]), signed=signed, day=today())
    with console().progress(say("reading"), say("writing")) as (reading, writing):
        done = publish_summary(
            terms, summary, output, inbox=inbox, publisher=publisher, reading=reading, writing=writing
        )
    if as_json:
        console().json(publish_summary_document(done))
    else:
        _print_all(done)
    return 0 if exit_zero else int(_is_unfinished(done))


def _is_unfinished(done: PublishedSummary) -> bool:
    waiting = needs_action(one.receipt for one in done.returns) or any(one.outdated for one in done.returns)
    since = any(one.receipt.passed and one.page is None for one in done.returns)
    return waiting or since or bool(done.strangers or done.missing or done.stale) or done.index is None


def _print(file: Path, published: Published) -> None:
    if published.page is not None:
        console().line(say("publish.wrote", file=quote(published.page)), style="good")
        return
    console().line(say("publish.not_yet", file=file), style="error")
    if published.receipt.reason:
        console().line("  " + published.receipt.reason)
    console().advice(say("publish.migrate" if published.outdated else "publish.next", file=quote(file)))


def _print_all(done: PublishedSummary) -> None:
    left = [one for one in done.returns if one.page is None]
    if done.index is None:
        console().line(say("publish.none"), style="error")
    else:
        console().line(
            say("publish.wrote_all", count=len(done.returns) - len(left), index=quote(done.index)), style="good"
        )
    if left:
        _print_left(left)
    for name in done.strangers:
        console().line(say("return.stranger", file=name), style="verify")
    for name in done.missing:
        console().line(say("return.missing", file=name), style="verify")
    for path in done.stale:
        console().line(say("publish.stale", file=path), style="verify")


def _print_left(left: list[Published]) -> None:
    counts = Counter(_state(one) for one in left)
    states = [say("publish.state", state=state, count=count) for state, count in counts.items()]
    separator = text("answer.separator", language())
    console().line(say("publish.left_out", count=len(left), states=separator.join(states)))
    for one in left[:_MOST]:
        name, reason = one.receipt.source.name, one.receipt.reason
        key = "left_out_why" if reason else "left_out_file"
        console().line(say(f"publish.{key}", file=name, state=_state(one), reason=reason))
    if len(left) > _MOST:
        console().line(say("merge.more_files", count=len(left) - _MOST))


def _state(one: Published) -> str:
    """Return in a word why a return is left out."""
    name = one.receipt.state
    return say("publish.unfit") if name == "passed" else text(f"summary.state.{name}", language())
