"""Tell several senders that return one code apart: rule D05, one code and two units.

Two returns are of different senders where at least two of name, host of the URL and sponsor differ, or the sites their
workbooks were issued to do; a blank says nothing. Likeness so defined does not carry over from one pair to the next:
where a return is like two that are of different senders, nobody can say whose it is, and each return that says
something else of itself stands alone. The same goes for more than ``_FEW`` different ones.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from types import MappingProxyType

from gwxl.batch.batch import TWO_SENDERS, site_code
from gwxl.batch.other_returns import NAMED, join_names
from gwxl.batch.rejecting import reject
from gwxl.characters import without_spaces
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Status
from gwxl.wording.joining import join_words

_FEW = 32
_APART = 2  # of name, host and sponsor
_ISSUED = ""  # no key

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,20}:/{0,3}|/{2,3}")
_HOST = re.compile(r"(?:[^/?#@\\]{0,200}@)?(?:www\.)?([^/?#:\\]{0,300})")

Resolved = tuple[Receipt, Receipt]
"""A receipt as it was, and as the comparison within its sender left it."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a return says of its sender, as it is compared; an empty text says nothing.

    Attributes:
        told: name, host and sponsor, by the key of the field.
        issued: the code of the site the workbook was issued to.
    """

    told: tuple[tuple[str, str], ...]
    issued: str

    def find_contradictions(self, other: "Said") -> tuple[str, ...]:
        """Return the keys in which two returns contradict each other."""
        pairs = zip(self.told, other.told, strict=True)
        return tuple(key for (key, mine), (_, theirs) in pairs if mine and theirs and mine != theirs)

    def is_issued_apart(self, other: "Said") -> bool:
        """Tell whether the workbooks were issued to different sites."""
        return bool(self.issued and other.issued and self.issued != other.issued)

    def differs(self, other: "Said") -> bool:
        """Tell whether two returns are of different senders."""
        return len(self.find_contradictions(other)) >= _APART or self.is_issued_apart(other)


def read_sender(form: Form, receipt: Receipt) -> Said:
    """Return what a return says of its sender; the unit stands for a sponsor where the form asks for none."""
    submission, roles = receipt.submission, form.roles
    if submission is None:
        return Said(told=(), issued="")
    keys = {roles.name: fold_words, roles.url: host, roles.sponsor or roles.unit: fold_words}
    told = tuple((key, compared(submission.text_of(key))) for key, compared in keys.items() if key)
    return Said(told=told, issued=(submission.identity.site_code or "").casefold())


def fold_words(value: str) -> str:
    """Return a text without blanks, punctuation and what nobody sees, its letters lowered."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())
    return "".join(char for char in without_spaces(folded) if unicodedata.category(char)[0] not in "CP")


def host(url: str) -> str:
    """Return the host a URL names, without ``www.``; empty where it names none."""
    folded = unicodedata.normalize("NFKC", url).casefold().replace("。", ".")
    plain = "".join(char for char in without_spaces(folded) if unicodedata.category(char)[0] != "C")
    scheme = _SCHEME.match(plain)
    found = _HOST.match(plain, scheme.end() if scheme else 0)
    named = found[1].strip(".") if found else ""
    return named if any(char.isalnum() for char in named) else ""


def senders_of(form: Form, group: Sequence[Receipt]) -> tuple[tuple[Receipt, ...], ...]:
    """Return the accepted returns of one code by their senders, each in the order of its first."""
    by_said: dict[Said, list[Receipt]] = {}
    for one in group:
        by_said.setdefault(read_sender(form, one), []).append(one)
    homes = _homes(tuple(by_said))
    together: dict[int, list[Receipt]] = {}
    for one in group:
        together.setdefault(homes[read_sender(form, one)], []).append(one)
    return tuple(tuple(members) for members in together.values())


def _homes(every: Sequence[Said]) -> Mapping[Said, int]:
    """Return the number of the sender of each; those alike have one number, unless that makes one of two."""
    if len(every) > _FEW:
        same = _count_varying(every) < _APART
        return {one: 0 if same else place for place, one in enumerate(every)}
    homes = {one: place for place, one in enumerate(every)}
    for one, other in combinations(every, 2):
        if not one.differs(other):
            old, new = homes[other], homes[one]
            homes = {each: new if home == old else home for each, home in homes.items()}
    pairs = combinations(every, 2)
    if any(homes[one] == homes[other] and one.differs(other) for one, other in pairs):
        return {one: place for place, one in enumerate(every)}
    return homes


