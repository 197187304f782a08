"""Answers that are ticked: yes or no, one of several, one of many."""

import re
from collections.abc import Iterable, Sequence

from gwxl.workbook.text import without_spaces

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

_TICKED = TICKS - {"☒"} | FULL_BOXES  # ☒ is yes in Word's boxes and no elsewhere: never taken
_UNTICKED = CROSSES | EMPTY_BOXES
_MARKS = "".join(sorted(_TICKED | _UNTICKED | {"☒"}))


def yes_or_no(text: str) -> bool | None:
    """Return what a text says, None if it says neither; ``√是`` and ``☑是 □否`` are understood."""
    bare = without_spaces(text).casefold()
    if bare in YES or bare in _TICKED - FULL_BOXES:
        return True
    if bare in NO or bare in CROSSES:
        return False
    marked = ticked(bare, WRITTEN_OUT)
    return None if marked is None or len(marked) != 1 else marked[0] == WRITTEN_OUT[0]


def is_ticked(text: str, label: str) -> bool | None:
    """Tell whether the box of one answer is ticked, None if the text does not say."""
    bare = without_spaces(text).casefold()
    if bare in _TICKED or bare in YES or bare == without_spaces(label).casefold():
        return True
    if bare in _UNTICKED or bare in NO:
        return False
    marked = ticked(bare, (without_spaces(label).casefold(),))
    return None if marked is None else bool(marked)


def ticked(text: str, labels: Sequence[str]) -> list[str] | None:
    """Return the labels ticked in a line such as ``☑甲 □乙`` or ``甲√ 乙``, None if it is no such line.

    Marks stand before each label or behind each; a label without a mark is not ticked.
    """
    bare = without_spaces(text).rstrip(";,、。；，")
    if not any(char in _MARKS for char in bare):
        return None
    either = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True))
    before, behind = rf"(?P<mark>[{_MARKS}]?)(?P<label>{either})", rf"(?P<label>{either})(?P<mark>[{_MARKS}]?)"
    for pattern in (before, behind):
        if re.fullmatch(rf"(?:{_unnamed(pattern)}[;,、；，/]?)+", bare):
            return _chosen(re.finditer(pattern, bare))
    return None


def _unnamed(pattern: str) -> str:
    return re.sub(r"\(\?P<[a-z]+>", "(?:", pattern)


def _chosen(matches: Iterable[re.Match[str]]) -> list[str] | None:
    chosen = []
    for match in matches:
        if match["mark"] == "☒":
            return None
        if match["mark"] in _TICKED and match["mark"]:
            chosen.append(match["label"])
    return chosen
