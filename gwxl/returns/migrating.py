"""Move returns of an older edition into fresh workbooks of the current one, key by key; the originals stay."""

import pathlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from gwxl.batch.files import find_files
from gwxl.batch.inbox import Progress, read_files, refuse_empty
from gwxl.errors import WorkbookError
from gwxl.files.outputs import make_folder, refuse_conflicts, refuse_existing, refuse_nothing, replace_file
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.records.finding import Finding, render_message
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Identity, LeftBehind, Status, Submission
from gwxl.returns.output_names import make_distinct, stem_of
from gwxl.returns.prefilling import carry, doubts, read_back
from gwxl.returns.reissuing import reissue
from gwxl.returns.reviewing import to_fill
from gwxl.template import draft_template
from gwxl.terms import Terms

_ENDING = ".xlsx"
_LONGEST = 300  # characters of a message


class Outcome(StrEnum):
    """What became of one received file."""

    MIGRATED = "migrated"
    CURRENT = "current"
    UNKNOWN = "unknown"
    HELD = "held"
    REFUSED = "refused"
    IGNORED = "ignored"


@dataclass(frozen=True, kw_only=True)
class Migration:
    """What became of one return.

    Attributes:
        receipt: what was read.
        form: the current form, None where the file is of none.
        reason: why nothing was written, in the form's language; empty for a migrated or current return.
        path: the workbook that was written, None if none was.
        moved: how many answers stand in it.
        left_behind: every answer and explanation that could not move.
        to_fill: what the older edition did not ask, in form order: fields, choices, columns.
        doubts: what was noticed about the file and is to be verified, in the form's language.
    """

    receipt: Receipt
    outcome: Outcome
    form: Form | None = None
    reason: str = ""
    path: pathlib.Path | None = None
    moved: int = 0
    left_behind: tuple[LeftBehind, ...] = ()
    to_fill: tuple[Path, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def to_do(self) -> bool:
        """Tell whether somebody has to act: something could not move, or the file is no return that can be used."""
        return bool(self.left_behind or self.doubts) or self.outcome in {Outcome.UNKNOWN, Outcome.HELD, Outcome.REFUSED}


def migrate(
    terms: Terms,
    files: Sequence[pathlib.Path],
    folder: pathlib.Path,
    *,
    force: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> tuple[Migration, ...]:
    """Write a workbook of the current edition for each return of an older one, filled with what it says.

    Each is named after its original. Nothing is written unless all can be; an original is never replaced.

    Args:
        terms: the forms, and what the new workbooks say on top; the key verifies what came back and signs what goes
            out.
        files: the returns; a folder stands for every file below it.
        folder: where to; made if it is not there.
        force: replace existing files.
        progress: called with (files done, files in all).

    Raises:
        SettingsError: no file stands below the folders.
        OutputError: a workbook is in the way, or cannot be written.
        FormError: a Jinja2 template of the form cannot be rendered.
    """
    found = tuple(find_files(files))
    read = [receipt for receipts in read_files(found, terms, progress) for receipt in receipts]
    if not read:
        refuse_empty(read, " ".join(map(str, files)))
    planned = tuple(_name([_plan(receipt, terms) for receipt in read], folder))
    targets = [one.path for one in planned if one.path is not None]
    if targets:
        make_folder(folder)
        refuse_conflicts(targets, [one.path for one in found], force=force)
    return tuple(_migrate_one(one, terms, force=force) for one in planned)


def _plan(receipt: Receipt, terms: Terms) -> Migration:
    if receipt.submission is None or receipt.status is Status.HELD:
        return Migration(receipt=receipt, outcome=Outcome(receipt.status), reason=receipt.reason)
    identity, form = receipt.submission.identity, terms.form_of(receipt.submission)
    if identity.edition == form.edition:
        return Migration(receipt=receipt, outcome=Outcome.CURRENT, form=form)
    if form.older_edition(identity.edition) is not None and form.asks_of(identity.period):
        return Migration(receipt=receipt, outcome=Outcome.MIGRATED, form=form)
    return Migration(receipt=receipt, outcome=Outcome.UNKNOWN, form=form, reason=_why_not(form, identity))


def _why_not(form: Form, identity: Identity) -> str:
    if not identity.edition:
        return form.say("migrate.no_edition")
    if form.older_edition(identity.edition) is not None:
        return form.say("migrate.no_year")
    return form.say("migrate.unknown", found=inert_line(identity.edition))


def _name(planned: Sequence[Migration], folder: pathlib.Path) -> Iterator[Migration]:
    """Yield the plans, each that will be written with a path of its own."""
    written = [one for one in planned if one.outcome is Outcome.MIGRATED]
    names = make_distinct(stem_of(one.receipt.source) for one in written)
    for one in planned:
        yield replace(one, path=folder / (next(names) + _ENDING)) if one.outcome is Outcome.MIGRATED else one


def _migrate_one(planned: Migration, terms: Terms, *, force: bool) -> Migration:
    submission = planned.receipt.submission
    if planned.path is None or planned.form is None or submission is None:
        return planned
    current = terms.of(planned.form.id)
    carried = carry(planned.receipt, current, trusted=True)
    identity = submission.identity
    try:
        with replace_file(planned.path, refuse_nothing if force else refuse_existing) as draft:
            draft_template(
                current,
                draft,
                identity=reissue(identity, replace(terms, named=current, period=identity.period)),
                notice=terms.notice,
                answers=carried.answers,
                explanations=carried.explanations,
            )
            read_back(draft, current, carried, submission)
    except WorkbookError as error:
        reason = error.line(planned.form.language)
        return replace(planned, outcome=Outcome.REFUSED, reason=reason, path=None)
    return replace(
        planned,
        moved=len(carried.answers),
        left_behind=carried.lost,
        to_fill=to_fill(planned.form, submission),
        doubts=tuple(_words(current.form, one, submission) for one in doubts(planned.receipt)),
    )


def _words(form: Form, finding: Finding, submission: Submission) -> str:
    return inert_line(render_message(finding, form.label, submission.cells, form.language), _LONGEST)
