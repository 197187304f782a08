"""Keep one of several returns of one site: rules D01 and D02."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, combinations

from gwxl.batch.batch import ACCEPTED, DIFFERENT, IDENTICAL, is_signed, site_code
from gwxl.batch.likeness import differing
from gwxl.findings import Finding, Severity
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.intake.around import UNDATED
from gwxl.receipt import Receipt
from gwxl.submission import Status
from gwxl.wording import text

_LISTED = 8  # differing cells a message names one by one


def resolve_duplicates(form: Form, receipts: Sequence[Receipt], chosen: frozenset[str]) -> tuple[Receipt, ...]:
    """Return the receipts with one of each site's accepted returns used and the others set aside.

    Same values: one counts (D01). Different values: the later one counts; where nothing tells which is later, or
    two dates contradict each other, all are held (D02). Two returns of different editions are compared in what both
    were asked; where that is the same, the one that was asked more counts.

    Args:
        form: the form.
        receipts: the batch, in order.
        chosen: sha256 of the returns that a clerk decided to use.
    """
    resolved = {id(receipt): receipt for receipt in receipts}
    for group in _groups(form, receipts):
        for old, new in _resolve(form, group, chosen):
            resolved[id(old)] = new
    return tuple(resolved[id(receipt)] for receipt in receipts)


def resolve_group(form: Form, group: Sequence[Receipt], chosen: frozenset[str]) -> tuple[Receipt, ...]:
    """Return accepted receipts that are known to be of one site, whatever their codes: one used, the others set aside."""
    resolved = {id(old): new for old, new in _resolve(form, group, chosen)}
    return tuple(resolved[id(one)] for one in group)


def _groups(form: Form, receipts: Sequence[Receipt]) -> Iterator[list[Receipt]]:
    by_site: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        if receipt.status in ACCEPTED:
            by_site.setdefault(site_code(form, receipt) or f"sha256:{receipt.source.sha256}", []).append(receipt)
    yield from (group for group in by_site.values() if len(group) > 1)


Resolved = tuple[Receipt, Receipt]


def _resolve(form: Form, group: Sequence[Receipt], chosen: frozenset[str]) -> list[Resolved]:
    picked = [receipt for receipt in group if receipt.source.sha256 in chosen]
    if picked:
        used = picked[0]
        return [(one, one if one is used else _superseded(form, one, used, "chosen")) for one in group]
    alike = list(_alike(group))
    kept = [_kept(form, same) for same in alike]
    repeated = chain.from_iterable(_repeated(form, same, used) for same, used in zip(alike, kept, strict=True))
    resolved = {id(old): (old, new) for old, new in repeated}
    if len(kept) > 1:
        resolved |= {id(old): (old, new) for old, new in _different(form, kept, resolved)}
    return list(resolved.values())


def _alike(group: Sequence[Receipt]) -> Iterator[Sequence[Receipt]]:
    """Yield the receipts with the same values together, in the order of their first.

    Those that were asked most come first, as a return that was asked less may be like several that differ.
    """
    alike: list[list[Receipt]] = []
    for one in sorted(group, key=_not_asked):
        same = next((others for others in alike if not any(differing(one, other) for other in others)), None)
        if same is None:
            alike.append([one])
        else:
            same.append(one)
    order = {id(one): place for place, one in enumerate(group)}
    ordered = [sorted(same, key=lambda one: order[id(one)]) for same in alike]
    yield from sorted(ordered, key=lambda same: order[id(same[0])])


def _kept(form: Form, same: Sequence[Receipt]) -> Receipt:
    """Return the one of several alike that counts: asked most, then signed, then latest, then with the plainest name."""
    least = min(_not_asked(one) for one in same)
    fullest = [one for one in same if _not_asked(one) == least]
    fullest = [one for one in fullest if is_signed(one)] or fullest
    return _latest(form, fullest) or min(fullest, key=_plainness)


def _not_asked(receipt: Receipt) -> int:
    return len(receipt.submission.not_asked | receipt.submission.retired) if receipt.submission else 0


def _plainness(receipt: Receipt) -> tuple[int, str]:
    """Return a sort key that puts ``a.xlsx`` before ``a - copy.xlsx``."""
    return len(receipt.source.name), receipt.source.name


def _repeated(form: Form, same: Sequence[Receipt], used: Receipt) -> Iterator[Resolved]:
    for one in same:
        if one is not used:
            yield one, _superseded(form, one, used, "identical")
        elif len(same) > 1:
            others = _names(other for other in same if other is not used)
            message = text(f"{IDENTICAL}.message", form.language, count=len(same), others=others)
            yield one, _with(one, _finding(form, IDENTICAL, Severity.HINT, message))
        else:
            yield one, one


def _different(form: Form, kept: Sequence[Receipt], resolved: dict[int, Resolved]) -> Iterator[Resolved]:
    latest = _latest(form, kept)
    for one in kept:
        standing = resolved[id(one)][1]
        if latest is None:
            yield one, _undecided(form, kept, one, standing)
        elif one is latest:
            difference = _difference(form, kept, one, latest)
            yield one, _with(standing, difference)
        else:
            shown = replace(_difference(form, kept, one, latest), severity=Severity.HINT)
            yield one, _superseded(form, _with(one, shown), latest, "later")


def _undecided(form: Form, kept: Sequence[Receipt], one: Receipt, standing: Receipt) -> Receipt:
    others = _names(other for other in kept if other is not one)
    reason = text("held.undecided", form.language, others=others)
    return replace(_with(standing, _difference(form, kept, one, None)), status=Status.HELD, reason=reason)


def _difference(form: Form, kept: Sequence[Receipt], one: Receipt, latest: Receipt | None) -> Finding:
    if latest is None:
        outcome = text(f"{DIFFERENT}.undecided", form.language)
    else:
        outcome = text(f"{DIFFERENT}.later", form.language, used=inert_line(latest.source.name))
    message = text(
        f"{DIFFERENT}.message",
        form.language,
        others=_names(kept),
        cells=_differing_cells(form, kept, one),
        outcome=outcome,
    )
    return _finding(form, DIFFERENT, Severity.ERROR if latest is None else Severity.VERIFY, message)


def _differing_cells(form: Form, kept: Sequence[Receipt], one: Receipt) -> str:
    found = {key for first, second in combinations(kept, 2) for key in differing(first, second)}
    keys = sorted(found, key=form.order)
    cells = one.submission.cells if one.submission else {}
    named = [f"{cells[key].address if key in cells else ''}「{form.label(key)}」" for key in keys[:_LISTED]]
    more = text(f"{DIFFERENT}.more", form.language, count=len(keys)) if len(keys) > _LISTED else ""
    return "、".join(named) + more


def _finding(form: Form, rule: str, severity: Severity, message: str) -> Finding:
    expected = text(f"{rule}.title", form.language)
    return Finding(id=rule, severity=severity, message="{message}", arguments={"message": message}, expected=expected)


def _with(receipt: Receipt, finding: Finding) -> Receipt:
    return replace(receipt, status=Status.FINDINGS, findings=(finding, *receipt.findings))


def _superseded(form: Form, receipt: Receipt, used: Receipt, why: str) -> Receipt:
    reason = text(f"superseded.{why}", form.language, used=inert_line(used.source.name))
    return replace(receipt, status=Status.SUPERSEDED, reason=reason)


def _names(receipts: Iterator[Receipt] | Sequence[Receipt]) -> str:
    return "、".join(inert_line(receipt.source.name) for receipt in receipts)


def _latest(form: Form, group: Sequence[Receipt]) -> Receipt | None:
    """Return the receipt that is later than every other one, None if nothing tells."""
    return next((one for one in group if all(_is_later(form, one, other) for other in group if other is not one)), None)


def _is_later(form: Form, one: Receipt, other: Receipt) -> bool:
    """Tell whether every date that both carry, and that differs, says so; files' own times are never asked.

    What nobody vouches for is never later than what the campaign's key does.
    """
    if is_signed(other) and not is_signed(one):
        return False
    pairs = [(_reported(form, one), _reported(form, other)), (_modified(one), _modified(other))]
    directions = {mine > theirs for mine, theirs in pairs if mine and theirs and mine != theirs}
    return directions == {True}


def _reported(form: Form, receipt: Receipt) -> str:
    """Return the date of a report; empty where it has none, or one that cannot be right."""
    if any(finding.id in UNDATED for finding in receipt.findings):
        return ""
    date = receipt.submission.surround.get(form.roles.date) if receipt.submission else None
    return date if isinstance(date, str) else ""


def _modified(receipt: Receipt) -> str:
    """Return dcterms:modified as ISO text in UTC, which sorts by time; empty if absent or no time."""
    try:
        moment = datetime.fromisoformat(receipt.source.modified or "")
    except ValueError:
        return ""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
