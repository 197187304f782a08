"""Compare the returns of different sites: rule D03."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gwxl.batch.batch import ACCEPTED, SAME_NAME, site_code
from gwxl.findings import Finding, Severity
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.receipt import Receipt
from gwxl.submission import Status
from gwxl.wording import text


def compare_sites(form: Form, receipts: Sequence[Receipt]) -> tuple[Receipt, ...]:
    """Return the receipts with a finding on each accepted one whose URL or name stands under another code too."""
    for key in (form.roles.url, form.roles.name):
        if key:
            receipts = _compared(form, key, receipts)
    return tuple(receipts)


def _compared(form: Form, key: str, receipts: Sequence[Receipt]) -> list[Receipt]:
    alike = _by_value(key, receipts)
    return [_told(form, key, receipt, alike.get(_value(key, receipt), ())) for receipt in receipts]


def _by_value(key: str, receipts: Sequence[Receipt]) -> Mapping[str, list[Receipt]]:
    alike: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        if receipt.status in ACCEPTED and _value(key, receipt):
            alike.setdefault(_value(key, receipt), []).append(receipt)
    return alike


def _value(key: str, receipt: Receipt) -> str:
    """Return a URL or name as compared: letters lowered, no scheme, no slash at the end; empty if blank."""
    value = receipt.submission.values.get(key) if receipt.submission else None
    if not isinstance(value, str):
        return ""
    folded = "".join(unicodedata.normalize("NFKC", value).casefold().split())
    return folded.removeprefix("http://").removeprefix("https://").rstrip("/")


def _told(form: Form, key: str, receipt: Receipt, alike: Sequence[Receipt]) -> Receipt:
    own = site_code(form, receipt)
    others = [other for other in alike if site_code(form, other) != own]
    if receipt.status not in ACCEPTED or receipt.submission is None or not others:
        return receipt
    raw = receipt.submission.answers[key].raw
    finding = Finding(
        id=SAME_NAME,
        severity=Severity.VERIFY,
        message=text(f"{SAME_NAME}.message", form.language, field="{field}", others="{others}"),
        key=key,
        operands=(key,),
        arguments={"others": "、".join(_named(form, other) for other in others)},
        shown={key: raw},
        value=raw,
        expected=text(f"{SAME_NAME}.expected", form.language),
        source=receipt.submission.cells.get(key),
    )
    return replace(receipt, status=Status.FINDINGS, findings=(*receipt.findings, finding))


def _named(form: Form, receipt: Receipt) -> str:
    return inert_line(f"{receipt.source.name}（{site_code(form, receipt)}）")
