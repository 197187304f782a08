"""What the environment says, besides flags: secrets, which come from nowhere else, and the day."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

from gwxl.errors import SettingsError
from gwxl.form.signature import CampaignKey, read_key
from gwxl.wording import each

KEY_FILE = "GWXL_KEY_FILE"
DAY = "GWXL_TODAY"


def campaign_key() -> CampaignKey | None:
    """Return the key in the file that ``GWXL_KEY_FILE`` names, None where it names none.

    Raises:
        SettingsError: the file cannot be read or holds no key.
    """
    path = os.environ.get(KEY_FILE)
    return read_key(Path(path)) if path else None


def today() -> date:
    """Return the day by the clock of whoever runs the command, or the one that ``GWXL_TODAY`` names.

    With the day named, the same inputs give the same outputs in any year.

    Raises:
        SettingsError: ``GWXL_TODAY`` is no day.
    """
    told = os.environ.get(DAY)
    try:
        return date.fromisoformat(told) if told else datetime.now(UTC).astimezone().date()
    except ValueError:
        raise SettingsError(each("failure.no_day", name=DAY, found=told)) from None
