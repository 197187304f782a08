"""Which file at the place of an output is a summary of ours; whatever lies there costs next to nothing."""

import bz2
import os
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest

from gwxl.summary.stored.recognising import is_summary
from gwxl.summary.workbook import write_summary
from tests.support.batches import batch, receipt, report_rules

PART = "docProps/custom.xml"
OURS = b'<property name="gwxl_document"><vt:lpwstr>summary</vt:lpwstr></property>'
HUGE = 64 * 1024 * 1024
MOST = 8 * 1024 * 1024
"""Bytes of memory that telling may take."""


def write(path: Path, content: bytes, method: int = ZIP_DEFLATED) -> None:
    """Write a zip whose custom properties are these bytes."""
    with ZipFile(path, "w", method) as package:
        package.writestr(PART, content)


def write_lying(path: Path, content: bytes, method: int) -> None:
    """Write a zip that promises only the beginning of what its custom properties unpack to."""
    write(path, content, method)
    data, promise = bytearray(path.read_bytes()), OURS
    for mark, offset in ((b"PK\1\2", 16), (b"PK\3\4", 14)):
        crc, size = data.find(mark) + offset, data.find(mark) + offset + 8
        struct.pack_into("<L", data, crc, zlib.crc32(promise))
        struct.pack_into("<L", data, size, len(promise))
    path.write_bytes(data)


def write_crowded(path: Path) -> None:
    """Write a zip with a directory of many lines and nothing else of size."""
    with ZipFile(path, "w") as package:
        package.writestr(PART, OURS)
        for number in range(30_000):
            package.writestr(zipfile.ZipInfo(f"{number}"), b"")


BOMBS: dict[str, Callable[[Path], object]] = {
    "a part that is as large as it says": lambda path: write(path, OURS + bytes(HUGE)),
    "a part that is larger than it says": lambda path: write_lying(path, OURS + bytes(HUGE), ZIP_DEFLATED),
    "such a part in another packing": lambda path: write_lying(path, OURS + bytes(HUGE), ZIP_BZIP2),
    "a directory of many lines": write_crowded,
    "no zip at all": lambda path: path.write_bytes(bz2.compress(bytes(HUGE))),
}


@pytest.mark.parametrize("made", BOMBS)
def test_a_bomb_is_no_summary_and_costs_nothing(tmp_path: Path, made: str) -> None:
    """Sizes are looked at before anything is unpacked, and nothing is unpacked further than it says."""
    path = tmp_path / "s.xlsx"
    BOMBS[made](path)
    tracemalloc.start()
    try:
        assert not is_summary(path)
        assert tracemalloc.get_traced_memory()[1] < MOST
    finally:
        tracemalloc.stop()


def test_a_summary_is_known_through_a_link(tmp_path: Path) -> None:
    """What gwxl wrote is known, the same in a small zip too; one property more or less is not."""
    write_summary(batch(receipt(1)), report_rules(), tmp_path / "s.xlsx")
    (tmp_path / "link.xlsx").symlink_to("s.xlsx")
    write(tmp_path / "small.xlsx", OURS)
    write(tmp_path / "other.xlsx", OURS.replace(b"summary", b"letter"))
    (tmp_path / "nowhere.xlsx").symlink_to("gone.xlsx")
    names = ("s", "link", "small", "other", "nowhere", "gone")
    assert [is_summary(tmp_path / f"{name}.xlsx") for name in names] == [True, True, True, False, False, False]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes here")
@pytest.mark.timeout(20)
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """Nobody writes into it, and nothing waits for anybody to."""
    os.mkfifo(tmp_path / "s.xlsx")
    assert not is_summary(tmp_path / "s.xlsx")
