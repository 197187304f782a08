"""Turn what was read into a batch: period, edition, decisions, corrections, duplicates, sites, in this order."""

from collections.abc import Sequence
from dataclasses import replace

from gwxl.batch.batch import Batch
from gwxl.batch.corrections import Trust, collect_vouched, replace_corrected
from gwxl.batch.decision import Decision
from gwxl.batch.decisions.applying import (
    choose,
    decide_held,
    decide_rows,
    hold_turned_down,
    send_back,
    settle,
    take_proposals,
    turn_down_corrections,
)
from gwxl.batch.decisions.attributions import attach, recode
from gwxl.batch.decisions.binding import bind
from gwxl.batch.decisions.cases import covers_of, open_cases
from gwxl.batch.decisions.docket import Docket
from gwxl.batch.duplicates import resolve_duplicates, set_aside_repeated, settle_earlier
from gwxl.batch.editions import hold_other_editions
from gwxl.batch.peers import compare_neighbours, compare_repeated, compare_sites
from gwxl.batch.periods import choose_period, hold_other_periods
from gwxl.batch.unanswered import refuse_blanks
from gwxl.intake import sort_findings
from gwxl.records.receipt import Receipt
from gwxl.terms import Terms


def judge_batch(
    terms: Terms,
    receipts: Sequence[Receipt],
    decisions: Sequence[Decision],
    trust: Trust = Trust(),  # noqa: B008 - frozen, so that sharing one is safe
) -> Batch:
    """Return the batch of receipts: which of them count, which wait for the clerk, and why.

    Args:
        terms: the form, its rules and the period asked for; that of most returns where it is none.
        receipts: what was read.
        decisions: what the clerk has decided so far.
        trust: what the marks of workbooks that were sent back are held against.
    """
    aside = set_aside_repeated(terms.form, receipts)
    single = [one for one, repeated in zip(receipts, aside, strict=True) if repeated is None]
    batch = _judge(terms, single, decisions, trust)
    met = bind(decisions, batch.decisions)
    batch = batch if met is None else _judge(terms, single, met, trust)
    judged = iter(batch.receipts)
    return replace(batch, receipts=tuple(repeated or next(judged) for repeated in aside), read=tuple(receipts))


def _judge(terms: Terms, receipts: Sequence[Receipt], decisions: Sequence[Decision], trust: Trust) -> Batch:
    terms = terms.for_period(choose_period(receipts, terms))
    form = terms.form
    docket = Docket(form, decisions, receipts)
    judged = hold_other_periods(receipts, terms)
    judged = hold_other_editions(judged, form)
    judged = take_proposals(judged, docket, terms)
    judged = decide_rows(judged, docket, terms)
    judged = decide_held(judged, docket, terms.rules)
    judged = recode(judged, docket, terms)
    judged = send_back(judged, docket, form)
    covers = covers_of(form, judged, docket)
    choices = choose(judged, docket, covers)
    judged = hold_turned_down(judged, docket, covers, terms.rules)
    judged = turn_down_corrections(judged, docket, form)
    judged = replace_corrected(form, judged, trust, choices.used)
    judged = refuse_blanks(judged, form.language)
    judged = resolve_duplicates(form, judged, choices.used, choices.turned_down, choices.contradicted)
    judged = settle_earlier(form, judged)
    judged = compare_sites(form, judged)
    judged = compare_neighbours(terms.rules, judged)
    judged = compare_repeated(terms.rules, judged)
    judged = settle(judged, docket, covers)
    judged = attach(form, judged, docket)
    ordered = tuple(replace(receipt, findings=sort_findings(form, receipt.findings)) for receipt in judged)
    rows = docket.rows(open_cases(form, ordered, docket, covers))
    return Batch(
        form=form,
        period=terms.period,
        receipts=ordered,
        decisions=rows,
        read=tuple(receipts),
        vouched=collect_vouched(form, receipts, trust),
    )
