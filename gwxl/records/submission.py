"""What came back: one form, filled once, by one site."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from gwxl.records.cell import CellRef
from gwxl.records.path import Path
from gwxl.records.period import ANY, Period

Scalar = bool | int | Decimal | str


@dataclass(frozen=True, kw_only=True)
class Unread:
    """What stands in a document for a value that could not be read as its kind.

    Attributes:
        raw: the text found.
        kind: why, a key below ``unread.`` in the wording catalogue (``not_a_number``, ``error_cell`` …).
        proposal: the value it probably means, never taken silently.
    """

    raw: str
    kind: str
    proposal: Scalar | None = None


Value = Scalar | tuple[str, ...] | tuple[Mapping[str, Scalar | Unread], ...]


@dataclass(frozen=True, kw_only=True)
class Change:
    """A note that a cell's text was read as something else: ``raw`` as ``value``, and why.

    ``kind`` is a key below ``change.`` in the wording catalogue (``trimmed``, ``full_width`` …).
    """

    key: Path
    raw: str
    value: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What stands in one input.

    Attributes:
        key: where it stands in the form.
        raw: the text of the cell as stored; empty for a blank cell.
        value: the typed value, :class:`Unread`, or None for a blank.
        cell: where it stands in the returned file; None if the cell was not found.
        changes: what was normalised on the way from raw to value.
        left_out: it stands in a row of a table that looks like the total of others, and counts for nothing yet.
    """

    key: Path
    raw: str
    value: Scalar | Unread | None
    cell: CellRef | None
    changes: tuple[Change, ...] = ()
    left_out: bool = False


@dataclass(frozen=True, kw_only=True)
class LeftBehind:
    """What a return of an older edition says and the current edition has no place for.

    Attributes:
        key: the path in the older edition, that of the item itself for an explanation beside it.
        label: as it stands in that edition.
        raw, cell: as in :class:`Answer`.
        why: a key below ``left_behind.`` in the wording catalogue; kind: why it could not be read, a key below
            ``unread.``, empty for anything else.
    """

    key: Path
    label: str
    raw: str
    cell: CellRef | None
    why: str
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Which form a workbook is: read from its properties, map sheet and marker line."""

    form: str
    edition: str
    fingerprint: str
    period: Period = ANY
    site_code: str | None = None
    signature: str | None = None

    @property
    def year(self) -> int | None:
        """Return the year of its period."""
        return self.period.year


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a submission came from.

    Attributes:
        file: the path as the clerk would type it, relative to the folder that was read.
        member: the name inside a zip archive, None for a plain file.
        sheet: the form sheet's title, None when none was found.
        sha256: hex digest of the workbook's bytes (of the member's, inside an archive).
        size: bytes.
        modified: dcterms:modified as written by the program, None if absent.
        program: the program that saved it, None if it does not say.
        shared: the workbook holds several returns, a form sheet each.
        by: the summaries it came by, each as it was named, that of the highest level first; empty for one that was
            read here. All else is as the lowest level saw it.
        sent: when the first mail it came by was sent, ISO 8601 in UTC; empty where that is not known.
        origin: the digest of what the lowest of those summaries hands on; empty for one that was read here.
    """

    file: str
    member: str | None = None
    sheet: str | None = None
    sha256: str = ""
    size: int = 0
    modified: str | None = None
    program: str | None = None
    shared: bool = False
    by: tuple[str, ...] = ()
    sent: str = ""
    origin: str = ""

    @property
    def name(self) -> str:
        """Return file and member as one name for a reader, with the sheet where the workbook holds several returns.

        The summaries it came by stand in front.
        """
        parts = (*self.by, self.file, self.member, self.sheet if self.shared else None)
        return "｜".join(part for part in parts if part)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A return that a workbook answers.

    Attributes:
        sha256: that of its workbook.
        sheet: what tells its form sheet from others in the same workbook, ASCII.
    """

    sha256: str
    sheet: str = ""


@dataclass(frozen=True, kw_only=True)
class Round:
    """Which return a workbook was sent back as, and what it was to correct.

    Attributes:
        number: 1 for the first time it was sent back.
        faults: rule id and path of each fault, the path empty for the whole file.
        answers: the return it was made of, then what that one was a correction of, back to the first; empty in a
            workbook of an earlier version.
        site: the code that stood in the return it was made of, else the one that was issued to, without the signs no
            code has; empty for neither.
        contents: a digest of the answers and explanations it was written with, so that one nobody has filled in is
            known; empty in a workbook of an earlier version.
        signature: made with the campaign's key over all of these, None where there was none.
    """

    number: int
    faults: tuple[tuple[str, str], ...] = ()
    answers: tuple[Answered, ...] = ()
    site: str = ""
    contents: str = ""
    signature: str | None = None


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One filled form.

    Attributes:
        identity: which form, edition, year and site it says it is.
        source: where it came from.
        answers: every input by its path, in form order, blank ones included; table rows only if started.
        values: path of each field → typed value, filled cells only; a choices field is a tuple of choice
            keys, a table a tuple of rows; :class:`Unread` stands where a cell could not be read. A row that is left
            out has no value, but keeps its place.
        surround: the fields around the form (填报人 …), filled ones only; unread: those that could not be read;
            reread: those that only the form's period made certain.
        explanations: path of a field or a choice → text of its 情况说明 cell, filled ones only.
        cells: every path → cell, as found in this file; the places to show findings at.
        round: what it was sent back as, None for the first time it comes in.
        not_asked: paths the form had not yet when it was filled in: keys of fields, choices of a field of many,
            columns of tables as ``other_media.posts``; they have no answer, and are no blanks.
        retired: keys of fields that were answered with a choice the form has no longer.
        left_out: keys of fields that are asked only under conditions which its other answers do not meet, and that
            hold nothing; none before it was judged.
        left_behind: what was filled in and has no place in the form any more.
        blank: nobody has filled in anything.

    Where a return of an older edition was read, all paths are those of the current one.
    """

    identity: Identity
    source: Source
    answers: Mapping[Path, Answer]
    values: Mapping[str, Value | Unread]
    surround: Mapping[str, Scalar] = field(default_factory=dict)
    unread: tuple[Answer, ...] = ()
    reread: tuple[Answer, ...] = ()
    explanations: Mapping[Path, str] = field(default_factory=dict)
    cells: Mapping[Path, CellRef] = field(default_factory=dict)
    round: Round | None = None
    not_asked: frozenset[Path] = frozenset()
    retired: frozenset[Path] = frozenset()
    left_out: frozenset[Path] = frozenset()
    left_behind: tuple[LeftBehind, ...] = ()
    blank: bool = False

    def was_asked(self, path: Path) -> bool:
        """Tell whether the form asked for a path when it was filled in; the rows of a table do not matter."""
        return path.of_every_row not in self.not_asked and path.whole not in self.left_out

    def text_of(self, key: str) -> str:
        """Return what a field of the form or around it says, empty where it is blank, unreadable or no text."""
        value = self.values.get(key, self.surround.get(key))
        return value if isinstance(value, str) else ""

    def raw_of(self, key: str) -> str:
        """Return the text of a field's cell, of the form or around it."""
        answer = self.answers.get(Path(key))
        return answer.raw if answer else self.text_of(key)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return every logged normalisation, in form order, those around the form last."""
        return tuple(change for answer in (*self.answers.values(), *self.reread) for change in answer.changes)


class Status(StrEnum):
    """What became of one received file."""

    OK = "ok"
    FINDINGS = "findings"
    HELD = "held"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    REFUSED = "refused"
    IGNORED = "ignored"
