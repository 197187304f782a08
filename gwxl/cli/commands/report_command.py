"""``gwxl report``: the page that says how a summary stands."""

from pathlib import Path

from gwxl import write_report
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import form_option, help_option, json_option, option, place_argument
from gwxl.cli.console import console
from gwxl.cli.language import say
from gwxl.cli.parameters import FILE, OUTPUT
from gwxl.cli.settings import campaign, form_of, terms_of, today
from gwxl.cli.shell_quoting import quote
from gwxl.documents.reported import report_document


@declare("report")
@place_argument("summary", "summary", type=FILE)
@option("-o", "--output", type=OUTPUT, text_key="report.output_option")
@option("--publisher", default="", text_key="report.publisher_option")
@form_option
@option("--force", is_flag=True, text_key="force_option")
@json_option
@help_option
def command(summary: Path, output: Path | None, publisher: str, form: str | None, *, force: bool, as_json: bool) -> int:
    """Write the page and say where it stands."""
    found = campaign()
    office = publisher or (found.office if found else "")
    done = write_report(terms_of(form_of(form, [summary]), day=today()), summary, output, publisher=office, force=force)
    if as_json:
        console().json(report_document(done))
    else:
        console().line(say("report.wrote", file=quote(done.page)), style="good")
    return 0
