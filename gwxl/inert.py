"""Make texts from strangers harmless before they are shown or written anywhere."""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from itertools import chain, count

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ESCAPED = 0xDC00  # where Python puts bytes of a name it cannot decode (PEP 383)
_UNDECODED = re.compile("[\udc80-\udcff]")
_WIDE, _BASIC = 0x100, 0xFFFF  # from here on, and up to here, a character is written with four digits
# Letters and symbols that print as nothing, and marks that choose a variant of the letter before.
_IGNORED = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)

# Control characters but tab and newline, lone surrogates, noncharacters, and every mark that changes the
# direction of what follows: a file name must not be able to read backwards or to move the cursor.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]",
)


def readable_name(name: str) -> str:
    r"""Return a file name as it was meant, of bytes that are no UTF-8: what Chinese Windows wrote, else its bytes.

    A byte of no encoding is shown as ``\x80``: two names that differ in such bytes alone can be told apart.
    """
    return "/".join(_meant(step) if _UNDECODED.search(step) else step for step in name.split("/"))


def _meant(name: str) -> str:
    wide = sum(char > "\u07ff" for char in _UNDECODED.sub("", name))
    try:
        meant = name.encode("utf-8", "surrogateescape").decode("gb18030")
    except UnicodeError:
        return escaped_name(name)
    # What is UTF-8 for the most part is a damaged name, and GBK would make nonsense of it.
    damaged = wide >= len(_UNDECODED.findall(name)) or not meant.isprintable()
    return escaped_name(name) if damaged else meant


def escaped_name(name: str) -> str:
    r"""Return a file name with all that is no UTF-8 as ``\x80``, and what nobody sees as it is written in Python."""
    return "".join(_spelled(char) if _unseen(name, at) else char for at, char in enumerate(name))


def _unseen(name: str, at: int) -> bool:
    """Tell whether a character does not show, or shows as another one does."""
    char = name[at]
    if char == " ":
        return name[at - 1 : at] in {"", " "} or at + 1 == len(name)
    marking = unicodedata.category(char) in {"Mn", "Me"} or _is_invisible(char)
    return marking or not char.isprintable() or unicodedata.normalize("NFC", char) != char


def _spelled(char: str) -> str:
    code = ord(char)
    if _UNDECODED.match(char):
        code -= _ESCAPED
    return f"\\x{code:02x}" if code < _WIDE else f"\\u{code:04x}" if code <= _BASIC else f"\\U{code:08x}"


def told_apart(names: Iterable[str]) -> Mapping[str, str]:
    """Return each name as it was meant, for showing; no two of them look alike.

    Names that differ in what nobody sees alone are escaped: undecodable bytes, invisible characters, the way an accent
    is composed; where that is not enough they are numbered.
    """
    meant = {name: readable_name(name) for name in names}
    times = Counter(map(_look, meant.values()))
    taken = {look for look, often in times.items() if often == 1}
    told: dict[str, str] = {}
    for name, readable in meant.items():
        told[name] = readable if times[_look(readable)] == 1 else _numbered(escaped_name(name), taken)
        taken.add(_look(told[name]))
    return told


def _numbered(name: str, taken: Container[str]) -> str:
    tries = chain([name], (f"{name} ({number})" for number in count(2)))
    return next(shown for shown in tries if _look(shown) not in taken)


def _look(name: str) -> str:
    seen = "".join(char for char in name if char.isspace() or not _is_invisible(char))
    return unicodedata.normalize("NFC", inert_line(seen, len(name)))


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf"} or bool(_IGNORED.match(char))


def inert(text: str) -> str:
    """Return a text with each harmful character replaced by U+FFFD, line ends unified to one newline."""
    return _HARMFUL.sub(_REPLACEMENT, text.replace("\r\n", "\n"))


def inert_line(text: str, longest: int = 200) -> str:
    """Return an inert text on one line, cut with ``…`` after ``longest`` characters."""
    line = " ".join(inert(text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
