"""What changes the meaning of a cell without standing in its value: parts struck out or raised, formats, pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from gwxl.characters import is_blank
from gwxl.spreadsheets.number_formats import NumberFormat


class Mark(StrEnum):
    """What a font does to the meaning of its text; looks alone (bold, colours, lines below) are none."""

    NONE = "none"
    STRUCK = "struck"
    RAISED = "raised"
    LOWERED = "lowered"


_RAISED_BY_CUSTOM = frozenset({"st", "nd", "rd", "th", "\u00ae", "\u2122"})

Run = tuple[str, Mark | None]
"""A part of a text and its mark, None where it has the font of its cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a cell's look says about its value.

    Attributes:
        format: the number format, None where it shows plain digits.
        mark: of the cell's own font.
        runs: the parts of a text of which at least one is marked, else empty.
        picture: a picture stands in the cell instead of a value.
    """

    format: NumberFormat | None = None
    mark: Mark = Mark.NONE
    runs: tuple[tuple[str, Mark], ...] = ()
    picture: bool = False

    @property
    def mark_of_text(self) -> Mark:
        """Return the mark of a part of the text, or of all of it where it is struck out."""
        marks = {mark for text, mark in self.runs if not is_blank(text) and not _is_harmless(text, mark)}
        if len(marks) > 1:
            return next(mark for mark in (Mark.STRUCK, Mark.RAISED, Mark.LOWERED) if mark in marks)
        # Raised as a whole it is only small.
        return Mark.STRUCK if marks == {Mark.STRUCK} or (not self.runs and self.mark is Mark.STRUCK) else Mark.NONE

    @property
    def unmarked(self) -> str:
        """Return the text without its marked parts, empty where all of it is marked or no part is told apart."""
        return "".join(text for text, mark in self.runs if mark is Mark.NONE or _is_harmless(text, mark))


def _is_harmless(text: str, mark: Mark) -> bool:
    """Tell whether a raised part is one that programs raise by themselves, like that of 5th, or a sign that is none."""
    return mark is Mark.RAISED and text.strip().lower() in _RAISED_BY_CUSTOM


def mark_of(*, struck: bool, raised: bool, lowered: bool) -> Mark:
    """Return the mark of a font; what is struck out counts for nothing, raised or not."""
    if struck:
        return Mark.STRUCK
    return Mark.RAISED if raised else Mark.LOWERED if lowered else Mark.NONE


def look_of(number_format: NumberFormat | None, mark: Mark) -> Look | None:
    """Return the look of a style, None where it says nothing about a value."""
    return Look(format=number_format, mark=mark) if number_format is not None or mark is not Mark.NONE else None


def with_runs(look: Look | None, runs: Sequence[Run]) -> Look | None:
    """Return the look of a cell of a style whose text is made of runs."""
    own = look.mark if look is not None else Mark.NONE
    parts = tuple((text, own if mark is None else mark) for text, mark in runs)
    if own is Mark.NONE and all(mark is Mark.NONE for _, mark in parts):
        return look
    return replace(look or Look(), runs=parts)


def with_picture(look: Look | None) -> Look:
    """Return the look of a cell of a style that holds a picture."""
    return replace(look or Look(), picture=True)


def without_struck(text: str, look: Look | None) -> str:
    """Return a text without what is struck out of it."""
    if look is None:
        return text
    if not look.runs:
        return "" if look.mark is Mark.STRUCK else text
    return "".join(part for part, mark in look.runs if mark is not Mark.STRUCK)
