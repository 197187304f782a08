"""Write the receipt of a site: a page of what was counted of its return, for who filled it in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from gwxl.batch.batch import ACCEPTED, site_code
from gwxl.batch.corrections import Trust
from gwxl.batch.files import list_files
from gwxl.batch.inbox import read_files
from gwxl.batch.judging import judge_batch
from gwxl.errors import SettingsError
from gwxl.files.outputs import refuse_nothing, replace_file
from gwxl.files.page_mark import mark_page, refuse_strange
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.publishing.page import Answer, Line, Matrix, Part, around, parts_of
from gwxl.records.path import Path as FormPath
from gwxl.records.period import ANY
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Submission
from gwxl.rendering import render
from gwxl.summary.columns import figure_words
from gwxl.summary.levels.joining import join_decisions, join_vouched
from gwxl.summary.levels.taking import read_taken
from gwxl.summary.places import decisions_on
from gwxl.summary.sheets.files import way
from gwxl.summary.standing.arrivals import Arrival
from gwxl.summary.standing.joining import most_telling
from gwxl.summary.stored.listing import Listing, read_listing
from gwxl.summary.stored.own_process import run_aside
from gwxl.summary.stored.stood import Stood, read_stood
from gwxl.terms import Terms
from gwxl.totals.figure import Why, countable
from gwxl.wording import each, text

TEMPLATE = "receipt.html.j2"
_SILENT = frozenset({Why.BLANK, Why.NOT_ASKED, Why.LEFT_OUT})


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
    cells of the summary. One that came by a summary of the level below is taken from what that handed on.

    Args:
        terms: what it is held against; the form is the one the summary names where none is, the period its own. What
            they know of the mails that brought the files is told.
        summary: a summary that was merged in a campaign.
        code: of the site.
        page: the HTML file to write.
        force: replace whatever stands there; else only the page of this site that nobody has changed.

    Raises:
        SettingsError: the file is no such summary, nothing of the site counts in it, or the return is gone from the
            inbox or is another by now.
        OutputError: something else stands where the page is to be written, or it cannot be written.
        FormError: the template of the page cannot be rendered.
    """
    listing, arrival = run_aside(read_listing, summary), _find_counting(summary, code)
    owner = f"receipt {listing.form} {listing.period} {arrival.code}"
    refuse = refuse_nothing if force else refuse_strange(owner)
    refuse(page)
    terms = replace(terms, named=terms.named or listing.form, period=listing.period)
    receipt = _read(terms, listing, arrival, summary)
    form = terms.form_of(receipt.submission)
    merged = datetime.fromtimestamp(summary.stat().st_mtime, UTC)
    came = (terms.came or {}).get(arrival.source.file)
    about = _about(form, arrival, merged, came.words if came else "")
    uncounted = dict(_find_uncounted(form, receipt))
    with replace_file(page, refuse) as draft:
        draft.write_bytes(mark_page(_page(form, receipt, about, uncounted), owner))
    labels = tuple(form.label(FormPath(key)) for key in uncounted)
    return Counted(receipt=receipt, merged=merged, page=page, uncounted=labels)


def _find_counting(summary: Path, code: str) -> Arrival:
    """Return what counts of a site in a summary."""
    stood = run_aside(read_stood, summary)
    if stood is None:
        raise SettingsError(each("receipt.no_roster", summary=summary))
    wanted = code.casefold()
    counting = (one for one in stood.arrivals if one.accepted and one.code.casefold() == wanted)
    found = next(counting, None)
    if found is None:
        raise SettingsError(_why_nothing(stood, summary, wanted, inert_line(code)))
    return found


