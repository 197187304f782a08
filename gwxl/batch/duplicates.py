"""Keep one of several returns of one sender, rules D01 and D02, and let it settle what came before it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

from gwxl.batch.batch import ACCEPTED, DIFFERENT, IDENTICAL, compares, is_signed, site_code
from gwxl.batch.differences import apart_of, find_differing, group_alike
from gwxl.batch.other_returns import join_names
from gwxl.batch.owners import Owners
from gwxl.batch.periods import period_of
from gwxl.batch.senders import NOBODY, Resolved, read_sender, senders_of, tell_apart
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.intake.around import UNDATED
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.records.period import Span
from gwxl.records.receipt import Receipt
from gwxl.records.signals import MISPLACING
from gwxl.records.submission import Source, Status
from gwxl.wording.joining import join_words, quote_label

Later = Callable[[Form, Receipt, Receipt], bool]

_UNSETTLED = frozenset({Status.HELD, Status.REJECTED, Status.REFUSED})
_LISTED = 8  # differing cells a message names one by one


def resolve_duplicates(
    form: Form,
    receipts: Sequence[Receipt],
    chosen: frozenset[Source],
    turned_down: Mapping[Source, str] = NOBODY,
    contradicted: frozenset[Source] = frozenset(),
) -> tuple[Receipt, ...]:
    """Return the receipts with one of each site's accepted returns used and the others set aside.

    Same values: one counts (D01). Different values: the later one counts; where nothing tells which is later, or
    two dates contradict each other, all are held (D02). Two returns of different editions are compared in what both
    were asked; where that is the same, the one that was asked more counts. Where one code came from several senders,
    each one's returns are compared among themselves, and what is left is held (D05).

    Args:
        form: the form.
        receipts: the batch, in order.
        chosen: the sources of the returns that a clerk decided to use.
        turned_down: the sources of the returns of which a clerk said that the code is not theirs → the reason given.
        contradicted: the sources of the returns of which a clerk chose several: none counts, not even the latest.
    """
    resolved = {id(receipt): receipt for receipt in receipts}
    for group in _groups(form, receipts):
        senders = [_resolve(form, sender, chosen, contradicted) for sender in senders_of(form, group)]
        pairs = senders[0] if len(senders) == 1 else tell_apart(form, senders, chosen, turned_down)
        for old, new in pairs:
            resolved[id(old)] = new
    return tuple(resolved[id(receipt)] for receipt in receipts)


def resolve_group(form: Form, group: Sequence[Receipt], chosen: frozenset[Source]) -> tuple[Receipt, ...]:
    """Return accepted receipts of one site, whatever their codes, with one used and the others set aside."""
    resolved = {id(old): new for old, new in _resolve(form, group, chosen)}
    return tuple(resolved[id(one)] for one in group)


def set_aside_repeated(form: Form, receipts: Sequence[Receipt]) -> tuple[Receipt | None, ...]:
    """Return beside each receipt None, or itself set aside where the very file, from one inbox, came up before it.

    That is one file, whatever the ways its summary went up; copies in several inboxes are several files, as they would
    be in one folder, and are compared with each other.
    """
    first: dict[Source, Receipt] = {}
    return tuple(_repeated(form, one, first.setdefault(replace(one.source, by=()), one)) for one in receipts)


def _repeated(form: Form, one: Receipt, used: Receipt) -> Receipt | None:
    repeated = one.source.origin and one.source.by != used.source.by
    return _supersede(form, one, used, "elsewhere") if repeated else None


def settle_earlier(form: Form, receipts: Sequence[Receipt]) -> tuple[Receipt, ...]:
    """Return the receipts with those set aside for which the same sender sent in another one since that counts.

    That is what was held for itself, turned down, or could not be read; of the last the dates of the mails alone tell
    which came first. What is held because others of its code came waits for a clerk all the same.

    Args:
        form: the form.
        receipts: the batch, in order, once of each site one return counts.
    """
    counting = {site_code(form, one).casefold(): one for one in receipts if one.status in ACCEPTED}
    counting.pop("", None)
    unread = any(one.status is Status.REFUSED for one in receipts)
    owners = Owners(form, receipts) if unread else None
    return tuple(_settle(form, one, counting, owners) if one.status in _UNSETTLED else one for one in receipts)


def _settle(form: Form, old: Receipt, counting: Mapping[str, Receipt], owners: Owners | None) -> Receipt:
    beside = owners.owner(old.source) if owners and old.submission is None else None
    issued = (old.submission.identity.site_code or "") if old.submission else ""
    new = counting.get((issued or site_code(form, beside or old)).casefold())
    if new is None or not _is_later(form, new, old) or not _is_of_one_sender(form, old, new):
        return old
    if form.span is not Span.YEAR and period_of(old).is_other(period_of(new)):
        return old  # that of August is asked for by itself, whatever came for September
    if any(compares(one.id) and one.open for one in old.findings) and old.status is Status.HELD:
        return old
    reason = form.say("superseded.settled", used=inert_line(new.source.name))
    return replace(old, status=Status.SUPERSEDED, reason=reason)


def _is_of_one_sender(form: Form, old: Receipt, new: Receipt) -> bool:
    """Tell whether two returns of one site are of one sender, as what may stand at wrong places says nothing of it."""
    if old.submission is None:  # its name or its folder says whose it is
        return True
    mine, theirs = read_sender(form, old), read_sender(form, new)
    displaced = any(one.id in MISPLACING for one in old.findings)
    bound = bool(mine.issued) and mine.issued == theirs.issued
    return not mine.is_issued_apart(theirs) if displaced and bound else not mine.differs(theirs)


def _groups(form: Form, receipts: Sequence[Receipt]) -> Iterator[list[Receipt]]:
    by_site: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        if receipt.status in ACCEPTED:
            by_site.setdefault(site_code(form, receipt) or f"sha256:{receipt.source.sha256}", []).append(receipt)
    yield from (group for group in by_site.values() if len(group) > 1)


def _resolve(
    form: Form, group: Sequence[Receipt], chosen: frozenset[Source], contradicted: frozenset[Source] = frozenset()
) -> list[Resolved]:
    picked = [receipt for receipt in group if receipt.source in chosen]
    if picked:
        used = picked[0]
        return [(one, one if one is used else _supersede(form, one, used, "chosen")) for one in group]
    same = group_alike(group)
    kept = [_choose_kept(form, others) for others in same]
    repeated = chain.from_iterable(_tell_repeated(form, others, used) for others, used in zip(same, kept, strict=True))
    resolved = {id(old): (old, new) for old, new in repeated}
    if len(kept) > 1:
        resolved |= {id(old): (old, new) for old, new in _tell_different(form, kept, resolved, contradicted)}
    return list(resolved.values())


def _choose_kept(form: Form, same: Sequence[Receipt]) -> Receipt:
    """Return the one of several alike that counts: signed, asked most, then latest, then with the plainest name."""
    same = [one for one in same if is_signed(one)] or same
    least = min(_not_asked(one) for one in same)
    fullest = [one for one in same if _not_asked(one) == least]
    return _latest(form, fullest) or min(fullest, key=_plainness)


def _not_asked(receipt: Receipt) -> int:
    return len(apart_of(receipt))


def _plainness(receipt: Receipt) -> tuple[int, str]:
    """Return a sort key that puts ``a.xlsx`` before ``a - copy.xlsx``."""
    return len(receipt.source.name), receipt.source.name


def _tell_repeated(form: Form, same: Sequence[Receipt], used: Receipt) -> Iterator[Resolved]:
    for one in same:
        if one is not used:
            yield one, _supersede(form, one, used, "identical")
        elif len(same) > 1:
            others = join_names((other for other in same if other is not used), len(same) - 1, form.language)
            message = form.say(f"{IDENTICAL}.message", count=len(same), others=others)
            yield one, _with(one, _finding(form, IDENTICAL, Severity.HINT, message))
        else:
            yield one, one


def _tell_different(
    form: Form, kept: Sequence[Receipt], resolved: dict[int, Resolved], contradicted: frozenset[Source]
) -> Iterator[Resolved]:
    unsure = any(one.source in contradicted for one in kept)
    latest, keys = None if unsure else _latest(form, kept), sorted(find_differing(kept), key=form.order)
    why, used = ("contradicted", "") if unsure else _outcome(form, kept, latest)
    words = {"others": join_names(kept, len(kept), form.language), "outcome": form.say(f"outcome.{why}", used=used)}
    for one in kept:
        standing = resolved[id(one)][1]
        message = form.say(f"{DIFFERENT}.message", cells=_name_differing_cells(form, keys, one), **words)
        if latest is None:
            told = _with(standing, _finding(form, DIFFERENT, Severity.ERROR, message))
            others = join_names((other for other in kept if other is not one), len(kept) - 1, form.language)
            yield one, replace(told, status=Status.HELD, reason=form.say(f"held.{why}", others=others, used=used))
        elif one is latest:
            yield one, _with(standing, _finding(form, DIFFERENT, Severity.VERIFY, message))
        else:
            shown = _finding(form, DIFFERENT, Severity.HINT, message)
            yield one, _supersede(form, _with(one, shown), latest, "later")


def _outcome(form: Form, kept: Sequence[Receipt], latest: Receipt | None) -> tuple[str, str]:
    """Return a key below ``outcome.`` and ``held.``, and the name of the return it speaks of.

    Where none is the latest, it is said of what its dates alone would make the latest that it bears no signature.
    """
    if latest is not None:
        return "later", inert_line(latest.source.name)
    later = _latest(form, kept, _is_dated_later)
    return ("unsigned", inert_line(later.source.name)) if later else ("undecided", "")


def _name_differing_cells(form: Form, keys: Sequence[Path], one: Receipt) -> str:
    cells = one.submission.cells if one.submission else {}
    places = {key: cells[key].address if key in cells else "" for key in keys[:_LISTED]}
    named = [place + quote_label(form.label(key), form.language) for key, place in places.items()]
    more = form.say(f"{DIFFERENT}.more", count=len(keys)) if len(keys) > _LISTED else ""
    return join_words(named, form.language) + more


def _finding(form: Form, rule: str, severity: Severity, message: str) -> Finding:
    expected = form.say(f"{rule}.title")
    return Finding(id=rule, severity=severity, message="{message}", arguments={"message": message}, expected=expected)


def _with(receipt: Receipt, finding: Finding) -> Receipt:
    return replace(receipt, status=Status.FINDINGS, findings=(finding, *receipt.findings))


def _supersede(form: Form, receipt: Receipt, used: Receipt, why: str) -> Receipt:
    reason = form.say(f"superseded.{why}", used=inert_line(used.source.name))
    return replace(receipt, status=Status.SUPERSEDED, reason=reason)


def _is_later(form: Form, one: Receipt, other: Receipt) -> bool:
    """Tell whether its dates say so; what nobody vouches for is never later than what the campaign's key does."""
    return (is_signed(one) or not is_signed(other)) and _is_dated_later(form, one, other)


