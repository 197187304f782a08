"""Answers that are ticked: yes or no, one of several, one of many."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from gwxl.characters import is_blank_char, without_spaces
from gwxl.values.numerals import NOTHING

TICKS = frozenset("√✓✔☑✅☒🗹")
CROSSES = frozenset("×✗✘❌")
EMPTY_BOXES = frozenset("□☐○")
FULL_BOXES = frozenset("■●")
WRITTEN_OUT = ("是", "否")  # yes and no as they are asked for
YES = frozenset({"是", "y", "yes", "true", "t", "1"})
NO = frozenset({"否", "n", "no", "false", "f", "0"})
MAYBE = {
    "有": True,
    "已": True,
    "对": True,
    "v": True,
    "没有": False,
    "无": False,
    "不": False,
    "不是": False,
    "未": False,
}
NOT_TICKED = NO | CROSSES | EMPTY_BOXES | NOTHING | {word for word, yes in MAYBE.items() if not yes}

_TICKED = TICKS - {"☒"} | FULL_BOXES  # ☒ is yes in Word's boxes and no elsewhere: never taken
_SIGNS = "".join(sorted(_TICKED | CROSSES | EMPTY_BOXES | {"☒"}))
_MARK = re.compile(rf"[{_SIGNS}]|[(\[【〔{{] ?(?P<inside>[{_SIGNS}vx]?) ?[)\]】〕}}]")
_GAPS = frozenset(" ;,、；，/。.")
_JOINT = ":"  # 是:√ 否: holds label and mark together


class Mark(StrEnum):
    """What a mark makes of the answer it belongs to."""

    TICKED = "ticked"
    CROSSED = "crossed"
    EMPTY = "empty"
    DOUBTED = "doubted"


@dataclass(frozen=True, kw_only=True)
class _Token:
    """An answer or a mark of a line; ``apart``: something stands between it and what is before it."""

    label: str
    mark: Mark | None
    apart: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a line of answers and marks says.

    Attributes:
        marks: label → its mark, of the labels that have one.
        clear: each mark belongs to one label; else nothing is known.
    """

    marks: Mapping[str, Mark]
    clear: bool = True

    @property
    def ticked(self) -> tuple[str, ...]:
        """Return the labels that are ticked, none where another box is crossed as in Word."""
        return () if self._find_marked(Mark.DOUBTED) else self._find_marked(Mark.TICKED)

    @property
    def supposed(self) -> str | None:
        """Return the one label whose box is crossed, as in Word, where no other one is marked."""
        crossed = self._find_marked(Mark.DOUBTED)
        return crossed[0] if len(crossed) == 1 and not self._find_marked(Mark.TICKED) else None

    def _find_marked(self, wanted: Mark) -> tuple[str, ...]:
        return tuple(label for label, mark in self.marks.items() if mark is wanted)


def yes_or_no(text: str) -> bool | None:
    """Return what a single word or mark says, None if it says neither."""
    bare = without_spaces(text).casefold()
    if bare in YES or bare in _TICKED - FULL_BOXES:
        return True
    return False if bare in NO or bare in CROSSES else None


def is_ticked(text: str, label: str) -> bool | None:
    """Tell whether the box of one answer is ticked, None if the text does not say."""
    bare = without_spaces(text).casefold()
    if bare in _TICKED or bare in YES or bare == without_spaces(label).casefold():
        return True
    if bare in NOT_TICKED:
        return False
    lone = _MARK.fullmatch(_space(text))
    line = Line(marks={label: _meaning(lone)}) if lone else line_of(text, (label,))
    mark = line.marks.get(label) if line else None
    return None if mark in {None, Mark.DOUBTED} else mark is Mark.TICKED


def suppose(text: str) -> bool | None:
    """Return what a lone letter or a crossed box in the box of one answer probably means."""
    return {"v": True, "x": True, "☒": False}.get(without_spaces(text).casefold())


def has_mark(text: str) -> bool:
    """Tell whether a mark of any kind stands in a text."""
    return _MARK.search(_space(text)) is not None


