"""Builders of binary workbooks and compound files, good and bad, for the tests of what reads them."""

import struct
from collections.abc import Mapping
from itertools import accumulate, pairwise

END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
SECTOR, SHORT, CUTOFF = 512, 64, 4096
GLOBALS, WORKSHEET = 0x05, 0x10


def record(code: int, data: bytes = b"") -> bytes:
    """Return a record."""
    return struct.pack("<HH", code, len(data)) + data


def begin(kind: int, version: int = 0x0600) -> bytes:
    """Return the record that begins a part."""
    return record(0x809, struct.pack("<4H2L", version, kind, 0x0DBB, 0x07CC, 0, 6))


def narrow(text: str, *, length_bytes: int = 2) -> bytes:
    """Return a text of one byte a character."""
    return len(text).to_bytes(length_bytes, "little") + b"\0" + text.encode("latin-1")


def wide(text: str, *, length_bytes: int = 2) -> bytes:
    """Return a text of two bytes a UTF-16 unit."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return (len(raw) // 2).to_bytes(length_bytes, "little") + b"\1" + raw


def strings(*texts: bytes) -> bytes:
    """Return the record of shared texts."""
    return record(0xFC, struct.pack("<LL", len(texts), len(texts)) + b"".join(texts))


def look(number_format: int = 0, *, locked: bool = True) -> bytes:
    """Return a cell format."""
    return record(0xE0, struct.pack("<3H", 0, number_format, 1 if locked else 0) + bytes(14))


def cell(code: int, row: int, column: int, data: bytes = b"", style: int = 0) -> bytes:
    """Return the record of a cell; row and column count from 1."""
    return record(code, struct.pack("<3H", row - 1, column - 1, style) + data)


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    """Return a number cell."""
    return cell(0x203, row, column, struct.pack("<d", value), style)


def formula(row: int, column: int, result: bytes, code: bytes = b"", flags: int = 0) -> bytes:
    """Return a formula cell with its eight bytes of result."""
    return cell(0x06, row, column, result + struct.pack("<HLH", flags, 0, len(code)) + code)


def name(title: str, code: bytes, scope: int = 0, flags: int = 0) -> bytes:
    """Return a defined name."""
    head = struct.pack("<HBBHHH4x", flags, 0, len(title), len(code), 0, scope)
    return record(0x18, head + b"\0" + title.encode("latin-1") + code)


OWN_BOOK = record(0x1AE, b"\x01\x00\x01\x04")


def pointers(*sheets: tuple[int, int, int]) -> bytes:
    """Return the record of (book, first sheet, last sheet) that references go through."""
    return record(0x17, struct.pack("<H", len(sheets)) + b"".join(struct.pack("<3H", *one) for one in sheets))


def stream(*sheets: bytes, shared: bytes = b"", titles: tuple[str, ...] = (), states: tuple[int, ...] = ()) -> bytes:
    """Return a workbook stream: ``shared`` records, then a part for each sheet of records."""
    titles = titles or tuple(f"S{number}" for number in range(1, len(sheets) + 1))
    states = states or (0,) * len(sheets)
    parts = [begin(WORKSHEET) + sheet + record(0x0A) for sheet in sheets]
    listed = sum(len(record(0x85, bytes(6) + wide(title, length_bytes=1))) for title in titles)
    first = len(begin(GLOBALS)) + len(shared) + listed + len(record(0x0A))
    starts = accumulate((len(part) for part in parts), initial=first)
    lines = b"".join(
        record(0x85, struct.pack("<LBB", start, state, 0) + wide(title, length_bytes=1))
        for start, state, title in zip(starts, states, titles, strict=False)
    )
    return begin(GLOBALS) + shared + lines + record(0x0A) + b"".join(parts)


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file with these streams, short ones in the stream of short sectors; ``/`` divides storages."""
    short = {title: data for title, data in streams.items() if len(data) < CUTOFF}
    long = {title: data for title, data in streams.items() if len(data) >= CUTOFF}
    container, table, starts = b"", list[int](), dict[str, int]()
    for title, data in short.items():
        starts[title] = len(table)
        count = -(-len(data) // SHORT)
        table += [*range(len(table) + 1, len(table) + count), END] if count else []
        container += data.ljust(count * SHORT, b"\0")
    sectors: list[bytes] = []
    chain: list[int] = []

    def lay(data: bytes) -> int:
        first, count = len(sectors), -(-len(data) // SECTOR)
        sectors.extend(data[at * SECTOR : (at + 1) * SECTOR].ljust(SECTOR, b"\0") for at in range(count))
        chain.extend([*range(first + 1, first + count), END] if count else [])
        return first if count else END

    starts |= {title: lay(data) for title, data in long.items()}
    root = lay(container)
    short_table = lay(b"".join(struct.pack("<L", one) for one in table).ljust(-(-len(table) // 128) * SECTOR, b"\xff"))
    paths = sorted({path for title in streams for path in _above(title)}, key=lambda path: (path.count("/"), path))
    numbers = {path: number for number, path in enumerate(paths, 1)}
    inside: dict[str, list[int]] = {}
    for path in paths:
        inside.setdefault(path.rpartition("/")[0], []).append(numbers[path])
    following = {one: other for kids in inside.values() for one, other in pairwise(kids)}
    entries = [_entry("Root Entry", 5, root, len(container), child=inside.get("", [FREE])[0], right=FREE)]
    for path in paths:
        data, right = streams.get(path, b""), following.get(numbers[path], FREE)
        kind, child = (2, FREE) if path in streams else (1, inside[path][0])
        start = starts[path] if data else END
        entries.append(_entry(path.rpartition("/")[2], kind, start, len(data), child=child, right=right))
    directory = lay(b"".join(entries).ljust(-(-len(entries) // 4) * SECTOR, b"\0"))
    tables = -(-len(chain) // 127)
    at = len(sectors)
    chain += [TABLE] * tables
    packed = b"".join(struct.pack("<L", one) for one in chain).ljust(tables * SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9L", 0, tables, directory, 0, CUTOFF, short_table, bool(table), END, 0)
    header += struct.pack("<109L", *range(at, at + tables), *[FREE] * (109 - tables))
    return header + b"".join(sectors) + packed


def _above(title: str) -> list[str]:
    """Return the storages a stream lies in, from the outermost, and itself."""
    steps = title.split("/")
    return ["/".join(steps[: depth + 1]) for depth in range(len(steps))]


def _entry(title: str, kind: int, start: int, size: int, *, child: int, right: int) -> bytes:
    encoded = title.encode("utf-16-le") + b"\0\0"
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB3L", len(encoded), kind, 1, FREE, right, child)
    return head.ljust(116, b"\0") + struct.pack("<LQ", start, size)


def xls(*sheets: bytes, **more: object) -> bytes:
    """Return a binary workbook of sheets of records."""
    return compound_file({"Workbook": stream(*sheets, **more)})  # type: ignore[arg-type]  # passed on as given
