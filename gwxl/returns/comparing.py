"""Compare a return with what it was sent back for: corrected, explained, still there, new, or not to be judged."""

from collections.abc import Iterator

from gwxl.findings import Finding
from gwxl.receipt import Receipt
from gwxl.rules.ruleset import RuleSet
from gwxl.submission import Round
from gwxl.template import Done, State
from gwxl.workbook.signals import is_signal


def state_of(finding: Finding, sent: Round | None) -> State | None:
    """Return how an open finding stands; None where the return was not sent back before."""
    if sent is None:
        return None
    return State.STILL if (finding.id, finding.key or "") in set(sent.faults) else State.NEW


def done_of(receipt: Receipt, rules: RuleSet, year: int | None) -> Iterator[Done]:
    """Yield what the return was sent back for and what is not open any more, in the order it was asked for.

    A fault is corrected only where its rule could be judged again and found nothing. What was found by comparing
    with other returns, or by a rule that is gone, is passed over: one return alone cannot tell.
    """
    submission = receipt.submission
    if submission is None or submission.round is None:
        return
    now = {(one.id, one.key or ""): one for one in receipt.findings}
    waiting = rules.waiting(submission, year=year)
    titles = {rule.id: rule.title for rule in rules.rules}
    for id_, path in submission.round.faults:
        finding = now.get((id_, path))
        known = id_ in titles or is_signal(id_)
        if known and _is_path(rules, path) and (finding is None or not finding.open):
            state = _state(id_, finding, waiting)
            yield Done(rule=id_, title=titles.get(id_, ""), path=path, state=state)


def _state(id_: str, finding: Finding | None, waiting: frozenset[str]) -> State:
    if finding is not None and finding.settled:
        return State.EXPLAINED
    return State.UNJUDGED if id_ in waiting else State.FIXED


def _is_path(rules: RuleSet, path: str) -> bool:
    """Tell whether a path, read from a workbook, is one of the form; the whole file is the empty one."""
    try:
        return not path or bool(rules.form.label_path(path))
    except (KeyError, StopIteration):
        return False
