"""What a summary hands to the next level, as bytes and back: small, exact, and safe to read from strangers.

A line that names the version, one of JSON for the batch as a whole, then one a receipt, packed with LZMA. What a
receipt says twice is left out: the values of its fields, which its answers give; of an answer all but text and value.
"""

import json
import lzma
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gwxl.batch.decision import Decision
from gwxl.errors import CodecError
from gwxl.form.definition import Form
from gwxl.intake.answers import field_values
from gwxl.records.codec import VERSION as RECEIPT_VERSION
from gwxl.records.codec import coder
from gwxl.records.path import Path
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Submission, Value

VERSION = 1

_MAGIC = f"gwxl.level/{VERSION} gwxl.receipt/{RECEIPT_VERSION}".encode("ascii")
_PRESET = 2
_MEMORY = 64 << 20  # bytes the unpacking may take beside what it gives
_CHUNK = 1 << 20
_LONGEST = 128 << 20  # bytes of a line: the first holds what every site reported last year
_MOST = 4 << 30  # bytes of all
_RECEIPT = coder(Receipt)
_WRONG = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, lzma.LZMAError)


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a level says of its batch as a whole.

    Attributes:
        form, edition, period: as in the summary; the period none where it says none.
        rules: a digest of the declarations the returns were judged by, empty where it is not known.
        ruled: the ids of their rules.
        signed: signatures were demanded.
        vouched: the sha256 of the workbooks whose mark, that they were sent back, was believed.
        decisions: the rows that decided something; those that came from below it say so.
        earlier: the period before, None where the returns were held against none.
        last: site code → what it reported then, of the sites of these returns.
    """

    form: str
    edition: str
    period: Period
    rules: str
    ruled: tuple[str, ...]
    signed: bool = False
    vouched: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    earlier: Period | None = None
    last: Mapping[str, Mapping[Path, Value]]


def pack(head: Head, receipts: tuple[Receipt, ...], form: Form) -> bytes:
    """Return a level as bytes: its head, and every receipt as it was read."""
    packer = lzma.LZMACompressor(preset=_PRESET)
    parts = [packer.compress(_MAGIC + b"\n" + _line(coder(Head).pack(head)))]
    parts += [packer.compress(_line(_thin(receipt, form))) for receipt in receipts]
    return b"".join([*parts, packer.flush()])


def unpack(data: bytes) -> tuple[Head, Iterator[bytes]]:
    """Return the head of a level, and its receipts as lines for :func:`receipt_of`.

    Raises:
        CodecError: they are no level, or one of another version; from the iterator too.
    """
    lines = _lines(data)
    found = next(lines, b"")
    if found != _MAGIC:
        raise CodecError(f"level: begins with {found[:40]!r}, expected {_MAGIC!r}; merge again")
    with_head = next(lines, b"")
    try:
        head: Head = coder(Head).unpack(json.loads(with_head.decode("utf-8", "surrogatepass")))
    except _WRONG as error:
        raise _undecodable(error) from error
    return head, lines


def receipt_of(line: bytes, form: Form) -> Receipt:
    """Return the receipt of a line.

    Raises:
        CodecError: it is none.
    """
    try:
        return _whole(json.loads(line.decode("utf-8", "surrogatepass")), form)
    except _WRONG as error:
        raise _undecodable(error) from error


def _undecodable(error: Exception) -> CodecError:
    return CodecError(f"level: cannot be decoded ({error}); merge again")


def _line(packed: Any) -> bytes:
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"


def _lines(data: bytes) -> Iterator[bytes]:
    unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_MEMORY)
    rest, given, total = b"", data, 0
    while not unpacker.eof:
        try:
            piece = unpacker.decompress(given, _CHUNK)
        except lzma.LZMAError as error:
            raise _undecodable(error) from error
        given, total = b"", total + len(piece)
        *lines, rest = (rest + piece).split(b"\n")
        if len(rest) > _LONGEST or total > _MOST or (not piece and unpacker.needs_input):
            raise _undecodable(ValueError("too much, or cut off"))
        yield from lines


# A receipt, and its submission, as the codec packs them: lists in the order of their fields.
_OF_RECEIPT = {name: place for place, name in enumerate(Receipt.__dataclass_fields__)}
_OF_SUBMISSION = {name: place for place, name in enumerate(Submission.__dataclass_fields__)}
_SOURCE, _SUBMISSION = _OF_RECEIPT["source"], _OF_RECEIPT["submission"]
_OWN_SOURCE, _ANSWERS, _CELLS = (_OF_SUBMISSION[name] for name in ("source", "answers", "cells"))
_SHORT = 2  # text and value of an answer


def _thin(receipt: Receipt, form: Form) -> list[Any]:
    """Return a receipt as the codec packs it without what it says twice, and whether its values were left out."""
    submission = receipt.submission
    left_out = submission is not None and dict(field_values(form, submission.answers)) == dict(submission.values)
    if submission is not None and left_out:
        receipt = replace(receipt, submission=replace(submission, values={}))
    packed = _RECEIPT.pack(receipt)
    if (inner := packed[_SUBMISSION]) is not None:
        inner[_OWN_SOURCE] = 0 if inner[_OWN_SOURCE] == packed[_SOURCE] else inner[_OWN_SOURCE]
        cells = inner[_CELLS]
        inner[_ANSWERS] = {key: _thin_answer(key, answer, cells.get(key)) for key, answer in inner[_ANSWERS].items()}
    return [packed, left_out]


def _thin_answer(key: str, packed: list[Any], cell: list[Any] | None) -> Any:
    """Return an answer: the text alone, or the number, where it was read as that; null for a blank."""
    own, raw, value, place, changes, left_out = packed
    if own != key or place != cell or changes or left_out:
        return packed
    if raw == "" and value is None:
        return None
    if type(value) in {str, int} and str(value) == raw:
        return value
    return [raw, value]


def _whole(thin: list[Any], form: Form) -> Receipt:
    packed, left_out = thin
    if (inner := packed[_SUBMISSION]) is not None:
        inner[_OWN_SOURCE] = inner[_OWN_SOURCE] or packed[_SOURCE]
        cells = inner[_CELLS]
        inner[_ANSWERS] = {key: _whole_answer(key, answer, cells.get(key)) for key, answer in inner[_ANSWERS].items()}
    receipt: Receipt = _RECEIPT.unpack(packed)
    if receipt.submission is None or left_out is not True:
        return receipt
    values = field_values(form, receipt.submission.answers)
    return replace(receipt, submission=replace(receipt.submission, values=values))


def _whole_answer(key: str, thin: Any, cell: list[Any] | None) -> list[Any]:
    if thin is None:
        return [key, "", None, cell, [], False]
    if type(thin) in {str, int}:
        return [key, str(thin), thin, cell, [], False]
    return [key, *thin, cell, [], False] if len(thin) == _SHORT else thin
