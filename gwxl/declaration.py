"""Read the TOML files of forms and rules, whatever editor saved them."""

import codecs
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gwxl.errors import GwxlError

_CURE = "save it as UTF-8 (in Notepad: Save As, Encoding, UTF-8)"
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_declaration(
    file: Path, refuse: Callable[[str], GwxlError], parse_float: Callable[[str], Any] = float
) -> dict[str, Any]:
    """Return the tables of a TOML file; the byte order mark some editors put before UTF-8 is passed over.

    Args:
        file: the file.
        refuse: makes the exception for a reason.
        parse_float: what decimals become.

    Raises:
        GwxlError: what ``refuse`` made: it cannot be read, is in another encoding (named), or is no TOML.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise refuse(f"cannot be read: {error.strerror}") from error
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        return tomllib.loads(text, parse_float=parse_float)
    except UnicodeDecodeError as error:
        raise refuse(_other_encoding(data, error)) from error
    except tomllib.TOMLDecodeError as error:
        wide = b"\0" in data  # valid UTF-8, as long as it holds nothing but ASCII
        raise refuse(_other_encoding(data) if wide else f"is no valid TOML: {error}") from error


def _other_encoding(data: bytes, error: UnicodeDecodeError | None = None) -> str:
    """Return which encoding a file is in that is no UTF-8, and what to do."""
    if data.startswith(_UTF_32):
        return f"is in UTF-32; {_CURE}"
    if data.startswith(_UTF_16) or b"\0" in data:
        return f"is in UTF-16 (Notepad calls it Unicode); {_CURE}"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        line = data.count(b"\n", 0, error.start) + 1 if error else 1
        return f"is no UTF-8 in line {line}; {_CURE}"
    return f"is in GBK (Notepad calls it ANSI); {_CURE}"
