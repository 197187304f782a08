"""``gwxl template``: the blank workbook that is mailed out."""

from datetime import date
from pathlib import Path

import click

from gwxl import Notice, make_template
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import (
    form_option,
    help_option,
    json_option,
    notice_options,
    option,
    period_option,
    previous_option,
)
from gwxl.cli.console import console
from gwxl.cli.language import language, say
from gwxl.cli.parameters import OUTPUT
from gwxl.cli.settings import add_previous, form_of, period_to_report, terms_of
from gwxl.cli.shell_quoting import quote
from gwxl.documents.template import template_document
from gwxl.records.period import Period


@declare("template")
@option("-o", "--output", type=OUTPUT, required=True, text_key="output_option")
@period_option("template.period_option")
@form_option
@option("--site", text_key="template.site_option")
@previous_option
@notice_options
@option("--letter", type=OUTPUT, text_key="template.letter_option")
@option("--force", is_flag=True, text_key="force_option")
@json_option
@help_option
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    output: Path,
    period: Period,
    form: str | None,
    site: str | None,
    previous: Path | None,
    deadline: date | None,
    return_to: str,
    phone: str,
    office: str,
    letter: Path | None,
    *,
    force: bool,
    as_json: bool,
) -> None:
    """Write the template, and the letter if asked."""
    if previous is not None and site is None:
        raise click.UsageError(say("template.previous_of_site"))
    notice = Notice(deadline=deadline, return_to=return_to, phone=phone, office=office)
    terms = terms_of(form_of(form), period=period, notice=notice)
    terms = terms if terms.year else terms.for_period(period_to_report(terms.form))
    terms = add_previous(terms, previous)
    template = make_template(terms, output, site=site, letter=letter, force=force)
    if as_json:
        console().json(template_document(template))
        return
    console().line(
        say("template.wrote", file=quote(output), title=terms.form.title, period=terms.period.label(language()))
    )
    if terms.previous is not None and site not in terms.previous.sites:
        last = terms.previous.period
        console().note(say("template.site_new", site=site, period=last.label(language()), **last.span.words))
    if letter is not None:
        console().line(say("template.wrote_letter", file=quote(letter)))
    console().advice(say("template.next"))
