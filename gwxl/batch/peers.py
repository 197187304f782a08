"""Compare the returns of different senders: rules D03, and D04 where no code tells them apart."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from gwxl.batch.batch import ACCEPTED, SAME_NAME, SAME_SENDER, site_code
from gwxl.findings import Finding, Severity
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.receipt import Receipt
from gwxl.submission import Status
from gwxl.wording import text

Alike = Callable[[Receipt, Receipt], bool]
"""Tells whether two returns with the same text in one field are to be doubted."""


def compare_sites(form: Form, receipts: Sequence[Receipt]) -> tuple[Receipt, ...]:
    """Return the receipts with a finding on each accepted one that another sender's is too much like.

    D03: its URL or name stands under another code too. D04: neither it nor another has a code, and both have one name,
    and one unit where both say which; a form without a name is compared by the unit alone.
    """
    roles = form.roles
    for key in filter(None, (roles.url, roles.name)):
        receipts = _compared(form, key, SAME_NAME, receipts, lambda one, other: _codes_differ(form, one, other))
    if key := roles.name or roles.unit:
        receipts = _compared(form, key, SAME_SENDER, receipts, lambda one, other: _one_sender(form, one, other))
    return tuple(receipts)


def _codes_differ(form: Form, one: Receipt, other: Receipt) -> bool:
    return site_code(form, one) != site_code(form, other)


def _one_sender(form: Form, one: Receipt, other: Receipt) -> bool:
    units = {_value(form.roles.unit, one), _value(form.roles.unit, other)} - {""}
    return one is not other and not site_code(form, one) and not site_code(form, other) and len(units) <= 1


def _compared(form: Form, key: str, rule: str, receipts: Sequence[Receipt], doubted: Alike) -> list[Receipt]:
    alike = _by_value(key, receipts)
    compared = []
    for receipt in receipts:
        same = alike.get(_value(key, receipt), ()) if receipt.status in ACCEPTED else ()
        others = [other for other in same if doubted(receipt, other)]
        compared.append(_told(form, key, rule, receipt, others) if others else receipt)
    return compared


def _by_value(key: str, receipts: Sequence[Receipt]) -> Mapping[str, list[Receipt]]:
    alike: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        if receipt.status in ACCEPTED and _value(key, receipt):
            alike.setdefault(_value(key, receipt), []).append(receipt)
    return alike


def _value(key: str, receipt: Receipt) -> str:
    """Return a URL or name as compared: letters lowered, no scheme, no slash at the end; empty if blank."""
    value = receipt.submission.text_of(key) if receipt.submission else ""
    folded = "".join(unicodedata.normalize("NFKC", value).casefold().split())
    return folded.removeprefix("http://").removeprefix("https://").rstrip("/")


def _told(form: Form, key: str, rule: str, receipt: Receipt, others: Sequence[Receipt]) -> Receipt:
    if receipt.submission is None:
        return receipt
    raw = receipt.submission.raw_of(key)
    finding = Finding(
        id=rule,
        severity=Severity.VERIFY,
        message=text(f"{rule}.message", form.language, field="{field}", others="{others}"),
        key=key,
        operands=(key,),
        arguments={"others": "、".join(_named(form, other) for other in others)},
        shown={key: raw},
        value=raw,
        expected=text(f"{rule}.expected", form.language),
        source=receipt.submission.cells.get(key),
    )
    return replace(receipt, status=Status.FINDINGS, findings=(*receipt.findings, finding))


def _named(form: Form, receipt: Receipt) -> str:
    code = site_code(form, receipt)
    return inert_line(f"{receipt.source.name}（{code}）" if code else receipt.source.name)
