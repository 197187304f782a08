"""Answers that are missing: the finding of the rules that says so says, too, what stands beside the blank input."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from gwxl.records.finding import Finding, Severity, Verdict
from gwxl.records.path import Path
from gwxl.records.submission import Submission
from gwxl.wording import text

_BESIDE = "beside"  # the argument, and the place in the message


def find_missing_keys(ruled: Iterable[Finding], submission: Submission) -> frozenset[Path]:
    """Return the paths that are blank and at which a rule failed for it."""
    failed = {one.key for one in ruled if one.verdict is Verdict.FAILED and one.severity is not Severity.HINT}
    return frozenset(path for path, one in submission.answers.items() if one.value is None and path in failed)


def say_beside(strays: Iterable[Finding], missing: frozenset[Path], language: str) -> Mapping[Path, str]:
    """Return path → what is to be said about the places beside a missing answer."""
    return {
        one.key: text("stray.beside", language, found=one.arguments["found"])
        for one in strays
        if one.key is not None and one.key in missing
    }


def collect_beside(findings: Iterable[Finding]) -> Mapping[Path, str]:
    """Return path → what findings made earlier say about the places beside a missing answer."""
    return {one.key: one.arguments[_BESIDE] for one in findings if one.key and _BESIDE in one.arguments}


def tell_beside(ruled: Sequence[Finding], beside: Mapping[Path, str], submission: Submission) -> Iterator[Finding]:
    """Yield the findings of the rules, the first one on each missing answer with what stands beside it.

    So the words go back with the fault, whose workbook holds them no longer.
    """
    missing = find_missing_keys(ruled, submission)
    waiting = {path: words for path, words in beside.items() if path in missing}
    for finding in ruled:
        told = finding.verdict is Verdict.FAILED and finding.severity is not Severity.HINT
        words = waiting.pop(finding.key, None) if told and finding.key else None
        if words is None:
            yield finding
        else:
            arguments = {**finding.arguments, _BESIDE: words}
            yield replace(finding, message=f"{finding.message}{{{_BESIDE}}}", arguments=arguments)
