"""The mailbox that returns come into: its settings, and how they are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gwxl.campaign.server_name import MOST_PORT, is_here, is_server_name
from gwxl.errors import SettingsError
from gwxl.mail.imap import Server
from gwxl.wording import each

_SSL, _NONE = "ssl", "none"
_PORTS = {_SSL: 993, _NONE: 143}


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    """A mailbox on a server.

    Attributes:
        imap_host: its name, empty where none is set. imap_port: 0 stands for the usual one.
        imap_security: ``ssl``, or ``none`` for a server on this machine. imap_folder: what is read there.
    """

    imap_host: str
    imap_port: int
    imap_security: str
    imap_folder: str

    def server(self, user: str, code: str) -> Server:
        """Return the server for who logs in there with a code.

        Raises:
            SettingsError: a setting is missing, or a connection to another machine would be open to all.
        """
        told = {"imap_host": self.imap_host, "user": user, "code_file": code}
        if missing := [name for name, value in told.items() if not value]:
            raise SettingsError(each("imap.not_set", settings=", ".join(missing)))
        if self.imap_security == _NONE and not is_here(self.imap_host):
            raise SettingsError(each("imap.open", server=self.imap_host))
        return Server(
            host=self.imap_host,
            port=self.imap_port or _PORTS[self.imap_security],
            plain=self.imap_security == _NONE,
            user=user,
            code=code,
            folder=self.imap_folder,
        )


def _host(text: str, _folder: Path) -> str:
    if text and not is_server_name(text):
        raise SettingsError(each("imap.no_host", found=text))
    return text


def _port(text: str, _folder: Path) -> int:
    if text and not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MOST_PORT):
        raise SettingsError(each("imap.no_port", found=text, most=MOST_PORT))
    return int(text or 0)


def _security(text: str, _folder: Path) -> str:
    if text not in _PORTS:
        raise SettingsError(each("imap.no_security", found=text, known=" ".join(_PORTS)))
    return text


def _words(text: str, _folder: Path) -> str:
    return text


SETTINGS: Mapping[str, Callable[[str, Path], Any]] = {
    "mail.imap_host": _host,
    "mail.imap_port": _port,
    "mail.imap_security": _security,
    "mail.imap_folder": _words,
}
"""Path of each setting → what reads it."""

DEFAULTS: Mapping[str, str] = {"mail.imap_security": _SSL, "mail.imap_folder": "INBOX"}
