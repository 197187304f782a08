"""The zip reader: what a zip claims is checked, and unpacking costs what the limits allow."""

import io
import struct
import zipfile
import zlib

import pytest

from gwxl.containers.limits import DEFAULT_LIMITS, Limits
from gwxl.containers.zips import Package
from gwxl.errors import RefusedError
from gwxl.spreadsheets.archive import Archive
from gwxl.wording import LANGUAGES, text
from tests.support.workbooks import zip_parts

_LOCAL, _CENTRAL, _END = b"PK\3\4", b"PK\1\2", b"PK\5\6"


def patch(data: bytes, at: bytes, offset: int, value: bytes) -> bytes:
    """Return the zip with bytes replaced, counted from the first record of a signature."""
    place = data.index(at) + offset
    return data[:place] + value + data[place + len(value) :]


def raw_zip(*entries: tuple[bytes, bytes], flags: int = 0) -> bytes:
    """Return a zip of stored parts whose names are written as they are."""
    local, central = b"", b""
    for name, content in entries:
        facts = struct.pack("<3H3L2H", 0, 0, 0, zlib.crc32(content), len(content), len(content), len(name), 0)
        offset = len(local)
        local += _LOCAL + struct.pack("<2H", 20, flags) + facts + name + content
        central += _CENTRAL + struct.pack("<3H", 20, 20, flags) + facts
        central += struct.pack("<3H2L", 0, 0, 0, 0, offset) + name
    end = struct.pack("<4H2LH", 0, 0, len(entries), len(entries), len(central), len(local), 0)
    return local + central + _END + end


def read_all(package: Package) -> dict[str, bytes]:
    """Return every part of a package by its name."""
    return {name: package.read(name) for name in package.names}


GOOD = zip_parts({"a.xml": "hello " * 50, "dir/b.xml": "world"})

