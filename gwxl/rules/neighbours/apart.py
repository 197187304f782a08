"""Returns whose numbers are far from those of their kind."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from gwxl.form.definition import Form
from gwxl.records.path import Path
from gwxl.rules.document import number_text
from gwxl.rules.expression import ExpressionError
from gwxl.rules.functions.function import is_number, number_fields
from gwxl.rules.neighbours.comparison import Comparison, Meeting, Returns
from gwxl.wording.joining import join_words


@dataclass(frozen=True, kw_only=True)
class NearMedian(Comparison):
    """A limit to how many times the median of its kind a number may be, or the median that number; zeros are left out.

    The message may name ``{found}``.

    Attributes:
        kind: ``count`` or ``decimal``, the kind of the numbers.
        by: the key of the choice that divides the returns into kinds.
        factor: so many times is still fine, and so is a part of so many.
        at_least: a number that fewer returns of a kind have is passed over.
    """

    SUPPLIES = frozenset({"found"})

    kind: str
    by: str
    factor: int
    at_least: int

    def keys_involved(self, form: Form) -> tuple[str, ...]:
        """Return the key of the choice and those of every number field of the kind."""
        return self.by, *number_fields(form, self.kind)

    def check(self, form: Form) -> None:
        """Check that kind and factor make sense, and that the returns can be divided."""
        if not is_number(self.kind) or self.factor <= 1 or self.at_least < 1:
            message = "kind is count or decimal, factor above 1, at_least from 1"
            raise ExpressionError(message)
        super().check(form)
        if not form.fields[self.by].kind.is_choice:
            message = f"{self.by} is no choice"
            raise ExpressionError(message)

    def meetings(self, form: Form, returns: Returns) -> Iterator[Meeting]:
        """Yield each return with a number that is far from the median."""
        far: Mapping[int, list[tuple[str, int | Decimal, Fraction]]] = defaultdict(list)
        for key in self.keys_involved(form)[1:]:
            of_kind: Mapping[object, dict[int, int | Decimal]] = defaultdict(dict)
            for index, values in enumerate(returns):
                if values.get(key) and values.get(self.by):
                    of_kind[values[self.by]][index] = values[key]
            for numbers in (one for one in of_kind.values() if len(one) >= self.at_least):
                middle = _median(list(numbers.values()))
                least, most = middle / self.factor, middle * self.factor
                for index, number in numbers.items():
                    if not least <= Fraction(number) <= most:
                        far[index].append((key, number, middle))
        for index, found in sorted(far.items()):
            words = join_words((_words(form, *one) for one in found), form.language)
            yield Meeting(index=index, keys=tuple(key for key, _, _ in found), arguments={"found": words})


def _median(numbers: list[int | Decimal]) -> Fraction:
    ordered = sorted(numbers)
    return (Fraction(ordered[(len(ordered) - 1) // 2]) + Fraction(ordered[len(ordered) // 2])) / 2


def _words(form: Form, key: str, number: int | Decimal, middle: Fraction) -> str:
    label, numbers = form.label(Path(key)), (number_text(number), number_text(middle))
    return form.say("rules.against_median", label=label, this=numbers[0], median=numbers[1])
