"""Hold what a return says about itself against the campaign's key and against its own answers.

The ids T06 to T10 are described in :mod:`gwxl.records.signals`.
"""

from collections.abc import Iterator

from gwxl.form.definition import Form
from gwxl.form.signature import CampaignKey, Standing
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.signals import signal
from gwxl.records.submission import Submission
from gwxl.terms import Terms
from gwxl.wording import text


def identity_findings(form: Form, submission: Submission, terms: Terms) -> tuple[Finding, ...]:
    """Return what is doubtful about the identity of a return.

    Args:
        form: the form it is of.
        submission: what was read.
        terms: with the campaign's key, and whether it has to be signed.
    """
    return (*_signature(form, submission, terms.key), *_check_demand(form, submission, terms), *_site(form, submission))


def _signature(form: Form, submission: Submission, key: CampaignKey | None) -> Iterator[Finding]:
    identity, language = submission.identity, form.language
    if key is None:
        if identity.signature:
            yield signal("T07", language, why=text("signature.no_key", language))
        return
    standing = key.judge_identity(identity)
    if standing is Standing.REFUTED:
        yield signal("T06", language)
    elif standing is not Standing.GENUINE:
        yield signal("T07", language, why=text(f"signature.{standing}", language))
    if submission.round and key.judge_round(submission.round) is Standing.REFUTED:
        yield signal("T09", language)


def _check_demand(form: Form, submission: Submission, terms: Terms) -> Iterator[Finding]:
    """Yield a finding where a return has to be signed and bound to a site, and is not."""
    if lacking := terms.find_lacking(submission.identity):
        yield signal("T10", form.language, why=form.say(f"signature.{lacking}"))


def _site(form: Form, submission: Submission) -> Iterator[Finding]:
    """Yield a finding where a workbook issued to one site was returned with the code of another."""
    role, issued = form.roles.code, submission.identity.site_code
    answered = submission.text_of(role)
    if issued and answered and answered.casefold() != issued.casefold():
        raw, key = submission.raw_of(role), Path(role)
        yield signal("T08", form.language, key=key, cell=submission.cells.get(key), raw=raw, issued=issued)
