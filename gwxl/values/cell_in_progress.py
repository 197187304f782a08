"""One cell on its way to a value: its text as far as it is read, and what was changed and noticed on the way."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from gwxl.characters import APOSTROPHES, fold_width, strip_invisible, trim
from gwxl.form.definition import Field
from gwxl.form.parts import Column
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.signals import signal
from gwxl.records.submission import Scalar, Unread
from gwxl.spreadsheets.book import Cell

Asked: TypeAlias = Field | Column


@dataclass(kw_only=True)
class Work:
    """One cell on its way through being read."""

    cell: Cell
    asked: Asked
    path: Path
    date1904: bool
    language: str
    raw: str
    text: str = ""
    kinds: list[str] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def take_text(self, kind: str, text: str) -> None:
        """Take a text for the current one and log why, if it differs."""
        if text != self.text:
            self.text = text
            self.log(kind)

    def log(self, kind: str) -> None:
        """Log a kind of change once."""
        if kind not in self.kinds:
            self.kinds.append(kind)

    def note(self, id_: str, **arguments: Any) -> None:
        """Say something about the way the value stands there."""
        self.notes.append(signal(id_, self.language, key=self.path, raw=self.raw, **arguments))

    def give_up(self, kind: str, proposal: Scalar | None = None) -> Unread:
        """Give the value up, for a reason named in the wording catalogue."""
        return Unread(raw=self.raw, kind=kind, proposal=proposal)


def tidy(work: Work) -> None:
    """Take away what nobody sees, one leading apostrophe and blanks at the ends of a text that is not blank."""
    work.take_text("invisible", strip_invisible(work.text))
    work.take_text("trimmed", trim(work.text))
    quoted = len(work.text) > 1 and work.text[-1] in APOSTROPHES
    if work.text[0] in APOSTROPHES and not quoted:
        work.take_text("apostrophe", trim(work.text[1:]))


def fold(work: Work) -> None:
    """Turn full-width characters into the usual ones."""
    work.take_text("full_width", fold_width(work.text))
    work.take_text("trimmed", trim(work.text))


def format_logged(value: Scalar) -> str:
    """Return a value as the log of changes shows it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
