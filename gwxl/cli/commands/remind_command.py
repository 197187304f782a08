"""``gwxl remind``: drafts of mails for those who are missing, and for what was sent back and not corrected."""

from collections.abc import Sequence

import click

from gwxl import Reminders, remind
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import dry_run_option, help_option, json_option, option
from gwxl.cli.console import console
from gwxl.cli.language import language, say
from gwxl.cli.settings import campaign, of_campaign, tell_late, terms_of, today
from gwxl.cli.shell_quoting import quote
from gwxl.documents.reminded import remind_document
from gwxl.summary.standing.joining import Standing, State
from gwxl.wording import text

_SHOWN = 20  # mails named one by one


@declare("remind")
@option("--only", multiple=True, text_key="remind.only_option", metavar=say("metavar.code"))
@option("--escalate", is_flag=True, text_key="remind.escalate_option")
@option("--again", is_flag=True, text_key="remind.again_option")
@dry_run_option
@json_option
@help_option
def command(only: Sequence[str], *, escalate: bool, again: bool, dry_run: bool, as_json: bool) -> None:
    """Write the drafts, and say for whom."""
    found = campaign()
    if found is None:
        raise click.UsageError(say("no_campaign"))
    flags = {"escalate": escalate, "again": again, "dry_run": dry_run}
    with console().progress(say("writing")) as (writing,):
        terms = terms_of(None, day=today())
        done = remind(terms, found, frozenset(only), **flags, progress=writing)
    if as_json:
        console().json(remind_document(done, dry_run=dry_run))
    else:
        if done.mails:
            tell_late(terms)
        _print(done, dry_run=dry_run)


def _why_idle(one: Standing) -> str:
    """Return why there is nothing to remind a site of."""
    if one.state is not State.PASSED and one.arrival and one.from_below:
        state = text(f"summary.state.{one.state}", language())
        return say("remind.idle_below", summary=quote(one.arrival.source.by[0]), state=state)
    return say("remind.idle_settle" if one.clerks else f"remind.idle_{one.state}")


def _print(done: Reminders, *, dry_run: bool) -> None:
    folder = quote(of_campaign("outbox"))
    console().line(
        say("remind.would" if dry_run else "remind.wrote", count=len(done.mails), folder=folder), style="good"
    )
    for one, file in list(zip(done.mails, done.files, strict=True))[:_SHOWN]:
        about = text(f"cli.remind.{one.about}", language(), count=len(one.below), since=one.since or "?")
        console().line(say("remind.mail", code=one.to.code, name=one.to.name, about=about, file=file))
    if len(done.mails) > _SHOWN:
        console().line(say("remind.more", count=len(done.mails) - _SHOWN))
    if done.earlier:
        console().line(say("remind.earlier", count=done.earlier), style="quiet")
    _print_unreached(done, folder)
    if done.mails:
        console().advice(say("dry_run" if dry_run else "remind.next", folder=folder))


def _print_unreached(done: Reminders, folder: str) -> None:
    """Say to whom nothing goes, or less than to the others, and why."""
    for site in done.unaddressed[:_SHOWN]:
        phone = site.phone or say("remind.no_phone")
        console().line(say("remind.unaddressed", code=site.code, name=site.name, phone=phone), style="verify")
    for site in done.bounced[:_SHOWN]:
        told = {"code": site.code, "name": site.name, "mail": "; ".join(site.mail), "place": site.place[language()]}
        console().line(say("remind.bounced", **told), style="verify")
    if done.headless:
        codes = say("remind.between").join(site.code for site in done.headless[:_SHOWN])
        console().line(say("remind.headless", codes=codes, count=len(done.headless)), style="verify")
    if done.bare:
        codes = say("remind.between").join(site.code for site in done.bare[:_SHOWN])
        console().line(say("remind.bare", codes=codes, count=len(done.bare), folder=folder), style="verify")
    for one in done.idle[:_SHOWN]:
        console().line(say("remind.idle", code=one.site.code, name=one.site.name, why=_why_idle(one)))
    if not (done.mails or done.earlier or done.idle or done.unsent or done.headless):
        console().line(say("remind.nobody"))
    if done.unsent and not done.idle:
        console().line(say("remind.unsent", count=len(done.unsent)), style="verify")
