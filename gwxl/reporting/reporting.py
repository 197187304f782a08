"""Write the page of a summary."""

from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from gwxl.errors import SettingsError
from gwxl.files.outputs import refuse_nothing, replace_file
from gwxl.files.page_mark import mark_page, refuse_strange
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.records.period import Period
from gwxl.reporting.page import About, columns_of, summary_page
from gwxl.summary.stored.account import Account, read_account, refuse_edited
from gwxl.summary.stored.listing import read_listing
from gwxl.summary.stored.own_process import run_aside
from gwxl.terms import Terms
from gwxl.wording import each

_ENDINGS = (".html", ".htm")


@dataclass(frozen=True, kw_only=True)
class Reported:
    """A page that was written, and what it says.

    Attributes:
        page: the file. account: what stands on it.
    """

    page: Path
    account: Account


def write_report(
    terms: Terms, summary: Path, page: Path | None = None, *, publisher: str = "", force: bool = False
) -> Reported:
    """Write one page that says how a summary stands: figures, what came, what is wrong, this period beside the last.

    Args:
        terms: the form is the one the summary names where none is; their day is the day of the page,
            their notice says the deadline.
        summary: a summary that gwxl wrote, in which nothing was changed since.
        page: the HTML file to write; beside the summary and called after it when None.
        publisher: who reports, empty for nobody.
        force: replace whatever stands there; else only a page of this form and year that nobody has changed.

    Raises:
        SettingsError: the file is no summary, was changed since it was written, or is of another form; or the
            page does not end in .html.
        OutputError: something else stands where the page is to be written, or it cannot be written.
        FormError: the template of the page cannot be rendered.
    """
    if page is not None and page.suffix.lower() not in _ENDINGS:
        raise SettingsError(each("report.ending", path=page, endings=" ".join(_ENDINGS)))
    form, period = _form(terms, summary)
    page = page or summary.with_name(form.say("report.file_name", stem=summary.stem))
    owner = f"report {form.id} {period}"
    refuse = refuse_nothing if force else refuse_strange(owner)
    refuse(page)
    refuse_edited(summary)
    account = run_aside(partial(read_account, columns_of(form)), summary)
    about = About(
        summary=summary.name,
        sha256=sha256(summary.read_bytes()).hexdigest(),
        day=terms.today,
        publisher=publisher,
        deadline=terms.notice.deadline,
    )
    words = summary_page(form, account, about)
    with replace_file(page, refuse) as draft:
        draft.write_bytes(mark_page(words, owner))
    return Reported(page=page, account=account)


def _form(terms: Terms, summary: Path) -> tuple[Form, Period]:
    """Return the form of a summary, where it is one of those that are known, and its period."""
    listing = run_aside(read_listing, summary)
    form = replace(terms, named=terms.named or listing.form).form
    if form.id != listing.form:
        raise SettingsError(each("report.other_form", path=summary, found=inert_line(listing.form), form=form.id))
    return form, listing.period
