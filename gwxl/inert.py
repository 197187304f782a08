"""Make texts from strangers harmless before they are shown or written anywhere."""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from itertools import chain, count

from gwxl.characters import CONTROLS, DIRECTIONS, FILLERS, JOINERS, TAGS, VARIANTS, ZERO_WIDTH

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ESCAPED = 0xDC00  # where Python puts bytes of a name it cannot decode (PEP 383)
_UNDECODED = re.compile("[\udc80-\udcff]")
_WIDE, _BASIC = 0x100, 0xFFFF  # from here on, and up to here, a character is written with four digits
_IGNORED = frozenset(FILLERS + VARIANTS + _REPLACEMENT)

# Control characters but tab and newline, line separators, lone surrogates, noncharacters, what takes no room, and every
# mark that changes the direction of what follows: a file name must not be able to read backwards, to move the cursor,
# or to look like another.
_NOWHERE = CONTROLS.replace("\t", "").replace("\n", "") + "\u034f\u2028\u2029" + ZERO_WIDTH + DIRECTIONS + TAGS
_HARMFUL = re.compile(f"[{re.escape(_NOWHERE)}\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def readable_name(name: str) -> str:
    r"""Return a file name as it was meant, of bytes that are no UTF-8: what Chinese Windows wrote, else its bytes.

    A byte of no encoding is shown as ``\x80``: two names that differ in such bytes alone can be told apart.
    """
    return "/".join(_decode_name(step) if _UNDECODED.search(step) else step for step in name.split("/"))


def _decode_name(name: str) -> str:
    wide = sum(char > "\u07ff" for char in _UNDECODED.sub("", name))
    try:
        meant = name.encode("utf-8", "surrogateescape").decode("gb18030")
    except UnicodeError:
        return escape_name(name)
    # What is UTF-8 for the most part is a damaged name, and GBK would make nonsense of it.
    damaged = wide >= len(_UNDECODED.findall(name)) or not meant.isprintable()
    return escape_name(name) if damaged else meant


def escape_name(name: str) -> str:
    r"""Return a file name with all that is no UTF-8 as ``\x80``, and what nobody sees as it is written in Python."""
    return "".join(_escape(char) if _is_unseen(name, at) else char for at, char in enumerate(name))


def _is_unseen(name: str, at: int) -> bool:
    """Tell whether a character does not show, or shows as another one does."""
    char = name[at]
    if char == " ":
        return name[at - 1 : at] in {"", " "} or at + 1 == len(name)
    marking = unicodedata.category(char) in {"Mn", "Me"} or _is_invisible(char)
    return marking or not char.isprintable() or unicodedata.normalize("NFC", char) != char


def _escape(char: str) -> str:
    code = ord(char)
    if _UNDECODED.match(char):
        code -= _ESCAPED
    return f"\\x{code:02x}" if code < _WIDE else f"\\u{code:04x}" if code <= _BASIC else f"\\U{code:08x}"


def tell_apart(names: Iterable[str]) -> Mapping[str, str]:
    """Return each name as it was meant, for showing; no two of them look alike.

    Names that differ in what nobody sees alone are escaped: undecodable bytes, invisible characters, the way an accent
    is composed; where that is not enough they are numbered.
    """
    meant = {name: readable_name(name) for name in names}
    looks = {name: _look(readable) for name, readable in meant.items()}
    times = Counter(looks.values())
    taken = {look for look, often in times.items() if often == 1}
    told: dict[str, str] = {}
    for name, readable in meant.items():
        if times[looks[name]] == 1:
            told[name] = readable
        else:
            told[name] = _number_name(escape_name(name), taken)
            taken.add(_look(told[name]))
    return told


def _number_name(name: str, taken: Container[str]) -> str:
    tries = chain([name], (f"{name} ({number})" for number in count(2)))
    return next(shown for shown in tries if _look(shown) not in taken)


def _look(name: str) -> str:
    unseen = {ord(char): None for char in set(name) - set("\t\n") if _is_invisible(char)}
    return unicodedata.normalize("NFC", inert_line(name.translate(unseen), len(name)))


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf"} or char in _IGNORED or bool(_HARMFUL.match(char))


_JOINERS = re.compile(f"[{JOINERS}]")  # without them a text reads alike
_CHANGED = re.compile(f"{_HARMFUL.pattern}|{_JOINERS.pattern}")

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet program takes for the beginning of a formula, in the width of the Chinese keyboard as well."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')  # by Windows, in a file's name
_RESERVED = re.compile(  # there as well, whatever follows a point or blanks
    r"(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])[ ]*(?:\..*)?\Z",
    re.IGNORECASE | re.DOTALL,
)


def begins_a_formula(text: str) -> bool:
    """Tell whether a spreadsheet program would make a formula of a text that is typed, or typed once more."""
    return text.startswith(_FORMULA_SIGNS)


def file_stem(name: str) -> str:
    """Return the beginning of the name of a file we write: one every system takes, and no program for a formula."""
    stem = _FORBIDDEN.sub("_", inert_line(name)).strip(" .")
    return f"_{stem}" if not stem or begins_a_formula(stem) or _RESERVED.match(stem) else stem


def inert(text: str) -> str:
    """Return a text with each harmful character replaced by U+FFFD, line ends unified to one newline."""
    if (text.isascii() and text.isprintable()) or not _CHANGED.search(text):  # as nearly every text is
        return text
    return _HARMFUL.sub(_REPLACEMENT, _JOINERS.sub("", text.replace("\r\n", "\n")))


_BLANKS = 50
"""How many times as long as what is shown a text may be with its blanks."""


def inert_line(text: str, longest: int = 200) -> str:
    """Return an inert text on one line, cut with ``…`` after ``longest`` characters."""
    line = " ".join(inert(text[: longest * _BLANKS]).split())  # what is cut off need not be looked through
    return line if len(line) <= longest else line[: longest - 1] + "…"
