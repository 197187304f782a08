"""Builders of workbooks, good and bad, for the tests of everything that reads them."""

import io
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from openpyxl import Workbook

from gwxl.form.layout import LIVE_SHEET
from gwxl.spreadsheets.admission.door import DEFAULT_LIMITS, Limits, admit, admit_bytes
from gwxl.spreadsheets.book import Book, Cell, CellKind
from gwxl.spreadsheets.opening import read_book

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SHEET = "xl/worksheets/sheet1.xml"

_PARTS = {"strings": "sharedStrings.xml", "styles": "styles.xml"}

Parts = dict[str, bytes | str]

OF_RETURNS = replace(DEFAULT_LIMITS, unopened=frozenset({LIVE_SHEET}))
"""The limits of what intake reads: the sheet that judges is not opened."""


def parts(sheet: str = "", *, main: str = MAIN, office: str = OFFICE, main_type: str = XLSX_TYPE) -> Parts:
    """Return the parts of a small workbook with one sheet 填报表; ``sheet`` stands inside ``<worksheet>``."""
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{main_type}"/></Types>'
        ),
        "_rels/.rels": relations(("rId1", f"{office}/officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook('<sheet name="填报表" sheetId="1" r:id="rId1"/>', main=main, office=office),
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", f"{office}/worksheet", "worksheets/sheet1.xml"),
            ("rId2", f"{office}/sharedStrings", "sharedStrings.xml"),
            ("rId3", f"{office}/styles", "styles.xml"),
        ),
        SHEET: f'<worksheet xmlns="{main}">{sheet or "<sheetData/>"}</worksheet>',
    }


def relations(*links: tuple[str, str, str]) -> str:
    """Return a relationships part of (id, type, target)."""
    body = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in links)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{body}</Relationships>'


def workbook(sheets: str, *, main: str = MAIN, office: str = OFFICE, before: str = "", after: str = "") -> str:
    """Return a workbook part around its list of sheets."""
    return f'<workbook xmlns="{main}" xmlns:r="{office}">{before}<sheets>{sheets}</sheets>{after}</workbook>'


def strings(*items: str) -> str:
    """Return a shared strings part of ``<si>`` contents."""
    return f'<sst xmlns="{MAIN}" count="9" uniqueCount="1">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def styles(formats: str, codes: Mapping[int, str] | None = None) -> str:
    """Return a styles part of ``<xf>`` elements and number format codes."""
    listed = "".join(f'<numFmt numFmtId="{number}" formatCode="{code}"/>' for number, code in (codes or {}).items())
    styled = '<cellStyleXfs><xf numFmtId="14"><protection locked="0"/></xf></cellStyleXfs>'
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{listed}</numFmts>{styled}<cellXfs>{formats}</cellXfs></styleSheet>'


def zip_parts(contents: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of the parts, in their order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return target.getvalue()


def unzip(data: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def save_bytes(book: Workbook) -> bytes:
    """Return what openpyxl writes of a workbook."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def compound(*names: str) -> bytes:
    """Return an OLE compound file with empty streams of these names."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    entries = [_entry("Root Entry", kind=5, right=free, child=1)]
    for number, name in enumerate(names, 1):
        entries.append(_entry(name, kind=2, right=number + 1 if number < len(names) else free, child=free))
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * 512, b"\0")
    sectors = len(directory) // 512
    chain = [table, *range(2, sectors + 1), end]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9L", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109L", 0, *[free] * 108)
    return header + struct.pack("<128L", *chain, *[free] * (128 - len(chain))) + directory


def _entry(name: str, *, kind: int, right: int, child: int) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB3L", len(encoded), kind, 1, 0xFFFFFFFF, right, child)
    return head.ljust(116, b"\0") + struct.pack("<LQ", 0xFFFFFFFE, 0)


def read(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Admit and read the bytes of a workbook."""
    return read_book(admit_bytes(data, limits), limits)


def read_return(path: Path) -> Book:
    """Read a file as intake does."""
    return read_book(admit(path), OF_RETURNS)


def read_cells(sheet: str, **more: str) -> Mapping[tuple[int, int], Cell]:
    """Return the cells of a small workbook; ``strings`` and ``styles`` are parts of it."""
    return read(zip_parts(parts(sheet) | {f"xl/{_PARTS[name]}": part for name, part in more.items()})).sheets[0].cells


def number(text: str) -> Cell:
    """Return a number cell."""
    return Cell(CellKind.NUMBER, text)


def words(text: str) -> Cell:
    """Return a text cell."""
    return Cell(CellKind.TEXT, text)


def properties(*, office: str, separator: str) -> Parts:
    """Return document properties in the spelling of Transitional (``-``) or Strict (none)."""
    custom = f"custom{separator}properties" if separator else "customProperties"
    extended = f"extended{separator}properties" if separator else "extendedProperties"
    links = relations(
        ("rId1", f"{office}/officeDocument", "xl/workbook.xml"),
        ("rId2", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "core.xml"),
        ("rId3", f"{office}/{extended}", "app.xml"),
        ("rId4", f"{office}/{custom}", "docProps/custom.xml"),
    )
    counted = '<property name="n"><vt:i4>7</vt:i4></property>'
    named = '<property name="gwxl_form" pid="2"><vt:lpwstr>x_x005F_x000D_y</vt:lpwstr></property>'
    return {
        "_rels/.rels": links,
        "core.xml": '<cp:c xmlns:cp="a" xmlns:d="b"><d:modified> 2026-01-05T08:00:00Z </d:modified></cp:c>',
        "app.xml": "<Properties><Application>WPS 表格</Application></Properties>",
        "docProps/custom.xml": f'<Properties xmlns:vt="c">{named}{counted}</Properties>',
    }
