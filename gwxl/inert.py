"""Make texts from strangers harmless before they are shown or written anywhere."""

import re

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ESCAPED = 0xDC00  # where Python puts bytes of a name it cannot decode (PEP 383)
_UNDECODED = re.compile("[\udc80-\udcff]")

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
    r"""Return a file name with every byte that is no UTF-8 shown as ``\x80``."""
    return _UNDECODED.sub(lambda byte: f"\\x{ord(byte[0]) - _ESCAPED:02x}", name)


def inert(text: str) -> str:
    """Return a text with each harmful character replaced by U+FFFD, line ends unified to one newline."""
    return _HARMFUL.sub(_REPLACEMENT, text.replace("\r\n", "\n"))


def inert_line(text: str, longest: int = 200) -> str:
    """Return an inert text on one line, cut with ``…`` after ``longest`` characters."""
    line = " ".join(inert(text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
