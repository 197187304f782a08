"""The helper cells of one input of the form sheet: what stands in it, sorted into a class as the reader sorts it.

What formulas do not see is left to the reader: the number format of a cell (a date in a number's place), digits
beyond the fifteenth, and in LibreOffice a logical that a file brought along, which is a plain 1 or 0 there.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from gwxl.characters import CONTROLS, FORMULA_NOTHING, FORMULA_SPACES
from gwxl.form import kinds
from gwxl.form.kinds import Kind
from gwxl.live.calculation import Value
from gwxl.live.formulas import (
    BLANK,
    FALSE,
    TRUE,
    Formula,
    all_of,
    any_of,
    calculate,
    call,
    cell_of,
    compare,
    derive,
    if_,
    if_error,
    is_error,
    is_in,
    join,
    literal,
    negate,
    opaque,
    place_in,
    total,
)
from gwxl.live.sheet import At, LiveSheet
from gwxl.rules.patterns import whole

_CALLS = 7  # a formula may have one inside the other
_MARK = Formula("CHAR(1)", "\x01", 1)
_LARGEST = Formula("1E+25", 1e25)  # what is beyond is no number to the reader either
_DAYS = 2_958_466  # up to 9999-12-31; the 60th day never was
_NO_DAY = 60
_MOST_DIGITS = Formula("1E+15", 1e15)  # a number in a text cell that has lost digits
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}  # ASCII → full-width form
_SCIENTIFIC = whole(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+")
_SCIENTIFIC_FORMULA = (
    'IFERROR(AND(ISNUMBER(VALUE({x})),ISNUMBER(FIND(LEFT({x},1),"0123456789")),'
    'OR(LOWER(MID({x},2,1))="e",AND(MID({x},2,1)=".",LOWER(MID({x},3,1))<>"e")),'
    'ISNUMBER(FIND("e",LOWER({x}))),ISERROR(FIND("-",{x}))),FALSE)'
)


class CellClass(IntEnum):
    """The classes of what can stand in a cell, numbered."""

    BLANK = 0
    TEXT = 1
    NUMBER = 2
    BAD_NUMBER = 3
    LOGICAL = 4
    ERROR = 5
    WORD = 6


class State(IntEnum):
    """What relations see of a cell; NOTHING is a value that counts as not filled (0 in a gated field)."""

    BLANK = 0
    GOOD = 1
    WRONG = 2
    NOTHING = 3


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """How the texts of one cell are sorted.

    Attributes:
        gate: words that mean blank here. nothing: words a rule of their own stands behind.
        answers: yes and no, a tick or the choices: spelling → value; a value of None is not ticked.
    """

    kind: Kind
    gate: frozenset[str] = frozenset()
    nothing: frozenset[str] = frozenset()
    answers: tuple[tuple[str, str | bool | None], ...] = ()

    @property
    def zero_is_nothing(self) -> bool:
        """Tell whether the number 0 has a value here, but counts as not filled."""
        return self.kind.is_number and "0" in self.gate

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words that are a class of their own: for a number, what is no number itself."""
        words = self.gate | self.nothing
        return tuple(sorted(word for word in words if not self.kind.is_number or not word.isdigit()))

    def spellings(self, values: Container[str | bool | None]) -> tuple[str, ...]:
        """Return the spellings of some answers."""
        return tuple(spelling for spelling, value in self.answers if value in values)


