"""Say what the workbook is that answers a return: of the same site where that is sure, signed where it was verified."""

from dataclasses import replace

from gwxl.batch.corrections import answered_by, marked_site
from gwxl.form.definition import Form
from gwxl.form.identity import issue_identity
from gwxl.form.signature import CampaignKey, Standing
from gwxl.intake.contents import digest
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Identity
from gwxl.returns.prefilling import Carried, carried_contents
from gwxl.template import Review
from gwxl.terms import Terms


def reissued(found: Identity, terms: Terms, *, trusted: bool = True) -> Identity:
    """Return the identity of the fresh workbook; nothing is signed that was not verified.

    Args:
        found: what the return says it is.
        terms: the current form, the period of the fresh workbook and the campaign's key.
        trusted: the return was taken; else the fresh workbook is for any site, unless a signature says for which.
    """
    key = terms.key
    genuine = key is not None and key.standing(found) is Standing.GENUINE
    site = found.site_code if trusted or genuine else None
    return issue_identity(terms.form, year=terms.year, site_code=site, key=key if genuine else None)


def marked(review: Review, receipt: Receipt, form: Form, carried: Carried, key: CampaignKey | None) -> Review:
    """Return a review whose workbook remembers which return it answers, signed where there is a key.

    That a return is itself a correction is passed on, but where the key does not vouch for it.
    """
    submission = receipt.submission
    before = submission.round if submission else None
    vouched = before is not None and (key is None or key.round_standing(before) is Standing.GENUINE)
    mark = replace(
        review.sent,
        answers=(answered_by(receipt), *(before.answers if before is not None and vouched else ())),
        site=marked_site(form, receipt),
        contents=digest(carried_contents(carried, submission), carried.explanations) if submission else "",
    )
    return replace(review, mark=key.sign_round(mark) if key else mark)
