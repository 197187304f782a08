"""The kinds of what a form asks: one object each, which answers what the rest of the program asks about a kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

_LARGEST_EXPONENT = 400


class Aggregate(StrEnum):
    """How a field is added up over sites."""

    NONE = "none"
    SUM = "sum"
    MEAN = "mean"
    COUNT = "count"


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind:
    """What an input holds; each is one object, told apart by ``is``.

    Attributes:
        name: as form and rule files call it; its words stand under it in ``gwxl/wording/kinds.toml``.
        holds: tells whether a value is of the kind.
        aggregates: how it may be added up.
        around: whether a field around the form may be of it.
        is_number, has_fractions: a number; one that need not be whole.
        is_text, is_code, is_long: typed as it is; a code, which a sheet takes for a number; one that may have lines.
        is_link: a text that a page shows as a link.
        is_choice, is_choices: one of the field's choices; any of them, each ticked in a row of its own.
        is_table, is_matrix: rows on a sheet of its own; rows and columns there, each cell a field by itself.
        style, format: of its input cell; width: of its column in a table, in characters.
        shown: the style of its words in a summary.
    """

    name: str
    holds: Callable[[object], bool]
    aggregates: frozenset[Aggregate] = frozenset({Aggregate.NONE})
    around: bool = False
    is_number: bool = False
    has_fractions: bool = False
    is_text: bool = False
    is_code: bool = False
    is_long: bool = False
    is_link: bool = False
    is_date: bool = False
    is_yes_no: bool = False
    is_choice: bool = False
    is_choices: bool = False
    is_table: bool = False
    is_matrix: bool = False
    style: str = "input_line"
    format: str = "@"
    width: float = 20.0
    shown: str = "text"

    def __str__(self) -> str:
        return self.name

    def __reduce__(self) -> str:
        return self.name.upper()  # in another process it is the object of this module again

    @property
    def is_whole(self) -> bool:
        """Tell whether it is a number without fractions."""
        return self.is_number and not self.has_fractions

    @property
    def has_choices(self) -> bool:
        """Tell whether its field declares choices."""
        return self.is_choice or self.is_choices

    @property
    def is_list(self) -> bool:
        """Tell whether its answer is a list: asked in several cells, each with a path of its own."""
        return self.is_choices or self.is_table

    @property
    def is_written(self) -> bool:
        """Tell whether its answer is written, not one of a few that are known."""
        return self.is_number or self.is_text or self.is_date

    @property
    def in_column(self) -> bool:
        """Tell whether a column of a table may be of it: its answer takes one cell."""
        return self.is_written or self.is_yes_no or self.is_choice


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_date(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    # A number such as 1E+999999 would take gigabytes once it is calculated with exactly.
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value.adjusted()) <= _LARGEST_EXPONENT
    return _is_whole(value)


def _is_truth(value: object) -> bool:
    return isinstance(value, bool)


def _are_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _are_rows(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, Mapping) for item in value)


def _is_nothing(_value: object) -> bool:
    return False  # its cells hold what there is


_ADDED = frozenset({Aggregate.NONE, Aggregate.SUM, Aggregate.MEAN})
_COUNTED = frozenset({Aggregate.NONE, Aggregate.COUNT})

TEXT = Kind(
    name="text", holds=_is_text, around=True, is_text=True, is_long=True, style="input", width=28.0, shown="line"
)
URL = Kind(name="url", holds=_is_text, is_text=True, is_link=True, width=34.0, shown="line")
CODE = Kind(name="code", holds=_is_text, around=True, is_text=True, is_code=True, shown="code")
DATE = Kind(name="date", holds=_is_date, around=True, is_date=True, format="yyyy-mm-dd")
COUNT = Kind(name="count", holds=_is_whole, aggregates=_ADDED, is_number=True, style="input_number", format="#,##0")
DECIMAL = Kind(
    name="decimal",
    holds=_is_number,
    aggregates=_ADDED,
    is_number=True,
    has_fractions=True,
    style="input_number",
    format="#,##0.0###",
)
YES_NO = Kind(name="yes_no", holds=_is_truth, aggregates=_COUNTED, is_yes_no=True, style="input_choice", shown="tick")
CHOICE = Kind(name="choice", holds=_is_text, aggregates=_COUNTED, is_choice=True, style="input_choice")
CHOICES = Kind(
    name="choices", holds=_are_texts, aggregates=_COUNTED, is_choices=True, style="input_choice", shown="tick"
)
TABLE = Kind(name="table", holds=_are_rows, is_table=True)
MATRIX = Kind(name="matrix", holds=_is_nothing, is_matrix=True)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {kind.name: kind for kind in (TEXT, URL, CODE, DATE, COUNT, DECIMAL, YES_NO, CHOICE, CHOICES, TABLE, MATRIX)}
)
"""Name → kind, the plainest first."""
