"""``gwxl issue``: a personal workbook and a draft mail for each site of the roster."""

from collections.abc import Sequence

import click

from gwxl import Issued, Wanted, issue_workbooks
from gwxl.cli.console import console
from gwxl.cli.declaring import command as declare
from gwxl.cli.declaring import dry_run_option, help_option, option
from gwxl.cli.language import say
from gwxl.cli.settings import campaign, of_campaign, terms_of
from gwxl.cli.shell import quote

_SHOWN = 10  # sites named one by one


@declare("issue")
@option("--only", multiple=True, text_key="issue.only_option", metavar=say("metavar.code"))
@option("--new", is_flag=True, text_key="issue.new_option")
@option("--again", multiple=True, text_key="issue.again_option", metavar=say("metavar.code"))
@dry_run_option
@help_option
def command(only: Sequence[str], again: Sequence[str], *, new: bool, dry_run: bool) -> None:
    """Write what is sent out, and say for whom."""
    found = campaign()
    if found is None:
        raise click.UsageError(say("no_campaign"))
    wanted = Wanted(only=frozenset(only), again=frozenset(again), new=new)
    with console().progress(say("writing")) as (writing,):
        issued = issue_workbooks(terms_of(None), found, wanted, dry_run=dry_run, progress=writing)
    _print(issued, dry_run=dry_run)


def _print(issued: Issued, *, dry_run: bool) -> None:
    folder = quote(of_campaign("outbox"))
    key = "issue.would" if dry_run else "issue.wrote"
    console().line(say(key, count=len(issued.sites), folder=folder), style="good")
    for site, file in list(zip(issued.sites, issued.files, strict=True))[:_SHOWN]:
        to = ", ".join(site.mail) or say("issue.nowhere")
        console().line(say("issue.site", code=site.code, name=site.name, file=file, to=to))
    if len(issued.sites) > _SHOWN:
        console().line(say("issue.more", count=len(issued.sites) - _SHOWN))
    if issued.earlier:
        console().line(say("issue.earlier", count=issued.earlier), style="quiet")
    if issued.unaddressed:
        console().line(say("issue.unaddressed", count=len(issued.unaddressed)), style="verify")
    if issued.sites:
        console().advice(say("issue.next_dry" if dry_run else "issue.next", folder=folder))
