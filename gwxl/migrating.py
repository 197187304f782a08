"""Move returns of an older edition into fresh workbooks of the current one, key by key; the originals stay."""

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path, PurePosixPath

from gwxl.batch.files import Found
from gwxl.batch.reading import Progress, read_files
from gwxl.errors import OutputError, WorkbookError
from gwxl.excel_limits import STRING, units
from gwxl.form.definition import Form
from gwxl.form.identity import issue_identity
from gwxl.form.layout import lay_out
from gwxl.inert import inert, inert_line
from gwxl.intake import check_file
from gwxl.outputs import refuse_existing, refuse_nothing, replacing
from gwxl.receipt import Receipt
from gwxl.rules.ruleset import RuleSet
from gwxl.rules.shelf import load_all
from gwxl.submission import Answer, CellRef, Identity, LeftBehind, Scalar, Source, Status, Submission, Unread
from gwxl.template import Notice, write_template
from gwxl.wording import each, text

_ENDING = ".xlsx"
_LONGEST_NAME = 150  # bytes; file systems take 255, and a number may follow
_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f]')  # no file name on Windows may hold them
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?\Z", re.IGNORECASE)
_SITE_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,64}\Z")  # what the marker line can carry
_MARKUP = re.compile(r"<r>.*</r>\Z", re.DOTALL)  # XlsxWriter would write such a text into the file as it is


class Outcome(StrEnum):
    """Say what became of one received file."""

    MIGRATED = "migrated"
    CURRENT = "current"
    UNKNOWN = "unknown"
    HELD = "held"
    REFUSED = "refused"
    IGNORED = "ignored"


@dataclass(frozen=True, kw_only=True)
class Migration:
    """Say what became of one return.

    Attributes:
        receipt: what was read.
        form: the current form, None where the file is of none.
        reason: why nothing was written, in the form's language; empty for a migrated or current return.
        path: the workbook that was written, None if none was.
        moved: how many answers stand in it.
        left_behind: every answer and explanation that could not move.
        to_fill: what the older edition did not ask, in form order: fields, choices, columns.
    """

    receipt: Receipt
    outcome: Outcome
    form: Form | None = None
    reason: str = ""
    path: Path | None = None
    moved: int = 0
    left_behind: tuple[LeftBehind, ...] = ()
    to_fill: tuple[str, ...] = ()

    @property
    def to_do(self) -> bool:
        """Tell whether somebody has to act: something could not move, or the file is no return that can be used."""
        return bool(self.left_behind) or self.outcome in {Outcome.UNKNOWN, Outcome.HELD, Outcome.REFUSED}