def _why_nothing(stood: Stood, summary: Path, wanted: str, code: str) -> Mapping[str, str]:
    """Return why nothing of a site counts: its workbook counts for another, what came does not, or nothing came."""
    asked = {site.code.casefold() for site in stood.sites}
    known = {"code": code, "summary": summary}
    for one in stood.arrivals:
        if one.accepted and one.issued.casefold() == wanted:
            return each("receipt.counts_elsewhere", file=inert_line(one.source.name), other=one.code, **known)
    own = [one for one in stood.arrivals if wanted in {one.code.casefold(), one.whose(asked | {wanted})}]
    if not own:
        return each("receipt.nothing_came" if wanted in asked else "receipt.not_asked", **known)
    one = most_telling(own)
    state, cure = each(f"summary.state.{one.state}"), each(f"receipt.cure.{'below' if one.source.by else one.state}")
    return each("receipt.nothing_counts", file=inert_line(one.source.name), state=state, cure=cure, **known)


def _read(terms: Terms, listing: Listing, arrival: Arrival, summary: Path) -> Receipt:
    """Return the return that counts, read and judged again, with what was decided on it."""
    folder = listing.inbox
    below = [read_taken(terms, summary)] if arrival.source.by else []
    found = [receipt for one in below for receipt in one.receipts] if below else _read_file(terms, folder, arrival)
    same = [one for one in found if _entry(one.source) == _entry(arrival.source)]
    name = inert_line(arrival.source.name)
    if not same:
        raise SettingsError(each("receipt.file_gone", file=name, folder=folder or "?", summary=summary))
    decisions = join_decisions(decisions_on(folder or summary, terms.language).read_whole(), below)
    trust = Trust(key=terms.key, vouched=join_vouched(below))
    counted = [one for one in judge_batch(terms, same, decisions, trust).receipts if one.status in ACCEPTED]
    if not counted or site_code(terms.form, counted[0]).casefold() != arrival.code.casefold():
        raise SettingsError(each("receipt.otherwise", file=name, summary=summary))
    return counted[0]


def _read_file(terms: Terms, folder: Path | None, arrival: Arrival) -> Sequence[Receipt]:
    files = list_files(folder) if folder is not None and folder.is_dir() else ()
    here = [one for one in files if one.name == arrival.source.file]
    return [one for some in read_files(here, terms.for_period(ANY)) for one in some]


def _entry(source: Source) -> tuple[tuple[str, ...], str, str, str]:
    return source.by, source.member or "", source.sheet or "", source.sha256


def _find_uncounted(form: Form, receipt: Receipt) -> Iterator[tuple[str, Answer]]:
    """Yield key of each field whose answer is in no total → what is shown in its place."""
    for field in form.fields.values():
        figure = countable(form, receipt, field.path)
        if not figure.counts and figure.why not in _SILENT:
            words = text("summary.uncounted.mark", form.language, value=figure_words(field, figure, form.language))
            yield field.key, Answer(text=inert_line(words))


def _about(form: Form, arrival: Arrival, merged: datetime, came: str) -> Sequence[Mapping[str, str]]:
    """Return label and value of what was counted: its state, from where, by its digest, and when."""
    source = arrival.source
    told = {
        "state": text(f"summary.state.{arrival.state}", form.language),
        "by": inert_line(way(source)),
        "file": inert_line(replace(source, by=()).name),
        "sha256": source.sha256,
        "came": "" if source.by else inert_line(came),
        "merged": f"{merged.astimezone():%Y-%m-%d %H:%M}",
    }
    return [{"label": form.say(f"receipt.{name}"), "value": value} for name, value in told.items() if value]


def _page(form: Form, receipt: Receipt, about: Sequence[Mapping[str, str]], uncounted: Mapping[str, Answer]) -> str:
    submission = receipt.submission
    assert submission is not None  # noqa: S101 - what counts was read
    return render(
        TEMPLATE,
        form.folder,
        language=form.language,
        heading=form.say("receipt.title", title=form.entitle(submission.identity.period)),
        name=_name(form, submission),
        note=form.say("receipt.note"),
        about=about,
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

    def matrix(one: Matrix) -> Matrix:
        rows = (replace(row, cells=tuple(cell and line(cell) for cell in row.cells)) for row in one.rows)
        return replace(one, rows=tuple(rows))

    blocks = tuple(replace(one, lines=tuple(map(line, one.lines))) for one in part.blocks)
    return replace(part, blocks=blocks, matrices=tuple(map(matrix, part.matrices)))
