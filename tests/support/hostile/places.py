"""Names and places made to hurt: links, pipes, devices, folders, names that no terminal should see."""

import os
from collections.abc import Iterator
from pathlib import Path

from tests.support.hostile.case import Build, Case, one

NAMES = {
    "a formula": "=1+1.xlsx",
    "a command": "+cmd|' $C calc'!A0.xlsx",
    "a sign": "@SUM(1).xlsx",
    "an option": "--help.xlsx",
    "an escape sequence": "\x1b[2J\x1b]0;x\x07.xlsx",
    "a line break": "a\nb\r.xlsx",
    "a turned direction": "\u202exslx.exe",
    "marks of direction": "\u200f\u2066示例\u2069.xlsx",
    "a zero width": "示\u200b例.xlsx",
    "half a surrogate": os.fsdecode(b"\xed\xa0\x80.xlsx"),
    "GBK bytes": os.fsdecode("示例市".encode("gbk") + b".xlsx"),
    "bytes of no encoding": os.fsdecode(b"\xff\xfe\x80.xlsx"),
    "250 characters": "n" * 245 + ".xlsx",
    "80 Chinese characters": "示" * 80 + ".xlsx",
    "an emoji": "👩‍👩‍👧.xlsx",
    "markup": "[red]x[$red].xlsx",
    "braces": "{file}{0}%s.xlsx",
    "quotes": "'\"`$(touch x)`.xlsx",
    "a web address": "http:⁄⁄x.xlsx",
    "blanks alone": " \u3000\u00a0",
    "a line separator": "a\u2028b\u2029\u0085c.xlsx",
}
"""What is odd about a file's name → the name."""


def names() -> Iterator[Case]:
    """Yield good returns under bad names."""
    for what, name in NAMES.items():
        yield Case(group="File names", name=what, outcome="read right", build=one(lambda base: base, name))


def places() -> Iterator[Case]:
    """Yield what lies in a folder and is no file."""

    def case(name: str, outcome: str, build: Build) -> Case:
        return Case(group="Places", name=name, outcome=outcome, build=build)

    yield case("a pipe nobody writes to", "not_a_file", lambda folder, _: os.mkfifo(folder / "a.xlsx"))
    yield case("a link to a return", "not_a_file; read right", _link)
    yield case("a link to /dev/zero", "not_a_file", lambda folder, _: (folder / "a.xlsx").symlink_to("/dev/zero"))
    yield case("a link to /etc/passwd", "not_a_file", lambda folder, _: (folder / "a.xlsx").symlink_to("/etc/passwd"))
    yield case("a link to itself", "not_a_file", lambda folder, _: (folder / "a.xlsx").symlink_to("a.xlsx"))
    yield case("a link to nowhere", "not_a_file", lambda folder, _: (folder / "a.xlsx").symlink_to("nowhere"))
    yield case("a link to its own folder", "not_a_file", lambda folder, _: (folder / "a").symlink_to("."))
    yield case("a folder called .xlsx", "not_a_file", lambda folder, _: (folder / "a.xlsx").mkdir())
    yield case("100 GB of nothing", "too_large", _sparse)
    yield case("an empty file", "empty", one(lambda _: b""))


def _link(folder: Path, base: bytes) -> None:
    (folder / "a.xlsx").write_bytes(base)
    (folder / "b.xlsx").symlink_to("a.xlsx")


def _sparse(folder: Path, _: bytes) -> None:
    with (folder / "a.xlsx").open("wb") as file:
        file.truncate(100 << 30)
