"""How a workbook that is sent back remembers what it was to correct: rows of its map sheet."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from gwxl.records.submission import Answered, Round

KEY = "#round"
"""The mark of the first of these rows; beside it stands the round's number."""

MOST_FAULTS = 1_000
"""Remembered of one return."""

_SITE, _ANSWERS, _CONTENTS, _SIGNATURE = "#site", "#answers", "#contents", "#signature"
_NUMBER = re.compile(r"[1-9][0-9]{0,2}\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")

Row = tuple[str, ...]
"""The first three cells of a row."""


def round_rows(sent: Round) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a round: number, site, what it answers, contents, signature, then id and path of each fault."""
    yield KEY, str(sent.number)
    yield _SITE, sent.site
    for one in sent.answers:
        yield _ANSWERS, one.sha256, one.sheet
    for mark, value in ((_CONTENTS, sent.contents), (_SIGNATURE, sent.signature)):
        if value:
            yield mark, value
    yield from sent.faults


def read_round(rows: Sequence[Row]) -> Round | None:
    """Return the round that rows of a map sheet tell of, None where they tell of none.

    An earlier version wrote the number and the faults alone.
    """
    starts = [place for place, (mark, number, _) in enumerate(rows) if mark == KEY and _NUMBER.match(number)]
    if len(starts) != 1:
        return None
    (start,) = starts
    heads = list(takewhile(lambda row: row[0].startswith("#"), rows[start + 1 :]))
    told = {mark: value for mark, value, _ in heads}
    begin = start + 1 + len(heads)
    return Round(
        number=int(rows[start][1]),
        faults=tuple((id_, path) for id_, path, _ in rows[begin : begin + MOST_FAULTS] if id_),
        answers=tuple(_answers(heads))[: int(rows[start][1])],
        site=told.get(_SITE, ""),
        contents=told.get(_CONTENTS, ""),
        signature=told.get(_SIGNATURE) or None,
    )


def _answers(heads: Sequence[Row]) -> Iterator[Answered]:
    for mark, digest, sheet in heads:
        if mark == _ANSWERS and _SHA256.match(digest):
            yield Answered(sha256=digest, sheet=sheet)
