"""Write what is sent back: for each faulty return a fresh workbook with its answers, and the letter that goes along."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from gwxl.batch.files import find_files
from gwxl.batch.inbox import read_files
from gwxl.engines.engine import run
from gwxl.errors import RefusedError, SettingsError, WorkbookError
from gwxl.files.drafts import sweep
from gwxl.files.folder_lock import wait_for_others
from gwxl.files.outputs import make_folder, refuse_existing, refuse_in_the_way, refuse_nothing, replace_file
from gwxl.form.definition import Form
from gwxl.form.identity import issue_identity
from gwxl.records.path import Path as FormPath
from gwxl.records.period import ANY
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Identity, Status, Value
from gwxl.returns.addressing import Addressee, find_issued
from gwxl.returns.doubting import NO_DOUBT, Doubt, doubt_of
from gwxl.returns.letters import render_return_letter
from gwxl.returns.planning import Job, NoJob, Plan, Planner, Sending, blank_terms
from gwxl.returns.prefilling import Carried, carry, read_back
from gwxl.returns.reissuing import find_vouched_site, issued_answers, mark_review, reissue
from gwxl.returns.reviewing import review_of, review_of_refused
from gwxl.returns.sent_log import Cells, Line, Sent, SentLog, heads_of
from gwxl.template import Review, draft_template
from gwxl.terms import Terms
from gwxl.wording import each, text

_FEW = 3  # returns that are written sooner than a worker starts


@dataclass(frozen=True, kw_only=True)
class Returned:
    """What became of one return.

    Attributes:
        to: whom it goes back to, None where that is not known, or nothing goes back.
        number: the round it was sent in, now or before; None where nothing went.
        review: what is said of it, None where nothing could be read.
        workbook, letter: what was written, or after a dry run would be; None where nothing was.
        reason: why nothing was written though somebody has to act, else empty.
        earlier: what was sent already and said the same, None where nothing did.
    """

    receipt: Receipt
    to: Addressee | None = None
    number: int | None = None
    review: Review | None = None
    workbook: Path | None = None
    letter: Path | None = None
    reason: str = ""
    earlier: Sent | None = None


def send_receipts(terms: Terms, receipts: Sequence[Receipt], sending: Sending) -> Iterator[Returned]:
    """Yield what became of each return; one that cannot be written does not keep the others from it.

    What the folder holds stays: a new round stands beside the old ones, and what was said already is not said again.
    The log of the folder tells what was sent in which round.

    Args:
        terms: the forms and the period asked for, that of each return where it is none; the key signs what goes out.
        receipts: what was read, in the order the workbooks are named.
        sending: where to.

    Raises:
        OutputError: the folder cannot be made or is being written into, or a file in it cannot be written.
    """
    log = SentLog(sending.folder, terms.language)
    plans = list(Planner(terms, receipts, sending, log).plans())
    if not any(isinstance(one, Job) for one in plans):
        yield from (_leave_untouched(one, terms) for one in plans if isinstance(one, NoJob))
        return
    if sending.dry_run:
        refuse_in_the_way(sending.folder)
        list(_learn(log, terms))  # what lies there counts, listed or not
        planner = Planner(terms, receipts, sending, log)
        yield from (returned for returned, _ in _send_all(list(planner.plans()), planner, terms))
        return
    make_folder(sending.folder)
    with wait_for_others(sending.folder):
        log = SentLog(sending.folder, terms.language)  # nobody else writes it now
        learnt, lines = list(_learn(log, terms)), list[Line]()
        planner = Planner(terms, receipts, sending, log)
        try:
            for returned, line in _send_all(list(planner.plans()), planner, terms):
                lines += [line] if line else []
                yield returned
        finally:
            anew = {line.workbook for line in lines}  # made once more: its own row says more of it
            log.add([*(one for one in learnt if one.workbook not in anew), *lines], _heads(terms.forms[0].form))


def _learn(log: SentLog, terms: Terms) -> Iterator[Line]:
    """Yield a row for each workbook of ours in the folder that its log does not list."""
    found = find_files(log.find_unlisted())
    for one, receipts in zip(found, read_files(found, terms.for_period(ANY)), strict=True):
        sent = receipts[0].submission.round if receipts and receipts[0].submission else None
        line = log.learn(one.path.name, sent)
        if line is not None:
            yield line


def _heads(form: Form) -> Cells:
    code, name, unit = (
        form.label(FormPath(key)) if key else "" for key in (form.roles.code, form.roles.name, form.roles.unit)
    )
    return heads_of(form.language, code, name, unit)


def _send_all(plans: Sequence[Plan], planner: Planner, terms: Terms) -> Iterator[tuple[Returned, Line | None]]:
    sending = planner.sending
    jobs = [one for one in plans if isinstance(one, Job)]
    blank = blank_terms(terms, planner.receipts)
    with closing(_write_all(jobs, terms, blank, sending)) as written:
        for one in plans:
            if isinstance(one, NoJob):
                yield _leave_untouched(one, terms), None
                continue
            returned = next(written)
            yield returned, _line(one, returned, terms) if returned.workbook else None


def _line(job: Job, returned: Returned, terms: Terms) -> Line:
    review, form = returned.review, terms.form_of(job.receipt.submission)
    reason = job.receipt.reason if job.receipt.status is Status.REFUSED else ""
    if review is not None and not reason:
        reason = review.held or review.rejected or form.say("sent.reason", **review.counted)
    return Line(
        number=job.number,
        code=job.to.code,
        name=job.to.name,
        unit=job.to.unit,
        workbook=returned.workbook.name if returned.workbook else "",
        letter=returned.letter.name if returned.letter else "",
        day=terms.today.isoformat() if terms.today else "",
        reason=reason,
        file=job.receipt.source.name,
        said=job.said,
    )


def _write_all(
    jobs: Sequence[Job], terms: Terms, blank: Terms | None, sending: Sending
) -> Generator[Returned, None, None]:
    """Yield what came of each job, in their order: here for a few, in worker processes where that saves time."""
    send = partial(_send, terms=terms, blank=blank, sending=sending)
    if len(jobs) <= _FEW or sending.dry_run:
        yield from map(send, jobs)
        return
    try:
        with closing(run(send, jobs, partial(_fail_to_write, language=terms.language))) as results:
            for (returned,) in results:
                yield returned
    finally:
        sweep(sending.folder)  # the drafts of workers that were stopped


def _fail_to_write(job: Job, refusal: RefusedError, *, language: str) -> Returned:
    reason = text(f"refused.{refusal.reason}", language, **refusal.details)
    return Returned(receipt=job.receipt, to=job.to, reason=reason)


def _leave_untouched(one: NoJob, terms: Terms) -> Returned:
    """Account for a return of which nothing is written."""
    number = one.earlier.number if one.earlier else None
    review = None
    if not one.reason:
        review = review_of(one.receipt, terms.rules_of(one.receipt.submission), Carried(), period=terms.period)
    return Returned(
        receipt=one.receipt, to=one.to, number=number, review=review, reason=one.reason, earlier=one.earlier
    )


def _send(job: Job, *, terms: Terms, blank: Terms | None, sending: Sending) -> Returned:
    refused = job.receipt.status is Status.REFUSED
    terms = (blank or terms) if refused else replace(terms, named=terms.rules_of(job.receipt.submission))
    name = (terms.issued or {}).get(find_issued(job.receipt), "")
    doubt = NO_DOUBT if refused else doubt_of(job.receipt, terms, name)
    try:
        identity = _identity(job.receipt, terms, trusted=not doubt.whole)
        said = issued_answers(terms.rules, job.receipt, identity.site_code, name, trusted=not doubt.whole)
        carried, review = _review(job, terms, doubt, said)
        if not sending.dry_run:
            _write(job, terms, sending, identity=identity, carried=carried, review=review)
    except (WorkbookError, SettingsError) as error:
        _, review = _review(job, terms, doubt, {})
        return Returned(receipt=job.receipt, to=job.to, review=review, reason=error.line(terms.language))
    workbook, letter = job.paths(sending.folder, terms.language)
    return Returned(receipt=job.receipt, to=job.to, number=job.number, review=review, workbook=workbook, letter=letter)


def _review(job: Job, terms: Terms, doubt: Doubt, said: Mapping[FormPath, str]) -> tuple[Carried, Review]:
    """Return what goes into the fresh workbook, and what is said; a blank one goes for files that could not be read."""
    receipt, rules, to = job.receipt, terms.rules, job.to.words(terms.language)
    if receipt.status is Status.REFUSED:
        carried = Carried(answers=said, issued=said)
        review = review_of_refused((receipt, *job.also), terms.form, job.number, to)
        return carried, mark_review(review, receipt, terms.form, Carried(), terms.key)
    carried = carry(receipt, rules, trusted=not doubt.whole, doubted=doubt.paths, issued=said)
    review = review_of(receipt, rules, carried, period=terms.period, doubt=doubt, number=job.number, to=to)
    return carried, mark_review(review, receipt, rules.form, carried, terms.key)


def _write(job: Job, terms: Terms, sending: Sending, *, identity: Identity, carried: Carried, review: Review) -> None:
    """Write workbook and letter, both or neither; the workbook is read back before it gets its name."""
    refuse = refuse_nothing if sending.force else refuse_existing
    workbook, letter = job.paths(sending.folder, terms.language)
    with replace_file(letter, refuse) as words, replace_file(workbook, refuse) as draft:
        made = draft_template(
            terms.rules,
            draft,
            identity=identity,
            notice=terms.notice,
            answers=carried.answers,
            explanations=carried.explanations,
            review=review,
            last=_last(job.receipt, terms, carried.issued.get(FormPath(terms.form.roles.code))),
            fixed=frozenset(carried.issued),
        )
        if job.receipt.submission is not None and not review.refused:
            read_back(draft, terms.rules, carried, job.receipt.submission)
        words.write_text(render_return_letter(terms, made, review), "utf-8")


def _last(receipt: Receipt, terms: Terms, bound: str | None) -> Mapping[FormPath, Value] | None:
    """Return what stands in 上年数: of the site the workbook is bound to, else of the one its return names."""
    if receipt.submission is None or bound:
        known = terms.previous if terms.previous and terms.previous.form == terms.form.id else None
        return known.of(bound, terms.period) if known and bound else None
    return terms.last(terms.form, receipt.submission)


def _identity(receipt: Receipt, terms: Terms, *, trusted: bool) -> Identity:
    """Return what the fresh workbook says it is: of the same site where that is sure, of any site otherwise."""
    found = receipt.submission.identity if receipt.submission else None
    period = terms.period if terms.year or found is None else found.period
    if not terms.form.asks_of(period) and terms.form.span:
        raise WorkbookError(each("failure.unsaid_period", file=receipt.source.name))
    if found is None:
        identity = issue_identity(terms.form, period=period, key=terms.key)
    else:
        identity = reissue(
            found, terms.for_period(period), trusted=trusted, vouched=find_vouched_site(terms.form, receipt)
        )
    if terms.find_lacking(identity):
        raise WorkbookError(each("failure.unproven"))
    return identity
