"""Returns that are too much like others: in one text, or in most of their numbers."""

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from gwxl.form.definition import Form
from gwxl.rules.expression import ExpressionError
from gwxl.rules.functions.function import is_number, number_fields, sort_keys
from gwxl.rules.neighbours.comparison import MOST_NAMED, Comparison, Meeting, Returns

_LOOKED_AT = 100

Figure = tuple[str, Any]
Figures = frozenset[Figure]
"""The numbers of a return that are not 0, each with its key."""


@dataclass(frozen=True, kw_only=True)
class SameText(Comparison):
    """A search for one text in the same field of several returns; case, width and blanks do not matter.

    The message may name ``{others}``.

    Attributes:
        fields: the keys of the texts.
    """

    SUPPLIES = frozenset({"field", "others"})

    fields: tuple[str, ...]

    def keys_involved(self, form: Form) -> tuple[str, ...]:
        """Return the keys of the texts, in form order."""
        return sort_keys(form, self.fields)

    def check(self, form: Form) -> None:
        """Check that the fields are texts of the form."""
        super().check(form)
        for key in self.fields:
            if not form.fields[key].kind.is_text:
                message = f"{key} is no text"
                raise ExpressionError(message)

    def meetings(self, form: Form, returns: Returns) -> Iterator[Meeting]:
        """Yield each return whose text another has too."""
        for key in self.keys_involved(form):
            same: Mapping[str, list[int]] = defaultdict(list)
            for index, values in enumerate(returns):
                if values.get(key):
                    same[_fold(values[key])].append(index)
            for indices in same.values():
                for index in indices if len(indices) > 1 else ():
                    yield Meeting(index=index, keys=(key,), **_name_others(index, indices))


def _fold(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())


def _name_others(index: int, alike: Sequence[int]) -> dict[str, Any]:
    named = islice((one for one in alike if one != index), MOST_NAMED)
    return {"others": tuple(named), "count": len(alike) - 1}


@dataclass(frozen=True, kw_only=True)
class MostlyEqual(Comparison):
    """A search for returns most of whose numbers are equal; zeros are left out.

    The message may name ``{others}``, and of the first of them ``{number}``, ``{total}`` and ``{share}`` (in per cent).

    Attributes:
        kind: ``count`` or ``decimal``, the kind of the numbers.
        share: of the numbers of either return, above a half and at most 1.
        at_least: returns with fewer numbers are passed over.
    """

    SUPPLIES = frozenset({"others", "number", "total", "share"})

    kind: str
    share: Decimal
    at_least: int

    def keys_involved(self, form: Form) -> tuple[str, ...]:
        """Return the keys of every number field of the kind."""
        return number_fields(form, self.kind)

    def check(self, form: Form) -> None:  # noqa: ARG002 - part of the interface
        """Check that kind and share make sense."""
        if not is_number(self.kind) or not Decimal("0.5") < self.share <= 1 or self.at_least < 1:
            message = "kind is count or decimal, share above 0.5 and up to 1, at_least from 1"
            raise ExpressionError(message)

    def meetings(self, form: Form, returns: Returns) -> Iterator[Meeting]:
        """Yield each return that is mostly equal to another."""
        keys = self.keys_involved(form)
        holders: dict[Figures, list[int]] = defaultdict(list)
        for index, values in enumerate(returns):
            figures = frozenset((key, values[key]) for key in keys if values.get(key))
            if len(figures) >= self.at_least:
                holders[figures].append(index)
        for figures, alike in self._find_alike(list(holders)).items():
            near = [(same, one) for same in (figures, *alike) for one in holders[same][: MOST_NAMED + 1]]
            count = sum(len(holders[same]) for same in (figures, *alike)) - 1
            for index in holders[figures] if count else ():
                others = [(same, one) for same, one in near if one != index][:MOST_NAMED]
                told = _tell_share(figures, others[0][0])
                yield Meeting(index=index, others=tuple(one for _, one in others), count=count, arguments=told)

    def _find_alike(self, sets: Sequence[Figures]) -> Mapping[Figures, list[Figures]]:
        """Return of each set of figures the first others that it is mostly equal to.

        Two that share most of their figures share one of the rarest few of each, so only those are looked up; and
        where even these are common, no more than the first hundred, as nothing tells such sets apart.
        """
        often = Counter(figure for figures in sets for figure in figures)
        seen: dict[Figure, list[Figures]] = defaultdict(list)
        found: dict[Figures, list[Figures]] = {figures: [] for figures in sets}
        for figures in sets:
            rare = sorted(figures, key=lambda one: (often[one], one))[: len(figures) - self._count_least(figures) + 1]
            for other in dict.fromkeys(islice(chain.from_iterable(map(seen.__getitem__, rare)), _LOOKED_AT)):
                if len(found[figures]) == MOST_NAMED:
                    break
                if len(figures & other) >= max(self._count_least(figures), self._count_least(other)):
                    found[figures].append(other)
                    found[other] += [figures] if len(found[other]) < MOST_NAMED else []
            for figure in rare:
                seen[figure].append(figures)
        return found

    def _count_least(self, figures: Figures) -> int:
        return math.ceil(self.share * len(figures))


def _tell_share(figures: Figures, other: Figures) -> dict[str, str]:
    total, number = max(len(figures), len(other)), len(figures & other)
    return {"number": str(number), "total": str(total), "share": str(number * 100 // total)}
