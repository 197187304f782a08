"""What became of one received file: read and judged, held, rejected, refused or ignored."""

from dataclasses import dataclass

from gwxl.findings import Finding, Severity
from gwxl.submission import Source, Status, Submission


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Account for one received workbook, so that nothing is ever lost.

    Attributes:
        source: the file, member and sheet.
        status: what became of it.
        reason: one line in the form's language why it is held, rejected, superseded, refused or ignored; else
            empty.
        submission: what was read, None when refused or ignored; that of a refused blank is kept.
        findings: in form order, then by severity.
    """

    source: Source
    status: Status
    reason: str = ""
    submission: Submission | None = None
    findings: tuple[Finding, ...] = ()

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
