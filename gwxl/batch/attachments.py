"""Tell the signed scans that came with a workbook from files that came instead of one."""

from collections.abc import Sequence
from dataclasses import replace

from gwxl.batch.batch import site_code
from gwxl.batch.owners import Owners
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Status

KINDS = frozenset({"pdf", "image", "docx", "ofd"})
"""The refusals that may be attachments, by the id of their finding."""


def with_attachments(form: Form, receipts: Sequence[Receipt]) -> tuple[Receipt, ...]:
    """Return the receipts with attachments ignored instead of refused, by file, member and sheet.

    An attachment is a PDF, OFD, picture or Word file that says in its name, or by the folder or archive it lies in,
    with whose workbook it came. Any other one stays refused: its sender may have sent nothing else.
    """
    owners = Owners(form, receipts)
    told = (_ignore_attachment(form, receipt, owners) if may_attach(receipt) else receipt for receipt in receipts)
    return tuple(sorted(told, key=lambda receipt: _place(receipt.source)))


def may_attach(receipt: Receipt) -> bool:
    """Tell whether a file was refused as what may be somebody's attachment."""
    return receipt.status is Status.REFUSED and any(finding.id in KINDS for finding in receipt.findings)


def _place(source: Source) -> tuple[str, str, str]:
    return source.file, source.member or "", source.sheet or ""


def _ignore_attachment(form: Form, receipt: Receipt, owners: Owners) -> Receipt:
    workbook = owners.owner(receipt.source)
    if workbook is None:
        return receipt
    site = site_code(form, workbook)
    key = "ignored.attachment" if site else "ignored.attachment_nameless"
    values = {"workbook": inert_line(workbook.source.name)} | ({"site": inert_line(site)} if site else {})
    return replace(receipt, status=Status.IGNORED, reason=form.say(key, **values), findings=())
