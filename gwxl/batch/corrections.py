"""Set aside what a correction replaces: rule D06, and returns sent back that nobody has filled in.

A workbook that is sent back bears a mark: which return it answers, by its sha256, and how many times it is sent back.
What comes back with such a mark replaces what it answers, whatever code was typed. A mark is believed where the
campaign's key signed it; without a key, where the return it answers lies in this inbox or stood in the last summary.
The round has to count on, and the two have to be of one sender. A mark that is not believed replaces nothing.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gwxl.batch.batch import ACCEPTED, NO_CORRECTION, is_signed, site_code
from gwxl.batch.duplicates import resolve_group
from gwxl.batch.senders import read_sender
from gwxl.form.definition import Form
from gwxl.form.signature import CampaignKey, Standing
from gwxl.inert import inert_line
from gwxl.intake.contents import contents, digest
from gwxl.records.answered import name_answered
from gwxl.records.finding import Finding, Severity
from gwxl.records.receipt import Receipt
from gwxl.records.signals import MISPLACING
from gwxl.records.submission import Answered, Round, Source, Status

_APART = 2  # of code, name, host and sponsor: then it is another sender
_LONGEST = 100  # characters of a code
_OF_CODES = re.compile(r"[A-Za-z0-9_.-]")
_GONE = frozenset({Status.REFUSED, Status.IGNORED, Status.SUPERSEDED})


@dataclass(frozen=True, kw_only=True)
class Trust:
    """What a mark is held against.

    Attributes:
        key: the campaign's key, None where there is none.
        listed: gives the sha256 of every file of the last summary; asked only where it matters.
        vouched: the sha256 of workbooks whose mark the level below has believed.
    """

    key: CampaignKey | None = None
    listed: Callable[[], Collection[str]] = frozenset
    vouched: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class _Mark:
    """A return that was sent back before.

    Attributes:
        new: the return. sent: its mark.
        answered: what it says it answers, as far as that lies here, each with how many rounds before the last it came.
    """

    new: Receipt
    sent: Round
    answered: tuple[tuple[int, Receipt], ...]


def identify_return(receipt: Receipt) -> Answered:
    """Return how the workbook that answers a return names it; what is written there holds no text of a filler."""
    return name_answered(receipt.source)


def site_to_remember(form: Form, receipt: Receipt) -> str:
    """Return the code that the workbook that answers a return remembers of it."""
    return _code(site_code(form, receipt))


def _code(words: str) -> str:
    return "".join(_OF_CODES.findall(words))[:_LONGEST]


def replace_corrected(
    form: Form, receipts: Sequence[Receipt], trust: Trust, chosen: frozenset[Source] = frozenset()
) -> tuple[Receipt, ...]:
    """Return the receipts with those set aside that a correction among them answers, accepted, held or rejected.

    What was sent back and lies here as it was written counts for nothing, where the return it answers lies here too.
    Two corrections of one return are compared as two returns of one site are, though their codes differ. Receipts of
    other forms stay as they are.

    Args:
        form: the form.
        receipts: the batch, in order.
        trust: what the marks are held against.
        chosen: the sources of the returns that a clerk decided to use.
    """
    marks = _marks(form, receipts)
    changed = {id(mark.new): _ignore_unfilled(form, mark) for mark in marks if _is_unfilled(mark)}
    corrections = [mark for mark in marks if id(mark.new) not in changed and _may_replace(mark.new)]
    replaced: dict[Answered, _Mark] = {}
    believed: list[_Mark] = []
    for mark in corrections:
        doubts = list(_doubts(form, mark, trust))
        doubted = {identify_return(old) for old, _ in doubts}
        for place in (identify_return(old) for _, old in mark.answered):
            if place not in doubted and (place not in replaced or replaced[place].sent.number < mark.sent.number):
                replaced[place] = mark
        if doubts:
            changed[id(mark.new)] = _doubt(form, mark, doubts)
        else:
            believed.append(mark)
    changed |= _compare_families(form, [mark for mark in believed if identify_return(mark.new) not in replaced], chosen)
    return tuple(_settle(form, one, changed.get(id(one), one), replaced.get(identify_return(one))) for one in receipts)


def collect_vouched(form: Form, receipts: Sequence[Receipt], trust: Trust) -> frozenset[str]:
    """Return the sha256 of the workbooks whose mark is believed, for the next level: it may have no key to tell."""
    return frozenset(mark.new.source.sha256 for mark in _marks(form, receipts) if not _why_distrusted(mark, trust))


def _may_replace(receipt: Receipt) -> bool:
    return receipt.status in ACCEPTED and receipt.submission is not None and not receipt.submission.blank


def _settle(form: Form, old: Receipt, new: Receipt, mark: _Mark | None) -> Receipt:
    if mark is None or not _is_of(form, old) or new.status is Status.IGNORED:
        return new
    return _supersede(form, new, mark)


def ignore_unfilled(form: Form, receipts: Sequence[Receipt]) -> tuple[Receipt, ...]:
    """Return the receipts with those ignored that lie as they were sent back, beside the return they answer."""
    changed = {id(mark.new): _ignore_unfilled(form, mark) for mark in _marks(form, receipts) if _is_unfilled(mark)}
    return tuple(changed.get(id(one), one) for one in receipts)


def _is_of(form: Form, receipt: Receipt) -> bool:
    return (
        receipt.status not in _GONE and receipt.submission is not None and receipt.submission.identity.form == form.id
    )


def _marks(form: Form, receipts: Sequence[Receipt]) -> list[_Mark]:
    here: dict[str, dict[Answered, Receipt]] = {}
    read = [one for one in receipts if _is_of(form, one)]
    for one in read:
        # Of several copies one is looked at: their bytes are the same.
        here.setdefault(one.source.sha256, {}).setdefault(identify_return(one), one)
    found = ((one, one.submission.round) for one in read if one.submission)
    return [
        _Mark(new=one, sent=sent, answered=tuple(_find_answered(one, sent, here)))
        for one, sent in found
        if sent is not None
    ]


def _find_answered(
    new: Receipt, sent: Round, here: Mapping[str, Mapping[Answered, Receipt]]
) -> Iterator[tuple[int, Receipt]]:
    for place, one in enumerate(sent.answers):
        sheets = here.get(one.sha256, {})
        # The title of the only form sheet says nothing.
        old = next(iter(sheets.values())) if len(sheets) == 1 else sheets.get(one)
        if old is not None and identify_return(old) != identify_return(new):
            yield place, old


def _is_unfilled(mark: _Mark) -> bool:
    """Tell whether a workbook that was sent back lies here as it was written, beside the return it answers."""
    submission = mark.new.submission
    if submission is None or not any(place == 0 for place, _ in mark.answered):
        return False
    return mark.sent.contents == digest(contents(submission), submission.explanations)


def _ignore_unfilled(form: Form, mark: _Mark) -> Receipt:
    old = next(old for place, old in mark.answered if place == 0)
    reason = form.say("ignored.unfilled", answered=inert_line(old.source.name))
    return Receipt(source=mark.new.source, status=Status.IGNORED, reason=reason)


def _doubts(form: Form, mark: _Mark, trust: Trust) -> Iterator[tuple[Receipt, str]]:
    """Yield the returns that a mark names and is not believed of, each with why; itself where it names none here."""
    distrusted = _why_distrusted(mark, trust)
    if distrusted and not mark.answered:
        yield mark.new, distrusted
    for place, old in mark.answered:
        why = distrusted or _why_contradicted(form, mark, place, old, trust)
        if why:
            yield old, why


def _why_distrusted(mark: _Mark, trust: Trust) -> str:
    """Return why nothing a mark says is believed, a key below ``round.`` in the wording; empty where it is."""
    if not mark.sent.answers:
        return "nameless"
    if mark.new.source.sha256 in trust.vouched:
        return ""
    if trust.key is not None:
        return "" if trust.key.judge_round(mark.sent) is Standing.GENUINE else "unsigned"
    known = mark.answered or any(one.sha256 in trust.listed() for one in mark.sent.answers)
    return "" if known else "unknown"


def _why_contradicted(form: Form, mark: _Mark, place: int, old: Receipt, trust: Trust) -> str:
    """Return why a return is not the one a mark speaks of, as above."""
    before = old.submission.round if old.submission else None
    if (before.number if before else 0) != mark.sent.number - 1 - place:
        return "number"
    if trust.key is None and place == 0 and mark.sent.site not in _codes(form, old):
        return "site"
    if _is_other_sender(form, mark.new, old):
        return "site"
    return "outranked" if is_signed(old) and not is_signed(mark.new) else ""


def _codes(form: Form, receipt: Receipt) -> frozenset[str]:
    """Return the codes a return may have been sent back with: a clerk may have corrected one since."""
    if receipt.submission is None:
        return frozenset()
    written, issued = receipt.submission.raw_of(form.roles.code), receipt.submission.identity.site_code or ""
    return frozenset({site_to_remember(form, receipt), _code(written), _code(issued)})


def _is_other_sender(form: Form, new: Receipt, old: Receipt) -> bool:
    """Tell whether two of code, name, host and sponsor differ, or the sites the workbooks were issued to do.

    What the old one was asked to correct may differ. Where its answers may stand at other fields than their own, each
    of the new one's is looked for among all of them.
    """
    mine, theirs = read_sender(form, new), read_sender(form, old)
    if mine.is_issued_apart(theirs):
        return True
    told = dict((*mine.told, (form.roles.code, _fold(site_code(form, new)))))
    if any(finding.id in MISPLACING for finding in old.findings):
        everything = _join_texts(old)
        return bool(everything) and sum(_fold(one) not in everything for one in told.values()) >= _APART
    said = dict((*theirs.told, (form.roles.code, _fold(site_code(form, old)))))
    asked = {finding.key for finding in old.findings if finding.open}
    differing = [key for key, one in told.items() if one and said[key] and one != said[key] and key not in asked]
    return len(differing) >= _APART


def _join_texts(receipt: Receipt) -> str:
    submission = receipt.submission
    if submission is None:
        return ""
    answers = [answer.raw for answer in (*submission.answers.values(), *submission.unread)]
    return "\n".join(_fold(words) for words in (*answers, *map(str, submission.surround.values())) if words)


def _fold(words: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", words).casefold() if char.isalnum())


def _compare_families(form: Form, marks: Sequence[_Mark], chosen: frozenset[Source]) -> dict[int, Receipt]:
    """Return the corrections of one return under different codes, compared as if their code were one."""
    families: dict[Answered, list[Receipt]] = {}
    for mark in marks:
        families.setdefault(mark.sent.answers[-1], []).append(mark.new)
    resolved: dict[int, Receipt] = {}
    for family in families.values():
        codes = {site_code(form, one) for one in family}
        if len(codes) > 1 and not any(_is_other_sender(form, one, family[0]) for one in family[1:]):
            resolved |= {id(one): new for one, new in zip(family, resolve_group(form, family, chosen), strict=True)}
    return resolved


def _supersede(form: Form, receipt: Receipt, mark: _Mark) -> Receipt:
    used, round_ = inert_line(mark.new.source.name), mark.sent.number
    reason = form.say("superseded.corrected", used=used, round=round_)
    return replace(receipt, status=Status.SUPERSEDED, reason=reason)


def _doubt(form: Form, mark: _Mark, doubts: Sequence[tuple[Receipt, str]]) -> Receipt:
    """Return a receipt that says why it is taken for no correction; to be verified where both would count."""
    old, why = doubts[0]
    both = any(site_code(form, one) != site_code(form, mark.new) for one, _ in doubts)
    reason = form.say(f"round.{why}", answered=inert_line(old.source.name))
    message = form.say("D06.message", round=mark.sent.number, why=reason)
    message += form.say("D06.both") if both else ""
    finding = Finding(
        id=NO_CORRECTION,
        severity=Severity.VERIFY if both else Severity.HINT,
        message="{message}",
        arguments={"message": message},
        expected=form.say("D06.expected"),
    )
    return replace(mark.new, status=Status.FINDINGS, findings=(finding, *mark.new.findings))
