"""What a cell says, as the kind its field asks for: exact, logged where changed, never guessed.

Only the width of characters is folded (numbers, codes, addresses, dates, yes and no, choices); full NFKC would
turn ``10²`` into 102. A free text keeps its own characters; only what nobody sees is taken away.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from gwxl.findings import Finding
from gwxl.form.definition import Column, Field, Kind
from gwxl.submission import Change, Scalar, Unread
from gwxl.workbook import dates, numerals, ticks
from gwxl.workbook.cells import Cell, CellKind
from gwxl.workbook.signals import signal
from gwxl.workbook.text import APOSTROPHES, fold_width, is_blank, strip_invisible, trim, without_spaces

Asked: TypeAlias = Field | Column

_SPREADSHEET_DIGITS = 15
_BOOLEAN = re.compile(r"\s*=?(?:of:=)?\s*(TRUE|FALSE)(?:\(\s*\))?\s*\Z", re.IGNORECASE)
_VOLATILE = re.compile(r"\b(?:NOW|TODAY|RAND|RANDBETWEEN|RANDARRAY|OFFSET|INDIRECT|CELL|INFO)\s*\(", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+\Z")
_BRACKETS = {"<": ">", "＜": "＞", "‹": "›", "〈": "〉", "《": "》", "«": "»", "⟨": "⟩"}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Hold what a cell says.

    Attributes:
        raw: the text as stored.
        value: the typed value, :class:`Unread`, or None for a blank.
        changes: what was normalised, one entry a kind.
        notes: findings on the way the value stands there (a formula, too many digits).
    """

    raw: str
    value: Scalar | Unread | None = None
    changes: tuple[Change, ...] = ()
    notes: tuple[Finding, ...] = ()


@dataclass(kw_only=True)
class _Work:
    """Carry one cell through its reading."""

    cell: Cell
    asked: Asked
    path: str
    date1904: bool
    language: str
    raw: str
    text: str = ""
    kinds: list[str] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def logged(self, kind: str, text: str) -> None:
        """Take a text for the current one and log why, if it differs."""
        if text != self.text:
            self.text = text
            self.log(kind)

    def log(self, kind: str) -> None:
        if kind not in self.kinds:
            self.kinds.append(kind)

    def note(self, id_: str, **arguments: object) -> None:
        self.notes.append(signal(id_, self.language, key=self.path, raw=self.raw, **arguments))

    def unread(self, kind: str, proposal: Scalar | None = None) -> Unread:
        return Unread(raw=self.raw, kind=kind, proposal=proposal)


def read_value(
    cell: Cell | None,
    field: Asked,
    *,
    path: str,
    date1904: bool = False,
    language: str = "zh",
) -> Reading:
    """Read a cell as the kind its field or column asks for.

    A count that is no whole number comes back as a Decimal, for the rules to judge. A choice is its key. In the
    row of one choice of many (path ``key.choice``) ticked is True and not ticked is None. A date is ``YYYY-MM-DD``.

    Args:
        cell: the stored cell, None where nothing stands.
        field: the field, or the column of a table field.
        path: where changes and notes belong to.
        date1904: the workbook counts days from 1904.
        language: ``zh`` or ``en``, of the messages of the notes.
    """
    if cell is None or (cell.kind is CellKind.BLANK and cell.formula is None):
        return Reading(raw="")
    raw = f"={cell.formula}" if cell.uncalculated else cell.text
    work = _Work(cell=cell, asked=field, path=path, date1904=date1904, language=language, raw=raw, text=cell.text)
    value = _read(work)
    shown = "" if value is None or isinstance(value, Unread) else _shown(value)
    kinds = () if isinstance(value, Unread) else work.kinds
    changes = tuple(Change(key=path, raw=raw, value=shown, kind=kind) for kind in kinds)
    return Reading(raw=raw, value=value, changes=changes, notes=tuple(work.notes))


