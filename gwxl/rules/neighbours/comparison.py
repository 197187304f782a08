"""What a comparison of returns is asked, and what it tells."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gwxl.form.definition import Form
from gwxl.rules.functions.function import Named

MOST_NAMED = 8
"""Other returns that a finding names one by one."""

Returns = Sequence[Mapping[str, Any]]
"""Of each return, key of a field → the value that counts there."""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What stands out of one return beside others.

    Attributes:
        index: of the return. keys: of the fields it stands out in, which may be none.
        others: the first returns it is too much like; count: how many there are in all.
        arguments: what the message may name besides.
    """

    index: int
    keys: tuple[str, ...] = ()
    others: tuple[int, ...] = ()
    count: int = 0
    arguments: Mapping[str, str] = field(default_factory=dict)


class Comparison(Named):
    """A judge of many returns; the work grows as their number, not as its square."""

    @abstractmethod
    def meetings(self, form: Form, returns: Returns) -> Iterator[Meeting]:
        """Yield what stands out, by field and return, or by return."""
