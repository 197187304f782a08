"""The case a relation or function judges, and its outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from gwxl.form.definition import Form
from gwxl.records.path import Path
from gwxl.records.period import ANY, Period
from gwxl.records.submission import Identity
from gwxl.rules.compiling import Scope


@dataclass(frozen=True, kw_only=True)
class Case:
    """One return as it is judged.

    Attributes:
        period: what its reader expects, none when every period will do.
        edition: the edition whose questions and instructions it was filled in by.
        unasked: names it was not asked about, or has answered in a way the form knows no longer.
        not_asked: the paths of both. rows: table → number of each started row → what stands in it.
        wrong: the paths of what is unreadable or reported as an error.
    """

    form: Form
    scope: Scope
    identity: Identity
    period: Period = ANY
    edition: str = ""
    unasked: frozenset[str] = frozenset()
    not_asked: frozenset[Path] = frozenset()
    rows: Mapping[str, Mapping[int, Mapping[str, Any]]] = field(default_factory=dict)
    wrong: frozenset[Path] = frozenset()

    def within(self, scope: Scope) -> "Case":
        """Return the case as an expression sees it that looks at one row of a table."""
        return replace(self, scope=scope)


class Result(StrEnum):
    """What came of judging a rule."""

    PASSED = "passed"
    FAILED = "failed"
    UNJUDGED = "unjudged"
    SILENT = "silent"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of judging a rule.

    Attributes:
        waits_for: names of unreadable or wrong values an unjudged rule waits for; empty for mere blanks.
        arguments: what the rule's message may name besides fields.
        key: the path a failed rule is shown at, None for the whole file.
        operands: the names it involves.
        message: the rule's message where it names cells of one row; empty for the message as it is.
    """

    result: Result
    waits_for: tuple[str, ...] = ()
    arguments: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    operands: tuple[str, ...] = ()
    message: str = ""


PASSED = Outcome(result=Result.PASSED)
SILENT = Outcome(result=Result.SILENT)