def _shown(value: Scalar) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _read(work: _Work) -> Scalar | Unread | None:
    kind = work.cell.kind
    boolean = _BOOLEAN.match(work.cell.formula or "")
    if boolean:
        work.text, kind = boolean[1].upper(), CellKind.BOOLEAN
    elif work.cell.uncalculated:
        work.note("W02", formula=work.raw)
        return None
    elif work.cell.formula is not None:
        work.note("W05" if _VOLATILE.search(work.cell.formula) else "W01", formula=f"={work.cell.formula}")
    if kind is CellKind.ERROR:
        return work.unread("error_cell")
    if is_blank(work.text):
        if work.text:
            work.log("blank")
        return None
    return _READERS[work.asked.kind](work, kind)


def _tidy(work: _Work) -> None:
    """Take away what nobody sees, one leading apostrophe and blanks at the ends."""
    work.logged("invisible", strip_invisible(work.text))
    work.logged("trimmed", trim(work.text))
    quoted = len(work.text) > 1 and work.text[-1] in APOSTROPHES
    if work.text[0] in APOSTROPHES and not quoted:
        work.logged("apostrophe", trim(work.text[1:]))


def _fold(work: _Work) -> None:
    work.logged("full_width", fold_width(work.text))
    work.logged("trimmed", trim(work.text))


def _number(work: _Work, kind: CellKind) -> Scalar | Unread:
    if kind is CellKind.BOOLEAN:
        return work.unread("boolean_in_number")
    return _stored_number(work) if kind is CellKind.NUMBER else _typed_number(work)


def _stored_number(work: _Work) -> Scalar | Unread:
    number = _double(work.text)
    if number is None or number.adjusted() > numerals.LONGEST:
        return work.unread("not_a_number")
    value = _whole(number)
    if work.cell.date:
        return work.unread("date_in_number", value)
    if _digits(number) > _SPREADSHEET_DIGITS:
        work.note("W03", read=_shown(value))
    if work.cell.percent and number:
        work.note("W04", read=_shown(value))
    return value


def _double(text: str) -> Decimal | None:
    """Return the exact shortest decimal of a stored double: 10.199999999999999 is 10.2."""
    try:
        number = Decimal(repr(float(text)))
    except (ValueError, InvalidOperation):
        return None
    return number if number.is_finite() else None


def _digits(number: Decimal) -> int:
    """Return how many significant digits a number needs."""
    if number == number.to_integral_value():
        return number.adjusted() + 1
    return len(number.normalize().as_tuple().digits)


def _whole(number: Decimal) -> int | Decimal:
    return int(number) if number == number.to_integral_value() else number


def _typed_number(work: _Work) -> Scalar | Unread:
    _tidy(work)
    _fold(work)
    plain = numerals.plain(work.text.replace("−", "-", 1))
    if plain is None:
        written = numerals.proposed(work.text, work.asked.unit)
        value = None if written.value is None else _whole(written.value)
        fits = value is not None and (isinstance(value, int) or work.asked.kind is Kind.DECIMAL)
        return work.unread(written.kind, value if fits else None)
    if plain[1]:
        work.log("thousands")
    work.log("text_number")
    return _whole(plain[0])


def _yes_no(work: _Work, kind: CellKind) -> Scalar | Unread:
    _tidy(work)
    plain = work.text
    _fold(work)
    answer = ticks.yes_or_no(work.text)
    if answer is None:
        return work.unread("not_yes_no", ticks.MAYBE.get(without_spaces(work.text).casefold()))
    if kind is not CellKind.TEXT or plain not in {"是", "否"}:
        work.log("boolean_spelling")
    return answer


def _choice(work: _Work, kind: CellKind) -> Scalar | Unread:
    assert isinstance(work.asked, Field)
    _tidy(work)
    labels = {without_spaces(fold_width(choice.label)): choice.key for choice in work.asked.choices}
    bare = without_spaces(fold_width(work.text))
    if kind is CellKind.TEXT and bare in labels:
        work.logged("label", next(choice.label for choice in work.asked.choices if choice.key == labels[bare]))
        return labels[bare]
    if bare in labels.values():
        work.log("label")
        return bare
    chosen = ticks.ticked(bare, tuple(labels))
    if chosen is not None and len(chosen) == 1:
        work.log("label")
        return labels[chosen[0]]
    named = [key for label, key in labels.items() if label in bare]
    several = len(chosen) > 1 if chosen is not None else len(named) > 1
    near = [key for label, key in labels.items() if len(bare) > 1 and bare in label]
    if several:
        return work.unread("several_choices")
    return work.unread("not_a_choice", near[0] if len(near) == 1 and not named else None)


