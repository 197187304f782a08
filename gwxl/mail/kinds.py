"""Tell what somebody wrote from what programs send by themselves: answering machines, receipts, bounces."""

import re
from collections.abc import Iterator
from functools import cache

from gwxl.mail import headers
from gwxl.mail.extras import extra
from gwxl.mail.mail import Kind
from gwxl.mail.transport import Part, decode_transport
from gwxl.wording import LANGUAGES, text

_SYSTEM = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|mdaemon)@", re.IGNORECASE)
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.){1,8}[A-Za-z]{2,24}")
_MACHINES = ("x-autoreply", "x-autorespond", "x-autoresponder")
_AUTOMATIC_PRECEDENCE = frozenset({"auto_reply", "bulk", "junk", "list"})
REPORTS = frozenset({"disposition-notification", "delivery-status"})
"""What a report that is no bounce may be about: it is a receipt then."""

_FAILED, _LATE = "failed", "delayed"
_MOST_ADDRESSES = 50
_TEXTS = 100_000  # bytes of one text


def report_of(message: Part) -> str:
    """Return what a report is about: ``delivery-status``, ``disposition-notification``; empty for any other mail."""
    kind, told = headers.content(message, "content-type")
    return told.get("report-type", "").lower() if kind == "multipart/report" else ""


def find_bounced(message: Part) -> tuple[str, ...] | None:
    """Return the addresses that a mail says were not reached; None where it is no bounce.

    What says that a mail is late, and still tried, names none.

    Raises:
        RefusedError: ``mail_extra``: telling it takes the extra ``mail``.
    """
    report = report_of(message) == "delivery-status"
    actions = [*_actions(message)] if report else []
    if actions:
        failed = [place for action, place in actions if action == _FAILED and place]
        return tuple(dict.fromkeys(failed)) if any(action in {_FAILED, _LATE} for action, _ in actions) else None
    worded = _begins(headers.words(message, "subject"), "mail.bounces")
    if not report and not _is_from_the_system(message, worded=worded):
        return None
    found = [*_by_detectors(message)] or [*(_by_words(message) if worded or report else ())]
    told = tuple(dict.fromkeys(one for one in found if not _SYSTEM.match(one)))[:_MOST_ADDRESSES]
    return told if told or worded or report else None


def find_returned(message: Part) -> tuple[str, ...]:
    """Return the ids of the mails that a bounce brings back, whole or their headers alone, and of those it answers."""
    told = [*headers.envelope(message).answers]
    for part in message.walk():
        if part.get_content_type() == "text/rfc822-headers":
            told += headers.ids(decode_transport(part)[:_TEXTS].decode("ascii", "replace"))
        elif part is not message:
            told += headers.ids(headers.raw(part, "message-id"))
    return tuple(dict.fromkeys(told))[:_MOST_ADDRESSES]


def _actions(message: Part) -> Iterator[tuple[str, str]]:
    """Yield what a report says became of each address."""
    for block in message.walk():
        action = headers.raw(block, "action").lower()
        place = headers.raw(block, "original-recipient") or headers.raw(block, "final-recipient")
        found = _ADDRESS.search(place.partition(";")[2] or place)
        if action and place:
            yield action, found[0].lower() if found else ""


def _is_from_the_system(message: Part, *, worded: bool) -> bool:
    empty = headers.raw(message, "return-path") == "<>"
    return bool(_SYSTEM.match(headers.address(headers.raw(message, "from")))) or (empty and worded)


def _by_detectors(message: Part) -> Iterator[str]:
    detectors = extra("flufl.bounce")
    try:
        permanent = detectors.scan_message(message)
    except Exception:  # noqa: BLE001 - what a stranger's mail does to it says nothing of the mail
        return
    yield from (found.decode("ascii", "replace").lower() for found in sorted(permanent))


def _by_words(message: Part) -> Iterator[str]:
    """Yield the addresses that a bounce of no detector's names; the returned mail may name others."""
    yield from _ADDRESS.findall(headers.raw(message, "x-failed-recipients").lower())
    for part in message.walk():
        if part.get_content_maintype() == "message":
            return
        if part.get_content_maintype() == "text":
            charset = headers.content(part, "content-type")[1].get("charset", "")
            yield from _ADDRESS.findall(headers.in_charset(decode_transport(part)[:_TEXTS], charset).lower())


def kind_of(message: Part, *, files: bool) -> Kind:
    """Return what a mail is that is no report.

    Args:
        message: the mail.
        files: it brings some: what would be taken for automatic by its subject alone then is not.
    """
    subject = headers.words(message, "subject")
    if headers.raw(message, "auto-submitted").lower() not in {"", "no"}:
        return Kind.AUTOMATIC
    if any(headers.raw(message, name) for name in _MACHINES):
        return Kind.AUTOMATIC
    if files:
        return Kind.REPLY
    if _begins(subject, "mail.receipts"):
        return Kind.RECEIPT
    automatic = headers.raw(message, "precedence").lower() in _AUTOMATIC_PRECEDENCE
    return Kind.AUTOMATIC if automatic or _begins(subject, "mail.automatic") else Kind.LETTER


def _begins(subject: str, key: str) -> bool:
    """Tell whether a subject begins with one of the words that a text of the catalogue lists."""
    plain = "".join(subject.split()).casefold()
    return plain.startswith(_list_words(key))


@cache
def _list_words(key: str) -> tuple[str, ...]:
    words = "|".join(text(key, language) for language in LANGUAGES).split("|")
    return tuple("".join(word.split()).casefold() for word in words if word)
