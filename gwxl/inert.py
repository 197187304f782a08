"""Make texts from strangers harmless before they are shown or written anywhere."""

import re

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ESCAPED = 0xDC00  # where Python puts bytes of a name it cannot decode (PEP 383)
_UNDECODED = re.compile("[\udc80-\udcff]")

# Control characters but tab and newline, lone surrogates, noncharacters, what takes no room (zero-width characters, the
# soft hyphen, tags), and every mark that changes the direction of what follows: a file name must not be able to read
# backwards, to move the cursor, or to look like another.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u180e\u200b\u2060-\u2064\u206a-\u206f\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]",
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


_JOINERS = re.compile("[\u200c\u200d]")  # they shape emoji and some scripts: without them a text reads alike

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
    return _HARMFUL.sub(_REPLACEMENT, _JOINERS.sub("", text.replace("\r\n", "\n")))


def inert_line(text: str, longest: int = 200) -> str:
    """Return an inert text on one line, cut with ``…`` after ``longest`` characters."""
    line = " ".join(inert(text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