class Places:
    """The helper cells of one input.

    Attributes:
        raw, clean, bare, plain: what stands there, ever more tidied. kind: its class. text, value: what rules see.
        usable: a condition: what stands there is of the field's kind.
    """

    def __init__(self, sheet: LiveSheet, row: int, cell: Formula, sorting: Sorting) -> None:
        """Take the row on the sheet, a reference to the input, and how it is sorted."""
        self.sorting, self._sheet, self._row = sorting, sheet, row
        self.raw = self._put(At.RAW, raw(cell))
        self.clean = self._put(At.CLEAN, clean(sheet, self.raw))
        self.bare = self._put(At.BARE, call("TRIM", call("SUBSTITUTE", self.clean, _char("\n"), " ")))
        self.plain = self._put(At.PLAIN, self._plain())
        self._chosen = self._choice()
        self.kind = self._put(At.CLASS, self._class(cell))
        self.text = self._put(At.TEXT, self._text()) if sorting.kind.is_text else self.plain
        self.usable = sheet.part(self._fits())
        self.value = self.text if sorting.kind.is_text else self._put(At.VALUE, self._value())

    def _put(self, column: At, formula: Formula) -> Formula:
        return self._sheet.put(self._row, column, formula)

    def _plain(self) -> Formula:
        """Return the text for comparing words: no outer blanks, inner ones single, no leading apostrophe."""
        bare, length = self.bare, call("LEN", self.bare)
        first, last = call("LEFT", bare, 1), call("RIGHT", bare, 1)
        led = any_of(compare(first, "=", char) for char in "'＇")
        closed = any_of(compare(last, "=", char) for char in "'＇")
        open_ = call("TRIM", call("MID", bare, 2, length))
        return if_(led, if_(all_of([compare(length, ">", 1), closed]), bare, open_), bare)

    def _text(self) -> Formula:
        """Return the text between its outer blanks, the inner ones kept."""
        first = call("FIND", call("LEFT", self.plain, 1), self.clean)
        last = call("RIGHT", self.plain, 1)
        without = call("LEN", call("SUBSTITUTE", self.clean, last, ""))
        times = f"LEN({self.clean})-{without}"
        count = derive(times, _count_left, (self.clean, without), without.depth)
        end = call("FIND", _MARK, call("SUBSTITUTE", self.clean, last, _MARK, count))
        length = derive(f"{end}-{first}+1", _count_between, (first, end), max(end.depth, first.depth))
        return if_(compare(self.plain, "=", ""), BLANK, call("MID", self.clean, first, length))

    def _class(self, cell: Formula) -> Formula:
        kind = self.sorting.kind
        words = self.sorting.spellings((None,)) if kind.is_choices else self.sorting.words
        word = self.is_one_of(words)
        text = if_(compare(self.plain, "=", ""), CellClass.BLANK, if_(word, CellClass.WORD, CellClass.TEXT))
        number = if_(self._good_number(), CellClass.NUMBER, CellClass.BAD_NUMBER)
        if not (kind.is_number or kind.is_date):
            number = if_(word, CellClass.WORD, number)
        inner = if_(call("ISNUMBER", self.raw), number, text)
        # LibreOffice tells a logical by the format of the very cell, which a formula on the way would not pass on.
        logical = if_(call("ISLOGICAL", cell), CellClass.LOGICAL, inner)
        return if_(is_error(cell), CellClass.ERROR, logical)

    def _good_number(self) -> Formula:
        if self.sorting.kind.is_choice:
            return compare(self._chosen, "<>", "")
        if self.sorting.answers:
            return self.is_one_of(spelling for spelling, _ in self.sorting.answers)
        return _NUMBERS[self.sorting.kind](self.raw)

    def _choice(self) -> Formula:
        """Return the formula of the key chosen, empty for none."""
        if not self.sorting.kind.is_choice:
            return BLANK
        bare = self._sheet.part(call("SUBSTITUTE", self.plain, " ", ""))
        formula, parts = BLANK, split_spellings(self.sorting.answers)
        for spellings in reversed(parts):
            number = self._sheet.add(At.PART, find_chosen(self._sheet, bare, tuple(spellings), exact=len(parts) > 1))
            key = cell_of(self._sheet.put_list(spellings.values()), number)
            formula = if_(compare(number, ">", 0), key, formula)
        return self._sheet.add(At.PART, formula)

    def _fits(self) -> Formula:
        """Return a condition: what stands here is of the field's kind."""
        number, text = (compare(self.kind, "=", one) for one in (CellClass.NUMBER, CellClass.TEXT))
        kind = self.sorting.kind
        if kind.is_number or kind.is_date:
            return number
        if kind.is_code:
            return any_of([number, all_of([text, negate(self._scientific())])])
        if kind.is_text:
            return any_of([text, number]) if kind.is_long else text
        if kind.is_choice:
            return all_of([any_of([text, number]), compare(self._chosen, "<>", "")])
        read = self._sheet.part(self.is_one_of(self.sorting.spellings((True, False))))
        return if_(compare(self.kind, "=", CellClass.LOGICAL), TRUE, all_of([any_of([text, number]), read]))

    def _scientific(self) -> Formula:
        """Return a condition: a text such as 1.1E+9, a code that a program took for a number."""
        formula = _SCIENTIFIC_FORMULA.replace("{x}", self.text.text)
        return self._sheet.part(opaque(formula, lambda text: _SCIENTIFIC.match(str(text)) is not None, (self.text,)))

    def _value(self) -> Formula:
        """Return what relations calculate with; empty where there is nothing."""
        kind = self.sorting.kind
        if kind.is_number or kind.is_date:
            figure = self.raw if kind.is_number else call("INT", self.raw)
            return if_(compare(self.kind, "=", CellClass.NUMBER), figure, BLANK)
        if kind.is_choice:
            return if_(self.usable, self._chosen, BLANK)
        yes = if_(self.is_one_of(self.sorting.spellings((True,))), 1, 0)
        return if_(compare(self.kind, "=", CellClass.LOGICAL), if_(self.raw, 1, 0), yes)

    def is_one_of(self, words: Iterable[str]) -> Formula:
        """Return a condition: the text is one of some words, whatever their case, in ASCII or full width."""
        forms = spell(words)
        return is_in(self.plain, self._sheet.put_list(forms)) if forms else FALSE

    @property
    def blank(self) -> Formula:
        """Return a condition: nothing stands here, or a word that means so."""
        blank, word = (compare(self.kind, "=", one) for one in (CellClass.BLANK, CellClass.WORD))
        if self.sorting.gate and self.sorting.nothing:
            word = all_of([word, self._sheet.part(self.is_one_of(self.sorting.gate))])
        return any_of([blank, word]) if self.sorting.gate or self.sorting.kind.is_choices else blank

    def state(self, own: Formula, last_error: int) -> Formula:
        """Return the formula of the state, from the number of what is wrong and that of the last error."""
        good = literal(State.GOOD)
        if self.sorting.zero_is_nothing:
            good = if_(compare(self.value, "=", 0), State.NOTHING, State.GOOD)
        if self.sorting.kind.is_choices:
            good = if_(compare(self.value, "=", 1), State.GOOD, State.BLANK)
        wrong = any_of([negate(self.usable), compare(own, "<=", last_error)])
        return if_(self.blank, State.BLANK, if_(wrong, State.WRONG, good))


