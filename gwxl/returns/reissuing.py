"""Say what the workbook is that answers a return: of the same site where that is sure, signed where it was verified."""

from gwxl.form.definition import Form
from gwxl.form.identity import issue_identity
from gwxl.form.signature import CampaignKey, Standing
from gwxl.submission import Identity


def reissued(
    found: Identity, form: Form, *, year: int, asked: int | None, key: CampaignKey | None, trusted: bool = True
) -> Identity:
    """Return the identity of the fresh workbook.

    Args:
        found: what the return says it is.
        form: the current form.
        year: the year of the fresh workbook.
        asked: the year that was asked for, None where the return's own is taken.
        key: the campaign's key, None where there is none.
        trusted: the return was taken; else the fresh workbook is for any site.
    """
    site = found.site_code if trusted else None
    return issue_identity(form, year=year, site_code=site, key=_key(found, key, asked, trusted=trusted))


def _key(found: Identity, key: CampaignKey | None, asked: int | None, *, trusted: bool) -> CampaignKey | None:
    """Return the key to sign with, None where a signature would vouch for what was never verified."""
    if key is None:
        return None
    standing = key.standing(found)
    if trusted:
        sure = found.site_code is None or standing is Standing.GENUINE
    else:
        sure = asked is not None or standing is not Standing.REFUTED
    return key if sure else None
