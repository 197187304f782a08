"""Give a return, or a scan that nobody owns, the code that a clerk found to be its own."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gwxl.batch.attachments import may_attach
from gwxl.batch.batch import ACCEPTED, TWO_SENDERS, site_code
from gwxl.batch.decision import Decision, Verb
from gwxl.batch.decisions.applying import replace_answers
from gwxl.batch.decisions.docket import Docket
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.intake import rejudge
from gwxl.records.finding import Severity
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Change, Status
from gwxl.terms import Terms


def recode(receipts: Sequence[Receipt], docket: Docket, terms: Terms) -> tuple[Receipt, ...]:
    """Return the receipts with the codes a clerk gave to returns that bore another's, judged again."""
    return tuple(_recode_one(receipt, docket, terms) if docket.find_cases(receipt) else receipt for receipt in receipts)


def _recode_one(receipt: Receipt, docket: Docket, terms: Terms) -> Receipt:
    row = docket.find(receipt, TWO_SENDERS, "", {Verb.RECODE})
    submission, key = receipt.submission, Path(terms.form.roles.code)
    if row is None or submission is None:
        return receipt
    if key not in submission.answers:
        docket.refuse(row, "no_code")
        return receipt
    old, code = submission.answers[key], _plain(row)
    change = Change(key=key, raw=old.raw, value=code, kind="recoded")
    answers = {key: replace(old, value=code, changes=(*old.changes, change))}
    judged = rejudge(receipt, replace_answers(submission, answers, terms.form), terms)
    if any(one.key == key and one.open and one.severity is Severity.ERROR for one in judged.findings):
        docket.refuse(row, "no_code")
        return receipt
    docket.use(row)
    return judged


def attach(form: Form, receipts: Sequence[Receipt], docket: Docket) -> tuple[Receipt, ...]:
    """Return the receipts with the scans ignored that a clerk found to belong to somebody's return."""
    return tuple(_attach(form, receipts, docket))


def _attach(form: Form, receipts: Sequence[Receipt], docket: Docket) -> Iterator[Receipt]:
    workbooks: Mapping[str, Receipt] | None = None
    for receipt in receipts:
        found = docket.find(receipt, receipt.findings[0].id, "", {Verb.ATTACH}) if may_attach(receipt) else None
        if found is None:
            yield receipt
            continue
        workbooks = _workbooks(form, receipts) if workbooks is None else workbooks
        workbook = workbooks.get(_plain(found).casefold())
        if workbook is None:
            docket.refuse(found, "no_site")
            yield receipt
        else:
            docket.use(found)
            values = {"workbook": inert_line(workbook.source.name), "site": inert_line(site_code(form, workbook))}
            reason = form.say("ignored.attachment_decided", **values)
            yield replace(receipt, status=Status.IGNORED, reason=reason, findings=())


def _workbooks(form: Form, receipts: Sequence[Receipt]) -> Mapping[str, Receipt]:
    """Return the return of each code, the one that counts where there is one."""
    read = [receipt for receipt in receipts if receipt.submission is not None and site_code(form, receipt)]
    ordered = sorted(read, key=lambda receipt: receipt.status in ACCEPTED)
    return {site_code(form, receipt).casefold(): receipt for receipt in ordered}


def _plain(row: Decision) -> str:
    return "".join(unicodedata.normalize("NFKC", row.value).split())
