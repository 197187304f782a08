"""How a workbook that is sent back remembers what it was to correct: rows of its map sheet."""

import re
from collections.abc import Iterator, Sequence

from gwxl.submission import Round

KEY = "#round"
"""The mark of the first of these rows; beside it stands the round's number."""

MOST_FAULTS = 1_000

_NUMBER = re.compile(r"[1-9][0-9]{0,2}\Z")


def round_rows(sent: Round) -> Iterator[tuple[str, str]]:
    """Yield the rows of a round: its mark and number, then rule id and path of each fault."""
    yield KEY, str(sent.number)
    yield from sent.faults[:MOST_FAULTS]


def read_round(rows: Sequence[tuple[str, str]]) -> Round | None:
    """Return the round that rows of a map sheet tell of, None where they tell of none."""
    starts = [place for place, (mark, number) in enumerate(rows) if mark == KEY and _NUMBER.match(number)]
    if len(starts) != 1:
        return None
    (start,) = starts
    faults = tuple((id_, path) for id_, path in rows[start + 1 : start + 1 + MOST_FAULTS] if id_)
    return Round(number=int(rows[start][1]), faults=faults)
