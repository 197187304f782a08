"""Bound what TOML may hold before it is read: its reader takes nested lists and long numbers until Python gives up."""

import re

NESTING = 20
"""How deep lists and tables may stand in each other, and how many parts a key may have."""
WORD = 100
"""Characters of a number or of a part of a key that stands without quotation marks."""

_TOKEN = re.compile(
    r'(?P<text>"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'[^'\n]*+'?)"
    r"|#[^\n]*+"
    r"|(?P<word>[A-Za-z0-9_+\-.:]++)"
    r"|(?P<sign>[\[\]{}=,\n])",
    re.DOTALL,
)
_POWER = re.compile(r"[+-]?[0-9][0-9_.]*+[eE][+-]?0*+[0-9]{4,}\Z")


def find_out_of_bounds(text: str) -> tuple[str, str] | None:
    """Return key and reason of the first thing in a TOML text that is too deep or too long, None where all is well."""
    key, depth, dots, line, before = "", 0, 0, 1, ""
    for token in _TOKEN.finditer(text):
        sign, word = token["sign"], token["word"] or ""
        if sign == "=" and depth == 0:
            key = before
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(sign or "", 0)
        dots = 0 if sign else dots + word.count(".")
        if depth > NESTING or dots >= NESTING:
            return key, f"line {line}: more than {NESTING} lists, tables or parts of a key in each other"
        if reason := _too_long(word):
            return key or before, f"line {line}: {reason}"
        before = word or (token["text"] or "").strip("\"'") or before
        line += token[0].count("\n")
    return None


def _too_long(word: str) -> str:
    longest = max(map(len, word.split(".")))
    if longest > WORD:
        return f"a number or name of {longest:,} characters, {WORD} are possible"
    return f"{word[:20]} is no number that a cell can hold" if _POWER.match(word) else ""
