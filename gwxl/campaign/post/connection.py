"""The connection to a mail server: opened by TLS, opened again where it was lost, and what the server answers."""

import re
import smtplib
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gwxl.campaign.post.service import MailService, Security
from gwxl.errors import SettingsError
from gwxl.inert import inert_line
from gwxl.mail.headers import in_charset
from gwxl.wording import each
from gwxl.wording.network import is_reply, network_words

_TO_CONNECT, _TO_ANSWER, _TO_PART = 60.0, 300.0, 10.0  # seconds
_US = "[127.0.0.1]"  # what we call ourselves: no server needs the name of this machine
_DOTS = re.compile(rb"^\.", re.MULTILINE)
_TAKEN, _GO_ON = 250, 354
_GOOD = 2
_SAYING = (_GOOD, 4, 5)  # first digits of replies that are final
_RECIPIENT_TAKEN = frozenset({_TAKEN, 251})
_PERMANENT = 500
_LEAST = 200  # of the codes that a server may answer with


class Stage(StrEnum):
    """What an answer is to; from BODY on a message may have been taken though nobody says so."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    BODY = "body"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server said of a message.

    Attributes:
        stage: to what. code: of its reply, 2xx, 4xx or 5xx; 0 where there is none, or none that says anything.
        reply: its words, or why the connection was lost.
        left_out: address → reply of each recipient that was refused though others were taken.
    """

    stage: Stage
    code: int
    reply: str
    left_out: Mapping[str, str]

    @property
    def taken(self) -> bool:
        """Tell whether the message is on its way."""
        return self.stage is Stage.BODY and self.code // 100 == _GOOD


class Connection:
    """A connection to the server of a campaign."""

    def __init__(self, service: MailService, user: str, code: str) -> None:
        """Take the server, who logs in, and the authorisation code, empty where nobody does."""
        self._service, self._user, self._code = service, user, code
        self._smtp: smtplib.SMTP | None = None

    def open(self) -> smtplib.SMTP:
        """Return the open connection; it is made where there is none.

        Raises:
            SettingsError: there is no such server, its certificate or our code does not hold, or it takes no mail.
        """
        if self._smtp is None:
            try:
                self._smtp = self._connect()
            except OSError as error:  # smtplib's own are among them
                raise SettingsError(self._tell(error)) from error
        return self._smtp

    def _tell(self, error: OSError) -> Mapping[str, str]:
        """Return language → why there is no connection, and what to do."""
        where = {"host": self._service.smtp_host, "port": self._service.port}
        if isinstance(error, smtplib.SMTPResponseException) and is_reply(error):
            reply = _line(error.smtp_code, error.smtp_error)
            if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= _PERMANENT:
                return each("post.no_login", user=self._user, reply=reply)
            return each("post.not_welcome", reply=reply, **where)
        return each(f"post.{_name_failure(error)}", reason=network_words(error), **where)

    def _connect(self) -> smtplib.SMTP:
        security, tls = self._service.smtp_security, ssl.create_default_context()
        place = (self._service.smtp_host, self._service.port, _US)
        if security is Security.SSL:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=_TO_CONNECT, context=tls)
        else:
            smtp = smtplib.SMTP(*place, timeout=_TO_CONNECT)
        try:
            if security is Security.STARTTLS:
                smtp.starttls(context=tls)
            smtp.ehlo_or_helo_if_needed()
            if self._code:
                smtp.login(self._user, self._code)
            _wait_at_most(smtp, _TO_ANSWER)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def close(self) -> None:
        """End the connection; the next message gets another."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            try:
                _wait_at_most(smtp, _TO_PART)
                smtp.quit()
            except OSError:
                smtp.close()

    def deliver(self, sender: str, to: Sequence[str], data: bytes, begin: Callable[[], None]) -> Answer:
        """Hand over a message: to all that the server takes, or to nobody where one of them is to be tried later.

        Args:
            sender: who is told of a bounce.
            to: the recipients.
            data: the message, its lines ended by CR and LF.
            begin: called before DATA; what it raises is raised, and nothing is handed over.

        Raises:
            SettingsError: as for :meth:`open`.
        """
        smtp, stage = self.open(), Stage.SENDER
        left_out: Mapping[str, str] = {}
        wide = not data.isascii() and smtp.has_extn("8bitmime")
        try:
            _demand(smtp.mail(sender, ["BODY=8BITMIME"] if wide else []))
            stage = Stage.RECIPIENT
            left_out = _recipients(smtp, to)
            stage = Stage.DATA
            begin()
            _demand(smtp.docmd("DATA"), _GO_ON)
            stage = Stage.BODY
            smtp.send(_DOTS.sub(b"..", data) + b"\r\n.\r\n")
            code, reply = smtp.getreply()
        except _RefusalError as refusal:
            code, reply = refusal.code, refusal.reply
            self._reset(smtp)
        except OSError as error:  # smtplib's own are among them
            self._drop(smtp)
            return Answer(stage=stage, code=0, reply=network_words(error)["en"], left_out={})
        except BaseException:  # in the middle of a message a farewell would be a part of it
            self._drop(smtp)
            raise
        known = code if code // 100 in _SAYING else 0
        return Answer(stage=stage, code=known, reply=_line(code, reply), left_out=left_out)

    def _reset(self, smtp: smtplib.SMTP) -> None:
        try:
            smtp.rset()
        except OSError:
            self._drop(smtp)

    def _drop(self, smtp: smtplib.SMTP) -> None:
        self._smtp = None
        smtp.close()


def _wait_at_most(smtp: smtplib.SMTP, seconds: float) -> None:
    if smtp.sock is not None:
        smtp.sock.settimeout(seconds)


class _RefusalError(Exception):
    """The end of handing over a message, by a reply that is not the one that goes on."""

    def __init__(self, code: int, reply: bytes) -> None:
        super().__init__(code, reply)
        self.code, self.reply = code, reply


def _demand(answer: tuple[int, bytes], expected: int = _TAKEN) -> None:
    if answer[0] != expected:
        raise _RefusalError(*answer)


def _recipients(smtp: smtplib.SMTP, to: Sequence[str]) -> Mapping[str, str]:
    """Name the recipients, and return address → reply of those that are refused for good where others are not."""
    answers = {address: smtp.rcpt(address) for address in to}
    refused = {address: answer for address, answer in answers.items() if answer[0] not in _RECIPIENT_TAKEN}
    for code, reply in refused.values():
        if code < _PERMANENT or len(refused) == len(answers):
            raise _RefusalError(code, reply)
    return {address: _line(*answer) for address, answer in refused.items()}


def _name_failure(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return "certificate" if isinstance(error, ssl.SSLCertVerificationError) else "no_tls"
    lacking = isinstance(error, smtplib.SMTPNotSupportedError) or type(error) is smtplib.SMTPException
    return "no_offer" if lacking else "unreachable"


def _line(code: int, reply: bytes | str) -> str:
    if code < _LEAST:
        return each("network.odd")["en"]
    words = reply if isinstance(reply, str) else in_charset(reply, "")
    return f"{code} {inert_line(words)}"
