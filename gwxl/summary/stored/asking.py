"""Understand what is asked of a summary: a key, a label, a cell; a code, a name, a file; or part of a label or name."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from gwxl.errors import SettingsError
from gwxl.inert import inert_line
from gwxl.records.cell import column_letters
from gwxl.records.path import Path as FormPath
from gwxl.records.submission import Source
from gwxl.spreadsheets.address import read_address
from gwxl.summary.record import HeadRecord, Part, SiteRecord
from gwxl.summary.sheets import breakdown, lists, table, tables
from gwxl.summary.stored.looking import Looked
from gwxl.wording import each, text
from gwxl.wording.joining import each_sentence

_NAMED = 10  # candidates
_CELL = re.compile(r"(?:(.+)!)?(\$?[A-Za-z]{1,3}\$?[0-9]{1,7})\Z")
_NUMBER = re.compile(r"(?<![0-9.])[0-9.]++ ")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked.

    Attributes:
        key: one that the summary remembers. cell: the path of one cell of a table, empty for the whole column.
        ids: the sites asked for, None for the total.
        group: the group of sites, None for all. part: which of its figures, a name of :class:`Part`.
        place: sheet and address of the cell that was asked for.
    """

    key: str
    cell: str = ""
    ids: frozenset[str] | None = None
    group: str | None = None
    part: str = ""
    place: tuple[str, int, int] | None = None


