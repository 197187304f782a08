"""``gwxl issue``: a personal workbook and a draft mail for each site of the roster, mailed where that is asked for."""

from collections.abc import Sequence
from pathlib import Path

import click

from gwxl import Issued, Mailed, Site, Terms, Wanted, issue_workbooks, send_workbooks
from gwxl.campaign.sending import Fate, Posted, Sending
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import dry_run_option, help_option, json_option, option, previous_option
from gwxl.cli.console import console
from gwxl.cli.language import language, say
from gwxl.cli.settings import add_previous, campaign, of_campaign, tell_late, terms_of, today
from gwxl.cli.shell_quoting import quote
from gwxl.documents.issued import issue_document

_SHOWN = 10  # sites named one by one, of those nobody has to do anything about
_STYLES = {Fate.SENT: "good", Fate.EARLIER: "quiet", Fate.WAITING: "", Fate.DEFERRED: "verify"}
_BAD = "error"


@declare("issue")
@option("--only", multiple=True, text_key="issue.only_option", metavar=say("metavar.code"))
@option("--new", is_flag=True, text_key="issue.new_option")
@option("--again", multiple=True, text_key="issue.again_option", metavar=say("metavar.code"))
@previous_option
@option("--new-journal", is_flag=True, text_key="issue.new_journal_option")
@option("--send", is_flag=True, text_key="issue.send_option")
@dry_run_option
@json_option
@help_option
def command(
    only: Sequence[str],
    again: Sequence[str],
    previous: Path | None,
    *,
    new: bool,
    new_journal: bool,
    send: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Write what is sent out, send it, and say for whom."""
    found, terms = campaign(), terms_of(None, day=today())
    if found is None:
        raise click.UsageError(say("no_campaign"))
    wanted = Wanted(only=frozenset(only), again=frozenset(again), new=new, anew=new_journal)
    mailed: Mailed | None = None
    with console().progress(say("reading"), say("writing"), say("sending")) as (reading, writing, sending):
        terms = add_previous(terms, previous, reading)
        if send:
            mailed = send_workbooks(terms, found, wanted, dry_run=dry_run, writing=writing, sending=sending)
        issued = mailed.issued if mailed else issue_workbooks(terms, found, wanted, dry_run=dry_run, progress=writing)
    if as_json:
        console().json(issue_document(issued, mailed, terms.form.language, dry_run=dry_run))
    else:
        if issued.sites:
            tell_late(terms)
            _tell_newcomers(terms, issued)
        _print_mailed(mailed, dry_run=dry_run) if mailed else _print(issued, dry_run=dry_run)
    return int(mailed is not None and _is_open(mailed.sending, dry_run=dry_run))


def _tell_newcomers(terms: Terms, issued: Issued) -> None:
    """Say for how many sites the figures of last year are not known, whose workbooks have none."""
    last = terms.previous
    new = [site.code for site in issued.sites if last.of(site.code, terms.period) is None] if last else []
    if last and new:
        told = {"count": len(new), "period": last.period.label(language()), "code": new[0]}
        console().note(say("issue.newcomers", **told, **last.period.span.words))


def _is_open(sending: Sending, *, dry_run: bool) -> bool:
    """Tell whether something is still to be done, for a dry run beside the sending itself."""
    waiting = {Fate.WAITING, Fate.DEFERRED} if dry_run else set()
    return not all(one.done or one.fate in waiting for one in sending.posted)


def _print(issued: Issued, *, dry_run: bool) -> None:
    folder = quote(of_campaign("outbox"))
    _print_issued(issued, dry_run=dry_run)
    if issued.earlier:
        console().line(say("issue.earlier", count=issued.earlier), style="quiet")
    if issued.unaddressed:
        console().line(say("issue.unaddressed", count=len(issued.unaddressed)), style="verify")
    if issued.sites:
        console().advice(say("issue.next_dry" if dry_run else "issue.next", folder=folder))


def _print_issued(issued: Issued, *, dry_run: bool) -> None:
    key = "issue.would" if dry_run else "issue.wrote"
    console().line(say(key, count=len(issued.sites), folder=quote(of_campaign("outbox"))), style="good")
    for site, file in list(zip(issued.sites, issued.files, strict=True))[:_SHOWN]:
        to = ", ".join(site.mail) or say("issue.nowhere")
        console().line(say("issue.site", code=site.code, name=site.name, file=file, to=to))
    _print_more(len(issued.sites))


def _print_more(count: int) -> None:
    if count > _SHOWN:
        console().line(say("issue.more", count=count - _SHOWN))


def _print_mailed(mailed: Mailed, *, dry_run: bool) -> None:
    sending = mailed.sending
    if mailed.issued.sites:
        _print_issued(mailed.issued, dry_run=dry_run)
    for fate in Fate:
        if found := sending.of(fate):
            console().line(say(f"issue.{fate}", count=len(found)), style=_STYLES.get(fate, _BAD))
            _print_posted(fate, found)
    if sending.halt:
        console().line(sending.halt[language()], style="verify")
    for day, count in sending.plan:
        console().line(say("issue.plan", day=day.isoformat(), count=count))
    if mailed.unaddressed:
        _print_unaddressed(mailed.unaddressed)
    if dry_run:
        console().advice(say("issue.next_dry"))
    elif sending.resumes:
        console().advice(say("issue.next_resume", time=sending.resumes.strftime("%Y-%m-%d %H:%M")))
    else:
        console().advice(say("issue.next_sent"))


def _print_posted(fate: Fate, found: Sequence[Posted]) -> None:
    """Print those that somebody has to look at, and of the others the first few that are new."""
    told = [one for one in found if one.why or fate in {Fate.UNKNOWN, Fate.REFUSED, Fate.BOUNCED, Fate.FAULTY}]
    some = [] if told or fate is Fate.EARLIER else found[:_SHOWN]
    for one in (*told, *some):
        message = one.message
        values = {"code": message.code, "name": message.name, "to": ", ".join(message.to)}
        if one.why:
            place = message.place[language()]
            console().line(say("issue.mail_why", place=place, why=one.why[language()], **values))
        else:
            console().line(say("issue.mail", **values))
    if some:
        _print_more(len(found))


def _print_unaddressed(sites: Sequence[Site]) -> None:
    console().line(say("issue.not_mailed", count=len(sites)), style="verify")
    for site in sites[:_SHOWN]:
        console().line(say("issue.without", code=site.code, name=site.name))
    _print_more(len(sites))
