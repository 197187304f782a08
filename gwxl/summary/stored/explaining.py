"""Read a summary back: where a figure comes from."""

import pathlib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from gwxl.errors import SettingsError
from gwxl.inert import inert_line
from gwxl.records.path import Path
from gwxl.records.submission import Source
from gwxl.summary.sheets import lists, table, tables
from gwxl.summary.sheets.origin import not_asked, read_note
from gwxl.summary.stored.seal import refuse_edited
from gwxl.summary.stored.workbook import Grid, Stored, open_summary
from gwxl.wording import each, text


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where one figure stands.

    Attributes:
        path: the field's key, a choice's path or a table cell's.
        file, member, sha256, sheet, cell: the place in the returned file.
        shared: the file holds several returns, a sheet each.
        raw: the text as the filler wrote it; value: what it was read as.
        weight: the figure that weighs it in a mean, else empty.
        counts: it takes part in the total; reason: why not, in the form's language.
    """

    path: str
    site: str
    name: str
    file: str
    member: str
    sha256: str
    sheet: str
    shared: bool
    cell: str
    raw: str
    value: str
    weight: str
    passed: bool
    counts: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Where a figure of a summary comes from.

    Attributes:
        key, site: as asked; site is None for a total.
        label: the head of the column.
        value: the total over all sites, or the site's figures; value_passed: the total over sites that passed.
        counted: how many of how many sites count, e.g. ``19 / 20``; empty for one site.
        origins: every figure of the column that is not blank, or the site's, in the order of the summary; where
            a site's edition of the form did not ask, one without value or text that says so.
    """

    key: str
    site: str | None
    label: str
    value: str
    value_passed: str = ""
    counted: str = ""
    origins: tuple[Origin, ...] = ()

    @property
    def addends(self) -> tuple[Origin, ...]:
        """Return the figures that take part in the total."""
        return tuple(origin for origin in self.origins if origin.counts)


def explain_figure(path: pathlib.Path, key: str, site: str | None = None) -> Explanation:
    """Say where a figure of a summary comes from.

    Args:
        path: a summary that gwxl wrote.
        key: a field's key, a choice (``innovations.other``), a table's column (``other_media.posts``) or cell.
        site: the code of one site, None for the total.

    Raises:
        SettingsError: the file is no summary, was typed into since it was written, or holds no such key or site.
    """
    stored = open_summary(path)
    refuse_edited(path, stored)
    reader = _Reader(stored)
    if site is not None and site not in reader.sites:
        raise SettingsError(reader.absent(path, site))
    asked = reader.asked(key)
    if not asked:
        near = get_close_matches(key, reader.keys, n=3)
        name = "failure.no_figure_near" if near else "failure.no_figure"
        raise SettingsError(each(name, path=path, asked=inert_line(key), near=", ".join(near)))
    origins = tuple(origin for one in asked for origin in reader.origins(one, key) if site in {None, origin.site})
    if site is not None:
        values = "；".join(origin.value for origin in origins if origin.value)
        return Explanation(key=key, site=site, label=reader.label(asked), value=values, origins=origins)
    said = tuple(origin for origin in origins if origin.raw or origin.value or origin.reason)
    return reader.total(key, asked, said)


@dataclass(frozen=True)
class _Place:
    grid: Grid
    row: int
    column: str
    path: str
    note: str


