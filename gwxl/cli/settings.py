"""What the environment says, besides flags: secrets, which come from nowhere else, and the day."""

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import gwxl
from gwxl.errors import SettingsError
from gwxl.form.period import Period
from gwxl.form.signature import CampaignKey, read_key
from gwxl.terms import Notice, Terms
from gwxl.wording import each

KEY_FILE = "GWXL_KEY_FILE"
DAY = "GWXL_TODAY"


NO_NOTICE = Notice()


def terms_of(
    form: str | None,
    *,
    year: int | None = None,
    signed: bool = False,
    notice: Notice = NO_NOTICE,
    day: date | None = None,
) -> Terms:
    """Return the terms of a run: what its flags say, and the key of the environment."""
    key = campaign_key(signed=signed)
    return Terms(form, period=Period(year), key=key, signed=signed, notice=notice, today=day)


def knowing(
    terms: Terms, previous: Path | None, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Terms:
    """Return terms that know what the sites reported a period earlier, where somebody says where that stands."""
    if previous is None:
        return terms
    return replace(terms, previous=gwxl.read_previous(terms, previous, progress=progress))


def campaign_key(*, signed: bool) -> CampaignKey | None:
    """Return the key in the file that ``GWXL_KEY_FILE`` names, None where it names none.

    Raises:
        SettingsError: the file cannot be read, holds no key or one that is easily guessed, or others may read it; or
            signatures are demanded and no key is named.
    """
    path = os.environ.get(KEY_FILE)
    if not path and signed:
        raise SettingsError(each("failure.no_key", name=KEY_FILE))
    return _own_key(Path(path)) if path else None


def _own_key(path: Path) -> CampaignKey:
    key = read_key(path)
    # Elsewhere these bits say nothing of who may read a file.
    mode = path.stat().st_mode if os.name == "posix" else 0
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(each("failure.key_shared", path=path))
    return key


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
