"""Write the receipt of a site: a page of what was counted of its return, for who filled it in."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from gwxl.batch.batch import ACCEPTED, site_code
from gwxl.batch.corrections import Trust
from gwxl.batch.files import list_files
from gwxl.batch.inbox import read_files
from gwxl.batch.judging import judge_batch
from gwxl.errors import SettingsError
from gwxl.files.outputs import refuse_existing, refuse_nothing, replace_file
from gwxl.form.definition import Form
from gwxl.form.period import Period
from gwxl.inert import inert_line
from gwxl.merging import decisions_on
from gwxl.publishing.page import Answer, Line, Part, around, parts_of, title_of
from gwxl.records.path import Path as FormPath
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Submission
from gwxl.rendering import render
from gwxl.summary.columns import figure_words
from gwxl.summary.standing.arrivals import Arrival
from gwxl.summary.stored.listing import Listing, read_listing
from gwxl.summary.stored.own_process import run_aside
from gwxl.summary.stored.stood import read_stood
from gwxl.terms import Terms
from gwxl.totals.figure import Why, countable
from gwxl.wording import LANGUAGES, each, text

TEMPLATE = "receipt.html.j2"
_SILENT = frozenset({Why.BLANK, Why.NOT_ASKED})


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What was counted of a site.

    Attributes:
        receipt: the return, as it counts. merged: when the summary was written. page: where its receipt stands.
        uncounted: labels of the answers that are in no total.
    """

    receipt: Receipt
    merged: datetime
    page: Path
    uncounted: tuple[str, ...]


def write_receipt(terms: Terms, summary: Path, code: str, page: Path, *, force: bool = False) -> Counted:
    """Write the page of what was counted of a site in a summary: the file, its sha256, and every answer by label.

    The return is read again, and what the clerk decided on it is applied: nothing depends on what stands in the
    cells of the summary.

    Args:
        terms: what it is held against; the form is the one the summary names where none is, the period its own.
        summary: a summary that was merged in a campaign.
        code: of the site.
        page: the HTML file to write.
        force: replace an existing file.

    Raises:
        SettingsError: the file is no such summary, nothing of the site counts in it, or the return is gone from the
            inbox or is another by now.
        OutputError: the page exists, or cannot be written.
        FormError: the template of the page cannot be rendered.
    """
    refuse = refuse_nothing if force else refuse_existing
    refuse(page)
    listing, arrival = run_aside(read_listing, summary), _find_counting(summary, code)
    merged = datetime.fromtimestamp(summary.stat().st_mtime, UTC)
    terms = replace(terms, named=terms.named or listing.form, period=Period(listing.year))
    receipt = _read(terms, listing, arrival, summary)
    form = terms.of(receipt.submission.identity.form if receipt.submission else "").form
    uncounted = dict(_find_uncounted(form, receipt))
    with replace_file(page, refuse) as draft:
        draft.write_bytes(_page(form, receipt, merged, uncounted).encode())
    labels = tuple(form.label(FormPath(key)) for key in uncounted)
    return Counted(receipt=receipt, merged=merged, page=page, uncounted=labels)


def _find_counting(summary: Path, code: str) -> Arrival:
    """Return what counts of a site in a summary."""
    stood = run_aside(read_stood, summary)
    if stood is None:
        raise SettingsError(each("receipt.no_roster", summary=summary))
    own = [one for one in stood.arrivals if code.casefold() in {one.code.casefold(), one.issued.casefold()}]
    counting = [one for one in own if one.accepted and one.code.casefold() == code.casefold()]
    if len(counting) != 1:
        states = [each(f"summary.state.{state}") for state in dict.fromkeys(one.state for one in own)]
        told = {language: ", ".join(state[language] for state in states) for language in LANGUAGES}
        key = "receipt.nothing_counts" if own else "receipt.nothing_came"
        raise SettingsError(each(key, code=inert_line(code), summary=summary, states=told))
    return counting[0]


def _read(terms: Terms, listing: Listing, arrival: Arrival, summary: Path) -> Receipt:
    """Return the return that counts, read and judged again, with what was decided on it."""
    folder = listing.inbox
    files = list_files(folder) if folder is not None and folder.is_dir() else ()
    here = [one for one in files if one.name == arrival.source.file]
    receipts = [one for some in read_files(here, terms.with_year(None)) for one in some]
    same = [one for one in receipts if _entry(one.source) == _entry(arrival.source)]
    if folder is None or not same:
        name = inert_line(arrival.source.name)
        raise SettingsError(each("receipt.file_gone", file=name, folder=folder or "?", summary=summary))
    decisions = decisions_on(folder, terms.language).read_whole()
    judged = judge_batch(terms, same, decisions, Trust(key=terms.key)).receipts
    counted = [one for one in judged if one.status in ACCEPTED]
    if not counted or site_code(terms.form, counted[0]).casefold() != arrival.code.casefold():
        raise SettingsError(each("receipt.otherwise", file=inert_line(arrival.source.name), summary=summary))
    return counted[0]


def _entry(source: Source) -> tuple[str, str, str]:
    return source.member or "", source.sheet or "", source.sha256


def _find_uncounted(form: Form, receipt: Receipt) -> Iterator[tuple[str, Answer]]:
    """Yield key of each field whose answer is in no total → what is shown in its place."""
    for field in form.fields.values():
        figure = countable(form, receipt, field.path)
        if not figure.counts and figure.why not in _SILENT:
            words = text("summary.uncounted.mark", form.language, value=figure_words(field, figure, form.language))
            yield field.key, Answer(text=inert_line(words))


def _page(form: Form, receipt: Receipt, merged: datetime, uncounted: Mapping[str, Answer]) -> str:
    submission, source = receipt.submission, receipt.source
    assert submission is not None  # noqa: S101 - what counts was read
    about = {
        "state": text(f"summary.state.{receipt.state}", form.language),
        "file": inert_line(source.name),
        "sha256": source.sha256,
        "merged": f"{merged.astimezone():%Y-%m-%d %H:%M}",
    }
    return render(
        TEMPLATE,
        form.folder,
        language=form.language,
        heading=form.say("receipt.title", title=title_of(form, submission.identity.year)),
        name=_name(form, submission),
        note=form.say("receipt.note"),
        about=[{"label": form.say(f"receipt.{name}"), "value": value} for name, value in about.items()],
        parts=[asdict(_mark(part, uncounted)) for part in parts_of(form, submission, every=True)],
        header=around(form.header, submission, every=True),
        footer=around(form.footer, submission, every=True),
    )


def _name(form: Form, submission: Submission) -> str:
    return inert_line(submission.text_of(form.roles.name)) if form.roles.name else ""


def _mark(part: Part, uncounted: Mapping[str, Answer]) -> Part:
    """Return a section with what does not count marked."""

    def line(one: Line) -> Line:
        return replace(one, answer=uncounted.get(one.key, one.answer))

    return replace(part, blocks=tuple(replace(one, lines=tuple(map(line, one.lines))) for one in part.blocks))
