"""Bind rows of which a clerk has deleted the file's hash, or more, to the open cases they speak of."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gwxl.batch.decision import Decision


def bind(rows: Sequence[Decision], asked: Sequence[Decision]) -> tuple[Decision, ...] | None:
    """Return the rows, those without a hash bound to the one case they can mean; None where no row is.

    They are met by file, sheet and site, by rule and key, and by the question: it tells what was in the file, which may
    have been replaced since. What is not there, as its column was deleted too, tells nothing; more than one case that
    fits is none.

    Args:
        rows: what the clerk has decided.
        asked: every row of the batch that was judged without those that have no hash.
    """
    if all(row.sha256 and not row.nameless for row in rows):
        return None
    cases: dict[str, list[Decision]] = {}
    for case in asked:
        if case.sha256 and not case.line:
            cases.setdefault(case.file, []).append(case)
    found = tuple(_bind(row, cases.get(row.file, ())) if row.nameless or not row.sha256 else row for row in rows)
    return None if found == tuple(rows) else found


def _bind(row: Decision, cases: Sequence[Decision]) -> Decision:
    same = [case for case in cases if all(_compare(row, case))]
    if len(same) != 1:
        return row
    (case,) = same
    known = {name: getattr(case, name) for name in ("sha256", "sheet", "site", "rule", "key", "covers")}
    return replace(row, **known, nameless=False)


def _compare(row: Decision, case: Decision) -> Iterator[bool]:
    yield row.sheet in {"", case.sheet}
    yield row.site == "" or row.site.lstrip("0") == case.site.lstrip("0")  # a spreadsheet takes zeros off
    yield row.sha256.casefold() in {"", case.sha256.casefold()}
    yield row.nameless or (row.rule, row.key) == (case.rule, case.key)
    yield row.question == "" or "".join(row.question.split()) == "".join(case.question.split())
