"""Bind rows of which a clerk has deleted the file's hash to the open cases they repeat word for word."""

from collections.abc import Sequence
from dataclasses import replace

from gwxl.batch.decision import Decision


def bound(rows: Sequence[Decision], asked: Sequence[Decision]) -> tuple[Decision, ...] | None:
    """Return the rows, those without a hash bound to the one case with the same words; None where no row is.

    The question is compared too: it tells what was in the file, which may have been replaced since.

    Args:
        rows: what the clerk has decided.
        asked: every row of the batch that was judged without those that have no hash.
    """
    if all(row.sha256 for row in rows):
        return None
    cases: dict[tuple[str, ...], list[Decision]] = {}
    for case in asked:
        if case.sha256 and not case.line:
            cases.setdefault(_words(case), []).append(case)
    found = tuple(row if row.sha256 else _bound(row, cases.get(_words(row), ())) for row in rows)
    return None if found == tuple(rows) else found


def _words(row: Decision) -> tuple[str, ...]:
    return row.file, row.rule, row.key, "".join(row.question.split())


def _bound(row: Decision, cases: Sequence[Decision]) -> Decision:
    same = [case for case in cases if row.sheet in {"", case.sheet}]
    if len(same) != 1:
        return row
    return replace(row, sha256=same[0].sha256, sheet=same[0].sheet, covers=same[0].covers)
