"""Which language the command line speaks: ``--lang``, else GWXL_LANG, else the locale's."""

import locale
import os
from collections.abc import Sequence

from gwxl.wording import LANGUAGES, text

_current = ["en"]


def choose_language(arguments: Sequence[str]) -> None:
    """Set the language of this run before any command, and with it any help text, is loaded."""
    asked = _find_asked(arguments) or os.environ.get("GWXL_LANG", "")
    _current[0] = asked if asked in LANGUAGES else _read_locale()


def _find_asked(arguments: Sequence[str]) -> str:
    for place, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
        if argument == "--lang" and place + 1 < len(arguments):
            return arguments[place + 1]
    return ""


def _read_locale() -> str:
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((name for name in names if name), "") or locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


def language() -> str:
    """Return the language of this run."""
    return _current[0]


def say(key: str, **values: object) -> str:
    """Return a text of the command line, ``cli.`` left out of the key."""
    return text(f"cli.{key}", language(), **values)
