"""``gwxl init``: the folder of a campaign, with settings, roster and key."""

from pathlib import Path

import click

from gwxl import Terms, start_campaign
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import form_option, help_option, json_option
from gwxl.cli.console import console
from gwxl.cli.language import language, say
from gwxl.cli.parameters import OUTPUT_FOLDER
from gwxl.cli.settings import period_to_report
from gwxl.cli.shell_quoting import quote
from gwxl.documents.started import init_document
from gwxl.rules.available_forms import find_form


@declare("init")
@click.argument("folder", type=OUTPUT_FOLDER, metavar=say("metavar.folder"))
@form_option
@json_option
@help_option
def command(folder: Path, form: str | None, *, as_json: bool) -> None:
    """Make the folder and say what to do in it."""
    terms = Terms(form or find_form())
    started = start_campaign(terms.for_period(period_to_report(terms.form)), folder)
    if as_json:
        console().json(init_document(started))
        return
    period = started.campaign.period.label(language())
    console().line(
        say("init.wrote", folder=quote(folder), title=started.form.title, period=period),
        style="good",
    )
    for name in ("settings", "roster", "key", "folders"):
        console().line(say(f"init.{name}"))
    console().advice(say("init.next", folder=quote(folder)))
