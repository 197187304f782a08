"""Add up this period and an earlier one, over the sites of which both are known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from gwxl.form.definition import Field, Form
from gwxl.form.kinds import Aggregate
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Value
from gwxl.totals.arithmetic import Number, as_number, exact_sum, weighted_mean
from gwxl.totals.figure import countable

Both = tuple[Receipt, Mapping[Path, Value]]
"""A return, and what its site reported a period earlier."""

_DIGITS = 34  # of a share; every program that shows it rounds to less
_EXACT = Context(prec=400)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """The figures of a field over the sites that have one in both periods: sums, or means of what is a mean.

    Attributes:
        this, last: None where no site has both, or every weight of a mean is 0.
        n: how many sites have both. of: how many there are.
    """

    this: Number | None
    last: Number | None
    n: int
    of: int

    @property
    def change(self) -> Number | None:
        """Return by how much the figure grew."""
        return None if self.this is None or self.last is None else find_growth(self.this, self.last)

    @property
    def share(self) -> Decimal | None:
        """Return the change as a part of the earlier figure."""
        return None if self.this is None or self.last is None else share(self.this, self.last)


def find_growth(this: Number, last: Number) -> Number:
    """Return the exact difference of two numbers."""
    return this - last if isinstance(this, int) and isinstance(last, int) else _EXACT.subtract(this, last)


def share(this: Number, last: Number) -> Decimal | None:
    """Return a change as a part of the earlier number, to 34 digits; None where that is 0."""
    return Context(prec=_DIGITS).divide(Decimal(find_growth(this, last)), Decimal(last)) if last else None


def compare_fields(form: Form, pairs: Sequence[Both], of: int) -> Mapping[Path, Compared]:
    """Compare every field of numbers that is added up.

    Args:
        form: the form.
        pairs: the sites of which both periods are known.
        of: how many sites there are.
    """
    added = (one for one in form.fields.values() if one.kind.is_number and one.aggregate is not Aggregate.NONE)
    return {field.path: _compare(form, field, pairs, of) for field in added}


def _compare(form: Form, field: Field, pairs: Sequence[Both], of: int) -> Compared:
    if field.aggregate is Aggregate.MEAN:
        weight = Path(field.weight)
        four = list(_find_known(form, pairs, (field.path, weight)))
        this = weighted_mean([(value[0], by[0]) for value, by in four])
        last = weighted_mean([(value[1], by[1]) for value, by in four])
        return Compared(this=this, last=last, n=len(four), of=of)
    known = [both for (both,) in _find_known(form, pairs, (field.path,))]
    if not known:
        return Compared(this=None, last=None, n=0, of=of)
    this_sum, last_sum = (exact_sum([both[side] for both in known]) for side in (0, 1))
    return Compared(this=this_sum, last=last_sum, n=len(known), of=of)


def _find_known(form: Form, pairs: Sequence[Both], paths: Sequence[Path]) -> Iterator[list[tuple[Number, Number]]]:
    """Yield of each site that has all of some figures, now and then, both of each."""
    for receipt, last in pairs:
        found = [both for path in paths if (both := figures(form, receipt, last, path)) is not None]
        if len(found) == len(paths):
            yield found


def figures(form: Form, receipt: Receipt, last: Mapping[Path, Value], path: Path) -> tuple[Number, Number] | None:
    """Return what a site reported in a field now and then, None where one of them does not count or is no number."""
    now = countable(form, receipt, path)
    this, then = as_number(now.value) if now.counts else None, as_number(last.get(path))
    return None if this is None or then is None else (this, then)
