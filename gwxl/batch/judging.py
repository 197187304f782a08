"""Turn what was read into a batch: year, edition, decisions, corrections, duplicates, sites, in this order."""

from collections.abc import Sequence
from dataclasses import replace

from gwxl.batch.batch import Batch, Decision
from gwxl.batch.corrections import Trust, replace_corrected
from gwxl.batch.decisions import chosen, decide_held, decide_rows, open_cases, settle, take_proposals, turned_down
from gwxl.batch.decisions_file import merged_rows
from gwxl.batch.duplicates import resolve_duplicates
from gwxl.batch.editions import hold_other_editions
from gwxl.batch.peers import compare_sites
from gwxl.batch.unanswered import refuse_blanks
from gwxl.batch.years import batch_year, hold_other_years
from gwxl.intake import in_order
from gwxl.receipt import Receipt
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
    form = rules.form
    year = batch_year(receipts, asked_year)
    judged = hold_other_years(receipts, rules, year)
    judged = hold_other_editions(judged, form)
    judged = take_proposals(judged, decisions, rules, year)
    judged = decide_rows(judged, decisions, rules, year)
    judged = decide_held(judged, decisions, rules)
    judged = replace_corrected(form, judged, trust, chosen(decisions))
    judged = refuse_blanks(judged, form.language)
    judged = resolve_duplicates(form, judged, chosen(decisions), turned_down(decisions))
    judged = compare_sites(form, judged)
    judged = settle(judged, decisions)
    ordered = tuple(replace(receipt, findings=in_order(form, receipt.findings)) for receipt in judged)
    return Batch(form=form, year=year, receipts=ordered, decisions=merged_rows(decisions, open_cases(form, ordered)))
