"""``gwxl template``: the blank workbook that is mailed out."""

from pathlib import Path

import click

from gwxl.cli.console import console
from gwxl.cli.declaring import command as declare
from gwxl.cli.declaring import form_option, help_option, json_option, notice_options, option, the_form
from gwxl.cli.language import say
from gwxl.cli.settings import campaign_key, today
from gwxl.documents.template import template_document
from gwxl.files.outputs import refuse_existing
from gwxl.form.identity import issue_identity
from gwxl.rules.available import load_proven
from gwxl.template import Notice, render_letter, site_answers, write_letter, write_template

_YEAR_TURNS = 7  # from this month on, the year to report is the running one; before, the one that has ended


@declare("template")
@option("-o", "--output", type=click.Path(path_type=Path), required=True, text_key="output_option")
@option("--year", type=click.IntRange(2000, 2100), text_key="template.year_option")
@form_option
@option("--site", text_key="template.site_option")
@notice_options
@option("--letter", type=click.Path(path_type=Path), text_key="template.letter_option")
@option("--force", is_flag=True, text_key="force_option")
@json_option
@help_option
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    output: Path,
    year: int | None,
    form: str | None,
    site: str | None,
    deadline: str,
    return_to: str,
    phone: str,
    office: str,
    letter: Path | None,
    *,
    force: bool,
    as_json: bool,
) -> None:
    """Write the template, and the letter if asked."""
    rules = load_proven(the_form(form))
    notice = Notice(deadline=deadline, return_to=return_to, phone=phone, office=office)
    year = year or _reported_year()
    if letter is not None and not force:
        refuse_existing(letter)  # both or neither
    if letter is not None:
        render_letter(rules.form, notice, year)  # one that cannot be is told before the workbook stands
    answers = site_answers(rules, site) if site is not None else {}
    identity = issue_identity(rules.form, year=year, site_code=site, key=campaign_key())
    template = write_template(rules, output, identity=identity, notice=notice, force=force, answers=answers)
    if letter is not None:
        write_letter(rules.form, letter, year=year, notice=notice, force=force)
    if as_json:
        console().json(template_document(template))
        return
    console().line(say("template.wrote", file=output, title=rules.form.title, year=year))
    if letter is not None:
        console().line(say("template.wrote_letter", file=letter))
    console().line(say("template.next"), style="quiet")


def _reported_year() -> int:
    day = today()
    return day.year if day.month >= _YEAR_TURNS else day.year - 1
