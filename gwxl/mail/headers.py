"""What the headers of a mail say, however they are written: raw GBK, RFC 2047 wherever it may stand, RFC 2231."""

import binascii
import quopri
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from gwxl.errors import RefusedError
from gwxl.inert import inert_line, readable_name
from gwxl.mail.mail import LIMITS, Envelope

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bqBQ])\?([^?]*)\?=")
_PARAMETER = re.compile(r""";\s*+([^\s=;"]++)\s*+=\s*+("(?:[^"\\]|\\.)*+"|[^;]*+)""")
_PIECE = re.compile(r"([^*]++)(?:\*([0-9]{1,3}))?(\*)?\Z")
_ESCAPED = re.compile(r'\\(["\\])')
_ID = re.compile(r"<([!-;=?-~]{1,250})>")
_FOLDED = re.compile(r"[\r\n]++")
_STEPS = re.compile(r"[/\\]")
_LONGEST_NAME, _LONGEST_ENDING = 150, 20
LONGEST_SUBJECT = 300
_LONGEST_ADDRESS = 254
_MOST_ANSWERS = 50
_YEARS = range(1990, 2100)
# What is called GB2312 holds characters of GBK more often than not; GB18030 holds all three.
_CHARSETS = dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "hz-gb-2312"), "gb18030")


def raw(message: Message, name: str) -> str:
    """Return the first header of a name, unfolded, as it stands: bytes of no ASCII as Python keeps them (PEP 383)."""
    return next(every(message, name), "")


def every(message: Message, name: str) -> Iterator[str]:
    """Yield each header of a name, as :func:`raw` does."""
    for found, value in message.raw_items():
        if found.lower() == name:
            yield _FOLDED.sub("", str(value)[: LIMITS.header_chars]).strip()


def words(message: Message, name: str) -> str:
    """Return what a header says in words."""
    return decode_header(raw(message, name))


def decode_header(text: str) -> str:
    """Return a header with its encoded words decoded; a character may be divided between two of them."""
    text = _guess_encoding(text)
    found: list[tuple[str, bytes]] = []
    at = 0
    for word in _WORD.finditer(text):
        between = text[at : word.start()]
        if between.strip() or not at:
            found.append(("", between.encode("utf-8", "replace")))
        charset, data = word[1].lower().partition("*")[0], _unpack(word[2].lower(), word[3])
        if found and found[-1][0] == charset:
            found[-1] = charset, found[-1][1] + data
        else:
            found.append((charset, data))
        at = word.end()
    found.append(("", text[at:].encode("utf-8", "replace")))
    return "".join(in_charset(data, charset) for charset, data in found)


def _unpack(encoding: str, text: str) -> bytes:
    if encoding == "q":
        return quopri.decodestring(text.encode("utf-8", "replace"), header=True)
    try:
        return b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return text.encode("utf-8", "replace")


def in_charset(data: bytes, charset: str) -> str:
    """Return bytes as text: in the charset they claim, else in UTF-8, else as Chinese Windows writes them."""
    for name in (_CHARSETS.get(charset.lower(), charset), "utf-8", "gb18030"):
        try:
            return data.decode(name or "utf-8")
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("utf-8", "replace")


def _guess_encoding(text: str) -> str:
    """Return a header whose bytes are no ASCII in the encoding its program wrote them in."""
    if text.isascii():
        return text
    return readable_name(text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape"))


def parameters(header: str) -> Mapping[str, str]:
    """Return name → value of the parameters of a header, each decoded; RFC 2231 comes before any other way."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, value in _PARAMETER.findall(_guess_encoding(header)):
        text = _ESCAPED.sub(r"\1", value[1:-1]) if value[:1] == '"' and len(value) > 1 else value.strip()
        piece = _PIECE.match(name.lower())
        if piece is None:
            continue
        if piece[2] is None and piece[3] is None:
            plain.setdefault(piece[1], decode_header(text))
        else:
            pieces.setdefault(piece[1], {}).setdefault(int(piece[2] or 0), (text, bool(piece[3])))
    return plain | {name: _join_pieces(found) for name, found in pieces.items()}


def _join_pieces(pieces: Mapping[int, tuple[str, bool]]) -> str:
    charset, data = "", b""
    for number in sorted(pieces):
        text, encoded = pieces[number]
        if encoded and number == min(pieces) and text.count("'") > 1:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    return in_charset(data, charset)


def content(message: Message, name: str) -> tuple[str, Mapping[str, str]]:
    """Return the first word, in lower case, and the parameters of a header that says what a part is.

    Raises:
        RefusedError: ``mail_header``: it is longer than anybody needs.
    """
    whole = next((str(value) for found, value in message.raw_items() if found.lower() == name), "")
    if len(whole) > LIMITS.header_chars:
        raise RefusedError("mail_header", name=name, limit=LIMITS.header_chars)
    header = _FOLDED.sub("", whole)
    return header.partition(";")[0].strip().lower(), parameters(header)


def file_name(message: Message) -> str:
    """Return what a part is called, without folders, inert; empty where it has no name.

    Raises:
        RefusedError: as :func:`content` does.
    """
    names = content(message, "content-disposition")[1].get("filename", "")
    return safe_name(names or content(message, "content-type")[1].get("name", ""))


def safe_name(name: str) -> str:
    """Return the name of a file as somebody called it, without folders, inert; of a long one its ending is kept."""
    last = inert_line(_STEPS.split(name)[-1], LIMITS.header_chars)
    stem, dot, ending = last.rpartition(".")
    if not stem or len(ending) > _LONGEST_ENDING:
        return last[:_LONGEST_NAME]
    return stem[: _LONGEST_NAME - len(ending)] + dot + ending


def ids(text: str) -> tuple[str, ...]:
    """Return the message ids in a header."""
    return tuple(_ID.findall(text))


def address(text: str) -> str:
    """Return the address in a header, in lower case; it is taken before words are decoded, which may hold another."""
    found = parseaddr(text.encode("ascii", "replace").decode("ascii"))[1]
    return found.lower() if len(found) <= _LONGEST_ADDRESS and "@" in found else ""


def envelope(message: Message) -> Envelope:
    """Return what the headers of a mail say."""
    answers = [*ids(raw(message, "in-reply-to")), *reversed(ids(raw(message, "references")))]
    return Envelope(
        message_id=next(iter(ids(raw(message, "message-id"))), ""),
        answers=tuple(dict.fromkeys(answers))[:_MOST_ANSWERS],
        sender=address(raw(message, "from")) or address(raw(message, "sender")),
        subject=inert_line(words(message, "subject"), LONGEST_SUBJECT),
        date=_date(raw(message, "received").rpartition(";")[2]) or _date(raw(message, "date")),
    )


def _date(text: str) -> str:
    try:
        moment = parsedate_to_datetime(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return ""
    return iso(moment)


def iso(moment: datetime) -> str:
    """Return a moment as ISO 8601 in UTC; empty where no mail can be from then."""
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment.year in _YEARS else ""
