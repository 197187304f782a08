"""Publish one return: its form as a page."""

from dataclasses import dataclass, replace
from pathlib import Path

from gwxl.batch.files import name_file
from gwxl.batch.inbox import read_files
from gwxl.errors import OutputError
from gwxl.files.outputs import refuse_existing, refuse_nothing, replace_file
from gwxl.publishing.page import Imprint, report_page
from gwxl.records.receipt import Receipt
from gwxl.terms import Terms
from gwxl.wording import each


@dataclass(frozen=True, kw_only=True)
class Published:
    """What became of a return.

    Attributes:
        receipt: what was read; its reason says why one without errors is not published.
        page: the page that was written, None where something is wrong.
        outdated: the return was filled in on an older edition of its form.
    """

    receipt: Receipt
    page: Path | None = None
    outdated: bool = False


def publish(terms: Terms, path: Path, page: Path, *, publisher: str = "", force: bool = False) -> Published:
    """Write the page of a return that nothing is wrong with; the receipt tells what is, and then nothing is written.

    An open verify does not keep a return from being published: only errors do, and what holds or refuses it, and
    that it was filled in on an older edition of the form.

    Args:
        terms: the forms it may be of, and what it is held against; their day is the day of publishing.
        path: the filled workbook; it must hold one form sheet.
        page: the HTML file to write.
        publisher: who publishes it; the return's own sponsor, else its unit, where empty.
        force: replace an existing file.

    Raises:
        OutputError: the file exists, cannot be written, or the workbook holds several returns.
        FormError: the form's page template cannot be rendered.
    """
    (receipts,) = read_files([name_file(path)], terms)
    if len(receipts) != 1:
        raise OutputError(each("failure.several", path=path, count=len(receipts)))
    one = look_at(terms, receipts[0])
    submission = one.receipt.submission
    if submission is None or one.receipt.reason or one.receipt.has_errors:
        return one
    form = terms.form_of(submission)
    words = report_page(form, submission, Imprint(publisher=publisher, day=terms.today))
    with replace_file(page, refuse_nothing if force else refuse_existing) as draft:
        draft.write_bytes(words.encode())
    return replace(one, page=page)


def look_at(terms: Terms, receipt: Receipt) -> Published:
    """Return a return that has no page yet, with the reason where its edition of the form keeps it from having one."""
    submission = receipt.submission
    if submission is None:
        return Published(receipt=receipt)
    form, edition = terms.form_of(submission), submission.identity.edition
    outdated = form.older_edition(edition) is not None
    if outdated and not receipt.reason:
        reason = form.say("publish.outdated", found=edition, current=form.edition)
        receipt = replace(receipt, reason=reason)
    return Published(receipt=receipt, outdated=outdated)
