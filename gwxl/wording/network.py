"""Say in the language of whoever reads it why a connection to a server was not made, or ended."""

import errno
import imaplib
import smtplib
import socket
import ssl
from collections.abc import Mapping

from gwxl.wording import each
from gwxl.wording.system import system_words

# By the numbers of OpenSSL (X509_V_ERR_…).
_CERTIFICATES = {9: "early", 10: "expired", 18: "own", 19: "own", 20: "issuer", 21: "issuer", 62: "name", 64: "name"}
_NUMBERS = {
    errno.ECONNREFUSED: "closed",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "unreachable",
    errno.ENETDOWN: "unreachable",
    errno.ETIMEDOUT: "silent",
}
_LEAST = 200  # of the codes that a mail server may answer with
_ENDED = (smtplib.SMTPServerDisconnected, imaplib.IMAP4.abort, ConnectionError, EOFError)


def network_words(error: Exception) -> Mapping[str, str]:
    """Return language → why a server could not be reached or went away, in the system's words where none are known."""
    kind = _find_kind(error)
    return each(f"network.{kind}") if kind else system_words(error)


def said_of_network(words: str) -> Mapping[str, str] | None:
    """Return language → what was noted in English of a connection, None where that is something else."""
    kinds = {*_CERTIFICATES.values(), *_NUMBERS.values(), "tls", "nowhere", "ended", "odd"}
    found = (each(f"network.{kind}") for kind in sorted(kinds))
    return next((one for one in found if one["en"] == words), None)


def is_reply(error: smtplib.SMTPResponseException) -> bool:
    """Tell whether a server answered with a code, not smtplib in its place (-1, or 500 in words that are no bytes)."""
    return error.smtp_code >= _LEAST and isinstance(error.smtp_error, bytes)


def _find_kind(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(error.verify_code, "")
    if isinstance(error, ssl.SSLError):  # its number is none of the system's
        return "ended" if isinstance(error, ssl.SSLEOFError) else "tls"
    if isinstance(error, socket.gaierror):
        return "nowhere"
    if isinstance(error, TimeoutError):
        return "silent"
    known = _NUMBERS.get(getattr(error, "errno", None) or 0, "")
    return known or ("ended" if isinstance(error, _ENDED) else _find_smtp(error))


def _find_smtp(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException) and not is_reply(error):
        return "odd"
    # The base of smtplib's errors is what it raises where a server offers no way to log in that it knows.
    if isinstance(error, smtplib.SMTPNotSupportedError) or type(error) is smtplib.SMTPException:
        return "no_starttls" if "STARTTLS" in str(error) else "no_login"
    return ""
