"""``gwxl export``: the figures of a summary for other programs."""

from pathlib import Path

from gwxl import export
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import form_option, help_option, json_option, option, place_argument, signed_option
from gwxl.cli.console import console
from gwxl.cli.language import say
from gwxl.cli.parameters import FILE, FOLDER, OUTPUT
from gwxl.cli.settings import form_of, terms_of, today
from gwxl.cli.shell_quoting import quote
from gwxl.documents.exported import export_document


@declare("export")
@place_argument("summary", "summary", type=FILE)
@option("-o", "--output", type=OUTPUT, required=True, text_key="export.output_option")
@option("--inbox", type=FOLDER, text_key="return.inbox_option")
@form_option
@signed_option
@option("--force", is_flag=True, text_key="force_option")
@json_option
@help_option
def command(
    summary: Path, output: Path, inbox: Path | None, form: str | None, *, signed: bool, force: bool, as_json: bool
) -> int:
    """Write the file and say what it holds."""
    terms = terms_of(form_of(form, [summary]), signed=signed, day=today())
    with console().progress(say("reading")) as (reading,):
        done = export(terms, summary, output, inbox=inbox, force=force, progress=reading)
    if as_json:
        console().json(export_document(done))
        return int(bool(done.strangers))
    console().line(say("export.wrote", file=quote(done.path), returns=done.returns, rows=done.rows), style="good")
    for name in done.strangers:
        console().line(say("return.stranger", file=name), style="verify")
    return int(bool(done.strangers))
