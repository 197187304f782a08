"""Read a summary back: where a figure comes from, and whether it is still what was written."""

import pathlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial

from gwxl.records.path import Path
from gwxl.records.submission import Source
from gwxl.spreadsheets.book import CellKind
from gwxl.summary.record import Asked, Fact, Part, SiteRecord, number_words, shorten_text
from gwxl.summary.sheets import table, tables
from gwxl.summary.sheets.notes import absences
from gwxl.summary.stored.asking import Asking, Question, part_of
from gwxl.summary.stored.explanation import Explanation, Origin
from gwxl.summary.stored.files import read_returned_cell
from gwxl.summary.stored.looking import Looked, open_summary
from gwxl.summary.stored.recognising import INBOX
from gwxl.summary.stored.remembered import Choice, Record, Remembered
from gwxl.summary.stored.workbook import Grid
from gwxl.wording import text
from gwxl.wording.joining import join_clauses

_OPENED = 20  # figures whose files are looked into


def explain_figure(path: pathlib.Path, key: str, site: str | None = None) -> Explanation:
    """Say where a figure of a summary comes from.

    Args:
        path: a summary that gwxl wrote.
        key: a field's key, a choice (``innovations.other``), a table's column (``other_media.posts``) or cell; a label
            or part of one; a cell of the summary (``N12``, ``分类汇总!G9``).
        site: the code of one site, its name or part of it, or its file; None for the total.

    Raises:
        SettingsError: the file is no summary, what it remembers was changed, or it holds no such key or site.
    """
    with open_summary(path) as looked:
        record = Record(path, looked)
        asking = Asking(path, looked, record.head)
        question = asking.figure(key)
        asked = record.head.asked[question.key]
        columns = () if asked.table else asked.columns
        keys = *columns, asked.weight, record.head.by if question.group else ""
        named = _choose_sites(asking, question, site)
        sites = record.sites(keys, entries=asked.table or bool(question.cell), of=named)
        if site is not None:
            question = Question(key=question.key, cell=question.cell, ids=frozenset(one.id for one in sites))
        explanation = _Reader(looked, Remembered(head=record.head, sites=sites), question).explanation()
        inbox = looked.properties.get(INBOX, "")
    return _look_into_files(explanation, path.parent / inbox) if inbox else explanation


def _choose_sites(asking: Asking, question: Question, site: str | None) -> Choice | None:
    """Return what chooses the sites that are asked for, None where all are."""
    if site is not None:
        return partial(asking.ids, site)
    ids = question.ids
    return None if ids is None else lambda _: ids


def _look_into_files(explanation: Explanation, inbox: pathlib.Path) -> Explanation:
    """Look into the files of a site's figures, and of those that were changed."""
    told = explanation.origins
    here = [one for one in told if not one.by]  # the files of the others lie with the level below
    wanted = [one for one in here if explanation.site is not None or one.standing is not None][:_OPENED]
    found = {id(one): read_returned_cell(inbox, _workbook(one), one.sheet, one.cell) for one in wanted}
    return replace(explanation, origins=tuple(replace(one, found=found.get(id(one))) for one in told))


def _workbook(origin: Origin) -> Source:
    return Source(file=origin.file, member=origin.member or None, sha256=origin.sha256)


