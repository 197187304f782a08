"""``gwxl status``: who has reported, with what outcome, and what is still open."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from gwxl import Campaign, Stock, take_stock
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import exit_zero_option, help_option, json_option, option
from gwxl.cli.console import console
from gwxl.cli.language import language, say
from gwxl.cli.next_steps import next_steps
from gwxl.cli.parameters import OUTPUT
from gwxl.cli.settings import campaign, terms_of, today
from gwxl.cli.shell_quoting import quote
from gwxl.documents.standing import status_document
from gwxl.records.period import day_in_words
from gwxl.summary.standing.joining import Standing, Standings, State, count_states
from gwxl.wording import text

_SHOWN = 50  # sites named one by one; the summary and --json tell them all
_STYLES = {State.MISSING: "error", State.ERRORS: "error", State.HELD: "verify", State.VERIFY: "verify"}


@declare("status")
@option("--receipt", "code", text_key="status.receipt_option", metavar=say("metavar.code"))
@option("-o", "--output", type=OUTPUT, text_key="status.output_option")
@option("--force", is_flag=True, text_key="force_option")
@json_option
@exit_zero_option
@help_option
def command(code: str | None, output: Path | None, *, force: bool, as_json: bool, exit_zero: bool) -> int:
    """Print how the campaign stands, or write the receipt of a site."""
    found = campaign()
    if found is None:
        raise click.UsageError(say("no_campaign"))
    terms = terms_of(None, day=today())
    if code is not None and not as_json:
        # What writes pages takes as long to load as all that is needed to say how the campaign stands.
        import_module("gwxl.cli.commands.receipt_command").show_receipt(terms, code, output, force=force)
        return 0
    if code is not None or output is not None or force:
        raise click.UsageError(say("status.receipt_alone"))
    stock = take_stock(terms, found)
    if as_json:
        console().json(status_document(stock))
    else:
        _print(stock, found, terms.form.title)
    standings = stock.standings
    done = standings.counts[State.PASSED] == len(standings.sites) and not standings.outside and not stock.later
    return 0 if exit_zero else int(not done)


def _print(stock: Stock, found: Campaign, title: str) -> None:
    console().line(say("status.title", title=title, period=found.period.label(language()), deadline=_deadline(stock)))
    standings = stock.standings
    counts = {str(state): count for state, count in standings.counts.items()}
    console().line(say("status.equation", asked=len(standings.sites), **counts))
    marks = {str(mark): count for mark, count in standings.marks.items()}
    console().line(say("status.marks", outside=len(standings.outside), **marks))
    if stock.merged is None:
        console().line(say("status.no_merge"), style="verify")
    else:
        console().line(say("status.merged", time=f"{stock.merged.astimezone():%Y-%m-%d %H:%M}"), style="quiet")
    if stock.later:
        console().line(say("status.later", count=stock.later), style="verify")
    if len(standings.by_parent) > 1:
        _print_parents(standings)
    _print_open(standings)
    _print_outside(standings)
    _print_astray(standings)
    _advise(next_steps(stock, found), found)


def _advise(steps: Sequence[str], found: Campaign) -> None:
    if not steps:
        console().advice(say("status.next_report", summary=quote(found.summary)))
        return
    console().line()
    console().advice(say("status.next"))
    for step in steps:
        console().advice(say("status.next_step", step=step))


def _deadline(stock: Stock) -> str:
    if stock.deadline is None:
        return say("status.no_deadline")
    left = (stock.deadline - stock.day).days if stock.day else 0
    day = day_in_words(stock.deadline, language())
    return say("status.deadline_past" if left < 0 else "status.deadline", day=day, days=abs(left))


def _print_parents(standings: Standings) -> None:
    heads = [say("status.parent"), say("status.asked"), *map(_state, State)]
    rows = []
    for code, sites in standings.by_parent.items():
        parent = standings.find(code)
        name = parent.site.name if parent else say("status.no_parent")
        rows.append([name, *map(str, (len(sites), *count_states(sites).values()))])
    console().line()
    console().table(heads, rows)


def _print_open(standings: Standings) -> None:
    """Name the sites that have not passed, by how little there is of them."""
    order = list(State)
    open_ones = (one for one in standings.sites if one.state is not State.PASSED)
    still = sorted(open_ones, key=lambda one: order.index(one.state))
    if not still:
        return
    heads = [say(f"status.{name}") for name in ("state", "code", "name", "parent", "marked", "since")]
    shown = still[:_SHOWN]
    console().line()
    console().table(heads, [_row(standings, one) for one in shown], [_STYLES.get(one.state, "") for one in shown])
    if len(still) > _SHOWN:
        console().line(say("status.more", count=len(still) - _SHOWN))


def _row(standings: Standings, one: Standing) -> Sequence[str]:
    parent = standings.find(one.site.parent)
    marks = say("status.between").join(say(f"status.{mark}") for mark in one.marks)
    return [_state(one.state), one.site.code, one.site.name, parent.site.name if parent else "", marks, one.since]


def _state(state: State) -> str:
    return text(f"summary.state.{state}", language())


def _print_outside(standings: Standings) -> None:
    if standings.outside:
        console().line()
        console().line(say("status.outside", count=len(standings.outside)), style="verify")
    for one in standings.outside[:_SHOWN]:
        state = text(f"summary.state.{one.state}", language())
        code = one.code or say("status.no_code")
        console().line(say("status.outside_file", file=one.source.name, code=code, state=state))
    if len(standings.outside) > _SHOWN:
        console().line(say("status.more", count=len(standings.outside) - _SHOWN))


def _print_astray(standings: Standings) -> None:
    """Name what counts for a site though another one's contact sent it."""
    if standings.astray:
        console().line()
        console().line(say("status.astray", count=len(standings.astray)), style="verify")
    for one in standings.astray[:_SHOWN]:
        file = one.arrival.source.name if one.arrival else ""
        console().line(say("status.astray_file", file=file, code=one.site.code, name=one.site.name))
    if len(standings.astray) > _SHOWN:
        console().line(say("status.more", count=len(standings.astray) - _SHOWN))