def _finite(number: Formula) -> Formula:
    return compare(call("ABS", number), "<", _LARGEST)


def _whole(number: Formula) -> Formula:
    return compare(number, "=", call("INT", number))


_NUMBERS: Mapping[Kind, Callable[[Formula], Formula]] = {
    kinds.COUNT: lambda raw: all_of([_finite(raw), _whole(raw)]),
    kinds.DECIMAL: _finite,
    kinds.DATE: lambda raw: all_of(
        [compare(raw, ">=", 1), compare(call("INT", raw), "<>", _NO_DAY), compare(raw, "<", _DAYS)]
    ),
    kinds.TEXT: lambda raw: compare(call("ABS", raw), "<", _MOST_DIGITS),
    kinds.URL: lambda _: FALSE,
    kinds.CODE: lambda raw: all_of([compare(raw, ">=", 0), compare(raw, "<", _MOST_DIGITS), _whole(raw)]),
}
"""Kind → which of the numbers in a cell are good; yes, no and choices go by the answers they know."""


def raw(cell: Formula) -> Formula:
    """Return what a cell holds, an empty text for a blank (INDEX of a blank would be 0) and # for an error."""
    text = f'IF(ISERROR({cell}),"#",IF(ISBLANK({cell}),"",{cell}))'
    return derive(text, lambda value: value, (cell,), 2 + cell.depth)


def clean(sheet: LiveSheet, raw: Formula) -> Formula:
    """Return the text of a cell without invisible characters, every blank but a line break a space."""
    text = join(raw, BLANK)
    for char in FORMULA_NOTHING + FORMULA_SPACES:
        text = sheet.add(At.PART, text) if text.depth == _CALLS else text
        text = call("SUBSTITUTE", text, _char(char), " " if char in FORMULA_SPACES else "")
    return text


def remark(cell: Formula) -> Formula:
    """Return the text of an explanation, empty for an error."""
    return if_error(join(cell, BLANK), BLANK)


def says_something(sheet: LiveSheet, words: Formula, shortest: int) -> Formula:
    """Return 1 where an explanation says something, from what :func:`remark` gives: so much is not blank."""
    blanks = " \n" + FORMULA_NOTHING + FORMULA_SPACES
    without = [call("LEN", call("SUBSTITUTE", words, _char(char), "")) for char in blanks]
    halves = without[: len(blanks) // 2], without[len(blanks) // 2 :]  # a formula has 1,024 characters
    others = calculate(literal(len(blanks) - 1), "*", call("LEN", words))
    left = calculate(total([sheet.add(At.PART, total(half)) for half in halves]), "-", others)
    return if_(compare(left, ">=", shortest), 1, 0)


def find_chosen(sheet: LiveSheet, text: Formula, items: Sequence[str], *, exact: bool = False) -> Formula:
    """Return the number of the one of some items that a text is, 0 for none; no two differ in their case alone."""
    listed = sheet.put_list(items)
    number = place_in(text, listed, sheet.numbers(len(items)))
    if not exact:
        return number
    place = sheet.add(At.PART, number)
    return if_(compare(place, "=", 0), 0, if_(call("EXACT", text, cell_of(listed, place)), place, 0))


def split_spellings(answers: Iterable[tuple[str, str | bool | None]]) -> list[dict[str, str]]:
    """Return spelling → key in parts, in none of which two spellings differ in their case alone."""
    parts: list[dict[str, str]] = []
    seen: dict[str, set[str]] = {}
    for spelling, key in answers:
        keys = seen.setdefault(spelling.casefold(), set())
        if str(key) not in keys:
            if len(keys) == len(parts):
                parts.append({})
            parts[len(keys)][spelling] = str(key)
            keys.add(str(key))
    return parts


def spell(words: Iterable[str]) -> tuple[str, ...]:
    """Return words in ASCII and in full width."""
    return tuple(dict.fromkeys(form for word in sorted(words) for form in (word, word.translate(_FULL_WIDTH))))


def _char(char: str) -> Formula:
    return call("CHAR", ord(char)) if char in CONTROLS else literal(char)


def _count_left(text: Value, without: Value) -> Value:
    return len(str(text)) - _number(without)


def _count_between(first: Value, last: Value) -> Value:
    return _number(last) - _number(first) + 1


def _number(value: Value) -> float:
    return value if isinstance(value, int | float) else 0
