"""Set apart what came in without any answer: blank forms, and the letters gwxl wrote beside workbooks it sent back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from gwxl.errors import RefusedError
from gwxl.inert import inert_line
from gwxl.intake import refuse_file
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Status
from gwxl.wording import text

UNANSWERED = "unanswered"
"""The id of the finding on a blank form."""

_LETTER = ".txt"


def refuse_blanks(receipts: Sequence[Receipt], language: str) -> tuple[Receipt, ...]:
    """Return the receipts with blank forms refused, one a workbook: each is a sender who has not answered yet.

    What they say of themselves is kept, so that the site a workbook was issued to is named. One that was sent back for
    a file that could not be read is ignored beside it.
    """
    here = {one.source.sha256: one for one in receipts if one.submission is None}
    told: list[Receipt] = []
    seen: set[tuple[str, ...]] = set()
    for receipt in receipts:
        if not _is_blank(receipt):
            told.append(receipt)
            continue
        original = _find_unreadable(receipt, here)
        if original is not None:
            reason = text("ignored.unfilled", language, answered=inert_line(original.source.name))
            told.append(Receipt(source=receipt.source, status=Status.IGNORED, reason=reason))
            continue
        issued = receipt.submission.identity.site_code if receipt.submission else None
        source = receipt.source
        place = (*source.by, source.file, source.member or "", issued or "")
        if place not in seen:
            told.append(_refuse(receipt, issued or "", language))
        seen.add(place)
    return tuple(told)


def _find_unreadable(receipt: Receipt, here: Mapping[str, Receipt]) -> Receipt | None:
    """Return the file that could not be read and that a blank form was sent back for, where it lies here too."""
    sent = receipt.submission.round if receipt.submission else None
    return here.get(sent.answers[0].sha256) if sent and sent.answers else None


def _is_blank(receipt: Receipt) -> bool:
    return receipt.submission is not None and receipt.submission.blank


def _refuse(receipt: Receipt, issued: str, language: str) -> Receipt:
    error = RefusedError("unanswered_site", site=issued) if issued else RefusedError(UNANSWERED)
    told = refuse_file(receipt.source, error, language)
    findings = tuple(replace(finding, id=UNANSWERED) for finding in told.findings)
    return replace(told, submission=receipt.submission, findings=findings)


def ignore_letters(receipts: Sequence[Receipt], language: str) -> tuple[Receipt, ...]:
    """Return the receipts with the letter ignored that lies beside a workbook which was sent back, under its name."""
    sent = {_stem(one.source): one for one in receipts if one.submission is not None and one.submission.round}
    found = [(one, sent.get(_stem(one.source)) if _may_be_letter(one) else None) for one in receipts]
    return tuple(one if workbook is None else _ignore_letter(one, workbook, language) for one, workbook in found)


def _may_be_letter(receipt: Receipt) -> bool:
    return receipt.status is Status.REFUSED and PurePosixPath(receipt.source.name).suffix.lower() == _LETTER


def _stem(source: Source) -> PurePosixPath:
    """Return the name of a source, its archive before it, without the ending."""
    return PurePosixPath(source.name).with_suffix("")


def _ignore_letter(letter: Receipt, workbook: Receipt, language: str) -> Receipt:
    reason = text("ignored.letter", language, workbook=inert_line(workbook.source.name))
    return Receipt(source=letter.source, status=Status.IGNORED, reason=reason)
