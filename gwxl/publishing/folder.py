"""Publish a summary: a page for each return that passed, and an index of them."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gwxl.batch.inbox import Progress
from gwxl.files.outputs import fill_folder
from gwxl.files.page_mark import is_ours, mark_page, refuse_strange
from gwxl.form.definition import Form
from gwxl.publishing.index import NAME, Entry, entry_of, index_page
from gwxl.publishing.page import Imprint, public_text, report_page
from gwxl.publishing.single import Published, look_at
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Submission
from gwxl.returns.from_summary import Taken, take_up
from gwxl.returns.output_names import fit_name, make_distinct
from gwxl.terms import Terms

_ENDING = ".html"


@dataclass(frozen=True, kw_only=True)
class PublishedSummary:
    """What became of the returns of a summary.

    Attributes:
        folder: where the pages stand.
        index: the page that leads to them, None where none was written.
        returns: one for each that the summary lists, in its order.
        stale: pages that an earlier run left in the folder and to which the index does not lead any more.
        strangers: names of files of the inbox that the summary does not list as they are.
        missing: names of files that the summary lists and that are gone or changed.
    """

    folder: Path
    index: Path | None
    returns: tuple[Published, ...]
    stale: tuple[Path, ...] = ()
    strangers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def publish_summary(
    terms: Terms,
    summary: Path,
    folder: Path,
    *,
    inbox: Path | None = None,
    publisher: str = "",
    reading: Progress = lambda _done, _all: None,
    writing: Progress = lambda _done, _all: None,
) -> PublishedSummary:
    """Write a page for each return that passed in a summary and passes still, and an index by kind and sponsor.

    The returns are read again in the inbox of the summary: nothing depends on what stands in its cells. Pages of the
    same form and year that an earlier run wrote are replaced, anything else never.

    Args:
        terms: what they are held against; the form is the one the summary names where none is, the period its own,
            their day the day of publishing.
        summary: a summary that gwxl wrote.
        folder: where the pages are written; it is made if it is not there.
        inbox: the folder the returns lie in; the one the summary names when None.
        publisher: who publishes them; where empty, each return's own sponsor, else its unit.
        reading: called with (files done, files in all).
        writing: called with (pages done, pages in all).

    Raises:
        SettingsError: the file is no summary, its inbox is not there, or it demands signatures and there is no key.
        OutputError: something else stands already where a page is to be written, or it cannot be written.
        FormError: a template of the form's pages cannot be rendered.
    """
    taken = take_up(terms, summary, inbox=inbox, progress=reading)
    looked = [_judge(taken, receipt) for receipt in taken.receipts]
    pages = dict(_pages(taken.terms.form, looked))
    imprint = Imprint(publisher=publisher, day=terms.today, index=NAME)
    if pages:
        _write(taken.terms, folder, [(looked[place], page) for place, page in pages.items()], imprint, writing)
    owner = _owner(taken.terms.form, taken.terms.period)
    return PublishedSummary(
        folder=folder,
        index=folder / NAME if pages else None,
        returns=tuple(
            replace(one, page=folder / pages[place]) if place in pages else one for place, one in enumerate(looked)
        ),
        stale=tuple(_stale(folder, owner, {*pages.values(), NAME} if pages else set())),
        strangers=tuple(receipt.source.name for receipt in taken.strangers),
        missing=taken.missing,
    )


def _judge(taken: Taken, receipt: Receipt) -> Published:
    """Return a return with the reason why it has no page, though nothing is open in it."""
    one = look_at(taken.terms, receipt)
    if receipt.passed and not one.receipt.reason and not taken.had_passed(receipt):
        return replace(one, receipt=replace(receipt, reason=taken.terms.form.say("publish.since")))
    return one


def _pages(form: Form, looked: Sequence[Published]) -> Iterator[tuple[int, str]]:
    """Yield the place of each return that is published, with the name of its page."""
    places = [place for place, one in enumerate(looked) if one.receipt.passed and not one.receipt.reason]
    stems = [_stem(form, looked[place].receipt.submission, number) for number, place in enumerate(places, 1)]
    _, *names = make_distinct([Path(NAME).stem, *stems])
    yield from zip(places, (name + _ENDING for name in names), strict=True)


def _stem(form: Form, submission: Submission | None, number: int) -> str:
    """Return what a page is called after: what is published of its code or name, else its number."""
    said = (public_text(form, submission, role) for role in ("code", "name", "unit")) if submission else ()
    return next((fit_name(words) for words in said if words), str(number))


def _write(
    terms: Terms, folder: Path, chosen: Sequence[tuple[Published, str]], imprint: Imprint, writing: Progress
) -> None:
    form, owner, entries = terms.form, _owner(terms.form, terms.period), list[Entry]()
    names = [name for _, name in chosen]
    with fill_folder(folder, [*names, NAME], refuse_strange(owner)) as draft:
        for done, (one, name) in enumerate(chosen, 1):
            if (submission := one.receipt.submission) is not None:
                (draft / name).write_bytes(mark_page(report_page(form, submission, imprint), owner))
                entries.append(entry_of(form, submission, name))
            writing(done, len(chosen))
        (draft / NAME).write_bytes(mark_page(index_page(form, terms.period, entries, imprint), owner))


def _owner(form: Form, period: Period) -> str:
    """Return what the pages of a form and a year are known by."""
    return f"publish {form.id} {period}"


def _stale(folder: Path, owner: str, names: Container[str]) -> Iterator[Path]:
    others = (path for path in sorted(folder.glob(f"*{_ENDING}")) if path.name not in names)
    yield from (path for path in others if is_ours(path, owner))