def _tick(work: _Work, kind: CellKind) -> Scalar | Unread | None:
    assert isinstance(work.asked, Field)
    _tidy(work)
    plain = work.text
    _fold(work)
    key = work.path.partition(".")[2]
    answer = ticks.is_ticked(work.text, fold_width(work.asked.choice(key).label))
    if answer is None:
        return work.unread("not_a_tick", True if without_spaces(work.text).casefold() in {"v", "x"} else None)
    if not answer:
        work.log("unticked")
        return None
    if kind is not CellKind.TEXT or plain != "√":
        work.log("boolean_spelling")
    return True


def _text(work: _Work, kind: CellKind) -> Scalar | Unread:
    if kind is CellKind.BOOLEAN:
        return work.unread("boolean_in_text")
    if kind is CellKind.NUMBER:
        return _number_as_text(work)
    _tidy(work)
    return work.text


def _number_as_text(work: _Work) -> Scalar | Unread:
    if work.cell.date:
        return work.unread("date_in_text")
    number = _double(work.text)
    if number is None or _digits(number) > _SPREADSHEET_DIGITS:
        return work.unread("digits_lost")
    work.text = f"{_whole(number):f}" if isinstance(_whole(number), Decimal) else str(_whole(number))
    work.log("number_as_text")
    return work.text


def _code(work: _Work, kind: CellKind) -> Scalar | Unread:
    if kind is not CellKind.TEXT:
        value = _text(work, kind)
        return work.unread("not_a_code") if isinstance(value, str) and not value.isdigit() else value
    _tidy(work)
    _fold(work)
    return work.unread("digits_lost") if _SCIENTIFIC.match(work.text) else work.text


def _url(work: _Work, kind: CellKind) -> Scalar | Unread:
    if kind is not CellKind.TEXT:
        return work.unread("not_a_url")
    _tidy(work)
    if len(work.text) > 2 and _BRACKETS.get(work.text[0]) == work.text[-1]:
        work.logged("brackets", trim(work.text[1:-1]))
    _fold(work)
    rest = work.text.split()[1:]
    if rest and work.text.isascii() and not any("://" in part or part.startswith("www.") for part in rest):
        work.logged("spaces", without_spaces(work.text))
    return work.text


def _date(work: _Work, kind: CellKind) -> Scalar | Unread:
    if kind is CellKind.NUMBER:
        return _stored_date(work)
    _tidy(work)
    _fold(work)
    day = dates.from_text(work.text) if kind is CellKind.TEXT else None
    if day is None:
        return work.unread("not_a_date", dates.from_run(work.text))
    work.logged("date", day)
    return day


def _stored_date(work: _Work) -> Scalar | Unread:
    number = _double(work.text)
    day = None if number is None else dates.from_serial(number, date1904=work.date1904)
    if not work.cell.date or day is None:
        run = (
            dates.from_run(str(_whole(number)))
            if number is not None and number.adjusted() < _SPREADSHEET_DIGITS
            else None
        )
        return work.unread("not_a_date", run or (day if number and number > _LIKELY_SERIAL else None))
    work.log("date")
    return day


_LIKELY_SERIAL = 36_526  # 2000-01-01: a smaller number is hardly a date that lost its format

_READERS: Mapping[Kind, Callable[[_Work, CellKind], Scalar | Unread | None]] = {
    Kind.TEXT: _text,
    Kind.URL: _url,
    Kind.CODE: _code,
    Kind.DATE: _date,
    Kind.COUNT: _number,
    Kind.DECIMAL: _number,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _tick,
}