def _count_varying(every: Sequence[Said]) -> int:
    """Return in how many of name, host and sponsor any two contradict each other; all where the sites issued to do."""
    said: dict[str, set[str]] = {}
    for one in every:
        for key, value in (*one.told, (_ISSUED, one.issued)):
            said.setdefault(key, set()).add(value)
    varying = [key for key, values in said.items() if len(values - {""}) > 1]
    return _APART if _ISSUED in varying else len(varying)


NOBODY: Mapping[Source, str] = MappingProxyType({})


def tell_apart(
    form: Form,
    senders: Sequence[Sequence[Resolved]],
    chosen: frozenset[Source],
    turned_down: Mapping[Source, str] = NOBODY,
) -> list[Resolved]:
    """Return the returns of a code that several senders gave: held, until a clerk says whose it is.

    Then the owner's count, and the others' go back. What another return of the same sender replaced stays replaced.

    Args:
        form: the form.
        senders: the returns of each sender, compared among themselves.
        chosen: the sources of the returns that a clerk decided to use.
        turned_down: the sources of the returns that a clerk turned down → the reason given, if any.
    """
    owner = _owner(senders, chosen, turned_down)
    standing = [_choose_standing(sender) for sender in senders]
    told: list[Resolved] = []
    for place, sender in enumerate(senders):
        others = [*standing[: min(place, NAMED)], *standing[place + 1 : place + 1 + NAMED]][:NAMED]
        for old, new in sender:
            if old.source in turned_down:
                told.append((old, _turn_down(form, old, turned_down[old.source])))
            elif place == owner or new.status is Status.SUPERSEDED:
                told.append((old, new))
            elif owner is None:
                told.append((old, _hold(form, new, others, len(senders) - 1)))
            else:
                told.append((old, _turn_down(form, old, None)))
    return told


def _owner(
    senders: Sequence[Sequence[Resolved]], chosen: frozenset[Source], turned_down: Mapping[Source, str]
) -> int | None:
    """Return the place of the sender whose code it is: one a clerk chose, or the only one not turned down."""
    sources = [{old.source for old, _ in sender} for sender in senders]
    picked = [place for place, mine in enumerate(sources) if mine & chosen - turned_down.keys()]
    left = [
        place
        for place, sender in enumerate(senders)
        if any(new.status is not Status.SUPERSEDED and old.source not in turned_down for old, new in sender)
    ]
    found = picked or left
    return found[0] if len(found) == 1 else None


def _choose_standing(sender: Sequence[Resolved]) -> Receipt:
    """Return the return that stands for a sender."""
    return next((new for _, new in sender if new.status is not Status.SUPERSEDED), sender[0][1])


def _hold(form: Form, receipt: Receipt, others: Sequence[Receipt], count: int) -> Receipt:
    mine = read_sender(form, receipt)
    theirs = [read_sender(form, other) for other in others]
    keys = dict.fromkeys(key for other in theirs for key in mine.find_contradictions(other))
    words = [form.label(Path(key)) for key in keys]
    words += [form.say("D05.issued")] if any(mine.is_issued_apart(other) for other in theirs) else []
    names = join_names(others, count, form.language)
    what = join_words(words, form.language) or form.say("D05.linked")
    message = form.say("D05.message", field="{field}", others="{others}", what="{what}")
    finding = _finding(form, receipt, message, {"others": names, "what": what})
    reason = form.say("held.two_senders", others=names)
    return replace(receipt, status=Status.HELD, reason=reason, findings=(finding, *receipt.findings))


def _turn_down(form: Form, receipt: Receipt, words: str | None) -> Receipt:
    """Return a receipt whose code is another's; its sender is told of the code alone, not of who else has it."""
    code = form.say("rejected.code", code=inert_line(site_code(form, receipt)))
    message = form.say("D05.elsewhere", field="{field}")
    finding = _finding(form, receipt, message, {})
    told = replace(receipt, reason=code, findings=(finding, *receipt.findings))
    return reject(form, told, words) if words else replace(told, status=Status.REJECTED)


def _finding(form: Form, receipt: Receipt, message: str, arguments: Mapping[str, str]) -> Finding:
    role, submission = form.roles.code, receipt.submission
    raw = inert_line(submission.raw_of(role)) if submission and role else ""
    key = Path(role) if role else None
    if not role:  # the code is the one it was issued to
        arguments = {**arguments, "field": site_code(form, receipt)}
    return Finding(
        id=TWO_SENDERS,
        severity=Severity.ERROR,
        message=message,
        key=key,
        operands=(key,) if key else (),
        arguments=arguments,
        shown={key: raw} if key else {},
        value=raw or None,
        expected=form.say("D05.expected"),
        source=submission.cells.get(key) if submission and key else None,
    )
