"""Lists that answers are chosen from, too long for a form file: each a table of texts in a file beside it."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from gwxl.errors import FormError
from gwxl.files.declarations import read_text, stranger
from gwxl.files.excel_limits import LITERAL, units
from gwxl.records.path import KEY

FORM, LIST = "form", "list"
"""The layouts of a form: a sheet of questions first, or the one table it asks for."""

_MOST_BYTES = 4 << 20
_MOST_ROWS = 20_000
_MOST_COLUMNS = 10
_KEY = re.compile(rf"{KEY}\Z")


@dataclass(frozen=True, kw_only=True)
class CodeList:
    """A list of texts to choose from, with what else is known of each.

    Attributes:
        key: as fields name it. file: its file, from the form's folder.
        heads: the names of its columns; what is chosen stands in the first. rows: a text a column.
    """

    key: str
    file: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """Return what may be chosen, each once."""
        return tuple(dict.fromkeys(row[0] for row in self.rows))

    def sorted_by(self, head: str) -> tuple[tuple[str, str], ...]:
        """Return pairs of what stands in a column and what may be chosen there, those of one together."""
        place = self.heads.index(head)
        groups: dict[str, dict[str, None]] = {}
        for row in self.rows:
            groups.setdefault(row[place], {})[row[0]] = None
        return tuple((one, entry) for one, entries in groups.items() for entry in entries)


def read_lists(tables: Mapping[str, Any], folder: Path, file: Path) -> Iterator[CodeList | FormError]:
    """Yield each list of a form that can be used, and a mistake for what cannot.

    Args:
        tables: key → settings, as the form's file has them.
        folder: the form's folder.
        file: the form's file, for refusals.
    """
    for key, table in tables.items():
        try:
            yield _read(key, table, folder, file)
        except FormError as mistake:
            yield mistake


def _read(key: str, table: Any, folder: Path, file: Path) -> CodeList:
    place = f"lists.{key}"
    if not _KEY.match(key):
        raise FormError(file, place, "must be lower-case ASCII letters, digits and _, a letter first, 100 at most")
    if not isinstance(table, Mapping) or table.keys() != {"file"} or not isinstance(table["file"], str):
        raise FormError(file, place, f'takes one setting: file = "{key}.csv", a file in the folder of the form')
    name = PurePosixPath(table["file"])
    if name.is_absolute() or ".." in name.parts or "\\" in table["file"] or name.suffix.lower() != ".csv":
        raise FormError(file, f"{place}.file", f"{table['file']!r} is no .csv file in the folder of the form")
    path = folder / name
    if (folder / name.parts[0]).is_symlink():
        raise FormError(file, f"{place}.file", f"{table['file']!r} is a link; put the file itself there")
    text = read_text(path, _MOST_BYTES, lambda reason: FormError(path, "", reason))
    try:
        lines = [[cell.strip() for cell in line] for line in csv.reader(io.StringIO(text), strict=True) if any(line)]
    except csv.Error as error:
        raise FormError(path, "", f"is no CSV: {error}; save it anew as CSV UTF-8") from None
    return _check(key, table["file"], lines, path)


def _check(key: str, name: str, lines: Sequence[Sequence[str]], path: Path) -> CodeList:
    if len(lines) <= 1 or len(lines) > _MOST_ROWS + 1:
        raise FormError(
            path, "", f"has {max(len(lines) - 1, 0):,} entries below its head; 1 to {_MOST_ROWS:,} are possible"
        )
    heads = lines[0]
    if len(set(heads)) != len(heads) or len(heads) > _MOST_COLUMNS or not all(map(_KEY.match, heads)):
        heading = "line 1 names its columns: lower-case ASCII letters, digits and _, each once, 10 at most"
        raise FormError(path, ",".join(heads)[:80], heading)
    for number, line in enumerate(lines[1:], 2):
        place = f"line {number}"
        if len(line) != len(heads) or not line[0]:
            raise FormError(path, place, f"has {len(line)} columns, the first filled: expected {len(heads)}")
        for cell in line:
            if found := stranger(cell):
                raise FormError(path, place, f"holds {found}, which cannot stand in a workbook; remove it")
            if units(cell) > LITERAL:
                raise FormError(
                    path, place, f"has {units(cell)} characters, {LITERAL} are possible; shorten {cell[:20]!r}…"
                )
    return CodeList(key=key, file=name, heads=tuple(heads), rows=tuple(map(tuple, lines[1:])))


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What one input may hold of a list.

    Attributes:
        entries: what may be chosen, in the order of the list.
        where: the key of the field or column that narrows it, empty where none does.
        groups: what stands there, beside each of the entries; empty where nothing narrows them.
    """

    entries: tuple[str, ...]
    where: str = ""
    groups: tuple[str, ...] = ()

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(entry.casefold() for entry in self.entries)

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset((group, entry.casefold()) for group, entry in zip(self.groups, self.entries, strict=True))

    def allows(self, value: str, beside: object) -> bool:
        """Tell whether a text is one of the entries, of the group beside it where one stands there; case aside."""
        if self.groups and isinstance(beside, str):
            return (beside, value.casefold()) in self._pairs
        return value.casefold() in self._known


def find_listed(lists: Mapping[str, CodeList], key: str, where: str) -> Listed | None:
    """Return what an input may hold that names a list, None where it names none."""
    if key not in lists:
        return None
    if where not in lists[key].heads:
        return Listed(entries=lists[key].entries)
    pairs = lists[key].sorted_by(where)
    return Listed(entries=tuple(entry for _, entry in pairs), where=where, groups=tuple(group for group, _ in pairs))
