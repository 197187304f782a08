"""The server that takes the mails of a campaign: its settings, and how they are read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from gwxl.campaign.post.calendar import Calendar
from gwxl.campaign.server_name import MOST_PORT, is_here, is_server_name
from gwxl.errors import SettingsError
from gwxl.files.plain_files import is_shared, read_plain
from gwxl.wording import each

_RANGE = re.compile(r"([0-9]{1,2})\s*-\s*([0-9]{1,2})")
_MOST_CODE = 1_024  # bytes
_MOST_MAILS = 100_000
_LAST_HOUR, _LAST_DAY = 24, 7


class Security(StrEnum):
    """How a connection is kept from others: from its beginning, from STARTTLS on, or not (to this machine alone)."""

    SSL = "ssl"
    STARTTLS = "starttls"
    NONE = "none"


_PORTS = {Security.SSL: 465, Security.STARTTLS: 587, Security.NONE: 25}


@dataclass(frozen=True, kw_only=True)
class MailService:
    """The server that takes the mails.

    Attributes:
        smtp_host: its name, empty where none is set. smtp_port: 0 stands for the usual one.
        user: who logs in, the sender where it is empty. code_file: holds the authorisation code, None: nobody logs in.
        per_minute, per_day, hours, days: as :class:`Calendar` has them.
    """

    smtp_host: str
    smtp_port: int
    smtp_security: Security
    user: str
    code_file: Path | None
    per_minute: int
    per_day: int
    hours: tuple[int, int]
    days: frozenset[int]

    @property
    def port(self) -> int:
        """Return the port."""
        return self.smtp_port or _PORTS[self.smtp_security]

    @property
    def calendar(self) -> Calendar:
        """Return when mails may be sent."""
        return Calendar(per_minute=self.per_minute, per_day=self.per_day, hours=self.hours, days=self.days)

    def refuse_unfit(self, sender: str) -> None:
        """Go on where there is a server, and mails and code cannot be read on the way to it.

        Raises:
            SettingsError: no server or sender is set, or a connection to another machine would be open to all.
        """
        missing = [name for name, value in (("sender", sender), ("smtp_host", self.smtp_host)) if not value]
        if missing:
            raise SettingsError(each("post.not_set", settings=", ".join(missing)))
        if self.smtp_security is Security.NONE and not is_here(self.smtp_host):
            raise SettingsError(each("post.open", host=self.smtp_host))

    def code(self) -> str:
        """Return the authorisation code, empty where nobody logs in.

        Raises:
            SettingsError: the file cannot be read, holds no code, or others than its owner may open it.
        """
        path = self.code_file
        if path is None:
            return ""
        data = read_plain(path, _MOST_CODE, lambda why: SettingsError(each("post.code_unreadable", path=path, why=why)))
        if is_shared(path):
            raise SettingsError(each("post.code_shared", path=path))
        code = data.decode("utf-8-sig", "replace").strip()
        if not (code.isascii() and code.isprintable() and code):
            raise SettingsError(each("post.no_code", path=path))
        return code


def _host(text: str, _folder: Path) -> str:
    if text and not is_server_name(text):
        raise SettingsError(each("post.no_host", found=text))
    return text


def _port(text: str, _folder: Path) -> int:
    return _number(text, MOST_PORT) if text else 0


def _mails(text: str, _folder: Path) -> int:
    return _number(text, _MOST_MAILS)


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= most):
        raise SettingsError(each("post.no_number", found=text, most=most))
    return int(text)


def _security(text: str, _folder: Path) -> Security:
    if text not in set(Security):
        raise SettingsError(each("post.no_security", found=text, known=" ".join(Security)))
    return Security(text)


def _user(text: str, _folder: Path) -> str:
    if not text.isascii():  # which no way to log in takes
        raise SettingsError(each("post.no_user", found=text))
    return text


def _code_file(text: str, folder: Path) -> Path | None:
    return folder / text if text else None


def _hours(text: str, _folder: Path) -> tuple[int, int]:
    found = _RANGE.fullmatch(text or f"0-{_LAST_HOUR}")
    if not (found and int(found[1]) < int(found[2]) <= _LAST_HOUR):
        raise SettingsError(each("post.no_hours", found=text))
    return int(found[1]), int(found[2])


def _days(text: str, _folder: Path) -> frozenset[int]:
    found = _RANGE.fullmatch(text or f"1-{_LAST_DAY}")
    if not (found and 1 <= int(found[1]) <= int(found[2]) <= _LAST_DAY):
        raise SettingsError(each("post.no_days", found=text))
    return frozenset(range(int(found[1]), int(found[2]) + 1))


SETTINGS: Mapping[str, Callable[[str, Path], Any]] = {
    "mail.smtp_host": _host,
    "mail.smtp_port": _port,
    "mail.smtp_security": _security,
    "mail.user": _user,
    "mail.code_file": _code_file,
    "mail.per_minute": _mails,
    "mail.per_day": _mails,
    "mail.hours": _hours,
    "mail.days": _days,
}
"""Path of each setting → what reads it."""

DEFAULTS: Mapping[str, str] = {"mail.smtp_security": Security.SSL, "mail.per_minute": "20", "mail.per_day": "200"}
