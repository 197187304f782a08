"""The case a relation or function judges, and its outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gwxl.form.definition import Form
from gwxl.records.submission import Identity
from gwxl.rules.compiling import Scope


@dataclass(frozen=True, kw_only=True)
class Case:
    """One return as it is judged.

    Attributes:
        year: the year its reader expects, None when every year will do.
        edition: the edition whose questions and instructions it was filled in by.
        unasked: names it was not asked about, or has answered in a way the form knows no longer.
    """

    form: Form
    scope: Scope
    identity: Identity
    year: int | None = None
    edition: str = ""
    unasked: frozenset[str] = frozenset()


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
    """

    result: Result
    waits_for: tuple[str, ...] = ()
    arguments: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    operands: tuple[str, ...] = ()


PASSED = Outcome(result=Result.PASSED)
SILENT = Outcome(result=Result.SILENT)
