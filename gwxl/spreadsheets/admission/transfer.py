"""Tell what happened to a file on its way: taken for a text, cut into pieces, encrypted."""

import codecs
import math
import re
import struct
from collections import Counter

from gwxl.containers.ole import SIGNATURE
from gwxl.spreadsheets.admission.kinds import Kind

_SAMPLE = 64 * 1024
_SHORTEST = 256  # of fewer bytes nothing can be told
_SECTOR, _FEW = 512, 16
_MANY_BREAKS = 3
_RARE = 64  # of so many bytes less than one is a line end
_LONG = 4_096  # bytes of a workbook among which every value stands
_FOREIGN_SHARE = 0.05
_ZIP = b"PK\3\4"
_AS_TEXT = re.compile(rb"(?:\xef\xbb\xbf|\s)\s*(?:PK\x03\x04|\xd0\xcf\x11\xe0)|(?:\xff\xfe)?P\x00K\x00\x03\x00\x04\x00")
_NUMBER = rb"[\x80-\xff]{0,9}[\0-\x7f]"
# Checksum, size, type, flags, size of an extra area if the flags say so, flags of the archive: is it a volume?
_RAR5 = re.compile(rb"Rar!\x1a\x07\x01\0.{4}%s\x01(%s)(%s)(%s)" % ((_NUMBER,) * 4), re.DOTALL)
_RANDOM = 7.5  # bits a byte; what is packed or encrypted is near 8, text and tables below 7
_RANDOM_SHORT = 6.9
# Programs, sounds and films are as dense and are no forms that somebody encrypted.
_DENSE = re.compile(
    rb"MZ|\x7fELF|ID3|\xff[\xfb\xf3\xf2]|OggS|fLaC|RIFF|FLV|[CFZ]WS|\x1aE\xdf\xa3|.{4}ftyp|wOF", re.DOTALL
)


def damage(data: bytes) -> Kind | None:
    """Return how bytes that cannot be read were taken for a text, None if nothing shows that."""
    if _AS_TEXT.match(data):
        return Kind.RECODED
    if len(data) < _SHORTEST:
        return None
    if _is_recoded(data):
        return Kind.RECODED
    return Kind.LINE_ENDS if data.startswith((_ZIP, SIGNATURE)) and _has_new_line_ends(data) else None


def _is_recoded(data: bytes) -> bool:
    """Tell whether binary bytes are valid UTF-8 throughout, which only a text is."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data[:_SAMPLE])
    except UnicodeDecodeError:
        return False
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    dense = foreign > _FOREIGN_SHARE * len(text)
    return "\0" in text and (dense or data.startswith(_ZIP))


def _has_new_line_ends(data: bytes) -> bool:
    r"""Tell whether line ends were translated: ``\n`` became ``\r\n``, the other way round, or one sign is gone."""
    breaks, returns, pairs = data.count(b"\n"), data.count(b"\r"), data.count(b"\r\n")
    if pairs == breaks >= _MANY_BREAKS:
        return True
    if data.startswith(SIGNATURE):
        return not pairs and 0 < -len(data) % _SECTOR <= _FEW
    return 0 < _count_lost(data) <= len(data) // _RARE or (len(data) >= _LONG and not (breaks and returns))


def is_tail(data: bytes) -> bool:
    """Tell whether a zip ends here whose directory counts from a place before the first byte."""
    return _count_lost(data) > 0


def _count_lost(data: bytes) -> int:
    """Return how many bytes a zip that ends here has lost before its end. Source: PKWARE APPNOTE 6.3.10, 4.3.16."""
    at = data.rfind(b"PK\5\6")
    if at < 0 or at + 22 > len(data):
        return 0
    size, start = struct.unpack_from("<2L", data, at + 12)
    return int(start + size - at)


def is_rar_volume(data: bytes) -> bool:
    """Tell whether a RAR archive is one of several volumes. Source: RAR 5.0 archive format, and technote of RAR 4."""
    if data[6:7] == b"\0":
        return data[9:10] == b"\x73" and bool(data[10:11] and data[10] & 1)
    head = _RAR5.match(data)
    return head is not None and bool(head[3 if head[1][0] & 1 else 2][0] & 1)


def looks_scrambled(data: bytes) -> bool:
    """Tell whether bytes are as even as what is encrypted, and nothing else that is dense."""
    if len(data) < _SHORTEST or _DENSE.match(data) or b"PK\5\6" in data[-_SAMPLE:]:
        return False
    sample = data[:_SAMPLE]
    size = len(sample)
    bits = -sum(times / size * math.log2(times / size) for times in Counter(sample).values())
    return bits > (_RANDOM if size >= 4 * _SHORTEST else _RANDOM_SHORT)
