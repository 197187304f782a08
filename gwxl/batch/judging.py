"""Turn what was read into a batch: year, edition, decisions, corrections, duplicates, sites, in this order."""

from collections.abc import Sequence
from dataclasses import replace

from gwxl.batch.batch import Batch
from gwxl.batch.corrections import Trust, replace_corrected
from gwxl.batch.decision import Decision
from gwxl.batch.decisions.applying import choose, decide_held, decide_rows, hold_turned_down, settle, take_proposals
from gwxl.batch.decisions.attributions import attach, recode
from gwxl.batch.decisions.binding import bound
from gwxl.batch.decisions.cases import covers_of, open_cases
from gwxl.batch.decisions.docket import Docket
from gwxl.batch.duplicates import resolve_duplicates
from gwxl.batch.editions import hold_other_editions
from gwxl.batch.peers import compare_sites
from gwxl.batch.unanswered import refuse_blanks
from gwxl.batch.years import batch_year, hold_other_years
from gwxl.intake import in_order
from gwxl.records.receipt import Receipt
from gwxl.rules.ruleset import RuleSet


def judge_batch(
    rules: RuleSet,
    receipts: Sequence[Receipt],
    decisions: Sequence[Decision],
    asked_year: int | None = None,
    trust: Trust = Trust(),  # noqa: B008 - frozen, so that sharing one is safe
) -> Batch:
    """Return the batch of receipts: which of them count, which wait for the clerk, and why.

    Args:
        rules: the form and its rules.
        receipts: what was read.
        decisions: what the clerk has decided so far.
        asked_year: the year asked for; that of most returns when None.
        trust: what the marks of workbooks that were sent back are held against.
    """
    batch = _judged(rules, receipts, decisions, asked_year, trust)
    met = bound(decisions, batch.decisions)
    return batch if met is None else _judged(rules, receipts, met, asked_year, trust)


def _judged(
    rules: RuleSet,
    receipts: Sequence[Receipt],
    decisions: Sequence[Decision],
    asked_year: int | None,
    trust: Trust,
) -> Batch:
    form = rules.form
    docket = Docket(form, decisions, receipts)
    year = batch_year(receipts, asked_year)
    judged = hold_other_years(receipts, rules, year)
    judged = hold_other_editions(judged, form)
    judged = take_proposals(judged, docket, rules, year)
    judged = decide_rows(judged, docket, rules, year)
    judged = decide_held(judged, docket, rules)
    judged = recode(judged, docket, rules, year)
    covers = covers_of(form, judged, docket)
    choices = choose(judged, docket, covers)
    judged = hold_turned_down(judged, docket, covers, rules)
    judged = replace_corrected(form, judged, trust, choices.used)
    judged = refuse_blanks(judged, form.language)
    judged = resolve_duplicates(form, judged, choices.used, choices.turned_down)
    judged = compare_sites(form, judged)
    judged = settle(judged, docket, covers)
    judged = attach(form, judged, docket)
    ordered = tuple(replace(receipt, findings=in_order(form, receipt.findings)) for receipt in judged)
    rows = docket.rows(open_cases(form, ordered, docket, covers))
    return Batch(form=form, year=year, receipts=ordered, decisions=rows)
