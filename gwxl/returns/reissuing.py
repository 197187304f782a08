"""Say what the workbook is that answers a return: of the same site where that is sure, signed where it was verified."""

from gwxl.form.definition import Form
from gwxl.form.identity import issue_identity
from gwxl.form.signature import CampaignKey, Standing
from gwxl.submission import Identity


def reissued(found: Identity, form: Form, *, year: int, key: CampaignKey | None, trusted: bool = True) -> Identity:
    """Return the identity of the fresh workbook; nothing is signed that was not verified.

    Args:
        found: what the return says it is.
        form: the current form.
        year: the year of the fresh workbook.
        key: the campaign's key, None where there is none.
        trusted: the return was taken; else the fresh workbook is for any site, unless a signature says for which.
    """
    genuine = key is not None and key.standing(found) is Standing.GENUINE
    site = found.site_code if trusted or genuine else None
    return issue_identity(form, year=year, site_code=site, key=key if genuine else None)