class Asking:
    """A search for what is asked in one summary."""

    def __init__(self, path: Path, looked: Looked, head: HeadRecord) -> None:
        """Take a summary and what it remembers of its heads."""
        self._path = path
        self._looked = looked
        self._head = head

    def figure(self, asked: str) -> Question:
        """Return what is asked for.

        Raises:
            SettingsError: there is no such figure or site, or there are several; names up to ten.
        """
        return self._by_key(asked) or self._by_cell(asked) or Question(key=self._by_label(asked))

    def _by_key(self, asked: str) -> Question | None:
        path = FormPath.read(asked)
        if path is None:
            return None
        column = str(path.of_every_row)
        if column in self._head.asked:
            return Question(key=column, cell=asked if path.row is not None else "")
        return None

    def _by_label(self, asked: str) -> str:
        wanted = _plain(asked)
        labels = {key: one.label for key, one in self._head.asked.items()}
        exact = [
            key for key, label in labels.items() if wanted in {_plain(label), _plain(_NUMBER.sub("", label, count=1))}
        ]
        parts = [key for key, label in labels.items() if wanted and (wanted in _plain(label) or wanted in key)]
        for found in (exact, parts):
            if len(found) == 1:
                return found[0]
        several = exact or parts
        if several:
            self._several("failure.several_figures", asked, [f"{labels[key]} ({key})" for key in several])
        near = get_close_matches(asked, [*labels, *labels.values()], n=3)
        name = "failure.no_figure_near" if near else "failure.no_figure"
        raise SettingsError(each(name, path=self._path, asked=inert_line(asked), near=", ".join(near)))

    def _by_cell(self, asked: str) -> Question | None:
        match = _CELL.match(asked.strip())
        place = read_address(match[2]) if match else None
        if match is None or place is None:
            return None
        title = (match[1] or self._looked.title("table")).strip("'")
        readers: dict[str, Callable[[str, int, int], Question | None]] = {
            self._looked.title("table"): self._in_table,
            self._looked.title("origin"): self._in_table,
            self._looked.title("breakdown"): self._in_breakdown,
        }
        found = readers.get(title, self._in_entries)(title, *place)
        if found is None:
            address = f"{title}!{column_letters(place[1])}{place[0]}"
            raise SettingsError(each("failure.no_figure_there", path=self._path, asked=inert_line(address)))
        return found

    def _in_table(self, title: str, row: int, column: int) -> Question | None:
        grid = self._looked.grid(title, table.FIRST_ROW, ("#id",), rows={row})
        key = next((one for one, at in grid.columns.items() if at == column), "")
        if key not in self._head.asked:
            return None
        place = title, row, column
        if row < table.FIRST_ROW:
            part = "passed" if row == grid.marked.get("#passed") else ""
            return Question(key=key, part=part, place=place) if row in grid.marked.values() else None
        number = grid.text(row, "#id")
        return Question(key=key, ids=frozenset({number}), place=place) if number else None

    def _in_entries(self, title: str, row: int, column: int) -> Question | None:
        if not self._looked.has(title) or title not in dict(self._looked.tables()):
            return None
        grid = self._looked.grid(title, tables.FIRST_ROW, ("#id", "#path"), rows={row})
        key = next((one for one, at in grid.columns.items() if at == column), "").removeprefix("@")
        if key not in self._head.asked:
            return None
        place = title, row, column
        if row < tables.FIRST_ROW:
            return Question(key=key, place=place) if row in grid.marked.values() else None
        number, at = grid.text(row, "#id"), FormPath.read(grid.text(row, "#path"))
        if not number or at is None:
            return None
        cell = FormPath(at.field, FormPath.parse(key).part, at.row)
        return Question(key=key, cell=cell, ids=frozenset({number}), place=place)

    def _in_breakdown(self, title: str, row: int, column: int) -> Question | None:
        cells = self._looked.whole(title).cells
        words = {at: cell.text for at, cell in cells.items()}
        keys = [at for (line, at), told in words.items() if line == breakdown.HEAD_ROW and told == breakdown.KEY]
        key = words.get((row, keys[0]), "") if keys else ""
        bands = [at for (line, at), told in words.items() if line == breakdown.BAND_ROW and told and at <= column]
        head = words.get((breakdown.HEAD_ROW, column), "")
        said = {text(f"summary.part.{part}", self._looked.language): name for part, name in PARTS.items()}
        if key not in self._head.asked or not bands or head not in said:
            return None
        band = words[breakdown.BAND_ROW, max(bands)]
        groups = [one.group for one in self._head.asked[key].parts]
        group = next((one for one in groups if one and band.startswith(one)), "")
        return Question(key=key, group=group, part=said[head], place=(title, row, column))

    def ids(self, asked: str, sites: Sequence[SiteRecord]) -> frozenset[str]:
        """Return the numbers of the returns that a code, a name, a file or part of one names.

        Raises:
            SettingsError: there is none that counts, or there are several; names up to ten.
        """
        ways: Sequence[Callable[[SiteRecord], bool]] = (
            lambda one: asked == one.code,
            lambda one: asked in {one.file, one.member, *_names(one)},
            lambda one: _plain(asked) == _plain(one.name),
        )
        for way in ways:
            if found := [one for one in sites if way(one)]:
                return frozenset(one.id for one in found)
        part = _plain(asked)
        found = [
            one for one in sites if part and any(part in _plain(words) for words in (one.code, one.name, *_names(one)))
        ]
        if len(found) > 1:
            self._several(
                "failure.several_sites",
                asked,
                [" ".join(filter(None, (one.code, one.name, _names(one)[0]))) for one in found],
            )
        if not found:
            raise SettingsError(self._tell_absent(asked))
        return frozenset({found[0].id})

    def _several(self, key: str, asked: str, found: Sequence[str]) -> NoReturn:
        more = ["…"] if len(found) > _NAMED else []
        names = each_sentence([*map(inert_line, found[:_NAMED]), *more])
        raise SettingsError(each(key, path=self._path, asked=inert_line(asked), count=len(found), names=names))

    def _tell_absent(self, site: str) -> Mapping[str, str]:
        """Say what became of a site that does not count."""
        keys = ("#code", "#name", "#file_only", "#state")
        files = self._looked.grid(self._looked.title("files"), lists.FIRST_ROW, keys)
        found = [
            f"{inert_line(files.text(row, '#file_only'))} ({files.text(row, '#state')})"
            for row in files.rows
            if site in {files.text(row, key) for key in keys[:3]}
        ]
        name = "failure.site_uncounted" if found else "failure.site_unknown"
        return each(name, path=self._path, site=inert_line(site), files=", ".join(found[:_NAMED]))


PARTS = {
    "value": "value",
    "n": "counted",
    "minimum": "minimum",
    "median": "median",
    "maximum": "maximum",
    "passed": "passed",
    "passed_n": "passed_counted",
}
"""What a column of 分类汇总 is called → the attribute of :class:`Part`."""


def part_of(parts: Sequence[Part], group: str | None) -> Part | None:
    """Return the figures over a group of sites."""
    return next((one for one in parts if one.group == (group or "")), None)


def _names(one: SiteRecord) -> tuple[str, ...]:
    by = (one.by,) if one.by else ()
    source = Source(file=one.file, member=one.member or None, sheet=one.sheet, shared=one.shared, by=by)
    return source.name, one.file, Path(one.file).name


def _plain(words: str) -> str:
    return "".join(words.split()).casefold()
