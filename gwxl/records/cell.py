"""The place of a cell: sheet, row and column, and the address made of them."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class CellRef:
    """The place of one cell: sheet title, row and column, both counted from 1."""

    sheet: str
    row: int
    column: int

    @property
    def address(self) -> str:
        """Return the address without the sheet, e.g. ``D41``."""
        return f"{column_letters(self.column)}{self.row}"

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}"


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 1: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