def _latest(form: Form, group: Sequence[Receipt], is_later: Later = _is_later) -> Receipt | None:
    """Return the receipt that is later than every other one, None if nothing tells."""
    found = group[0]
    for one in group:
        if one is not found and not is_later(form, found, one):
            found = one  # what is later than every other one is never left for another
    return found if all(is_later(form, found, other) for other in group if other is not found) else None


def _is_dated_later(form: Form, one: Receipt, other: Receipt) -> bool:
    """Tell whether one was mailed later; where that is not known of both, whether every date that differs says so.

    Files' own times are never asked.
    """
    mailed = one.source.sent, other.source.sent
    if all(mailed) and len({*mailed}) > 1:
        return mailed[0] > mailed[1]
    pairs = [
        (_read_report_date(form, one), _read_report_date(form, other)),
        (_read_modified(one), _read_modified(other)),
    ]
    directions = {mine > theirs for mine, theirs in pairs if mine and theirs and mine != theirs}
    return directions == {True}


def _read_report_date(form: Form, receipt: Receipt) -> str:
    """Return the date of a report; empty where it has none, or one that cannot be right."""
    if any(finding.id in UNDATED for finding in receipt.findings):
        return ""
    date = receipt.submission.surround.get(form.roles.date) if receipt.submission else None
    return date if isinstance(date, str) else ""


def _read_modified(receipt: Receipt) -> str:
    """Return dcterms:modified as ISO text in UTC, which sorts by time; empty if absent or no time."""
    try:
        moment = datetime.fromisoformat(receipt.source.modified or "")
    except ValueError:
        return ""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
