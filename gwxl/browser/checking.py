"""Check what a filler drops onto the page, and say what was read in the words of the form."""

from contextlib import chdir
from dataclasses import asdict
from pathlib import Path

from gwxl import check
from gwxl.browser.asking import terms_of
from gwxl.documents.checked import Document, check_document
from gwxl.documents.forms import form_list_document
from gwxl.publishing.page import around, parts_of
from gwxl.records.receipt import Receipt
from gwxl.terms import Terms


def list_forms(asked: Document) -> Document:
    """Return ``gwxl.form_list/1``: the forms there are, or the one that was dropped in."""
    return form_list_document(terms_of(asked).forms)


def check_files(asked: Document) -> Document:
    """Return ``gwxl.check/1`` of the files that are named, and beside it what was read of each."""
    terms = terms_of(asked)
    with chdir(asked["below"]):  # files are called as they were dropped
        receipts = check(terms, [Path(name) for name in asked["files"]])
    return {
        "document": check_document(terms, receipts),
        "states": [receipt.state for receipt in receipts],
        "read": [_read(terms, receipt) for receipt in receipts],
    }


def _read(terms: Terms, receipt: Receipt) -> Document | None:
    """Return the answers of a return by section, as its form calls them; None where nothing was read."""
    submission = receipt.submission
    if submission is None:
        return None
    form = terms.form_of(submission)
    return {
        "title": form.entitle(submission.identity.period),
        "header": around(form.header, submission, every=True),
        "parts": [asdict(part) for part in parts_of(form, submission, every=True)],
        "footer": around(form.footer, submission, every=True),
        "labels": {one.key: form.label(one.path) for one in form.fields.values()},
    }
