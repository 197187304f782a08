"""A real mail server on this machine, that takes mails or refuses them as it is told."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_connection
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

USER, CODE = "report@example.org", "abcdefghijklmnop"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A mail that a server took: envelope, bytes, and when."""

    sender: str
    to: tuple[str, ...]
    data: bytes
    time: float = field(default_factory=time.monotonic)


class Office:
    """What a server does with each command, and what it took.

    Attributes:
        mail, rcpt, data: called with the address, or the bytes; a reply they return is given in place of 250.
        cuts: called at DATA, to end the connection without a reply. loses: the same once a message was taken, with its
            number.
        begun: how many messages came. port: where it listens. logins: how often somebody tried to log in.
    """

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.begun = 0
        self.port = 0
        self.logins = 0
        self.mail: Callable[[str], str | None] = lambda _address: None
        self.rcpt: Callable[[str], str | None] = lambda _address: None
        self.data: Callable[[bytes], str | None] = lambda _data: None
        self.cuts: Callable[[], bool] = lambda: False
        self.loses: Callable[[int], bool] = lambda _number: False

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        """Take a sender."""
        if reply := self.mail(address):
            return reply
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        """Take a recipient."""
        if reply := self.rcpt(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a message."""
        self.begun += 1
        if reply := self.data(envelope.content):
            return reply
        self.taken.append(Taken(sender=envelope.mail_from, to=tuple(envelope.rcpt_tos), data=envelope.content))
        if self.loses(len(self.taken)):
            server.transport.abort()
        return "250 OK"

    def log_in(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, who: Any) -> AuthResult:
        """Let the one user in."""
        self.logins += 1
        good = isinstance(who, LoginPassword) and (who.login, who.password) == (USER.encode(), CODE.encode())
        return AuthResult(success=good, handled=False)


class _Server(SMTP):
    """A server that may hang up at DATA."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        """Take a message."""
        if self.event_handler.cuts():
            self.transport.abort()  # type: ignore[union-attr]
        else:
            await super().smtp_DATA(arg)


class _Controller(Controller):
    """A server at a port that is free."""

    def factory(self) -> SMTP:
        """Return what speaks with one client."""
        return _Server(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        with create_connection((self.hostname, self.port), 5):
            pass


@contextmanager
def mail_server(
    office: Office, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, login: bool = False
) -> Iterator[Office]:
    """Run a server, encrypted from its beginning, from STARTTLS on, or not."""
    options: dict[str, Any] = {"tls_context": starttls, "require_starttls": starttls is not None}
    if login:
        options |= {"authenticator": office.log_in, "auth_required": True}
    controller = _Controller(office, hostname="127.0.0.1", port=0, ssl_context=tls, **options)
    controller.start()
    office.port = controller.port
    try:
        yield office
    finally:
        controller.stop()


def certified(authority: trustme.CA, folder: Path, *names: str) -> tuple[ssl.SSLContext, Path]:
    """Return what a server proves itself by, and the file of the authority that says so."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return context, file


@contextmanager
def replying(*replies: bytes) -> Iterator[int]:
    """Run what greets with the first reply and answers line after line with the next ones; return its port."""

    class Session(StreamRequestHandler):
        def handle(self) -> None:
            for reply in replies:
                self.wfile.write(reply + b"\r\n")
                self.rfile.readline()

    with ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
