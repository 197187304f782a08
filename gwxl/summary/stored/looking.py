"""Look into a summary on disk without reading all of it: only the sheets and columns that are asked for."""

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from gwxl.containers.zips import Package
from gwxl.errors import RefusedError, SettingsError
from gwxl.spreadsheets.admission.door import admit, parts_of
from gwxl.spreadsheets.book import Book, Sheet
from gwxl.spreadsheets.opening import read_book
from gwxl.spreadsheets.xlsx.excerpt import Excerpt, Opened
from gwxl.summary.sheets.table import FIRST_ROW
from gwxl.summary.stored.recognising import SUMMARY_LIMITS
from gwxl.summary.stored.workbook import KEY_ROW, Grid, keys_of, language_of
from gwxl.wording import each, text
from gwxl.wording.system import refusal_words

_LAST_HEAD = FIRST_ROW - 1  # no sheet has more rows above its list


class Look(Protocol):
    """A summary, or what was read of it."""

    @property
    def properties(self) -> Mapping[str, str]:
        """Return the custom document properties."""
        ...

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the titles of the sheets."""
        ...

    def open_sheet(self, title: str) -> "Opened | _Whole":
        """Return a sheet whose columns can be asked for."""
        ...


class _Whole:
    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def read(  # as Opened has it
        self,
        last_row: int,  # noqa: ARG002
        columns: Iterable[int] = (),  # noqa: ARG002
        rows: Container[int] | None = None,  # noqa: ARG002
    ) -> Sheet:
        return self._sheet


class _WholeBook:
    """A summary that somebody saved in another format."""

    def __init__(self, book: Book) -> None:
        self.properties = book.properties
        self.titles = tuple(sheet.title for sheet in book.sheets)
        self._book = book

    def open_sheet(self, title: str) -> _Whole:
        return _Whole(self._book.sheets[self.titles.index(title)])


class Looked:
    """The sheets of a summary, by key."""

    def __init__(self, look: Look, language: str) -> None:
        """Take a summary and the language it is in."""
        self.language = language
        self.properties = look.properties
        self._look = look

    def has(self, title: str) -> bool:
        """Tell whether there is a sheet of a title."""
        return title in self._look.titles

    def title(self, name: str) -> str:
        """Return the title of a sheet by its name below ``summary.sheet.``."""
        return text(f"summary.sheet.{name}", self.language)

    def grid(
        self,
        title: str,
        first_row: int,
        keys: Iterable[str],
        *,
        starting: str = "\0",
        rows: Container[int] | None = None,
    ) -> Grid:
        """Return a sheet: the rows of its heads, and of the rows below the columns of some keys.

        Args:
            title: of the sheet; one that is gone is empty.
            first_row: of the data.
            keys: of the columns.
            starting: columns whose keys start so are read too.
            rows: that are wanted of those below the heads, at least; None for all.
        """
        if not self.has(title):
            return Grid(Sheet(title=title, cells={}), first_row)
        opened, wanted = self._look.open_sheet(title), set(keys)
        heads = opened.read(_LAST_HEAD)
        found = keys_of(heads, KEY_ROW)
        columns = [column for key, column in found.items() if key in wanted or key.startswith(starting)]
        return Grid(opened.read(_LAST_HEAD, columns, rows) if columns else heads, first_row)

    def tables(self) -> Iterator[tuple[str, Mapping[str, int]]]:
        """Yield title and key → column of the sheets of table fields: those that key each row by its path."""
        for title in self._look.titles:
            found = keys_of(self._look.open_sheet(title).read(KEY_ROW), KEY_ROW)
            if "#path" in found:
                yield title, found

    def whole(self, title: str) -> Sheet:
        """Return a small sheet whole."""
        return self._look.open_sheet(title).read(1 << 20)


@contextmanager
def open_summary(path: Path) -> Iterator[Looked]:
    """Open a summary for looking into it.

    Raises:
        SettingsError: the file is no summary that gwxl wrote, or is damaged; here or when it is looked into.
    """
    try:
        with parts_of(path, SUMMARY_LIMITS) as data:
            ooxml = data[0:4] == b"PK\3\4" and any(map(_is_ooxml, Package(data, SUMMARY_LIMITS).names))
            look: Look = Excerpt(data, SUMMARY_LIMITS) if ooxml else _book(path)
            yield Looked(look, language_of(path, look.properties))
    except RefusedError as error:
        raise SettingsError(each("failure.damaged_summary", path=path, reason=refusal_words(error))) from error


def _is_ooxml(part: str) -> bool:
    return part.casefold().startswith("xl/")


def _book(path: Path) -> _WholeBook:
    return _WholeBook(read_book(admit(path, SUMMARY_LIMITS), SUMMARY_LIMITS))
