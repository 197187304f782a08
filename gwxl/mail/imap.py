"""Fetch mails from a server by IMAP (RFC 3501) and leave everything there as it is."""

import imaplib
import re
import socket
import ssl
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from gwxl.errors import RefusedError, SettingsError
from gwxl.inert import inert_line
from gwxl.mail.extras import extra
from gwxl.mail.headers import in_charset
from gwxl.mail.mail import LIMITS
from gwxl.wording import each
from gwxl.wording.network import network_words

_PATIENCE = 60.0  # seconds for which a server may say nothing
_TRIES = 4  # connections in a row that bring no mail
_PAUSE = 2.0  # seconds, longer each time
_SIZES = 200  # mails whose sizes are asked at once
_SIZE = re.compile(rb"\bRFC822\.SIZE ([0-9]{1,12})\b")
_UID = re.compile(rb"\bUID ([0-9]{1,10})\b")
_BYTES = re.compile(r"\[?\bb'([^']*)'\]?")  # as imaplib puts a server's words into its own
_FINAL = (ssl.SSLError, ConnectionRefusedError, socket.gaierror)
"""What no second try mends."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A folder on a server, and who reads it.

    Attributes:
        code: the authorisation code, which is never shown. plain: nothing is encrypted on the way.
    """

    host: str
    port: int
    plain: bool
    user: str
    code: str = field(repr=False)
    folder: str

    @property
    def name(self) -> str:
        """Return what tells it from any other."""
        return f"{self.user}@{self.host}/{self.folder}"


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """A mail of a server.

    Attributes:
        validity, uid: what the server knows it by for good. data: its bytes, None where they were not fetched.
        refusal: why not. number, of: which of how many that are new.
    """

    validity: int
    uid: int
    data: bytes | None = field(repr=False)
    refusal: RefusedError | None = None
    number: int
    of: int


def fetch_new(server: Server, known: Collection[tuple[int, int]]) -> Iterator[Numbered]:
    """Yield the mails of a folder that are not known yet, the oldest first; a connection that is lost is made anew.

    Nothing is changed on the server: the folder is examined, not selected, and mails are peeked at (RFC 3501 6.3.2,
    6.4.5). The server is told who asks (RFC 2971), as some demand before they open a folder.

    Args:
        server: where, and who asks.
        known: (validity, uid) of mails that are not fetched.

    Raises:
        SettingsError: the extra ``mail`` is not installed, or the server cannot be reached, or lets nobody in.
    """
    done: set[tuple[int, int]] = set()
    failures = 0
    while True:
        try:
            with _connect(server) as folder:
                for one in folder.list_waiting({*known, *done}, len(done)):
                    done.add((one.validity, one.uid))
                    failures = 0
                    yield one
                return
        except (imaplib.IMAP4.error, OSError) as error:
            failures += 1
            if failures >= _TRIES or isinstance(error, _FINAL):
                raise SettingsError(_unreachable(server, error)) from error
            time.sleep(_PAUSE * failures)


def _unreachable(server: Server, error: Exception) -> dict[str, str]:
    if isinstance(error, ssl.SSLError):  # its number is none of the system's
        return each("imap.untrusted", server=server.host, reason=network_words(error))
    if isinstance(error, imaplib.IMAP4.error) and not isinstance(error, imaplib.IMAP4.abort):
        return each("imap.unwilling", server=server.host, reply=_quote(server, error.args))
    return each("imap.unreachable", server=server.host, reason=network_words(error))


@contextmanager
def _connect(server: Server) -> Iterator["_Folder"]:
    """Give the folder, opened for reading alone."""
    try:
        tools = extra("imap_tools")
    except RefusedError as error:
        raise SettingsError(each("imap.no_extra")) from error
    box = _box(tools, server)
    try:
        _demand(server, "imap.no_login", tools, lambda: box.login(server.user, server.code, initial_folder=None))
        with suppress(imaplib.IMAP4.error):  # a server that knows no such command
            box.client.xatom("ID", '("name" "gwxl" "vendor" "gwxl")')
        _demand(server, "imap.no_folder", tools, lambda: box.folder.set(server.folder, readonly=True))
        yield _Folder(box)
    finally:
        with suppress(Exception):  # whoever is gone need not be told good-bye
            box.client.logout()


def _box(tools: ModuleType, server: Server) -> Any:
    if server.plain:
        return tools.MailBoxUnencrypted(server.host, server.port, timeout=_PATIENCE)
    return tools.MailBox(server.host, server.port, timeout=_PATIENCE, ssl_context=ssl.create_default_context())


def _demand(server: Server, key: str, tools: ModuleType, step: Any) -> None:
    """Do a step of opening a folder, and say what the server has against it; the code is shown nowhere."""
    try:
        step()
    except imaplib.IMAP4.abort:
        raise
    except (tools.UnexpectedCommandStatusError, imaplib.IMAP4.error) as error:
        reply = _quote(server, getattr(error, "command_result", error.args))
        raise SettingsError(
            each(key, server=server.host, user=server.user, folder=server.folder, reply=reply)
        ) from None


def _quote(server: Server, told: object) -> str:
    """Return what a server said, as it may be shown: without the code, and without Python's marks of bytes."""
    return inert_line(_BYTES.sub(r"\1", _find_words(told))).replace(server.code, "…")


def _find_words(told: object) -> str:
    """Return what a server said, whatever it is wrapped in."""
    if isinstance(told, tuple | list):
        return " ".join(filter(None, map(_find_words, told)))
    return in_charset(told, "") if isinstance(told, bytes) else str(told)


class _Folder:
    """A folder that is open for reading."""

    def __init__(self, box: Any) -> None:
        self._box = box
        (told,) = box.client.response("UIDVALIDITY")[1]
        self._validity = int(told or 0)

    def list_waiting(self, known: Collection[tuple[int, int]], done: int) -> Iterator[Numbered]:
        """Yield the mails that are not known."""
        told = b" ".join(line for line in self._ask("SEARCH", "ALL") if isinstance(line, bytes))
        uids = sorted(uid for uid in map(int, told.split()) if (self._validity, uid) not in known)
        for first in range(0, len(uids), _SIZES):
            some = uids[first : first + _SIZES]
            sizes = self._sizes(some)
            for number, uid in enumerate(some, done + first + 1):
                if uid in sizes:  # it may have been deleted meanwhile
                    yield self._number(uid, sizes[uid], number, done + len(uids))

    def _number(self, uid: int, size: int, number: int, of: int) -> Numbered:
        large = size > LIMITS.mail_bytes
        return Numbered(
            validity=self._validity,
            uid=uid,
            data=None if large else self._data(uid),
            refusal=RefusedError("mail_large", limit=LIMITS.mail_bytes >> 20) if large else None,
            number=number,
            of=of,
        )

    def _sizes(self, uids: Sequence[int]) -> dict[int, int]:
        told = self._ask("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
        lines = [line for line in told if isinstance(line, bytes)]
        found = [(_UID.search(line), _SIZE.search(line)) for line in lines]
        return {int(uid[1]): int(size[1]) for uid, size in found if uid and size}

    def _data(self, uid: int) -> bytes | None:
        told = self._ask("FETCH", str(uid), "(UID BODY.PEEK[])")
        return next((bytes(one[1]) for one in told if isinstance(one, tuple)), None)

    def _ask(self, *words: str) -> list[Any]:
        kind, told = self._box.client.uid(*words)
        if kind != "OK":
            raise imaplib.IMAP4.error(kind, *told)
        return list(told)
