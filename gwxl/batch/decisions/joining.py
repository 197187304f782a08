"""Bring together the rows of several files, or of one file at several times, without losing a word."""

from collections.abc import Sequence
from dataclasses import replace

from gwxl.batch.decision import Decision
from gwxl.batch.decisions.table import TYPED


def join_rows(rows: Sequence[Decision], others: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return the rows of two files, one for a case where one says nothing that the other does not say.

    Two that say different things both stay: which of them counts is the clerk's to say.
    """
    found = list(rows)
    places = {_identity(one): place for place, one in reversed([*enumerate(rows)])}
    for other in others:
        place = places.get(_identity(other))
        if place is None:
            found.append(other)
        elif _says_no_more(found[place], other):
            found[place] = _rewrite(found[place], other)
        elif not _says_no_more(other, found[place]):
            found.append(other)
    return tuple(found)


def _says_no_more(one: Decision, other: Decision) -> bool:
    """Tell whether all a clerk wrote into one row stands in another."""
    typed = all(getattr(one, name) in {"", getattr(other, name)} for name in TYPED)
    return typed and set(one.notes) <= set(other.notes)


def newest(rows: Sequence[Decision], before: Sequence[Decision], now: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return rows that were made from an earlier state of the file, with what a clerk has saved in it since.

    Args:
        rows: what is to be written; ``line`` is that of the row before.
        before: what was read.
        now: what stands there now.
    """
    lines: dict[tuple[str, ...], list[int]] = {}
    for one in before:
        lines.setdefault(_identity(one), []).append(one.line)
    places: dict[object, int] = {_identity(one): place for place, one in enumerate(rows)}
    places |= {one.line: place for place, one in enumerate(rows) if one.line}
    found, added = list(rows), []
    for one in now:
        identity = _identity(one)
        same = lines.get(identity)
        place = places.get(same.pop(0) if same else identity)
        if place is not None:
            found[place] = _rewrite(found[place], one)
        elif one.written:
            added.append(one)
    return (*found, *added)


def _rewrite(row: Decision, saved: Decision) -> Decision:
    words = {name: getattr(saved, name) for name in (*TYPED, "notes")}
    return replace(row, **words)


def _identity(row: Decision) -> tuple[str, ...]:
    own = (row.site, row.question) if not row.sha256 else ()  # of a row without a hash its words are all there is
    return row.sha256.casefold(), row.file, row.sheet, row.rule, row.key, row.covers, *own
