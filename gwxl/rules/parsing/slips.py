"""Find what makes a text no expression, in words that an author of forms knows."""

import re

_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")
_SIGNS = {
    re.compile(r"=[<>]|<>|><|[≤≥≠]"): "write <=, >= or !=",
    re.compile(r"(?<![=<>!])=(?!=)"): "two values are compared by ==",
    re.compile(r"[×÷％%（），＋－＊／＝＜＞]"): "write + - * / ( ) and , on an English keyboard, and 50% as 0.5",
}
"""What others write for the signs of an expression, and the cure."""

_JOINING = "+-*/<>=,"
_PAIRS = {"(": ")", "[": "]"}
_QUOTED = 30


def find_slip(text: str, offset: int | None) -> str:
    """Return why a text is no expression, and what to write.

    Args:
        text: the text, which Python cannot parse.
        offset: at which character that was noticed, counted from 1; None where it is not known.
    """
    said = text.strip()
    if not said:
        return "it is empty"
    bare = _TEXT.sub(lambda found: "_" * len(found.group()), said)
    for quote in "\"'":
        if quote in bare:
            return f"a text begins at {_quote(said, bare.index(quote))} and never ends; close it with {quote}"
    if bracket := _find_bracket(said, bare):
        return bracket
    for pattern, cure in _SIGNS.items():
        if found := pattern.search(bare):
            return f"{_quote(said, found.start())} begins with a sign that is not known; {cure}"
    if bare[-1] in _JOINING:
        return f"it ends in {bare[-1]}, where a name or a number is still missing"
    place = (offset or 1) - 1
    return f"{_quote(said, place)} cannot stand there; names and numbers are joined by + - * / or compared"


def _find_bracket(said: str, bare: str) -> str:
    """Return what is to be said of a bracket without its other half; empty where each has it."""
    opened: list[int] = []
    for place, char in enumerate(bare):
        if char in _PAIRS:
            opened.append(place)
        elif char in _PAIRS.values() and (not opened or _PAIRS[bare[opened.pop()]] != char):
            return f"a bracket is closed at {_quote(said, place)} that was not opened; drop it"
    if opened:
        return f"a bracket is opened at {_quote(said, opened[-1])} and never closed; add {_PAIRS[bare[opened[-1]]]}"
    return ""


def _quote(said: str, place: int) -> str:
    rest = said[place:]
    return repr(rest if len(rest) <= _QUOTED else f"{rest[:_QUOTED]}…")
