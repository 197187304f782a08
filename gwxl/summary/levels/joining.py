"""Join what several summaries hand on: what was decided below, and what the sites reported a period earlier."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

from gwxl.batch.decision import Decision, Verb
from gwxl.form.definition import Form
from gwxl.records.path import Path
from gwxl.records.previous import Previous
from gwxl.records.submission import Value
from gwxl.summary.levels.taking import FromBelow

_FROM = 1_000_001  # the numbers of rows that stand in no file of this level: behind those of any sheet


def join_decisions(own: Sequence[Decision], below: Iterable[FromBelow]) -> tuple[Decision, ...]:
    """Return the rows of this level, and those of the level below; what this level says of a case stands.

    The same row that came by two ways stands once.
    """
    said = {_case(row) for row in own if row.decision and row.verb is not Verb.DEFER}
    rows: dict[object, Decision] = {}
    for row in (row for one in below if one.head for row in one.head.decisions):
        if _case(row) not in said:
            rows.setdefault((_case(row), row.covers, row.verb, row.value), row)
    numbered = (replace(row, line=line) for line, row in zip(count(_FROM), rows.values(), strict=False))
    return (*own, *numbered)


def _case(row: Decision) -> tuple[str, str, str, str]:
    return row.sha256, row.sheet, row.rule, row.key


def join_previous(form: Form, below: Iterable[FromBelow]) -> Previous | None:
    """Return what the sites below reported a period earlier, None where no level below knew it.

    Of a site of which two say something different nothing is known.
    """
    told = [one.head for one in below if one.head is not None and one.head.earlier is not None]
    periods = {one.earlier for one in told}
    if len(periods) != 1 or (period := periods.pop()) is None:
        return None
    known: dict[str, Mapping[Path, Value]] = {}
    unlike: set[str] = set()
    for code, reported in _chain_reported(one.last for one in told):
        if known.setdefault(code, reported) != reported:
            unlike.add(code)
    sites = {code: reported for code, reported in known.items() if code not in unlike}
    return Previous(form=form.id, period=period, sites=sites, unused=len(unlike), place=None)


def _chain_reported(
    levels: Iterable[Mapping[str, Mapping[Path, Value]]],
) -> Iterator[tuple[str, Mapping[Path, Value]]]:
    for one in levels:
        yield from one.items()


def join_vouched(below: Iterable[FromBelow]) -> frozenset[str]:
    """Return the sha256 of the workbooks whose mark, that they were sent back, was believed below."""
    return frozenset(digest for one in below if one.head for digest in one.head.vouched)
