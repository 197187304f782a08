"""Where an answer stands in a form: in a field, at one of its choices, in a table or in a matrix."""

import re
from functools import lru_cache
from typing import NoReturn, final

NAME_PREFIX = "gwxl_"
KEY = r"[a-z][a-z0-9_]{0,99}"
"""What the key of a field, a choice or a column looks like; two of them make the name of a cell."""

_PATH = re.compile(rf"(?:{KEY}(?:\[[1-9][0-9]{{0,6}}\])?(?:\.{KEY})?|{KEY}\[{KEY}\](?:\.{KEY}){{0,2}})\Z")


@final
class Path(str):
    """A place for an answer.

    =========================  ===================================================================================
    ``site_name``              a field
    ``innovations.other``      a choice of a field, or a column of a table: the kind of the field tells which
    ``other_media[1]``         a row of a table, counted from 1
    ``other_media[1].posts``   a cell of a table
    ``requests[new].person``   a cell of a matrix, whose rows have keys: a field like any other, with this as its key
    ``views[speed].all.good``  a choice of such a cell
    =========================  ===================================================================================

    It is its text, so that it costs as the key of a mapping what a text costs, and goes into JSON and cells as it is;
    nobody but this module takes the text apart. What stands at a path, the form tells: its label and its order are
    :meth:`gwxl.form.definition.Form.label` and :meth:`gwxl.form.definition.Form.order`.

    Attributes:
        field: the key of the field, which of a cell of a matrix is the whole path.
        part: the key of the choice or of the table's column, empty where there is none.
        row: the number of the table's row, None where there is none.
        block: what is shown and explained as one: the key of the matrix of a cell, of anything else that of its field.
    """

    __slots__ = ("block", "field", "part", "row")
    block: str
    field: str
    part: str
    row: int | None

    def __new__(cls, field: str, part: str = "", row: int | str | None = None) -> "Path":
        """Join the keys of a form; what comes from outside is parsed."""
        text = field if row is None else f"{field}[{row}]"
        return _intern(f"{text}.{part}" if part else text)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(name)

    def __reduce__(self) -> tuple[type["Path"], tuple[str]]:
        return Path, (str(self),)

    @classmethod
    def read(cls, text: str) -> "Path | None":
        """Return the path that a text from outside is, None where it is none."""
        return cls(text) if _PATH.match(text) else None

    @classmethod
    def parse(cls, text: str) -> "Path":
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
    def number(self) -> int:
        """Return the number of the row, 0 where there is none."""
        return self.row or 0

    @property
    def whole(self) -> "Path":
        """Return the path of the whole field."""
        return Path(self.field)

    @property
    def of_every_row(self) -> "Path":
        """Return the path without its row: ``other_media.posts``."""
        return Path(self.field, self.part)

    def in_row(self, row: int) -> "Path":
        """Return the path in another row of the table."""
        return Path(self.field, self.part, row)

    @property
    def defined_name(self) -> str:
        """Return the defined name of the cell: ``innovations.other`` → ``gwxl_innovations__other``."""
        return NAME_PREFIX + self.replace("].", "__").replace("[", "__").replace(".", "__")


@lru_cache(maxsize=1 << 17)  # the cells of a table of 5,000 rows, looked up time and again
def _intern(text: str) -> Path:
    """Return the one path of a text: a batch names the same few thousand times."""
    head, _, part = text.partition("].") if "[" in text else text.partition(".")
    block, _, row = head.removesuffix("]").partition("[")
    keyed = bool(row) and not row.isdecimal()
    column, _, choice = part.partition(".")
    path = str.__new__(Path, text)
    object.__setattr__(path, "block", block)
    object.__setattr__(path, "field", f"{head}].{column}" if keyed and choice else text if keyed else block)
    object.__setattr__(path, "part", choice if keyed else part)
    object.__setattr__(path, "row", int(row) if row and not keyed else None)
    return path
