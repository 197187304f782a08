"""Write the page of a summary."""

from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from gwxl.errors import SettingsError
from gwxl.files.outputs import refuse_existing, refuse_nothing, replace_file
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.reporting.page import About, columns_of, summary_page
from gwxl.summary.stored.account import Account, read_account, refuse_edited
from gwxl.summary.stored.listing import read_listing
from gwxl.summary.stored.own_process import run_aside
from gwxl.terms import Terms
from gwxl.wording import each


@dataclass(frozen=True, kw_only=True)
class Reported:
    """A page that was written, and what it says.

    Attributes:
        page: the file. account: what stands on it.
    """

    page: Path
    account: Account


def write_report(terms: Terms, summary: Path, page: Path, *, publisher: str = "", force: bool = False) -> Reported:
    """Write one page that says how a summary stands: figures, what came, what is wrong, this period beside the last.

    Args:
        terms: the form is the one the summary names where none is; their day is the day of the page,
            their notice says the deadline.
        summary: a summary that gwxl wrote, in which nothing was changed since.
        page: the HTML file to write.
        publisher: who reports, empty for nobody.
        force: replace an existing file.

    Raises:
        SettingsError: the file is no summary, was changed since it was written, or is of another form or edition.
        OutputError: the page exists, or cannot be written.
        FormError: the template of the page cannot be rendered.
    """
    refuse = refuse_nothing if force else refuse_existing
    refuse(page)
    refuse_edited(summary)
    form = _form(terms, summary)
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
        draft.write_text(words, "utf-8", newline="\n")
    return Reported(page=page, account=account)


def _form(terms: Terms, summary: Path) -> Form:
    """Return the form of a summary, where it is one of those that are known."""
    listing = run_aside(read_listing, summary)
    form = replace(terms, named=terms.named or listing.form).form
    if form.id != listing.form:
        raise SettingsError(each("report.other_form", path=summary, found=inert_line(listing.form), form=form.id))
    return form
