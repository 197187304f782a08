"""Compare what returns of one form say, where they were asked; the work grows as their number, not as its square."""

from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from itertools import chain, combinations_with_replacement

from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Submission, Unread, Value

Apart = frozenset[Path]
"""The items of which nothing is compared: those a return was not asked, or has answered with a choice that is gone."""

Said = frozenset[tuple[Path, Hashable]]
"""What a return says: a path, and a value that compares."""

_Classes = Mapping[Apart, list[Receipt]]
_Alike = dict[Apart, list[Receipt]]  # returns that do not differ, by what each was not asked


def apart_of(receipt: Receipt) -> Apart:
    """Return what cannot be compared of a return."""
    return receipt.submission.not_asked | receipt.submission.retired if receipt.submission else frozenset()


def collect_said(receipt: Receipt, apart: Apart) -> Said:
    """Return what a return says, without the items that are not to be compared."""
    if receipt.submission is None:
        return frozenset()
    values = ((Path(key), _without(value, key, apart)) for key, value in receipt.submission.values.items())
    ticks = (item for item in _find_unread_ticks(receipt.submission) if item[0] not in apart)
    return frozenset({*((path, value) for path, value in values if value is not None), *ticks})


def find_differing(group: Sequence[Receipt]) -> frozenset[Path]:
    """Return the paths of the fields that any two of these returns answer differently, where both were asked."""
    classes, found = _classes(group), set[Path]()
    for first, second in combinations_with_replacement(classes, 2):
        members = classes[first] if first == second else [*classes[first], *classes[second]]
        words = [collect_said(one, first | second) for one in members]
        found |= {path.whole for path, _ in frozenset().union(*words) - words[0].intersection(*words)}
    return frozenset(found)


def group_alike(group: Sequence[Receipt]) -> list[list[Receipt]]:
    """Return the returns that do not differ together, in the order of their first.

    Those that were asked most come first, as a return that was asked less may be like several that differ.
    """
    found: list[_Alike] = []
    for apart, members in sorted(_classes(group).items(), key=lambda item: (len(item[0]), sorted(item[0]))):
        fuller = _Fuller(found, apart)
        bundles: dict[Said, list[Receipt]] = {}
        for one in members:
            bundles.setdefault(collect_said(one, apart), []).append(one)
        for bundle in bundles.values():
            home = fuller.home(bundle[0])
            if home is None:
                found.append({apart: bundle})
            else:
                home[apart] = bundle
    order = {id(one): place for place, one in enumerate(group)}
    together = (sorted(chain.from_iterable(one.values()), key=lambda same: order[id(same)]) for one in found)
    return sorted(together, key=lambda same: order[id(same[0])])


class _Fuller:
    """Returns that were asked more, searched for those that one does not differ from; each takes one of its kind."""

    def __init__(self, found: Sequence[_Alike], apart: Apart) -> None:
        self._apart = apart
        self._waiting: dict[tuple[Apart, Said], deque[_Alike]] = {}
        for one in found:
            lead, members = next(iter(one.items()))
            self._waiting.setdefault((lead, collect_said(members[0], lead | apart)), deque()).append(one)
        self._leads = dict.fromkeys(lead for lead, _ in self._waiting)

    def home(self, one: Receipt) -> _Alike | None:
        """Return the first that fits, None where none does."""
        for lead in self._leads:
            waiting = self._waiting.get((lead, collect_said(one, lead | self._apart)), deque())
            while waiting and self._apart in waiting[0]:
                waiting.popleft()
            for other in waiting:
                if self._fits(one, other):
                    return other
        return None

    def _fits(self, one: Receipt, other: _Alike) -> bool:
        pairs = ((members[0], apart | self._apart) for apart, members in other.items())
        return self._apart not in other and all(
            collect_said(one, both) == collect_said(member, both) for member, both in pairs
        )


def _classes(group: Sequence[Receipt]) -> _Classes:
    classes: dict[Apart, list[Receipt]] = {}
    for one in group:
        classes.setdefault(apart_of(one), []).append(one)
    return classes


def _find_unread_ticks(submission: Submission) -> list[tuple[Path, Unread]]:
    """Return the ticks of fields of many that could not be read: the value of such a field does not hold them."""
    return [
        (path, answer.value)
        for path, answer in submission.answers.items()
        if isinstance(answer.value, Unread) and path.part and path.row is None
    ]


def _without(value: Value | Unread, key: str, apart: Apart) -> Hashable:
    """Return a value without the choices and columns that are not to be compared; None where nothing is left."""
    if key in apart:
        return None
    if not isinstance(value, tuple):
        return value
    kept: list[Hashable] = []
    for item in value:
        if isinstance(item, Mapping):
            row = frozenset((column, cell) for column, cell in item.items() if Path(key, column) not in apart)
            kept += [row] if row or not apart else []
        elif Path(key, item) not in apart:
            kept.append(item)
    return tuple(kept) or (None if apart else ())
