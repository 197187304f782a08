"""What a formula must not hold if every program is to judge alike and an .xls is to keep it.

``Subset`` says what is allowed, ``Subset.faults(formulas)`` what a workbook does beyond it, one line a fault. The
measures can be called one by one; they take the text of a formula with ``=``. A defined name is measured by what it
stands for where the faults of a workbook are told.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from tests.support.formula_graph import Area, Formula, Formulas, operands

Arguments = tuple[tuple[Token, ...], ...]

# The arguments that are searched for, counted from 0, and every how many there is another: wildcards count in each.
_SOUGHT = {
    **dict.fromkeys(("MATCH", "VLOOKUP", "HLOOKUP", "LOOKUP", "SEARCH", "XLOOKUP", "XMATCH"), (0, 0)),
    **dict.fromkeys(("COUNTIF", "SUMIF", "AVERAGEIF"), (1, 0)),
    "COUNTIFS": (1, 2),
    **dict.fromkeys(("SUMIFS", "AVERAGEIFS", "MAXIFS", "MINIFS"), (2, 2)),
}
# What these give is a number, whatever was typed: there is no wildcard left in it.
_NUMBERS = frozenset({"SUMPRODUCT", "SUM", "MOD", "INT", "LEN", "COUNT"})
# Gnumeric takes the first of an array constant here, and no other.
_ONE_BY_ONE = frozenset({"EXACT", "LEN", "SUBSTITUTE"})
# Gnumeric gives 0 for 1.
_NEVER = frozenset({"MMULT"})


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of a function: its name in capitals, its arguments with all that stands in them, and its depth.

    The outermost call has depth 1.
    """

    name: str
    arguments: Arguments
    depth: int


@dataclass(kw_only=True)
class _Open:
    name: str
    arguments: list[list[Token]] = field(default_factory=lambda: [[]])


def calls(text: str) -> tuple[Call, ...]:
    """Return every call of a formula, the inner before the outer."""
    return tuple(_calls(text))


def _calls(text: str) -> Iterator[Call]:
    frames: list[_Open] = []
    braces = 0
    for token in Tokenizer(text).items:
        opens = token.subtype == Token.OPEN
        if token.type == Token.FUNC and not opens:
            yield Call(name=frames[-1].name, arguments=_list_arguments(frames[-1]), depth=len(frames))
            frames.pop()
        braces += (1 if opens else -1) if token.type == Token.ARRAY else 0
        ends = frames[-1] if frames and token.type == Token.SEP and not braces else None
        for frame in frames:
            if frame is not ends:
                frame.arguments[-1].append(token)
        if ends:
            ends.arguments.append([])
        if token.type == Token.FUNC and opens:
            frames.append(_Open(name=token.value.removesuffix("(").upper()))


def _list_arguments(frame: _Open) -> Arguments:
    """Return the arguments; brackets with nothing in them hold none."""
    return () if frame.arguments == [[]] else tuple(map(tuple, frame.arguments))


def nesting(text: str) -> int:
    """Return how deep calls stand in calls, the outermost counted 1; 0 without any."""
    return max((call.depth for call in calls(text)), default=0)


def most_arguments(text: str) -> int:
    """Return how many arguments the longest call has."""
    return max((len(call.arguments) for call in calls(text)), default=0)


def functions(text: str) -> frozenset[str]:
    """Return the functions called, in capitals, with ``_XLFN.`` where it is written."""
    return frozenset(call.name for call in calls(text))


def one_by_one(text: str) -> tuple[str, ...]:
    """Return the functions that are given an array constant and do not take it in every program."""
    return tuple(call.name for call in calls(text) if call.name in _ONE_BY_ONE and _holds_array(call.arguments))


def _holds_array(arguments: Arguments) -> bool:
    return any(token.type == Token.ARRAY for argument in arguments for token in argument)


def find_sought(text: str) -> Iterator[tuple[str, Sequence[Token]]]:
    """Yield what functions search for by wildcards: the function, and the argument it searches for."""
    for call in calls(text):
        first, step = _SOUGHT.get(call.name, (len(call.arguments), 0))
        for argument in call.arguments[first :: step or len(call.arguments) or 1]:
            yield call.name, tuple(_hand_on(argument))


def _hand_on(argument: Sequence[Token]) -> Iterator[Token]:
    """Yield what an argument may hand on as a text: not what stands in a function that gives a number."""
    numbers: list[bool] = []
    for token in argument:
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            numbers.append(token.value.removesuffix("(").upper() in _NUMBERS)
        if not any(numbers):
            yield token
        if token.type == Token.FUNC and token.subtype != Token.OPEN:
            numbers.pop()


@dataclass(frozen=True, kw_only=True)
class Subset:
    """What formulas may hold.

    Attributes:
        functions: those allowed, in capitals; any but MMULT where it is empty.
        inputs: where people type, the cells that hand it on unchanged included: no function searches for it.
        depth, length, arguments: the most that .xls takes, the length with ``=``.
    """

    functions: Collection[str] = ()
    inputs: Collection[Area] = ()
    depth: int = 7
    length: int = 1_024
    arguments: int = 30

    def faults(self, formulas: Formulas) -> tuple[str, ...]:
        """Tell everything beyond the subset in cells, conditional formats and validations of a workbook."""
        every = (*formulas.cells, *formulas.looks)
        return tuple(f"{one}: {fault}: {one.text}" for one in every for fault in self.find_beyond(one, formulas))

    def find_beyond(self, formula: Formula, formulas: Formulas) -> Iterator[str]:
        """Tell everything beyond the subset in one formula of a workbook."""
        text, plain = formula.text, formulas.spell_out(formula.text, formula.area)
        measures = {
            "nested": (nesting(text), self.depth),
            "characters": (len(text), self.length),
            "arguments": (most_arguments(text), self.arguments),
        }
        yield from (f"{found} {name}, {most} allowed" for name, (found, most) in measures.items() if found > most)
        yield from (f"{name} over an array constant" for name in one_by_one(plain))
        called = functions(plain)
        yield from sorted(called - set(self.functions) if self.functions else called & _NEVER)
        yield from (f"{area} is whole" for area in formulas.areas(plain, formula.area) if area.whole)
        for name, argument in find_sought(plain):
            for area in self._find_typed(operands(argument), formula, formulas):
                yield f"{name} searches for what is typed in {area}"

    def _find_typed(self, read: Iterator[str], formula: Formula, formulas: Formulas) -> Iterator[Area]:
        for operand in read:
            for area in formulas.areas(f"={operand}", formula.area):
                yield from [area] if any(area.meets(given) for given in self.inputs) else ()
