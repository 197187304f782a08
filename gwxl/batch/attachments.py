"""Tell the signed scans that came with a workbook from files that came instead of one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from gwxl.batch.batch import site_code
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.receipt import Receipt
from gwxl.submission import Source, Status
from gwxl.wording import text

KINDS = frozenset({"pdf", "image", "docx", "ofd"})
"""The refusals that may be attachments, by the id of their finding."""

_SHORTEST_NAME = 4  # a shared name of fewer characters says nothing


def with_attachments(form: Form, receipts: Sequence[Receipt]) -> tuple[Receipt, ...]:
    """Return the receipts with attachments ignored instead of refused, by file, member and sheet.

    An attachment is a PDF, OFD, picture or Word file that lies in one archive or subfolder with a workbook that was
    read, or shares its name with one, or carries a site code in its name.
    """
    workbooks = [receipt for receipt in receipts if receipt.submission is not None]
    told = (_as_attachment(form, receipt, workbooks) if _may_attach(receipt) else receipt for receipt in receipts)
    return tuple(sorted(told, key=lambda receipt: _place(receipt.source)))


def _place(source: Source) -> tuple[str, str, str]:
    return source.file, source.member or "", source.sheet or ""


def _may_attach(receipt: Receipt) -> bool:
    return receipt.status is Status.REFUSED and any(finding.id in KINDS for finding in receipt.findings)


def _as_attachment(form: Form, receipt: Receipt, workbooks: Sequence[Receipt]) -> Receipt:
    companions = [one for one in workbooks if _together(form, receipt.source, one)]
    if not companions:
        return receipt
    workbook, site = companions[0], site_code(form, companions[0])
    key = "ignored.attachment" if site else "ignored.attachment_nameless"
    values = {"workbook": inert_line(workbook.source.name)} | ({"site": inert_line(site)} if site else {})
    return replace(receipt, status=Status.IGNORED, reason=text(key, form.language, **values), findings=())


def _together(form: Form, source: Source, workbook: Receipt) -> bool:
    if source.member is not None:
        return source.file == workbook.source.file and _same_folder(source.member, workbook.source.member or "")
    if workbook.source.member is not None:
        return False
    path = PurePosixPath(source.file)
    site = site_code(form, workbook)
    named = len(site) >= _SHORTEST_NAME and site in path.stem
    return named or _same_name(path, PurePosixPath(workbook.source.file)) or _same_subfolder(path, workbook.source.file)


def _same_folder(name: str, other: str) -> bool:
    return PurePosixPath(name).parent == PurePosixPath(other).parent


def _same_subfolder(path: PurePosixPath, other: str) -> bool:
    return len(path.parts) > 1 and _same_folder(str(path), other)


def _same_name(path: PurePosixPath, other: PurePosixPath) -> bool:
    shorter, longer = sorted((path.stem, other.stem), key=len)
    return path.parent == other.parent and len(shorter) >= _SHORTEST_NAME and longer.startswith(shorter)
