"""Compare a return with what it was sent back for: corrected, explained, still there, new, or not to be judged."""

from collections.abc import Collection, Iterator

from gwxl.intake import DOUBTS
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.signals import is_signal
from gwxl.records.submission import Round, Submission, Unread
from gwxl.returns.doubting import OTHER_CODE
from gwxl.rules.rule import RuleKind
from gwxl.rules.ruleset import RuleSet
from gwxl.template import Done, State


def state_of(finding: Finding, sent: Round | None) -> State | None:
    """Return how an open finding stands; None where the return was not sent back before."""
    if sent is None:
        return None
    return State.STILL if (finding.id, finding.key or "") in set(sent.faults) else State.NEW


def find_done(receipt: Receipt, rules: RuleSet, period: Period, *, trusted: bool = True) -> Iterator[Done]:
    """Yield what the return was sent back for and what is not open any more, in the order it was asked for.

    A fault is corrected only where its rule could be judged again and found nothing: not in a return that was not
    taken, not where the value was wiped out or is wrong otherwise, and not where it was a doubt about a file, of
    which a fresh one shows no trace, but for a code that is now the one its workbook was issued with.
    What a rule that is gone had found is passed over.
    """
    submission = receipt.submission
    if submission is None or submission.round is None:
        return
    now = {(one.id, one.key or ""): one for one in receipt.findings}
    waiting = rules.find_waiting(submission, period=period)
    titles = {rule.id: rule.title for rule in rules.rules}
    titles |= {id_: rules.form.say(f"{id_}.title") for id_ in DOUBTS}
    cells = {rule.id for rule in rules.rules if rule.kind is RuleKind.CELL}
    unsure = _unsure(receipt, cells)
    for id_, words in submission.round.faults:
        finding, path = now.get((id_, words)), Path.read(words)
        known = id_ in titles or is_signal(id_)
        if known and (_is_path(rules, path) if path else not words) and (finding is None or not finding.open):
            judged = id_ in titles and id_ not in waiting and (id_ not in cells or path not in unsure)
            judged = trusted and (judged or (id_ == OTHER_CODE and _bears_own_code(submission, rules.form.roles.code)))
            state = State.EXPLAINED if finding is not None and finding.settled else _state(judged=judged)
            yield Done(rule=id_, title=titles.get(id_, ""), path=path, state=state)


def _bears_own_code(submission: Submission, role: str) -> bool:
    """Tell whether a return bears the code its workbook was issued with."""
    issued = submission.identity.site_code or ""
    return bool(issued) and submission.text_of(role).casefold() == issued.casefold()


def _state(*, judged: bool) -> State:
    return State.FIXED if judged else State.UNJUDGED


def _unsure(receipt: Receipt, cells: Collection[str]) -> frozenset[Path | None]:
    """Return the paths that are blank or unreadable now, or break a rule of their own as an error."""
    answers = receipt.submission.answers if receipt.submission else {}
    empty = {path for path, answer in answers.items() if answer.value is None or isinstance(answer.value, Unread)}
    errors = [one for one in receipt.findings if one.open and one.severity is Severity.ERROR and one.id in cells]
    return frozenset({*empty, *(one.key for one in errors)})


def _is_path(rules: RuleSet, path: Path) -> bool:
    """Tell whether a path, read from a workbook, is one of the form."""
    try:
        return bool(rules.form.label_path(path))
    except (KeyError, StopIteration):
        return False
