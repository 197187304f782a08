"""``gwxl publish``: the page of one return."""

from pathlib import Path

import click

from gwxl import publish
from gwxl.cli.console import console
from gwxl.cli.declaring import command as declare
from gwxl.cli.declaring import form_option, help_option, option, signed_option
from gwxl.cli.language import say
from gwxl.cli.parameters import FILE, OUTPUT
from gwxl.cli.settings import terms_of
from gwxl.cli.shell import quote


@declare("publish")
@click.argument("file", type=FILE, metavar=say("metavar.file"))
@option("-o", "--output", type=OUTPUT, required=True, text_key="output_option")
@form_option
@signed_option
@option("--force", is_flag=True, text_key="force_option")
@help_option
def command(file: Path, output: Path, form: str | None, *, signed: bool, force: bool) -> int:
    """Write the page, unless the return holds an error."""
    published = publish(terms_of(form, signed=signed), file, output, force=force)
    if published.page is not None:
        console().line(say("publish.wrote", file=quote(output)), style="good")
        return 0
    console().line(say("publish.not_yet", file=file), style="error")
    if published.receipt.reason:
        console().line("  " + published.receipt.reason)
    console().advice(say("publish.migrate" if published.outdated else "publish.next", file=quote(file)))
    return 1
