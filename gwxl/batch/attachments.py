"""Tell the signed scans that came with a workbook from files that came instead of one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from gwxl.batch.batch import site_code
from gwxl.batch.file_names import UNKNOWN
from gwxl.batch.owners import Owners
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.records.delivery import Delivery
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Status

KINDS = frozenset({"pdf", "image", "docx", "ofd"})
"""The refusals that may be attachments, by the id of their finding."""


NOT_MAILED: Mapping[str, Delivery] = MappingProxyType({})


def with_attachments(
    form: Form, receipts: Sequence[Receipt], came: Mapping[str, Delivery] = NOT_MAILED
) -> tuple[Receipt, ...]:
    """Return the receipts with attachments ignored instead of refused, by file, member and sheet.

    An attachment is a PDF, OFD, picture or Word file that says in its name, or by the folder or archive it lies in,
    with whose workbook it came; or of which nothing says so, and the workbooks of one site alone came by its mail. Any
    other one stays refused: its sender may have sent nothing else.

    Args:
        form: the form.
        receipts: what was read.
        came: path of a file below the inbox → by which mails it came, as far as that is known.
    """
    owners = Owners(form, receipts)
    mailed = _index_mails(form, receipts, came)
    told = (
        _ignore_attachment(form, receipt, owners.owner(receipt.source) or _find_beside(receipt, came, mailed))
        if may_attach(receipt)
        else receipt
        for receipt in receipts
    )
    return tuple(sorted(told, key=lambda receipt: _place(receipt.source)))


def _index_mails(
    form: Form, receipts: Sequence[Receipt], came: Mapping[str, Delivery]
) -> Mapping[str, Mapping[str, Receipt]]:
    """Return mail → code of each site of which it brought a workbook → one of them."""
    found: dict[str, dict[str, Receipt]] = {}
    for receipt in receipts if came else ():
        delivery = came.get(receipt.source.file)
        if receipt.submission is not None and delivery is not None:
            for mail in delivery.mails:
                found.setdefault(mail, {}).setdefault(site_code(form, receipt), receipt)
    return found


def _find_beside(
    receipt: Receipt, came: Mapping[str, Delivery], mailed: Mapping[str, Mapping[str, Receipt]]
) -> Receipt | None:
    """Return a workbook of the only site whose workbooks a file of nobody known came with, None where none is alone."""
    file = receipt.source.file
    delivery = came.get(file) if file.startswith(f"{UNKNOWN}/") else None
    found = {code: one for mail in (delivery.mails if delivery else ()) for code, one in mailed.get(mail, {}).items()}
    return next(iter(found.values())) if len(found) == 1 else None


def may_attach(receipt: Receipt) -> bool:
    """Tell whether a file was refused as what may be somebody's attachment."""
    return receipt.status is Status.REFUSED and any(finding.id in KINDS for finding in receipt.findings)


def _place(source: Source) -> tuple[str, str, str]:
    return source.file, source.member or "", source.sheet or ""


def _ignore_attachment(form: Form, receipt: Receipt, workbook: Receipt | None) -> Receipt:
    if workbook is None:
        return receipt
    site = site_code(form, workbook)
    key = "ignored.attachment" if site else "ignored.attachment_nameless"
    values = {"workbook": inert_line(workbook.source.name)} | ({"site": inert_line(site)} if site else {})
    return replace(receipt, status=Status.IGNORED, reason=form.say(key, **values), findings=())