HOSTILE = {
    "no directory": (GOOD[:-30], "truncated"),
    "half": (GOOD[: len(GOOD) // 2], "truncated"),
    "directory outside the file": (patch(GOOD, _END, 16, b"\xff\xff\xff\x7f"), "damaged"),
    "directory too short": (patch(GOOD, _END, 12, b"\x10\0\0\0"), "damaged"),
    "several disks": (patch(GOOD, _END, 4, b"\1\0"), "split"),
    "a later disk": (patch(GOOD, _END, 6, b"\1\0"), "split"),
    "fewer entries told": (patch(GOOD, _END, 8, b"\1\0\1\0"), "damaged"),
    "more entries told": (patch(GOOD, _END, 8, b"\3\0\3\0"), "damaged"),
    "zip64 promised": (patch(GOOD, _END, 16, b"\xff\xff\xff\xff"), "damaged"),
    "encrypted": (patch(GOOD, _CENTRAL, 8, b"\1\0"), "locked_archive"),
    "method": (patch(GOOD, _CENTRAL, 10, b"\x0e\0"), "packing"),
    "parent folder": (zip_parts({"../a.xml": "x"}), "unsafe_name"),
    "parent folder, backslash": (raw_zip((b"..\\a.xml", b"x")), "unsafe_name"),
    "parent folder inside": (zip_parts({"a/../../b": "x"}), "unsafe_name"),
    "absolute": (raw_zip((b"/etc/passwd", b"x")), "unsafe_name"),
    "drive": (raw_zip((b"C:\\a.xml", b"x")), "unsafe_name"),
    "control character": (raw_zip((b"a\x1b[31m", b"x")), "unsafe_name"),
    "no name": (raw_zip((b"", b"x")), "unsafe_name"),
    "same name": (raw_zip((b"a.xml", b"x"), (b"a.xml", b"y")), "duplicate_part"),
    "same name in another case": (zip_parts({"a.xml": "x", "A.XML": "y"}), "duplicate_part"),
    "same name with a backslash": (raw_zip((b"d/a", b"x"), (b"d\\a", b"y")), "duplicate_part"),
    "ratio": (zip_parts({"a.xml": bytes(2 * 1024 * 1024)}), "bomb"),
    "many parts": (zip_parts({f"{number}": "" for number in range(1001)}), "too_many_parts"),
}


@pytest.mark.parametrize(("data", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_zip_is_refused(data: bytes, reason: str) -> None:
    """Each trick is refused, at the latest by the part it concerns, with a text in both languages."""
    with pytest.raises(RefusedError) as refusal:
        read_all(Package(data, DEFAULT_LIMITS))
    assert refusal.value.reason == reason
    assert all(text(f"refused.{reason}", language, **refusal.value.details) for language in LANGUAGES)


HARMLESS = {
    "one part twice": (raw_zip((b"a.xml", b"x"), (b"a.xml", b"x")), {"a.xml": b"x"}),
    "a step that stays": (raw_zip((b"./d/./a.xml", b"x"), (b"d/../b.xml", b"y")), {"d/a.xml": b"x", "b.xml": b"y"}),
    "the folder itself": (raw_zip((b"./", b""), (b"a.xml", b"x")), {"a.xml": b"x"}),
    "folders": (raw_zip((b"d\\", b""), (b"d\\a.xml", b"x")), {"d/a.xml": b"x"}),
}


@pytest.mark.parametrize(("data", "contents"), HARMLESS.values(), ids=HARMLESS.keys())
def test_oddities_of_writers_are_read(data: bytes, contents: dict[str, bytes]) -> None:
    """Names that stay inside and contents that are there twice hurt nobody."""
    assert read_all(Package(data, DEFAULT_LIMITS)) == contents


def test_damage_of_one_part_costs_that_part_alone() -> None:
    """What is wrong with a part is told when it is asked for, and no other part is lost by it."""
    for offset, value, reason in ((10, b"\x0e\0", "packing"), (16, b"\0\0\0\0", "damaged")):
        package = Package(patch(GOOD, _CENTRAL, offset, value), DEFAULT_LIMITS)
        assert package.read("dir/b.xml") == b"world"
        with pytest.raises(RefusedError, match=reason):
            package.read("a.xml")


def test_overlapping_parts_are_refused() -> None:
    """Two entries that share one body unpack to any size without a suspicious ratio."""
    data = raw_zip((b"a", b"x" * 64), (b"b", b"y" * 64))
    second = data.rindex(_CENTRAL)
    with pytest.raises(RefusedError, match="bomb"):
        Package(data[: second + 42] + struct.pack("<L", 8) + data[second + 46 :], DEFAULT_LIMITS)


def test_sizes_are_limited_one_by_one_and_together() -> None:
    """A part, and all parts, may unpack to so much and no more."""
    data = zip_parts({"a": "12345", "b": "67890"})
    assert Package(data, Limits(part_bytes=5, total_bytes=10)).read("b") == b"67890"
    for limits in (Limits(part_bytes=4), Limits(total_bytes=9), Limits(parts=1)):
        with pytest.raises(RefusedError, match=r"bomb|too_many_parts"):
            Package(data, limits)


def test_ratio_counts_past_a_megabyte_only() -> None:
    """A small part may be as empty as it likes: a fresh form is mostly repetition."""
    megabyte = 1024 * 1024
    assert len(Package(zip_parts({"a": bytes(megabyte)}), DEFAULT_LIMITS).read("a")) == megabyte


LYING = {
    "size too small": (_CENTRAL, 24, struct.pack("<L", 10)),
    "size too large": (_CENTRAL, 24, struct.pack("<L", 301)),
    "checksum": (_CENTRAL, 16, b"\0\0\0\0"),
    "other name in front": (_LOCAL, 30, b"x"),
    "other method in front": (_LOCAL, 8, b"\0\0"),
    "encrypted in front": (_LOCAL, 6, b"\1\0"),
    "other size in front": (_LOCAL, 22, b"\1\0\0\0"),
    "no header in front": (_LOCAL, 0, b"XXXX"),
    "body": (_LOCAL, 36, b"\xff\xff\xff\xff"),
    "header outside the file": (_CENTRAL, 42, b"\xff\xff\xff\x00"),
    "body longer than the file": (_CENTRAL, 20, b"\xff\xff\xff\x00"),
}


@pytest.mark.parametrize(("at", "offset", "value"), LYING.values(), ids=LYING.keys())
def test_lies_are_found(at: bytes, offset: int, value: bytes) -> None:
    """Directory, header and body must say the same; no part of a lie is given out."""
    with pytest.raises(RefusedError, match=r"damaged|truncated|bomb"):
        Package(patch(GOOD, at, offset, value), DEFAULT_LIMITS).read("a.xml")


def test_parts_are_found_in_any_case() -> None:
    """Some programs write ``xl/SharedStrings.xml`` and link to ``xl/sharedStrings.xml``."""
    package = Package(zip_parts({"xl/Sheet1.XML": "x", "folder/": ""}), DEFAULT_LIMITS)
    assert "XL/sheet1.xml" in package
    assert package.read("xl/sheet1.xml") == b"x"
    assert package.names == ("xl/Sheet1.XML",)


def test_absent_part_is_damage() -> None:
    """Asking for a part that is not there refuses the file."""
    with pytest.raises(RefusedError, match="damaged"):
        Package(GOOD, DEFAULT_LIMITS).read("c.xml")


def test_written_without_knowing_the_sizes() -> None:
    """A program that streams its output writes sizes behind each part, and zip64 fields."""

    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.data += bytes(data)
            return len(data)

    stream = Stream()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a", "w", force_zip64=True) as part,
    ):
        part.write(b"hello")
    assert Package(stream.data, DEFAULT_LIMITS).read("a") == b"hello"


def test_zip64_directory_is_read() -> None:
    """Some programs write every number in its long form, however small the file."""
    data = raw_zip((b"a", b"hello"))
    start = data.index(_CENTRAL)
    extra = struct.pack("<2H3Q", 1, 24, 5, 5, 0)
    entry = bytearray(data[start : start + 47])
    entry[20:28] = b"\xff" * 8
    entry[30:32] = struct.pack("<H", len(extra))
    entry[42:46] = b"\xff" * 4
    central = bytes(entry) + extra
    record = b"PK\6\6" + struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, 1, 1, len(central), start)
    locator = b"PK\6\7" + struct.pack("<LQL", 0, start + len(central), 1)
    end = _END + struct.pack("<4H2LH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    wide = data[:start] + central + record + locator + end
    assert zipfile.ZipFile(io.BytesIO(wide)).read("a") == b"hello"
    assert Package(wide, DEFAULT_LIMITS).read("a") == b"hello"


def test_rubbish_behind_the_end_is_allowed() -> None:
    """Mail gateways append line ends."""
    assert Package(GOOD + b"\r\n", DEFAULT_LIMITS).read("dir/b.xml") == b"world"


def test_members_of_an_archive() -> None:
    """The files of an archive come by name, folders left out."""
    data = zip_parts({"dir/": "", "甲.xlsx": "1", "dir/乙.xlsx": "2"})
    assert Archive(data).names == ("dir/乙.xlsx", "甲.xlsx")


@pytest.mark.parametrize(
    ("raw", "flags", "name"),
    [
        ("填报表.xlsx".encode("cp936"), 0, "填报表.xlsx"),
        ("填报表.xlsx".encode(), 0, "填报表.xlsx"),
        ("填报表.xlsx".encode(), 0x800, "填报表.xlsx"),
        (b"\xff\xff.xlsx", 0, "\\xff\\xff.xlsx"),
    ],
)
def test_member_names(raw: bytes, flags: int, name: str) -> None:
    """UTF-8 where it says so or is so, else GBK as Chinese Windows writes it, else anything."""
    assert Archive(raw_zip((raw, b"x"), flags=flags)).names == (name,)


def test_members_whose_names_look_alike_are_told_apart() -> None:
    """Case, encoding, bytes of no encoding and what nobody sees make members of their own; none is lost."""
    names = {
        b"a.xlsx": "a.xlsx",
        b"A.xlsx": "A.xlsx",
        "甲局.xlsx".encode(): "甲局.xlsx",
        "甲局.xlsx".encode("gbk"): "\\xbc\\u05fe\\xd6.xlsx",
        b"b\xff.xlsx": "b\\xff.xlsx",
        b"b\xfe.xlsx": "b\\xfe.xlsx",
        "b\u200b.xlsx".encode(): "b\\u200b.xlsx",
        b"b.xlsx": "b.xlsx",
    }
    told = Archive(raw_zip(*((name, bytes([number])) for number, name in enumerate(names))))
    assert {name: told.read(name) for name in told.names} == {
        name: bytes([at]) for at, name in enumerate(names.values())
    }


def test_a_member_that_stands_twice() -> None:
    """The same content twice is one member; which of two different ones counts is unknown."""
    same = Archive(raw_zip((b"a", b"x"), (b"a", b"x")))
    assert [same.read(name) for name in same.names] == [b"x"]
    other = Archive(raw_zip((b"a", b"x"), (b"a", b"y")))
    assert other.names == ("a",)
    with pytest.raises(RefusedError) as refusal:
        other.read("a")
    assert refusal.value.reason == "duplicate_part"


def test_a_backslash_divides_only_where_it_is_no_half_of_a_character() -> None:
    """Old programs write it between folders; in GBK it may be the second half of a character."""
    told = Archive(raw_zip(("示例".encode("gbk") + b"\\" + "乗.xlsx".encode("gbk"), b"x"), (b"a\\b", b"y")))
    assert told.names == ("a/b", "示例/乗.xlsx")


def test_damaged_member_costs_itself_only() -> None:
    """The other members of an archive are read."""
    package = Package(patch(raw_zip((b"a", b"hello"), (b"b", b"world")), b"hello", 0, b"HELLO"), DEFAULT_LIMITS)
    with pytest.raises(RefusedError, match="damaged"):
        package.read("a")
    assert package.read("b") == b"world"