def migrate(
    found: Sequence[Found],
    folder: Path,
    *,
    form: str | None = None,
    notice: Notice = Notice(),  # noqa: B008 - frozen, so that sharing one is safe
    force: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> tuple[Migration, ...]:
    """Write a workbook of the current edition for each return of an older one, filled with what it says.

    Each is named after its original. Nothing is written unless all can be; an original is never replaced.

    Args:
        found: the files.
        folder: where to; made if it is not there.
        form: id or folder of the form, every form that comes with gwxl when None.
        notice: by when and where to the new workbooks are returned.
        force: replace existing files.
        progress: called with (files done, files in all).

    Raises:
        OutputError: a workbook is in the way, or cannot be written.
        FormError: a Jinja2 template of the form cannot be rendered.
    """
    rules = {one.form.id: one for one in load_all(form)}
    receipts: list[Receipt] = []
    for done, read in enumerate(read_files(found, form), 1):
        receipts += read
        progress(done, len(found))
    planned = tuple(_named([_planned(receipt, rules) for receipt in receipts], folder))
    targets = [one.path for one in planned if one.path is not None]
    _refuse_conflicts(targets, folder, found, force=force)
    if targets:
        _make(folder)
    return tuple(_migrated(one, rules, notice, force=force) for one in planned)


def _planned(receipt: Receipt, rules: Mapping[str, RuleSet]) -> Migration:
    if receipt.submission is None or receipt.status is Status.HELD:
        return Migration(receipt=receipt, outcome=Outcome(receipt.status), reason=receipt.reason)
    identity = receipt.submission.identity
    form = rules[identity.form].form
    if identity.edition == form.edition:
        return Migration(receipt=receipt, outcome=Outcome.CURRENT, form=form)
    if form.older_edition(identity.edition) is not None and identity.year is not None:
        return Migration(receipt=receipt, outcome=Outcome.MIGRATED, form=form)
    return Migration(receipt=receipt, outcome=Outcome.UNKNOWN, form=form, reason=_why_not(form, identity))


def _why_not(form: Form, identity: Identity) -> str:
    if not identity.edition:
        return text("migrate.no_edition", form.language)
    if form.older_edition(identity.edition) is not None:
        return text("migrate.no_year", form.language)
    return text("migrate.unknown", form.language, found=inert_line(identity.edition))


def _named(planned: Sequence[Migration], folder: Path) -> Iterator[Migration]:
    """Yield the plans, each that will be written with a path of its own, whatever the letters' case."""
    taken: set[str] = set()
    for one in planned:
        if one.outcome is not Outcome.MIGRATED:
            yield one
            continue
        stem, name, number = _stem(one.receipt.source), "", 1
        while not name or _folded(name) in taken:
            name = stem + (f" ({number})" if number > 1 else "") + _ENDING
            number += 1
        taken.add(_folded(name))
        yield replace(one, path=folder / name)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _stem(source: Source) -> str:
    """Return the name of the original without its ending, made fit for every system."""
    inside = (source.member or source.file).replace("\\", "/")
    stem = _UNFIT.sub("_", inert(PurePosixPath(inside).stem)).strip(" .")
    while len(stem.encode()) > _LONGEST_NAME:
        stem = stem[:-1].rstrip(" .")
    return f"_{stem}" if not stem or _RESERVED.match(stem) else stem


def _refuse_conflicts(targets: Sequence[Path], folder: Path, found: Sequence[Found], *, force: bool) -> None:
    if os.path.lexists(folder) and not folder.is_dir():
        raise OutputError(each("failure.in_the_way", path=folder))
    originals = {os.path.realpath(one.path) for one in found}
    for target in targets:
        if os.path.realpath(target) in originals:
            raise OutputError(each("failure.is_return", path=target))
        (refuse_nothing if force else refuse_existing)(target)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(each("failure.unmakeable", path=folder, reason=error.strerror or error)) from error


def _migrated(planned: Migration, rules: Mapping[str, RuleSet], notice: Notice, *, force: bool) -> Migration:
    submission = planned.receipt.submission
    if planned.path is None or planned.form is None or submission is None:
        return planned
    mover = _Mover(rules=rules[planned.form.id], submission=submission, notice=notice)
    try:
        with replacing(planned.path, refuse_nothing if force else refuse_existing) as draft:
            mover.write(draft)
    except WorkbookError as error:
        reason = error.line(planned.form.language)
        return replace(planned, outcome=Outcome.REFUSED, reason=reason, path=None)
    left = (*submission.left_behind, *mover.left_behind)
    return replace(planned, moved=mover.moved, left_behind=left, to_fill=_to_fill(planned.form, submission))


def _to_fill(form: Form, submission: Submission) -> tuple[str, ...]:
    """Return what was not asked; of a field that was not asked as a whole, its key alone."""
    paths = submission.not_asked
    alone = (path for path in paths if "." not in path or path.partition(".")[0] not in paths)
    return tuple(sorted(alone, key=form.order))


@dataclass(kw_only=True)
class _Mover:
    """Write one return anew, read it back, and leave behind what does not say the same there.

    ``options`` holds for each path what may be written, the likeliest first: the value, then the words of the filler.
    """

    rules: RuleSet
    submission: Submission
    notice: Notice
    options: dict[str, list[Scalar]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path, answer in self._filled.items():
            self.options[path] = [one for one in _spellings(answer) if path in self._cells and _writable(one)]
        told = {path: inert(words) for path, words in self.submission.explanations.items()}
        self.words = {path: words for path, words in told.items() if _writable(words)}

    @cached_property
    def _cells(self) -> Mapping[str, CellRef]:
        return lay_out(self.rules.form).cells

    @cached_property
    def _filled(self) -> Mapping[str, Answer]:
        """Return every filled input, around the form too."""
        surround = self.submission.surround.items()
        around = {key: Answer(key=key, raw=str(value), value=value, cell=None) for key, value in surround}
        answers = {path: answer for path, answer in self.submission.answers.items() if answer.value is not None}
        return {**around, **answers}

    @property
    def moved(self) -> int:
        """Return how many answers were written."""
        return sum(bool(options) for options in self.options.values())

    @property
    def left_behind(self) -> tuple[LeftBehind, ...]:
        """Return what was filled in and could not be written so that it reads the same."""
        lost = [self._left(self._filled[path]) for path, options in self.options.items() if not options]
        for path, words in self.submission.explanations.items():
            if path not in self.words:
                lost.append(self._left(Answer(key=path, raw=words, value=words, cell=None)))
        return tuple(lost)

    def _left(self, answer: Answer) -> LeftBehind:
        why = "unread" if isinstance(answer.value, Unread) else "unwritable"
        if answer.key not in self._cells and answer.key in self._filled:
            why = "row"
        label = self.rules.form.label(answer.key)
        return LeftBehind(key=answer.key, label=label, raw=answer.raw, cell=answer.cell, why=why)

    def write(self, draft: Path) -> None:
        """Write the workbook, and again without what reads otherwise, until everything in it reads the same."""
        while wrong := self._attempt(draft):
            for path in wrong:
                if path in self.options:
                    self.options[path].pop(0)
                else:
                    del self.words[path]

    def _attempt(self, draft: Path) -> set[str]:
        identity = self.submission.identity
        code = identity.site_code if identity.site_code and _SITE_CODE.match(identity.site_code) else None
        write_template(
            self.rules,
            draft,
            identity=issue_identity(self.rules.form, year=identity.year or 0, site_code=code),
            notice=self.notice,
            force=True,
            answers={path: options[0] for path, options in self.options.items() if options},
            explanations=self.words,
        )
        return self._wrong(draft)

    def _wrong(self, draft: Path) -> set[str]:
        """Return the paths that do not read as they did in the original."""
        (receipt,) = check_file(draft, draft.name, (self.rules,))
        again = receipt.submission
        if again is None:
            raise WorkbookError(f"{draft.name}: cannot be read again: {receipt.reason}")
        found: dict[CellRef | None, object] = {answer.cell: answer.value for answer in again.answers.values()}
        found |= {self._cells[key]: value for key, value in again.surround.items()}
        written = [path for path, options in self.options.items() if options]
        wrong = {path for path in written if found.get(self._cells[path]) != self._filled[path].value}
        return wrong | {path for path, words in self.words.items() if again.explanations.get(path) != words}


def _spellings(answer: Answer) -> Iterator[Scalar]:
    if answer.value is not None and not isinstance(answer.value, Unread):
        yield answer.value
    if answer.raw and answer.raw != answer.value:
        yield answer.raw


def _writable(value: Scalar) -> bool:
    """Tell whether a value can stand in a cell as it is."""
    if not isinstance(value, str):
        return True
    return inert(value) == value and units(value) <= STRING and not _MARKUP.match(value)
