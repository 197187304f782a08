"""What a summary remembers of who was asked and of what came in, in a hidden cell of each row of 报送情况.

``gwxl status`` reads it, and no other column: it knows so in a moment how 14,000 sites stand.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from gwxl.inert import inert
from gwxl.records.submission import Source
from gwxl.summary.standing.arrivals import STATES, Arrival
from gwxl.summary.standing.asked import AskedSite

NAME = "record"
KEY = f"#{NAME}"
"""What the column of the record is called."""

DIGEST_ROW = 1
"""Where the digest of the record stands, in its column."""

_LONGEST = 500  # characters of a name
_MOST = 10_000  # characters of a cell, from which on another one is begun; it takes no more than 32,767


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """What stands in one cell: a site, or None where it is only of what came in besides."""

    site: AskedSite | None
    arrivals: tuple[Arrival, ...]


def record_cells(site: AskedSite | None, arrivals: Sequence[Arrival]) -> Iterator[str]:
    """Yield what the cells hold for a site, or for nobody: one, and more where very much came in."""
    own, told, length = ([site.code, site.name, site.parent] if site else []), list[list[str | int]](), 0
    for one in arrivals:
        if length > _MOST:
            yield _words([own, told])
            own, told, length = [], [], 0
        told.append(_pack(one))
        length += len(_words(told[-1]))
    yield _words([own, told])


def _words(told: object) -> str:
    words = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    # What is written into a cell is made harmless; that must not change a record.
    return words if inert(words) == words else json.dumps(told, separators=(",", ":"))


def _pack(one: Arrival) -> list[str | int]:
    source = one.source
    words = (source.file, source.member or "", source.sheet or "", source.sha256)
    rest = (one.state, one.code, one.issued, one.entry, *source.by)
    clerks = [True] if one.clerks else []
    return [*(word[:_LONGEST] for word in (*words, *rest)), source.size, source.sent, *clerks]


def read_record(words: str) -> Remembered:
    """Return what stands in a cell that :func:`record_cells` gave.

    Raises:
        ValueError: it is none.
    """
    own, told = json.loads(words)
    site = None
    if own:
        code, name, parent = own
        _demand(own, code, name, parent)
        site = AskedSite(code=code, name=name, parent=parent)
    return Remembered(site=site, arrivals=tuple(_arrival(one) for one in told))


def _arrival(told: list[str | int]) -> Arrival:
    clerks = told[-1] is True  # an earlier version did not say so
    told = told[:-1] if clerks else told
    *words, size, sent = told if isinstance(told[-1], str) else (*told, "")  # an earlier version knew no mails
    file, member, sheet, sha256, state, code, issued, entry, *by = words
    _demand(told, *words, sent)
    if type(size) is not int or state not in STATES:
        raise ValueError(KEY)
    source = Source(
        file=str(file),
        member=str(member) or None,
        sheet=str(sheet) or None,
        sha256=str(sha256),
        size=size,
        by=tuple(map(str, by)),
        sent=_read_moment(str(sent)),
    )
    return Arrival(source=source, state=str(state), code=str(code), issued=str(issued), entry=str(entry), clerks=clerks)


def _read_moment(words: str) -> str:
    """Return a moment that has its zone, or nothing; a text that is neither raises ValueError."""
    if words and datetime.fromisoformat(words).tzinfo is None:
        raise ValueError(KEY)
    return words


def _demand(told: object, *words: object) -> None:
    """Demand a list, and texts in it: whoever has the file could have made up its record."""
    if not isinstance(told, list) or not all(isinstance(word, str) for word in words):
        raise ValueError(KEY)