def line_of(text: str, labels: Sequence[str]) -> Line | None:
    """Return what a line such as ``☑甲 □乙``, ``甲√ 乙`` or ``甲(√)乙( )`` says, None if it is no such line.

    Where each answer has its mark, all before or all behind, the order tells which belongs to which; else a mark
    belongs to the one answer it touches.

    Args:
        text: full-width characters folded.
        labels: the answers; blanks in them and their case do not matter.
    """
    tokens = _tokens(_space(text), labels)
    named = [token.label for token in tokens or () if token.label]
    if tokens is None or not named or len(named) == len(tokens) or len(set(named)) < len(named):
        return None
    marks: dict[str, Mark] = {}
    for label, mark in _by_order(tokens) or _by_touch(tokens):
        known = marks.get(label, Mark.EMPTY)  # the printed box beside a mark says nothing: □是√
        if not label or (known is not mark and Mark.EMPTY not in {known, mark}):
            return Line(marks={}, clear=False)
        marks[label] = mark if known is Mark.EMPTY else known
    return Line(marks=marks)


def _space(text: str) -> str:
    """Return a text in lower case, each blank one space, without what nobody sees."""
    kept = (char for char in text.casefold() if char.isspace() or not is_blank_char(char))
    return " ".join("".join(kept).split())


def _tokens(text: str, labels: Sequence[str]) -> list[_Token] | None:
    """Return the answers and marks of a line, None if anything else stands there."""
    known = {bare: label for label in labels if (bare := without_spaces(label).casefold())}
    if not known:
        return None
    either = re.compile("|".join(map(_loosen, sorted(known, key=len, reverse=True))))
    tokens: list[_Token] = []
    place, apart = 0, False
    while place < len(text):
        found = either.match(text, place) or _MARK.match(text, place)
        if found:
            label = known.get(found[0].replace(" ", ""), "")
            tokens.append(_Token(label=label, mark=None if label else _meaning(found), apart=apart))
        elif text[place] not in _GAPS and text[place] != _JOINT:
            return None
        apart = not found and (apart or text[place] in _GAPS)
        place = found.end() if found else place + 1
    return tokens


def _loosen(bare: str) -> str:
    """Return the pattern of an answer that may have blanks in it, but not between digits: ``1 2`` is not 12."""
    between = ("" if one.isdigit() and other.isdigit() else " ?" for one, other in pairwise(bare))
    return re.escape(bare[0]) + "".join(gap + re.escape(char) for gap, char in zip(between, bare[1:], strict=True))


def _meaning(mark: re.Match[str]) -> Mark:
    sign = mark[0] if mark["inside"] is None else mark["inside"]
    if sign and (sign in {"☒", "x"}):
        return Mark.TICKED if sign == "x" and mark[0].startswith("[") else Mark.DOUBTED
    if sign in _TICKED or sign == "v":
        return Mark.TICKED
    return Mark.CROSSED if sign in CROSSES else Mark.EMPTY


def _by_order(tokens: Sequence[_Token]) -> list[tuple[str, Mark]]:
    """Return each mark with its answer where all stand before them or all behind, and no mark touches another one.

    Else nothing.
    """
    ones, others = tokens[::2], tokens[1::2]
    labels, marks = (others, ones) if tokens[0].mark else (ones, others)
    pairs = [(one.label, other.mark) for one, other in zip(labels, marks, strict=False) if one.label and other.mark]
    if 2 * len(pairs) != len(tokens):
        return []
    touched = zip(pairs, _by_touch(tokens), strict=True)
    return pairs if all(other in {"", label} for (label, _), (other, _) in touched) else []


def _by_touch(tokens: Sequence[_Token]) -> Iterator[tuple[str, Mark]]:
    """Yield each mark with the one answer it touches, with none where it touches two or none.

    All marks written together with one answer are that answer's: ``□是√``. Between two answers, a mark that touches
    another one may belong to either: ``□是√□否``.
    """
    for run in _runs(tokens):
        labels = [token.label for token in run if token.label]
        for number, token in enumerate(run):
            if token.mark:
                beside = [other.label for other in (*run[max(number - 1, 0) : number], *run[number + 1 : number + 2])]
                owners = labels if len(labels) == 1 else beside
                yield owners[0] if len(owners) == 1 else "", token.mark


def _runs(tokens: Sequence[_Token]) -> Iterator[list[_Token]]:
    """Yield the tokens that are written together."""
    run: list[_Token] = []
    for token in tokens:
        if token.apart and run:
            yield run
            run = []
        run.append(token)
    yield run
