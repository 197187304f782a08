"""Zips made to hurt: bombs, lying directories, names that climb out, parts that share their bytes."""

import operator
import random
import struct
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.support.hostile.case import FORM_SHEET, Build, Case, edit, one, parts
from tests.support.workbooks import unzip, zip_parts

_MEGABYTE = 1 << 20
_END = b"PK\5\6"


def _lie_of_size(base: bytes) -> bytes:
    """Say of a part of 60 MB that it has 1,000 bytes."""
    data = bytearray(zip_parts(unzip(base) | {FORM_SHEET: b" " * 60 * _MEGABYTE}))
    for signature, offset in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        place = data.find(FORM_SHEET.encode()) if signature == b"PK\3\4" else data.rfind(FORM_SHEET.encode())
        start = data.rfind(signature, 0, place)
        data[start + offset : start + offset + 4] = struct.pack("<L", 1_000)
    return bytes(data)


def _many_large(base: bytes) -> bytes:
    """Add parts that are each within the limits and together are not."""
    block = random.Random(0).randbytes(_MEGABYTE // 64) * 64
    return zip_parts(unzip(base) | {f"xl/media/{n}.bin": block * 4 for n in range(25)})


def _share_bytes(base: bytes) -> bytes:
    """Let a hundred entries of the directory name the bytes of one part."""
    plain = zip_parts(unzip(base) | {"xl/media/a000.bin": bytes(900_000)})
    end = plain.rfind(_END)
    count, size, start = struct.unpack_from("<HLL", plain, end + 10)
    place = plain.rfind(b"PK\1\2", 0, end)
    entry = plain[place:end]
    copies = b"".join(entry.replace(b"a000.bin", b"a%03d.bin" % n) for n in range(1, 101))
    tail = bytearray(plain[end:])
    struct.pack_into("<HHL", tail, 8, count + 100, count + 100, size + len(copies))
    assert start + size == end
    return plain[:end] + copies + bytes(tail)


def _patch(base: bytes, offset: int, value: bytes, part: str = FORM_SHEET) -> bytes:
    """Change a field of the entry of a part in the directory."""
    data = bytearray(base)
    place = data.rfind(b"PK\1\2", 0, data.rfind(part.encode()))
    data[place + offset : place + offset + len(value)] = value
    return bytes(data)


def _write_count(base: bytes, count: int) -> bytes:
    data = bytearray(base)
    struct.pack_into("<HH", data, data.rfind(_END) + 8, count, count)
    return bytes(data)


def _add_named(name: str) -> Build:
    """Add a part of any name, also one that zipfile would warn about, change or refuse."""
    stand_in = b"n" * len(name)
    return one(
        lambda base: zip_parts(unzip(base) | {stand_in.decode(): b"<worksheet/>"}).replace(stand_in, name.encode())
    )


def _cut(folder: Path, base: bytes) -> None:
    """Cut the file before and after every part and in the directory."""
    places = [place for place in range(len(base)) if base[place : place + 4] in {b"PK\3\4", b"PK\1\2", _END}]
    for number, place in enumerate([*places[1:], len(base) - 1]):
        (folder / f"cut{number:03}.xlsx").write_bytes(base[:place])


def _truncate_inside(folder: Path, base: bytes) -> None:
    """Keep the directory and drop the end of what it names."""
    for name in ("xl/workbook.xml", FORM_SHEET):
        data = unzip(base)
        (folder / f"{name.rpartition('/')[2]}.xlsx").write_bytes(zip_parts(data | {name: data[name][:-50]}))


def bombs() -> Iterator[Case]:
    """Yield what unpacks to more than it should."""
    yield Case(
        group="Bombs",
        name="a sheet of 60 MB of blanks in 60 KB",
        outcome="bomb",
        build=parts(lambda _: {FORM_SHEET: b" " * 60 * _MEGABYTE}),
    )
    yield Case(
        group="Bombs",
        name="a part nobody reads, 63 MB in 60 KB",
        outcome="bomb",
        build=parts(lambda _: {"xl/media/a.bin": bytes(63 * _MEGABYTE)}),
    )
    yield Case(group="Bombs", name="60 MB said to be 1,000 bytes", outcome="damaged", build=one(_lie_of_size))
    yield Case(group="Bombs", name="25 parts of 4 MB", outcome="bomb", build=one(_many_large))
    yield Case(group="Bombs", name="a hundred parts that share their bytes", outcome="bomb", build=one(_share_bytes))
    yield Case(
        group="Bombs",
        name="1,001 parts",
        outcome="too_many_parts",
        build=parts(lambda kept: {f"x/{n}.xml": b"" for n in range(1_001 - len(kept))}),
    )
    yield Case(
        group="Bombs",
        name="1,000 parts",
        outcome="read right",
        build=parts(lambda kept: {f"x/{n}.xml": b"" for n in range(1_000 - len(kept))}),
    )
    yield Case(group="Bombs", name="20 MB of zeros", outcome="empty", build=one(lambda _: bytes(20 * _MEGABYTE)))
    yield Case(
        group="Bombs", name="20 MB and a byte", outcome="too_large", build=one(lambda _: bytes(20 * _MEGABYTE + 1))
    )


def directories() -> Iterator[Case]:
    """Yield zips whose directory lies."""
    group = "The zip"
    yield Case(group=group, name="cut at every part", outcome="truncated", build=_cut)
    yield Case(group=group, name="parts cut inside", outcome="damaged", build=_truncate_inside)
    yield Case(
        group=group,
        name="65,000 parts announced",
        outcome="too_many_parts",
        build=one(lambda b: _write_count(b, 65_000)),
    )
    yield Case(
        group=group,
        name="one part fewer announced",
        outcome="damaged",
        build=one(lambda b: _write_count(b, len(unzip(b)) - 1)),
    )
    yield Case(group=group, name="no part announced", outcome="damaged", build=one(lambda b: _write_count(b, 0)))
    yield Case(group=group, name="encryption flag", outcome="locked_archive", build=one(lambda b: _patch(b, 8, b"\1")))
    yield Case(
        group=group,
        name="packed by an unknown method",
        outcome="packing",
        build=one(lambda b: _patch(b, 10, b"\x63")),
    )
    yield Case(
        group=group,
        name="another method than the part itself says",
        outcome="damaged",
        build=one(lambda b: _patch(b, 10, b"\0")),
    )
    yield Case(group=group, name="wrong checksum", outcome="damaged", build=one(lambda b: _patch(b, 16, b"abcd")))
    yield Case(
        group=group,
        name="a part that starts behind the end",
        outcome="truncated",
        build=one(lambda b: _patch(b, 42, b"\xff\xff\xff\x7f")),
    )
    yield from _break_unneeded(group)
    yield Case(group=group, name="the same part twice", outcome="duplicate_part", build=_add_named(FORM_SHEET))
    yield Case(group=group, name="a twin in capitals", outcome="duplicate_part", build=_add_named(FORM_SHEET.upper()))
    yield Case(
        group=group,
        name="a twin with backslashes",
        outcome="duplicate_part",
        build=_add_named(FORM_SHEET.replace("/", "\\")),
    )
    for name in (
        "../../etc/passwd",
        "/etc/passwd",
        "C:/Windows/x",
        "xl\\..\\..\\x",
        "C:\\x",
        "xl/a\0b.xml",
        "xl/a\nb.xml",
        "xl/\x1b[31m.xml",
        "..",
    ):
        shown = name.encode("unicode_escape").decode()
        yield Case(group=group, name=f"a part named {shown}", outcome="unsafe_name", build=_add_named(name))
    yield Case(group=group, name="bytes behind the zip", outcome="read right", build=one(lambda b: b + b"<html>" * 100))
    for name, head, fate in (
        ("GIF", b"GIF89a" + bytes(50), "image"),
        ("PDF", b"%PDF-1.7\n", "pdf"),
        ("program", b"MZ" + bytes(60), "unknown"),
        ("web page", b"<html></html>\n", "unknown"),
    ):
        yield Case(
            group=group,
            name=f"a {name} with the workbook behind it",
            outcome=fate,
            build=one(partial(operator.add, head)),
        )


def _break_unneeded(group: str) -> Iterator[Case]:
    """Yield what is wrong with parts that no reader needs."""
    for what, offset, value in (
        ("packed by an unknown method", 10, b"\x63"),
        ("with a wrong checksum", 16, b"abcd"),
        ("that starts behind the end", 42, b"\xff\xff\xff\x7f"),
    ):
        build = one(partial(_patch, offset=offset, value=value, part="docProps/app.xml"))
        yield Case(group=group, name=f"a part nobody needs {what}", outcome="read right", build=build)


def packages() -> Iterator[Case]:
    """Yield packages whose parts lie about each other."""
    group = "The package"
    kinds, rels, root = "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"
    yield Case(
        group=group,
        name="content types of a document",
        outcome="read right",
        build=edit(kinds, "spreadsheetml.sheet.main", "wordprocessingml.document.main"),
    )
    yield Case(group=group, name="no content types", outcome="read right", build=_leave_out(kinds))
    yield Case(group=group, name="no relationships at all", outcome="damaged", build=_leave_out(rels))
    yield Case(
        group=group,
        name="the package related to itself",
        outcome="unknown",
        build=edit(root, "xl/workbook.xml", "_rels/.rels"),
    )
    yield Case(
        group=group,
        name="the sheet is the workbook",
        outcome="damaged",
        build=edit(rels, "worksheets/sheet1.xml", "workbook.xml"),
    )
    yield Case(
        group=group,
        name="the sheet is the strings",
        outcome="damaged",
        build=edit(rels, "worksheets/sheet1.xml", "sharedStrings.xml"),
    )
    yield Case(
        group=group,
        name="the sheet outside the package",
        outcome="unsafe_name",
        build=edit(rels, "worksheets/sheet1.xml", "../../sheet1.xml"),
    )
    yield Case(
        group=group,
        name="the sheet on a server",
        outcome="damaged",
        build=edit(rels, 'Target="worksheets/sheet1.xml"', 'Target="http://x/a" TargetMode="External"'),
    )
    yield Case(
        group=group,
        name="the sheet on a share",
        outcome="damaged",
        build=edit(rels, "worksheets/sheet1.xml", "file:///h/a.xml"),
    )
    yield Case(
        group=group,
        name="two sheets of one part",
        outcome="no_form",
        build=edit(rels, "worksheets/sheet1.xml", "worksheets/sheet2.xml"),
    )
    yield Case(
        group=group,
        name="form and table of one part",
        outcome="read, L12, L20; read, L20",
        build=edit(rels, "worksheets/sheet2.xml", "worksheets/sheet1.xml"),
    )
    yield from _relations(group)
    yield Case(group=group, name="the strings are gone", outcome="damaged", build=_leave_out("xl/sharedStrings.xml"))
    yield Case(group=group, name="the styles are gone", outcome="read right", build=_leave_out("xl/styles.xml"))


def _relations(group: str) -> Iterator[Case]:
    """Yield relationships that nobody follows, or that stay inside the package in an odd way."""
    root, rels, end = "_rels/.rels", "xl/_rels/workbook.xml.rels", "</Relationships>"
    link = '<Relationship Id="rId90" Type="http://example/customXml" Target="{}"/>'
    for target in ("../customXml/item1.xml", "../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd"):
        build = edit(root, end, link.format(target) + end)
        yield Case(group=group, name=f"a stray link to {target}", outcome="read right", build=build)
    for target in ("/xl/worksheets/sheet1.xml", "../xl/worksheets/sheet1.xml", "worksheets%2Fsheet1.xml"):
        build = edit(rels, '"worksheets/sheet1.xml', f'"{target}')
        yield Case(group=group, name=f"the sheet at {target}", outcome="read right", build=build)
    for target in ("%2e%2e/%2e%2e/etc/passwd", "..\\..\\sheet9.xml"):
        build = edit(rels, '"worksheets/sheet1.xml', f'"{target}')
        yield Case(group=group, name=f"the sheet at {target}", outcome="unsafe_name", build=build)


def _leave_out(part: str) -> Build:
    return one(lambda base: zip_parts({name: data for name, data in unzip(base).items() if name != part}))