class _Reader:
    """A look-up of what stands in a summary, and what was written there."""

    def __init__(self, looked: Looked, record: Remembered, question: Question) -> None:
        self._looked = looked
        self._record = record
        self._question = question
        self._asked: Asked = record.head.asked[question.key]
        self._number = {key: number for number, key in enumerate(record.head.keys)}
        self._absences = absences(looked.language)

    def explanation(self) -> Explanation:
        """Return the answer to the question."""
        asked = self._question
        origins = tuple(one for site in self._sites for one in self._origins(site))
        if asked.ids is not None:
            named = self._sites[0]
            values = join_clauses((origin.value for origin in origins if origin.value), self._looked.language)
            site = named.code or named.file
            return Explanation(
                key=asked.cell or asked.key,
                site=site,
                label=self._asked.label,
                formula=self._asked.formula,
                value=values,
                origins=origins,
            )
        part = part_of(self._asked.parts, asked.group)
        told = Explanation(
            key=asked.cell or asked.key,
            site=None,
            label=self._asked.label,
            formula=self._asked.formula,
            value=part.value if part else "",
            value_passed=part.passed if part else "",
            counted=part.counted if part else "",
            group=asked.group or "",
            part=asked.part,
            parts=self._asked.parts if asked.group is None else (part,) if part else (),
            origins=tuple(one for one in origins if one.raw or one.value or one.reason or one.standing),
        )
        return self._of_part(told, part) if asked.part and part else self._with_totals(told)

    def _of_part(self, told: Explanation, part: Part) -> Explanation:
        asked = self._question
        value = getattr(part, asked.part)
        if asked.place is None:
            return replace(told, value=value)
        title, row, column = asked.place
        grid = Grid(self._looked.whole(title), 1) if title == self._looked.title("breakdown") else self._heads
        return replace(told, value=value, standing=self._find_standing(grid, row, column, value))

    def _with_totals(self, told: Explanation) -> Explanation:
        """Say what stands in the cells of the totals, where that is not what was written."""
        if len(self._asked.columns) > 1 or self._asked.answer or self._question.group is not None:
            return told
        grid = self._entries if self._asked.table else self._heads
        row, row_passed = grid.marked.get("#total", 0), grid.marked.get("#passed", 0)
        column = grid.columns.get(self._asked.columns[0])
        if column is None:
            return replace(told, standing="")
        passed = None if self._asked.table else self._find_standing(grid, row_passed, column, told.value_passed)
        return replace(told, standing=self._find_standing(grid, row, column, told.value), standing_passed=passed)

    def _find_standing(self, grid: Grid, row: int, column: int, written: str) -> str | None:
        """Return what stands in a cell that was written with a number or a text; None where it is that."""
        cell = grid.sheet.cells.get((row, column))
        if cell is not None and cell.uncalculated:
            return None  # whoever saved it left out what the formula comes to
        shown = _words(grid, row, column)
        plain = self._value(shown)
        return None if _same(plain, written) else plain

    @cached_property
    def _sites(self) -> tuple[SiteRecord, ...]:
        asked = self._question
        if asked.ids is not None:
            return tuple(one for one in self._record.sites if one.id in asked.ids)
        passed = asked.part.startswith("passed")
        return tuple(one for one in self._record.sites if self._in_group(one) and (one.passed or not passed))

    def _in_group(self, site: SiteRecord) -> bool:
        if not self._question.group:
            return True
        fact = site.fact(self._number[self._record.head.by])
        groups = [one.group for one in self._asked.parts if one.group]
        known = fact.shown if not fact.why and fact.shown in groups else groups[-1]
        return known == self._question.group

    @cached_property
    def _heads(self) -> Grid:
        """Return 汇总表: the rows of the sites that are asked for, or all where somebody moved one of them."""
        keys = ("#id", *self._asked.columns, self._asked.weight)
        read = partial(self._looked.grid, self._looked.title("table"), table.FIRST_ROW, keys)
        if self._question.ids is None:
            return read()
        some = read(rows={site.row for site in self._sites})
        return some if all(some.text(site.row, "#id") == site.id for site in self._sites) else read()

    @cached_property
    def _homes(self) -> Mapping[str, int]:
        return {number: row for row in self._heads.rows if (number := self._heads.text(row, "#id"))}

    @cached_property
    def _entries(self) -> Grid:
        """Return the sheet of the table that is asked for."""
        key = self._question.key
        title = next((title for title, keys in self._looked.tables() if key in keys), "")
        return self._looked.grid(title, tables.FIRST_ROW, ("#id", "#path", key))

    @cached_property
    def _lines(self) -> Mapping[tuple[str, str], int]:
        """Return (site, path of the row) → row of the sheet of entries."""
        grid = self._entries
        return {(grid.text(row, "#id"), grid.text(row, "#path")): row for row in grid.rows}

    def _origins(self, site: SiteRecord) -> Iterator[Origin]:
        if self._asked.table or self._question.cell:
            yield from self._of_entries(site)
            return
        row, cells, total = self._homes.get(site.id, 0), self._heads.sheet.cells, self._question.ids is None
        for key, number, column in self._places:
            if total and not (site.shown[number] or site.notes or (row, column) in cells):
                continue  # a blank, as most of several answers are
            fact, shown = site.fact(number), _words(self._heads, row, column)
            if total and not self._is_told(fact, shown):
                continue
            yield self._origin(site, key, fact, shown)

    @cached_property
    def _places(self) -> Sequence[tuple[str, int, int]]:
        """Return key, number and column of 汇总表 of what is asked for."""
        return [(key, self._number[key], self._heads.columns.get(key, 0)) for key in self._asked.columns]

    def _is_told(self, fact: Fact, shown: str) -> bool:
        """Tell whether a figure of a total is any of what is asked for, and not blank."""
        return not (self._asked.answer and self._asked.answer != fact.shown) and bool(fact.shown or fact.noted or shown)

    def _of_entries(self, site: SiteRecord) -> Iterator[Origin]:
        column = self._entries.columns.get(self._question.key, 0)
        for text_of_path in site.entries:
            path = Path.parse(text_of_path)
            if str(path.of_every_row) == self._question.key and self._question.cell in {"", text_of_path}:
                row = self._lines.get((site.id, str(Path(path.field, row=path.row))), 0)
                yield self._origin(site, text_of_path, site.entry(text_of_path), _words(self._entries, row, column))

    def _origin(self, site: SiteRecord, path: str, fact: Fact, shown: str) -> Origin:
        absent = fact.why in self._absences
        same = _same(shown, fact.shown)
        value = "" if absent else self._value(shown if same else fact.shown)
        sheet, _, cell = fact.address.rpartition("!")
        weight = site.fact(self._number[self._asked.weight]).shown if self._asked.weight else ""
        return Origin(
            path=path,
            site=site.code,
            name=site.name,
            file=site.file,
            member=site.member,
            sha256=site.sha256,
            sheet=sheet or site.sheet,
            shared=site.shared,
            cell=cell,
            raw=value if fact.raw is None else fact.raw,
            value=value,
            weight=self._value(weight),
            passed=site.passed,
            counts=bool(value) and not fact.why,
            reason=fact.why,
            standing=None if same else self._value(shown),
            by=site.by,
        )

    @cached_property
    def _marks(self) -> tuple[tuple[str, str], ...]:
        """Return what stands before and behind a figure that does not count, and one too long for a number."""
        names = ("summary.uncounted.mark", "summary.long_number")
        marked = (text(name, self._looked.language, value="\0").partition("\0") for name in names)
        return tuple((before, after) for before, _, after in marked)

    def _value(self, shown: str) -> str:
        for before, after in self._marks:
            if shown.startswith(before) and shown.endswith(after):
                return shown.removeprefix(before).removesuffix(after)
        return shown


def _words(grid: Grid, row: int, column: int) -> str:
    """Return what stands in a cell; a number as it is remembered."""
    cell = grid.sheet.cells.get((row, column))
    if cell is None:
        return ""
    if cell.uncalculated:
        return f"={cell.formula}"
    return number_words(cell.text) if cell.kind is CellKind.NUMBER else cell.text


def _same(shown: str, written: str) -> bool:
    return shorten_text(shown) == written or _round(shown) == _round(written)


def _round(words: str) -> str:
    try:
        return number_words(words)
    except ValueError:
        return words
