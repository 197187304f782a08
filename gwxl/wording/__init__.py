"""The program's own texts (ground), in Chinese and English.

The catalogue is the TOML files of this folder, merged: ``[area.name]`` with ``zh`` and ``en``.
Form texts stand in form files and rule messages in rule files, never here.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from gwxl.errors import WordingError

LANGUAGES = ("zh", "en")

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_.\[\]]*)\}")


def text(key: str, language: str, **values: object) -> str:
    """Return the program text of a key in a language, its ``{name}`` places filled.

    A value that is itself language → text is taken in this language.

    Raises:
        WordingError: the key, the language or a value is missing.
    """
    try:
        template = catalogue()[key][language]
    except KeyError:
        message = f"wording: no text {key!r} in {language!r}"
        raise WordingError(message) from None
    return fill(template, {name: in_language(value, language) for name, value in values.items()})


def in_language(value: object, language: str) -> object:
    """Return a value, of one that is language → text that of a language."""
    return value[language] if isinstance(value, Mapping) else value


def each(key: str, **values: object) -> dict[str, str]:
    """Return language → text, for an error whose reader's language is not known where it is raised.

    Raises:
        WordingError: the key or a value is missing.
    """
    return {language: text(key, language, **values) for language in LANGUAGES}


def fill(template: str, values: Mapping[str, object]) -> str:
    """Replace each ``{name}`` of a template, once, without looking into the values.

    Raises:
        WordingError: a name has no value.
    """

    def replace(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            message = f"wording: no value for {{{name}}} in {template!r}"
            raise WordingError(message)
        return str(values[name])

    return _PLACEHOLDER.sub(replace, template)


def placeholders(template: str) -> frozenset[str]:
    """Return the names a template asks for."""
    return frozenset(_PLACEHOLDER.findall(template))


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return every text by its dotted key, then by language.

    Raises:
        WordingError: a key stands in two files.
    """
    merged: dict[str, Mapping[str, str]] = {}
    for part in sorted(Path(__file__).parent.glob("*.toml")):
        for key, entry in _entries(tomllib.loads(part.read_text("utf-8"))):
            if key in merged:
                message = f"wording: {key!r} stands twice, again in {part.name}"
                raise WordingError(message)
            merged[key] = entry
    return merged


def _entries(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    for name, entry in table.items():
        if not isinstance(entry, Mapping):
            message = f"wording: {prefix}{name} is no text with zh and en"
            raise WordingError(message)
        if all(isinstance(value, str) for value in entry.values()):
            yield prefix + name, entry
        else:
            yield from _entries(entry, f"{prefix}{name}.")