class _Reader:
    """A look-up of figures in a summary."""

    def __init__(self, stored: Stored) -> None:
        self.stored = stored
        self.table = stored.grid("table", table.FIRST_ROW)
        self.notes = stored.grid("origin", table.FIRST_ROW)
        self.entries = tuple(stored.entries(tables.FIRST_ROW))
        self.homes = {number: row for row in self.table.rows if (number := self.table.text(row, "#id"))}
        self.noted = {self.notes.text(row, "#id"): row for row in self.notes.rows}

    @property
    def keys(self) -> list[str]:
        """Return every key that can be asked for."""
        grids = (self.table, *self.entries)
        return [key for grid in grids for key in grid.columns if key[0] not in "#@"]

    @property
    def sites(self) -> set[str]:
        """Return the codes of the sites that count."""
        return {code for row in self.homes.values() if (code := self.table.text(row, "#code"))}

    def absent(self, path: pathlib.Path, site: str) -> dict[str, str]:
        """Say what became of a site that does not count."""
        files = self.stored.grid("files", lists.FIRST_ROW)
        found = [
            f"{inert_line(files.text(row, '#file_only'))} ({files.text(row, '#state')})"
            for row in files.rows
            if files.text(row, "#code") == site
        ]
        name = "failure.site_uncounted" if found else "failure.site_unknown"
        return each(name, path=path, site=inert_line(site), files=", ".join(found))

    def asked(self, key: str) -> list[tuple[Grid, str]]:
        """Return (sheet, column key) for what a key names: itself, its choices, or its column of a table."""
        path = Path.read(key)
        if path is None:
            return []  # as the hidden columns are that only gwxl reads: they start with a sign
        figures = [one for name in self.table.columns if (one := Path.read(name))]
        own = [(self.table, str(one)) for one in figures if path in {one, one.whole}]
        column = str(path.of_every_row)
        return own + [(grid, column) for grid in self.entries if column in grid.columns]

    def label(self, asked: list[tuple[Grid, str]]) -> str:
        """Return the heads of the asked columns."""
        return "；".join(self._head(grid, key) for grid, key in asked)

    def _head(self, grid: Grid, key: str) -> str:
        return inert_line(grid.text(grid.marked["#head"], key))

    def origins(self, asked: tuple[Grid, str], key: str) -> Iterator[Origin]:
        """Yield the figures of a column, or of the one table cell a key names."""
        grid, column = asked
        for row in grid.rows:
            number = grid.text(row, "#id")
            if number not in self.homes:
                continue
            if grid is self.table:
                yield self._origin(_Place(grid, row, column, column, self.notes.text(self.noted[number], column)))
            else:
                at = Path.parse(grid.text(row, "#path"))
                path = Path(at.field, Path.parse(column).part, at.row)
                if key in {column, path}:
                    yield self._origin(_Place(grid, row, column, path, grid.text(row, f"@{column}")))

    def _origin(self, place: _Place) -> Origin:
        number = place.grid.text(place.row, "#id")
        home, noted = self.homes[number], self.noted[number]
        note = read_note(place.note, self.stored.language)
        absent = note.why == not_asked(self.stored.language)
        value = "" if absent else self._value(place.grid.text(place.row, place.column))
        sheet, _, cell = note.address.rpartition("!")
        weight = place.grid.weights.get(place.column, "")
        file, member = self.notes.text(noted, "#file_only"), self.notes.text(noted, "#member")
        return Origin(
            path=place.path,
            site=self.table.text(home, "#code"),
            name=self.table.text(home, "#name"),
            file=file,
            member=member,
            sha256=self.notes.text(noted, "#sha256"),
            sheet=sheet or self.notes.text(noted, "#sheet"),
            shared=self.table.text(home, "#file") != Source(file=file, member=member).name,
            cell=cell,
            raw=value if note.raw is None else note.raw,
            value=value,
            weight=self._value(place.grid.text(place.row, weight)) if weight else "",
            passed=self.table.text(home, "#passed") == text("answer.yes", self.stored.language),
            counts=bool(value) and not note.why,
            reason=note.why,
        )

    def _value(self, shown: str) -> str:
        for mark in ("uncounted.mark", "long_number"):
            before, _, after = text(f"summary.{mark}", self.stored.language, value="\0").partition("\0")
            if shown.startswith(before) and shown.endswith(after):
                return shown.removeprefix(before).removesuffix(after)
        return shown

    def total(self, key: str, asked: list[tuple[Grid, str]], origins: tuple[Origin, ...]) -> Explanation:
        """Return the explanation of a total; several columns (the choices of a field) are joined."""
        return Explanation(
            key=key,
            site=None,
            label=self.label(asked),
            value=self._joined(asked, "#total"),
            value_passed=self._joined(asked, "#passed"),
            counted=self._joined(asked[:1], "#of"),
            origins=origins,
        )

    def _joined(self, asked: list[tuple[Grid, str]], mark: str) -> str:
        found = []
        for grid, key in asked:
            number = grid.marked.get(mark)
            words = self._value(grid.text(number, key)) if number else ""
            found.append(f"{self._head(grid, key)} {words}" if words and len(asked) > 1 else words)
        return "；".join(one for one in found if one)
