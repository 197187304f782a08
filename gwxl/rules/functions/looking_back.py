"""The functions that hold the numbers of a return against last year's."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from gwxl.form.definition import Form
from gwxl.records.path import Path
from gwxl.rules.case import PASSED, SILENT, Case, Outcome, Result
from gwxl.rules.document import number_text
from gwxl.rules.expression import PREVIOUS, ExpressionError
from gwxl.rules.functions.function import Function, is_number, number_fields, sort_keys
from gwxl.wording.joining import join_words

_HIGHEST = 15  # a power of ten; no program keeps more digits

Pair = tuple[str, Fraction, Fraction]
"""The key of a field, its number this year and last year's."""


def _pairs(case: Case, keys: tuple[str, ...]) -> list[Pair]:
    values = case.scope.values
    known = (key for key in keys if key in values and f"{PREVIOUS}{key}" in values)
    return [(key, Fraction(values[key]), Fraction(values[f"{PREVIOUS}{key}"])) for key in known]


@dataclass(frozen=True, kw_only=True)
class _OneByOne(Function):
    """A comparison of each of some numbers with last year's; one finding names all that fail.

    The message may name ``{found}``.
    """

    LOOKS_BACK: ClassVar[bool] = True
    SUPPLIES = frozenset({"found"})

    fields: tuple[str, ...]
    floor: int

    def keys_involved(self, form: Form) -> tuple[str, ...]:
        """Return the keys of the numbers, in form order."""
        return sort_keys(form, self.fields)

    def check(self, form: Form) -> None:
        """Check that the fields are numbers of the form."""
        super().check(form)
        for key in self.fields:
            if not form.fields[key].kind.is_number:
                message = f"{key} is no number"
                raise ExpressionError(message)

    @abstractmethod
    def suspects(self, this: Fraction, last: Fraction) -> bool:
        """Tell whether a number is suspect beside last year's."""

    def judge(self, case: Case) -> Outcome:
        """Fail where a number is suspect and at least ``floor`` away from last year's."""
        pairs = _pairs(case, self.keys_involved(case.form))
        suspect = [
            (key, this, last)
            for key, this, last in pairs
            if abs(this - last) >= self.floor and self.suspects(this, last)
        ]
        if not suspect:
            return PASSED if pairs else SILENT
        found = tuple(key for key, _, _ in suspect)
        words = join_words(_words(case.form, suspect), case.form.language)
        return Outcome(result=Result.FAILED, arguments={"found": words}, key=found[0], operands=found)


def _words(form: Form, pairs: list[Pair]) -> Iterator[str]:
    for key, this, last in pairs:
        label = form.label(Path(key))
        yield form.say("rules.against_last", label=label, this=number_text(this), last=number_text(last))


@dataclass(frozen=True, kw_only=True)
class WithinFactor(_OneByOne):
    """A limit to how many times last year's number one may be, or last year's that number.

    The message may name ``{found}``.

    Attributes:
        fields: the keys of the numbers.
        factor: so many times is still fine, and so is a part of so many.
        floor: smaller differences are passed over.
    """

    factor: int

    def check(self, form: Form) -> None:
        """Check that the fields are numbers and the factor leaves some room."""
        super().check(form)
        if self.factor <= 1:
            message = "factor is above 1"
            raise ExpressionError(message)

    def suspects(self, this: Fraction, last: Fraction) -> bool:
        """Tell whether a number is more than so many times last year's, or less than such a part."""
        return this > self.factor * last or last > self.factor * this


@dataclass(frozen=True, kw_only=True)
class NoPowerOfTen(_OneByOne):
    """A search for numbers that are ten, a hundred … times last year's, or a part of it: another unit, or digits lost.

    The message may name ``{found}``.

    Attributes:
        fields: the keys of the numbers.
        within: how far from the power of ten a number may be, as a part of it, below 1.
        floor: smaller differences are passed over.
    """

    within: Decimal

    def check(self, form: Form) -> None:
        """Check that the fields are numbers and ``within`` makes sense."""
        super().check(form)
        if not 0 <= self.within < 1:
            message = "within is a part, from 0 and below 1"
            raise ExpressionError(message)

    def suspects(self, this: Fraction, last: Fraction) -> bool:
        """Tell whether a number is about a power of ten of last year's."""
        if this <= 0 or last <= 0:
            return False
        within, ratio = Fraction(self.within), this / last
        powers = (Fraction(10) ** power for power in range(-_HIGHEST, _HIGHEST + 1) if power)
        return any(abs(ratio / power - 1) <= within for power in powers)


@dataclass(frozen=True, kw_only=True)
class ShareAsBefore(Function):
    """A limit to how many of a return's numbers may be what they were last year; zeros are left out.

    The message may name ``{number}``, ``{total}`` and ``{share}`` (in per cent).

    Attributes:
        kind: ``count`` or ``decimal``, the kind of the numbers.
        share: fails from this part on, above 0 and at most 1.
        at_least: silent where fewer numbers than these can be compared.
    """

    LOOKS_BACK: ClassVar[bool] = True
    SUPPLIES = frozenset({"number", "total", "share"})

    kind: str
    share: Decimal
    at_least: int

    def keys_involved(self, form: Form) -> tuple[str, ...]:
        """Return the keys of every number field of the kind."""
        return number_fields(form, self.kind)

    def check(self, form: Form) -> None:  # noqa: ARG002 - part of the interface
        """Check that kind and share make sense."""
        if not is_number(self.kind) or not 0 < self.share <= 1 or self.at_least < 1:
            message = "kind is count or decimal, share between 0 and 1, at_least from 1"
            raise ExpressionError(message)

    def judge(self, case: Case) -> Outcome:
        """Fail where the share is reached."""
        pairs = [(this, last) for _, this, last in _pairs(case, self.keys_involved(case.form)) if this]
        if len(pairs) < self.at_least:
            return SILENT
        hits = sum(this == last for this, last in pairs)
        if Decimal(hits) < self.share * len(pairs):
            return PASSED
        share = str(hits * 100 // len(pairs))
        return Outcome(result=Result.FAILED, arguments={"number": str(hits), "total": str(len(pairs)), "share": share})
