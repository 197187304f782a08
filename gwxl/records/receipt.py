"""What became of one received file: read and judged, held, rejected, refused or ignored."""

from dataclasses import dataclass

from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding, Severity
from gwxl.records.submission import Source, Status, Submission


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A 核对 cell, what it says, and what the checker says instead."""

    cell: CellRef
    sheet: str
    checker: str


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How many stored verdicts of a program were compared with the checker's, and which differ."""

    program: str
    compared: int
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The account of one received workbook, so that nothing is ever lost.

    Attributes:
        source: the file, member and sheet.
        status: what became of it.
        reason: one line in the form's language why it is held, rejected, superseded, refused or ignored; else
            empty.
        submission: what was read, None when refused or ignored; that of a refused blank is kept.
        findings: in form order, then by severity.
        agreement: how the verdicts of the program that saved it agree; None where there are none to compare.
    """

    source: Source
    status: Status
    reason: str = ""
    submission: Submission | None = None
    findings: tuple[Finding, ...] = ()
    agreement: Agreement | None = None

    @property
    def has_errors(self) -> bool:
        """Tell whether an open error stands."""
        return any(f.open and f.severity is Severity.ERROR for f in self.findings)

    @property
    def has_verifies(self) -> bool:
        """Tell whether an open verify stands."""
        return any(f.open and f.severity is Severity.VERIFY for f in self.findings)

    @property
    def passed(self) -> bool:
        """Tell whether nobody has to act on it: read, counted, nothing open."""
        return self.status in {Status.OK, Status.FINDINGS} and not (self.has_errors or self.has_verifies)

    @property
    def state(self) -> str:
        """Return what became of it, a key below ``summary.state.``: a status, of one that counts what is open."""
        if self.status not in {Status.OK, Status.FINDINGS}:
            return self.status.value
        return "errors" if self.has_errors else "verify" if self.has_verifies else "passed"
