"""One input with its helpers: where they are, what their formulas say, and what they give for an answer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gwxl.form.definition import NUMBERS, Kind
from gwxl.rules import excel_classes as classes
from gwxl.rules.cells import WORDS
from gwxl.rules.excel_cells import OwnCheck, own_formula
from gwxl.rules.excel_classes import CellClass, Sorting, Spots, State
from gwxl.submission import Scalar, Unread
from gwxl.template.inputs import Input

_TEXTS = frozenset({Kind.TEXT, Kind.URL, Kind.CODE})
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+\Z")
_FIRST_DAY = date(1899, 12, 30)
_SPACES = str.maketrans({"\u00a0": " ", "\u3000": " ", "\t": " "} | dict.fromkeys("\u200b\ufeff\u2060\r", ""))
_APOSTROPHES = ("'", "＇")
_ERRORS = range(100, 200)
_OF_KIND = frozenset({"type", "required", WORDS})


@dataclass(frozen=True, kw_only=True)
class Block:
    """Hold one input, its addresses and what can be wrong with it.

    Attributes:
        missing: what a blank gives as first failed check, a formula. started: a condition under which it is judged
            at all, in a table's row; empty elsewhere.
    """

    path: str
    item: Input
    sorting: Sorting
    spots: Spots
    checks: tuple[OwnCheck, ...]
    missing: str = "0"
    started: str = ""

    @property
    def _text_is_asked(self) -> bool:
        """Tell whether anything looks at the text itself: a relation may, or a check, or the shape of a code."""
        checked = any(self.spots.text in check.fails for check in self.checks)
        return not self.started or checked or self.sorting.kind is Kind.CODE

    def formulas(self) -> Iterator[tuple[str, str]]:
        """Yield address and formula of every helper; the value of a text is the text."""
        spots, sorting = self.spots, self.sorting
        yield spots.clean, classes.clean(spots)
        yield spots.plain, classes.plain(spots)
        if sorting.kind in _TEXTS and self._text_is_asked:
            yield spots.text, classes.text(spots)
        yield spots.kind, classes.class_formula(sorting, spots)
        if spots.value not in {spots.raw, spots.text}:
            yield spots.value, classes.value_formula(sorting, spots)
        blank = classes.blank_condition(sorting, spots)
        own = own_formula(self.checks, sorting, spots, blank, self.missing)
        yield spots.own, f"IF({self.started},{own},0)" if self.started else own


def clean_text(shown: str) -> str:
    """Return what the formula of a cell's text gives: no invisible characters, every blank a space."""
    return shown.translate(_SPACES)


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """Hold what the helpers of an input give before anything is judged.

    Attributes:
        value: what relations calculate with. typed: the answer as the rules take it, None for a blank.
    """

    clean: str
    plain: str
    text: str
    kind: CellClass
    value: str | float
    typed: Scalar | Unread | None
    usable: bool


def sort(sorting: Sorting, stored: Decimal | date | str) -> Sorted:
    """Return what the helpers give for what a cell stores."""
    shown = stored if isinstance(stored, str) else _shown(stored)
    clean = clean_text(shown)
    plain = " ".join(part for part in clean.replace("\n", " ").split(" ") if part)
    text = clean.strip(" \n") if plain else ""
    if plain[:1] in _APOSTROPHES and not (len(plain) > 1 and plain[-1] in _APOSTROPHES):
        plain, text = plain[1:].strip(" "), text[1:].strip(" \n")
    kind = _class(sorting, stored, plain)
    typed = _typed(sorting, stored, text, plain, kind)
    return Sorted(
        clean=clean,
        plain=plain,
        text=text,
        kind=kind,
        value=_value(sorting, stored, typed, text, kind),
        typed=typed,
        usable=typed is not None and not isinstance(typed, Unread) and kind is not CellClass.BAD_NUMBER,
    )


def _shown(stored: Decimal | date) -> str:
    if isinstance(stored, date):
        return str((stored - _FIRST_DAY).days)
    return f"{stored.normalize():f}" if stored else "0"


def _class(sorting: Sorting, stored: Decimal | date | str, plain: str) -> CellClass:
    if not isinstance(stored, str):
        whole = isinstance(stored, date) or sorting.kind is not Kind.COUNT or stored == stored.to_integral_value()
        return CellClass.NUMBER if whole else CellClass.BAD_NUMBER
    if not plain:
        return CellClass.BLANK
    words = set(sorting.words)
    if sorting.kind is Kind.CHOICES:
        words = {spelling for spelling, value in sorting.answers if value is None}
    return CellClass.WORD if _narrow(plain).lower() in words else CellClass.TEXT


def _narrow(text: str) -> str:
    return "".join(chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else char for char in text)


def _typed(
    sorting: Sorting, stored: Decimal | date | str, text: str, plain: str, kind: CellClass
) -> Scalar | Unread | None:
    """Return the answer as the rules take it: a text stays a text, so that a sheet and they judge the same."""
    if isinstance(stored, date):
        return stored.isoformat()
    if isinstance(stored, Decimal):
        return int(stored) if stored == stored.to_integral_value() else stored
    gated = not sorting.nothing or _narrow(plain).lower() in sorting.gate
    if kind is CellClass.BLANK or (kind is CellClass.WORD and (sorting.gate or sorting.kind is Kind.CHOICES) and gated):
        return None
    if sorting.answers:
        spelled: Mapping[str, str | bool | None] = dict(sorting.answers)
        answer = spelled.get(plain if sorting.kind is Kind.CHOICE else _narrow(plain).lower())
        return Unread(raw=text, kind="not_a_choice") if answer is None else answer
    if sorting.kind in _TEXTS:
        lost = sorting.kind is Kind.CODE and _SCIENTIFIC.match(text)
        return Unread(raw=text, kind="digits_lost") if lost else text
    return Unread(raw=text, kind="not_a_number" if sorting.kind in NUMBERS else "not_a_date")


def _value(
    sorting: Sorting,
    stored: Decimal | date | str,
    typed: Scalar | Unread | None,
    text: str,
    kind: CellClass,
) -> str | float:
    if sorting.kind in {Kind.YES_NO, Kind.CHOICES}:
        return 1 if typed is True else 0
    if isinstance(stored, date):
        return (stored - _FIRST_DAY).days
    if isinstance(stored, Decimal):
        return float(stored) if kind is CellClass.NUMBER else ""
    if sorting.kind is Kind.CHOICE:
        return typed if isinstance(typed, str) else ""
    return text if sorting.kind in _TEXTS else ""


def own_code(block: Block, sorted_: Sorted, failed: frozenset[str]) -> int:
    """Return the code of the first failed check of an input, from the ids of the rules that failed there."""
    if sorted_.typed is None:
        codes = [check.code for check in block.checks if check.behind == "required" and check.rule.id in failed]
        return codes[0] if codes and block.missing != "0" else 0
    behind = {check.behind: check.code for check in block.checks}
    if not sorted_.usable:
        return behind[WORDS] if sorted_.kind is CellClass.WORD and WORDS in behind else behind.get("type", 0)
    codes = [check.code for check in block.checks if check.behind not in _OF_KIND and check.rule.id in failed]
    return codes[0] if codes else 0


def state_of(block: Block, sorted_: Sorted, own: int) -> State:
    """Return what relations see of an input."""
    if sorted_.typed is None:
        return State.BLANK
    if not sorted_.usable or own in _ERRORS:
        return State.WRONG
    if block.sorting.kind is Kind.CHOICES:
        return State.GOOD if sorted_.value else State.BLANK
    return State.NOTHING if block.sorting.zero_is_nothing and sorted_.value == 0 else State.GOOD
