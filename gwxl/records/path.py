"""Where an answer stands in a form: in a field, at one of its choices, in a column, a row or a cell of its table."""

import re
from functools import lru_cache
from typing import Self

NAME_PREFIX = "gwxl_"
KEY = r"[a-z][a-z0-9_]{0,99}"
"""What the key of a field, a choice or a column looks like; two of them make the name of a cell."""

_PATH = re.compile(rf"{KEY}(?:\[(?:[1-9][0-9]{{0,6}}|{KEY})\])?(?:\.{KEY})?\Z")


class Path(str):
    """A place for an answer.

    ========================  ====================================================================================
    ``site_name``             a field
    ``innovations.other``     a choice of a field, or a column of a table: the kind of the field tells which
    ``other_media[1]``        a row of a table, counted from 1, or named where rows have keys (``requests[new]``)
    ``other_media[1].posts``  a cell of a table
    ========================  ====================================================================================

    It is its text, so that it costs as the key of a mapping what a text costs, and goes into JSON and cells as it is;
    nobody but this module takes the text apart. What stands at a path, the form tells: its label and its order are
    :meth:`gwxl.form.definition.Form.label` and :meth:`gwxl.form.definition.Form.order`.
    """

    __slots__ = ()

    def __new__(cls, field: str, part: str = "", row: int | str | None = None) -> Self:
        """Join the keys of a form; what comes from outside is parsed.

        Args:
            field: the key of the field.
            part: the key of a choice or a column, empty for all of the field or the row.
            row: the number or the key of a row, None where it is no matter of one.
        """
        text = field if row is None else f"{field}[{row}]"
        return super().__new__(cls, f"{text}.{part}" if part else text)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the path that a text from outside is, None where it is none."""
        return cls(text) if _PATH.match(text) else None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the path that a text is which has to be one.

        Raises:
            ValueError: it is none.
        """
        path = cls.read(text)
        if path is None:
            message = f"{text!r} is no path: expected field, field.choice, table[1] or table[1].column"
            raise ValueError(message)
        return path

    @property
    def field(self) -> str:
        """Return the key of the field."""
        return _parts(self)[0]

    @property
    def part(self) -> str:
        """Return the key of the choice or the column, empty where there is none."""
        return _parts(self)[1]

    @property
    def row(self) -> int | str | None:
        """Return the number or the key of the row, None where there is none."""
        return _parts(self)[2]

    @property
    def number(self) -> int:
        """Return the number of the row, 0 where no number names one."""
        row = _parts(self)[2]
        return row if isinstance(row, int) else 0

    @property
    def whole(self) -> Self:
        """Return the path of the whole field."""
        return self if self == self.field else type(self)(self.field)

    @property
    def of_every_row(self) -> Self:
        """Return the path without its row: ``other_media.posts``."""
        return self if self.row is None else type(self)(self.field, self.part)

    def in_row(self, row: int | str) -> Self:
        """Return the path in another row of the table."""
        return type(self)(self.field, self.part, row)

    @property
    def defined_name(self) -> str:
        """Return the defined name of the cell: ``innovations.other`` → ``gwxl_innovations__other``."""
        return NAME_PREFIX + self.replace(".", "__")


@lru_cache(maxsize=1 << 14)
def _parts(path: str) -> tuple[str, str, int | str | None]:
    """Return field, part and row; a form that is still being checked may have keys of other signs."""
    head, _, part = path.partition("].") if "[" in path else path.partition(".")
    field, bracket, row = head.removesuffix("]").partition("[")
    return field, part, (int(row) if row.isdecimal() else row) if bracket else None
