"""What tells one state of a declaration, or of the program, from another: a digest that is the same in every run."""

import hashlib
import json
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from importlib import metadata
from pathlib import Path, PurePath
from pyexpat import EXPAT_VERSION
from typing import Any

_PROGRAM = Path(__file__).parent.parent
_ENDINGS = frozenset({".py", ".toml"})
_JUDGING = ("cerberus", "msoffcrypto-tool")
"""The packages that have a say in what is read of a return and how it is judged."""


def digest_of(value: object) -> str:
    """Return the digest of a value of ours: of what it was made of, whatever was computed from that.

    Raises:
        TypeError: it holds something of which that cannot be told.
    """
    return hashlib.sha256(json.dumps(_plain(value)).encode("ascii")).hexdigest()


@cache
def program_digest() -> str:
    """Return the digest of this very program, of its texts too, and of what it runs on."""
    digest = hashlib.sha256(repr((platform.python_version(), EXPAT_VERSION, *map(_version, _JUDGING))).encode())
    for file in sorted(one for one in _PROGRAM.rglob("*") if one.suffix in _ENDINGS):
        digest.update(f"{file.relative_to(_PROGRAM).as_posix()}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _plain(value: Any) -> Any:
    """Return a value as JSON that no other value becomes."""
    if value is None or type(value) in {bool, int, str}:
        return value
    if isinstance(value, Enum | Decimal | Fraction | date | PurePath | float | str | bytes):
        return [type(value).__name__, str(value)]
    return [type(value).__name__, _plain_parts(value)]


def _plain_parts(value: Any) -> Any:
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(one)] for key, one in value.items()]
    if isinstance(value, frozenset | set):
        return sorted(json.dumps(_plain(one)) for one in value)
    if isinstance(value, Sequence):
        return list(map(_plain, value))
    if isinstance(value, re.Pattern):
        return [value.pattern, value.flags]
    if "__reduce__" in vars(type(value)):
        made = value.__reduce__()
        return made if isinstance(made, str) else _plain(made[1:])
    if is_dataclass(value):
        return [_plain(getattr(value, one.name)) for one in fields(value)]
    raise TypeError(type(value))
