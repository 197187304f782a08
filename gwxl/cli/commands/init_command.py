"""``gwxl init``: the folder of a campaign, with settings, roster and key."""

from pathlib import Path

import click

from gwxl import Period, Terms, start_campaign
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import form_option, help_option, json_option
from gwxl.cli.console import console
from gwxl.cli.language import say
from gwxl.cli.parameters import OUTPUT_FOLDER
from gwxl.cli.settings import year_to_report
from gwxl.cli.shell_quoting import quote
from gwxl.documents.started import init_document


@declare("init")
@click.argument("folder", type=OUTPUT_FOLDER, metavar=say("metavar.folder"))
@form_option
@json_option
@help_option
def command(folder: Path, form: str | None, *, as_json: bool) -> None:
    """Make the folder and say what to do in it."""
    started = start_campaign(Terms(form, period=Period(year_to_report())), folder)
    if as_json:
        console().json(init_document(started))
        return
    found = started.campaign
    console().line(say("init.wrote", folder=quote(folder), title=started.form.title, year=found.period), style="good")
    for name in ("settings", "roster", "key", "folders"):
        console().line(say(f"init.{name}"))
    console().advice(say("init.next", folder=quote(folder)))
