"""What one form sheet says whatever the rules are, so that it can be judged again without the workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.receipt import Agreement
from gwxl.records.submission import Answer, Status, Submission


@dataclass(frozen=True, kw_only=True)
class Stray:
    """What stands beside the blank input of a path.

    Attributes:
        path: None where the current edition has no such place.
        asked, unasked: the finding where the answer is missing, and where it is not; None where there is none.
    """

    path: Path | None
    asked: Finding | None
    unasked: Finding | None


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A table of which a column looks moved, which is told where the rules find a fault at one of its blanks."""

    finding: Finding
    blanks: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What a calculating program stored of the sheet's own checks.

    Attributes:
        program: which one.
        columns: those of the form sheet that hold verdicts, the checks first; none where their head is lost.
        words: ``sheet!A1`` of such a cell → its text, and the level it stands for or None.
        unlike: the paths of the answers whose cells a sheet sees in another way than the checker.
    """

    program: str
    columns: tuple[int, ...] = ()
    words: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    unlike: frozenset[Path] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What was noticed about a form sheet besides its answers; only a table's blanks keep an older edition's paths.

    Attributes:
        form: the id of the form. edition: that of an older edition, empty for the current one.
        held: why nothing of it may be counted, else empty.
        marks: what was noticed about the workbook and its places. notes: while the values were read.
        dated: the date of the report, where the edition asks for one.
        moved, strays: what depends on which answers the rules find missing. lying: what else stands on the sheet.
        stored: None where no calculating program stored any checks of the current edition.
    """

    form: str
    edition: str = ""
    held: str = ""
    marks: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    dated: Answer | None = None
    moved: tuple[Moved, ...] = ()
    strays: tuple[Stray, ...] = ()
    lying: tuple[Finding, ...] = ()
    stored: Stored | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the rules and the key make of a reading; what the attributes say, they say of :class:`Receipt`.

    Attributes:
        blank, left_out: as of the submission.
        dated: the date of the report, empty where it is none. year: of the return.
        limit: the last day that date could be of, where it is later.
    """

    status: Status
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    agreement: Agreement | None = None
    blank: bool = False
    left_out: frozenset[Path] = frozenset()
    dated: str = ""
    year: int | None = None
    limit: str = ""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One form sheet: what it answers, and what was noticed about it."""

    submission: Submission
    grounds: Grounds
