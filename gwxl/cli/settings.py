"""What the environment says, besides flags: secrets, which come from nowhere else, and the day."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

from gwxl.form.signature import CampaignKey, read_key

KEY_FILE = "GWXL_KEY_FILE"


def campaign_key() -> CampaignKey | None:
    """Return the key in the file that ``GWXL_KEY_FILE`` names, None where it names none.

    Raises:
        SettingsError: the file cannot be read or holds no key.
    """
    path = os.environ.get(KEY_FILE)
    return read_key(Path(path)) if path else None


def today() -> date:
    """Return the day by the clock of whoever runs the command."""
    return datetime.now(UTC).astimezone().date()
