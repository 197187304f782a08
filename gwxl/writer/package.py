"""Copy the package of a finished workbook with some of its parts changed, at the cost of those."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_VERSION, _DEFLATED, _UTF_8 = 20, 8, 0x800
_DAY = (1 << 5) | 1  # 1980-01-01, the first that a zip knows: the same parts give the same bytes


class Packed:
    """The parts of a workbook, each packed already."""

    def __init__(self, package: bytes) -> None:
        """Take a package apart."""
        with zipfile.ZipFile(BytesIO(package)) as source:
            self.parts: Mapping[str, bytes] = {name: source.read(name) for name in source.namelist()}
        self._packed = {name: _pack(data) for name, data in self.parts.items()}

    def with_parts(self, changed: Mapping[str, bytes]) -> bytes:
        """Return the package with other bytes in some of its parts.

        Raises:
            KeyError: there is no such part.
        """
        body, directory = BytesIO(), BytesIO()
        packed = {**self._packed, **{name: _pack(data) for name, data in changed.items() if self.parts[name] != data}}
        for name, (crc, size, data) in packed.items():
            words = name.encode("utf-8")
            facts = (_UTF_8, _DEFLATED, 0, _DAY, crc, len(data), size, len(words), 0)
            offset = body.tell()
            body.write(_LOCAL.pack(b"PK\x03\x04", _VERSION, *facts) + words + data)
            directory.write(_CENTRAL.pack(b"PK\x01\x02", _VERSION, _VERSION, *facts, 0, 0, 0, 0, offset) + words)
        start, listed = body.tell(), directory.getvalue()
        count = len(packed)
        return body.getvalue() + listed + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listed), start, 0)


def _pack(data: bytes) -> tuple[int, int, bytes]:
    """Return checksum, size and packed bytes of a part."""
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return zlib.crc32(data), len(data), deflate.compress(data) + deflate.flush()
