"""What a summary remembers of who was asked and of what came in."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gwxl.errors import SettingsError
from gwxl.summary.record import Digest
from gwxl.summary.sheets import lists
from gwxl.summary.standing.arrivals import Arrival
from gwxl.summary.standing.asked import AskedSite
from gwxl.summary.standing.record import DIGEST_ROW, KEY, Remembered, read_record
from gwxl.summary.stored.looking import open_summary
from gwxl.summary.stored.recognising import ROSTER
from gwxl.wording import each


@dataclass(frozen=True, kw_only=True)
class Stood:
    """How it stood at the last merge.

    Attributes:
        roster: what tells the roster of then from another. sites: who was asked. arrivals: all that had come in.
    """

    roster: str
    sites: tuple[AskedSite, ...]
    arrivals: tuple[Arrival, ...]


def read_stood(path: Path) -> Stood | None:
    """Return what a summary remembers, None where it was made without a roster.

    Raises:
        SettingsError: the file is no summary that gwxl wrote, or what it remembers was changed.
    """
    with open_summary(path) as looked:
        title, roster = looked.title("standing"), looked.properties.get(ROSTER, "")
        if not looked.has(title):
            return None
        grid = looked.grid(title, lists.FIRST_ROW, [KEY])
        words = [grid.text(row, KEY) for row in grid.rows]
        digest = grid.text(DIGEST_ROW, KEY)
    told = [one for one in words if one]
    if not told or digest != _digest(told):
        raise SettingsError(each("failure.edited_standing", path=path, sheets=title))
    found = [_read(path, title, one) for one in told]
    return Stood(
        roster=roster,
        sites=tuple(one.site for one in found if one.site),
        arrivals=tuple(arrival for one in found for arrival in one.arrivals),
    )


def _digest(told: Iterable[str]) -> str:
    digest = Digest()
    for one in told:
        digest.add(one)
    return digest.words()


def _read(path: Path, title: str, words: str) -> Remembered:
    try:
        return read_record(words)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise SettingsError(each("failure.edited_standing", path=path, sheets=title)) from error
