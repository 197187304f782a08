"""Read back what a summary remembers of itself, as far as it is needed."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ParamSpec, TypeVar

from gwxl.errors import SettingsError
from gwxl.summary.record import ENTRIES, KEY, Digest, HeadRecord, SiteRecord, chunk_key, read_head, read_sites
from gwxl.summary.sheets.origin import DIGEST_ROW, HEAD_DIGEST_ROW, HEAD_RECORD_ROW
from gwxl.summary.sheets.table import FIRST_ROW
from gwxl.summary.stored.looking import Looked
from gwxl.wording import each

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

Choice = Callable[[Sequence[SiteRecord]], Container[str]]
"""What is told who the sites are, and no more of them, and returns the numbers of some."""


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """What was written into a summary: above the sites, and of each site in the order of the sheet."""

    head: HeadRecord
    sites: tuple[SiteRecord, ...]


class Record:
    """The record of a summary.

    Raises:
        SettingsError: what is read of it is not there, or was changed.
    """

    def __init__(self, path: Path, looked: Looked) -> None:
        """Read what stands above the sites."""
        self._path = path
        self._looked = looked
        self._title = looked.title("origin")
        grid = looked.grid(self._title, FIRST_ROW, ())
        words = "".join(grid.line(HEAD_RECORD_ROW, grid.columns.get(KEY, 1 << 20)))
        self._demand(words, words=[words], digest=grid.text(HEAD_DIGEST_ROW, KEY))
        self.head = self._read(read_head, words)

    def sites(
        self,
        columns: Iterable[str],
        *,
        entries: bool = False,
        of: Choice | None = None,
    ) -> tuple[SiteRecord, ...]:
        """Return what was written of each site in some columns of 汇总表, and in its tables.

        Args:
            columns: their keys.
            entries: the tables too.
            of: chooses the sites that are wanted.
        """
        numbers = sorted({self.head.keys.index(key) for key in columns if key})
        keys = [KEY, *dict.fromkeys(map(chunk_key, numbers))]
        grid = self._looked.grid(self._title, FIRST_ROW, keys, starting=ENTRIES if entries else "\0")
        keys += [key for key in grid.columns if entries and key.startswith(ENTRIES)]
        rows = [row for row in grid.rows if grid.text(row, KEY)]
        words = {key: [grid.text(row, key) for row in rows] for key in keys}
        for key in keys:
            self._demand(key in grid.columns or not rows, words[key], grid.text(DIGEST_ROW, key))
        if of is None:
            return self._read(read_sites, words, numbers)
        who = self._read(read_sites, {KEY: words[KEY]}, ())
        wanted = of(who)
        places = [place for place, one in enumerate(who) if one.id in wanted]
        some = {key: [texts[place] for place in places] for key, texts in words.items()}
        read = self._read(read_sites, some, numbers)
        return tuple(replace(one, row=rows[place]) for place, one in zip(places, read, strict=True))

    def _read(self, read: Callable[Arguments, Result], *args: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Return what a record says; one that somebody made up says nothing."""
        try:
            return read(*args, **named)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise SettingsError(self._tell_edited()) from error

    def _demand(self, there: object, words: Iterable[str], digest: str) -> None:
        found = Digest()
        for one in filter(None, words):
            found.add(one)
        if not there or (digest and found.words() != digest) or (not digest and any(words)):
            raise SettingsError(self._tell_edited())

    def _tell_edited(self) -> Mapping[str, str]:
        return each("failure.edited_summary", path=self._path, sheets=self._title)
