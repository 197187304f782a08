"""Make an inbox of so many different returns for :mod:`bench.merge`, each of the real template, as programs save it.

Of ten, eight are as XlsxWriter and Excel write them, one was saved by LibreOffice, one by openpyxl: shared strings in
another order, cached results of their own. Of a hundred three are bad. Among them lie a zip of five and some scans.
A few dozen are made by the programs themselves; the others are copies with another code, name, address and other
figures, all of one return multiplied by one number, so that what has to add up still does.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from random import Random

import openpyxl

from gwxl.form.identity import issue_identity
from gwxl.form.layout import lay_out
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.rules.available_forms import load
from gwxl.template import write_template
from tests.support.clients.libreoffice import LibreOffice
from tests.support.clients.typed import Typed, draw

FORM, YEAR = "website_annual_report", 2026
CODE, NAME, URL = "9000000001", "示例市占位门户网站", "http://placeholder.example.gov.cn"
STRINGS, FORM_SHEET = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"
TEN = ("excel",) * 8 + ("libreoffice", "openpyxl")
BAD = 33  # every one of so many
PACKED, SCANS = 5, 5

RULES = load(FORM)
LAYOUT = lay_out(RULES.form)
FIGURES: Mapping[str, str] = {
    LAYOUT.cells[FormPath(key)].address: key
    for key, field in RULES.form.fields.items()
    if field.kind.is_number and field.kind.is_whole
}
"""Cell of the form sheet → key, of every count."""

_FIGURE = re.compile(rb'(<c r="(%s)"[^>]*>\s*<v>)([^<]*)(</v>)' % "|".join(FIGURES).encode())


@dataclass(frozen=True)
class Base:
    """A workbook that a program saved."""

    parts: Mapping[str, bytes]

    def copy(self, number: int, times: int, chance: Random) -> tuple[dict[str, bytes], dict[str, int]]:
        """Return the parts of another site's return, and its figures by key."""
        figures: dict[str, int] = {}

        def multiply(found: re.Match[bytes]) -> bytes:
            value = int(Decimal(found[3].decode())) * times
            figures[FIGURES[found[2].decode()]] = value
            return found[1] + str(value).encode() + found[4]

        parts = dict(self.parts)
        parts[FORM_SHEET] = _FIGURE.sub(multiply, parts[FORM_SHEET])
        for old, new in self.say(number, chance).items():
            for part in (STRINGS, FORM_SHEET):
                if part in parts:
                    parts[part] = parts[part].replace(old.encode(), new.encode())
        return parts, figures

    def say(self, number: int, chance: Random) -> Mapping[str, str]:
        """Return placeholder → what stands there in the return of a number."""
        return {
            CODE: f"{1_000_000_000 + number}",
            NAME: f"示例市第{number:06}号{chance.choice(['门户', '政务', '信息'])}网站",
            URL: f"http://www{number}.example.gov.cn",
        }


