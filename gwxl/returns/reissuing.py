"""Say what the workbook is that answers a return: of the same site where that is sure, signed where it was verified."""

from collections.abc import Mapping
from dataclasses import replace

from gwxl.batch.batch import NO_CORRECTION
from gwxl.batch.corrections import identify_return, site_to_remember
from gwxl.batch.senders import fold_words
from gwxl.form.definition import Form
from gwxl.form.identity import can_bear, issue_identity
from gwxl.form.signature import CampaignKey, Standing
from gwxl.intake.contents import digest
from gwxl.records.finding import Severity
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Identity, Status
from gwxl.returns.doubting import OTHER_CODE
from gwxl.returns.prefilling import Carried, contents_to_carry
from gwxl.rules.ruleset import RuleSet
from gwxl.template import Review, site_answers
from gwxl.terms import Terms

_UNPROVEN = "T10"


def reissue(found: Identity, terms: Terms, *, trusted: bool = True, vouched: str | None = None) -> Identity:
    """Return the identity of the fresh workbook; nothing is signed that was not verified.

    Args:
        found: what the return says it is.
        terms: the current form, the period of the fresh workbook and the campaign's key.
        trusted: the return was taken; else the fresh workbook is for any site, unless a signature says for which.
        vouched: the code of the site where a clerk vouches for it and the return is bound to none, else None.
    """
    key = terms.key
    genuine = key is not None and key.judge_identity(found) is Standing.GENUINE
    site = found.site_code if trusted or genuine else None
    site = site or (vouched if genuine else None)
    return issue_identity(terms.form, period=terms.period, site_code=site, key=key if genuine else None)


def find_vouched_site(form: Form, receipt: Receipt) -> str | None:
    """Return the code in a return that had to be bound to a site and that a clerk accepted; None for a doubtful one.

    What nobody has looked at is never bound to the code that stands in it: whoever has a blank may type any.
    """
    role, submission = form.roles.code, receipt.submission
    code = submission.text_of(role) if submission else ""
    taken = any(finding.id == _UNPROVEN and finding.settled for finding in receipt.findings)
    doubted = any(finding.key == role and finding.open for finding in receipt.findings)
    return code if taken and not doubted and can_bear(code) else None


def issued_answers(
    rules: RuleSet, receipt: Receipt, site: str | None, name: str, *, trusted: bool
) -> Mapping[Path, str]:
    """Return what the fresh workbook of a site says of it, locked as in the one that was issued.

    A code that a clerk took for another site's stays as it was typed, and what is wrong with either can be mended.

    Args:
        rules: the form and its rules.
        receipt: what came in.
        site: the code the fresh workbook is bound to, None where it is for any site.
        name: what the site is called, empty where nobody knows.
        trusted: the answers of the return are carried over.

    Raises:
        SettingsError: nothing was read, and what the blank form is bound to is no code.
    """
    roles, submission = rules.form.roles, receipt.submission
    if not site or not roles.code:
        return {}
    known = {Path(roles.code): site} | ({Path(roles.name): name} if roles.name and name else {})
    if submission is None or receipt.status is Status.REFUSED:
        return {**known, **site_answers(rules, site)}
    if not trusted:
        return known
    wrong = {one.key for one in receipt.findings if one.open and one.id != OTHER_CODE}
    foreign = any(one.id == OTHER_CODE and one.open for one in receipt.findings)
    said = {path: submission.text_of(path.field) for path in known}
    code, *others = known
    same = said[code].casefold() == site.casefold() and code not in wrong
    issued = {code: site} if foreign or same else {}
    for path in others:
        if path not in wrong and fold_words(said[path]) == fold_words(name):
            issued[path] = said[path]
    return issued


def mark_review(review: Review, receipt: Receipt, form: Form, carried: Carried, key: CampaignKey | None) -> Review:
    """Return a review whose workbook remembers which return it answers, signed where there is a key.

    That a return is itself a correction is passed on, but where the key does not vouch for it or a clerk denied it.
    """
    submission = receipt.submission
    before = submission.round if submission else None
    vouched = before is not None and (key is None or key.judge_round(before) is Standing.GENUINE)
    denied = any(one.id == NO_CORRECTION and one.severity is Severity.ERROR for one in receipt.findings)
    # What nobody has to change any more is no less an answer when it comes back as it was.
    done = bool(review.points) and all(point.restored for point in review.points)
    held = digest(contents_to_carry(carried, submission), carried.explanations) if submission and not done else ""
    mark = replace(
        review.sent,
        number=1 + (before.number if before else 0),
        answers=(identify_return(receipt), *(before.answers if before is not None and vouched and not denied else ())),
        site=site_to_remember(form, receipt),
        contents=held,
    )
    return replace(review, mark=key.sign_round(mark) if key else mark)