@dataclass(frozen=True)
class Bases:
    """The workbooks that programs made, in a folder that is kept for the next run."""

    folder: Path
    count: int

    @cached_property
    def by_program(self) -> Mapping[str, Sequence[Base]]:
        """Return program → its workbooks."""
        self.folder.mkdir(parents=True, exist_ok=True)
        seeds = range(1, 2 * self.count, 2)
        excel = [self._make(f"excel-{seed}", draw_typed(seed)) for seed in seeds]
        few = max(2, self.count // 6)
        opened = [self._fill(f"openpyxl-{seed}", draw_typed(seed)) for seed in seeds[:few]]
        return {"excel": excel, "openpyxl": opened, "libreoffice": list(self._convert(seeds[:few]))}

    def _make(self, name: str, typed: Typed) -> Base:
        path = self.folder / f"{name}.xlsx"
        if not path.exists():
            write_template(RULES, path, identity=issue_identity(RULES.form, period=Period(YEAR)), answers=typed.values)
        return read_base(path)

    def _fill(self, name: str, typed: Typed) -> Base:
        path, blank = self.folder / f"{name}.xlsx", self.folder / "blank.xlsx"
        if not path.exists():
            if not blank.exists():
                write_template(RULES, blank, identity=issue_identity(RULES.form, period=Period(YEAR)))
            book = openpyxl.load_workbook(blank)
            for entry in typed.entries(LAYOUT):
                book[entry.sheet][entry.cell].value = entry.value
                if isinstance(entry.value, str):
                    book[entry.sheet][entry.cell].data_type = "s"
            book.save(path)
        return read_base(path)

    def _convert(self, seeds: Sequence[int]) -> Iterator[Base]:
        paths = {self.folder / f"libreoffice-{seed}.xlsx": self.folder / f"excel-{seed}.xlsx" for seed in seeds}
        if not all(path.exists() for path in paths):
            with LibreOffice() as office:
                for path, source in paths.items():
                    with office.open(source) as document:
                        document.save(path)
        yield from map(read_base, paths)


def draw_typed(seed: int) -> Typed:
    """Return a return that breaks no rule, with placeholders for who sends it."""
    typed = draw(RULES.form, seed)
    return Typed(values={**typed.values, "site_code": CODE, "site_name": NAME, "site_url": URL})


def read_base(path: Path) -> Base:
    """Return what a program saved."""
    with zipfile.ZipFile(path) as package:
        return Base({name: package.read(name) for name in package.namelist()})


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """What was made: the good returns by name with their figures, and how many files there are."""

    good: Mapping[str, Mapping[str, int]]
    files: int

    def totals(self) -> dict[str, int]:
        """Return key → the sum over all good returns."""
        totals = dict.fromkeys(FIGURES.values(), 0)
        for figures in self.good.values():
            for key, value in figures.items():
                totals[key] += value
        return totals


def make_inbox(count: int, folder: Path, bases: Bases, seed: int = 1) -> Inbox:
    """Write so many files into a folder, and return what stands in them."""
    chance, good = Random(seed), {}
    folder.mkdir(parents=True)
    packed: dict[str, bytes] = {}
    for number in range(count - SCANS - 1 + PACKED):
        some = bases.by_program[TEN[number % len(TEN)]]
        parts, figures = some[chance.randrange(len(some))].copy(number, chance.randrange(2, 90), chance)
        if number % BAD == BAD - 1 and number >= PACKED:
            write_bad(folder / f"{number:06}-坏.xlsx", parts, number // BAD)
            continue
        name = f"{number:06}.xlsx"
        if number < PACKED:
            packed[name] = zip_parts(parts)
        else:
            (folder / name).write_bytes(zip_parts(parts))
        good[name] = figures
    with zipfile.ZipFile(folder / "两个单位.zip", "w") as archive:
        for name, data in packed.items():
            archive.writestr(name, data)
    for number in range(SCANS):
        scan = folder / f"{PACKED + 1 + number:06}（盖章扫描件）.pdf"
        scan.write_bytes(b"%PDF-1.4\n" + chance.randbytes(40_000))
    return Inbox(good=good, files=count)


def zip_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return a package of its parts."""
    from io import BytesIO  # noqa: PLC0415

    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return buffer.getvalue()


def write_bad(path: Path, parts: Mapping[str, bytes], turn: int) -> None:
    """Write a return that is cut short, says 1.2万 for a number, or is none."""
    data = zip_parts(parts)
    if turn % 3 == 0:
        path.write_bytes(data[: len(data) // 2])
    elif turn % 3 == 1:
        said = b'<c r="\\2" t="inlineStr"><is><t>1.2\xe4\xb8\x87</t></is>'
        wrong = re.sub(
            rb'<c r="(%s)"[^>]*><v>[^<]*</v>' % next(iter(FIGURES)).encode(),
            said.replace(b"\\2", b"\\1"),
            parts[FORM_SHEET],
        )
        path.write_bytes(zip_parts({**parts, FORM_SHEET: wrong}))
    else:
        path.write_bytes("<html><body><table><tr><td>年度报表</td></tr></table></body></html>".encode())
