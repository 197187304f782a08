"""Small workbooks of every format whose cells show something else than their plain value."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from gwxl.spreadsheets.book import Cell
from tests.support import binaries as biff
from tests.support.workbooks import MAIN, parts, read, strings, zip_parts

SUFFIXES = ("xlsx", "xls", "ods", "fods")
PLAIN, STRUCK, RAISED, LOWERED, BOLD = "plain", "struck", "raised", "lowered", "bold"

Run = tuple[str, str | None]
"""A part of a text and its look, None where it has that of its cell."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How a number is shown: by a code, and by the number styles that say the same in OpenDocument.

    Attributes:
        code: the format code of xlsx and xls.
        open: what stands in the number style.
        kind: the element of the number style.
        maps: condition → what stands in the number style that counts under it.
    """

    code: str
    open: str
    kind: str = "number-style"
    maps: Mapping[str, str] | None = None


def cell(suffix: str, value: float | str | Sequence[Run], look: str = PLAIN, shape: Shape | None = None) -> Cell:
    """Return the cell A1 of a workbook: a number, or a text in one run or more.

    Args:
        suffix: one of SUFFIXES.
        value: what it stores.
        look: the font of the cell.
        shape: its number format.
    """
    runs = [(value, None)] if isinstance(value, str) else value
    return read(_BUILDERS[suffix](runs, look, shape)).sheets[0].cells[1, 1]


# xlsx

_FONTS = {
    PLAIN: "",
    STRUCK: "<strike/>",
    RAISED: '<vertAlign val="superscript"/>',
    LOWERED: '<vertAlign val="subscript"/>',
    BOLD: '<b/><color rgb="FFFF0000"/><strike val="0"/>',
}


def _xlsx(value: float | Sequence[Run], look: str, shape: Shape | None) -> bytes:
    codes = f"<numFmts><numFmt numFmtId='170' formatCode={quoteattr(shape.code)}/></numFmts>" if shape else ""
    fonts = "".join(f"<font>{font}</font>" for font in _FONTS.values())
    own = f'<xf numFmtId="{170 if shape else 0}" fontId="{list(_FONTS).index(look)}"/>'
    styles = f'<styleSheet xmlns="{MAIN}">{codes}<fonts>{fonts}</fonts><cellXfs>{own}</cellXfs></styleSheet>'
    if isinstance(value, float | int):
        stored, shared = f'<c r="A1" s="0"><v>{value!r}</v></c>', ""
    else:
        stored = '<c r="A1" s="0" t="s"><v>0</v></c>'
        shared = "".join(
            f"<r>{'' if look is None else f'<rPr>{_FONTS[look]}</rPr>'}<t>{escape(text)}</t></r>"
            for text, look in value
        )
    contents = parts(f'<sheetData><row r="1">{stored}</row></sheetData>')
    return zip_parts(contents | {"xl/sharedStrings.xml": strings(shared), "xl/styles.xml": styles})


# xls

_FLAGS = {PLAIN: (0, 0), STRUCK: (0x08, 0), RAISED: (0, 1), LOWERED: (0, 2), BOLD: (0x01, 0)}


def _font(flags: int, position: int) -> bytes:
    return biff.record(
        0x31, struct.pack("<5H4B", 200, flags, 8, 400, position, 0, 0, 0, 0) + biff.wide("宋", length_bytes=1)
    )


def _xls(value: float | Sequence[Run], look: str, shape: Shape | None) -> bytes:
    # Fonts 0 to 3 are there in any workbook; 4 is the number of none.
    numbers = {name: number for number, name in enumerate(_FLAGS, 5)}
    fonts = b"".join(_font(*flags) for flags in [(0, 0)] * 4 + list(_FLAGS.values()))
    code = biff.record(0x41E, struct.pack("<H", 170) + biff.wide(shape.code)) if shape else b""
    xf = biff.record(0xE0, struct.pack("<3H", numbers[look], 170 if shape else 0, 1) + bytes(14))
    shared = fonts + code + xf
    if isinstance(value, float | int):
        return biff.xls(biff.number(1, 1, value), shared=shared)
    text = "".join(part for part, _ in value)
    starts = [len("".join(part for part, _ in value[:at]).encode("utf-16-le")) // 2 for at in range(len(value))]
    runs = [
        (start, numbers[look if mark is None else mark])
        for start, (_, mark) in zip(starts, value, strict=True)
        if start or mark is not None
    ]
    units = text.encode("utf-16-le")
    head = struct.pack("<HBH", len(units) // 2, 0x09, len(runs))
    item = head + units + b"".join(struct.pack("<HH", *run) for run in runs)
    return biff.xls(biff.cell(0xFD, 1, 1, struct.pack("<L", 0)), shared=shared + biff.strings(item))


# ods, fods

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = " ".join(
    f'xmlns:{prefix}="{_ODF}:{name}:1.0"'
    for prefix, name in {
        **{name: name for name in ("office", "table", "text", "style")},
        "number": "datastyle",
        "fo": "xsl-fo-compatible",
    }.items()
)
_TEXTS = {
    PLAIN: 'style:text-line-through-type="none" style:text-position="0% 100%"',
    STRUCK: 'style:text-line-through-style="solid"',
    RAISED: 'style:text-position="super 58%"',
    LOWERED: 'style:text-position="-8% 58%"',
    BOLD: 'fo:font-weight="bold" style:text-line-through-style="none"',
}


def _open_styles(look: str, shape: Shape | None) -> str:
    spans = "".join(
        f'<style:style style:name="{name}" style:family="text"><style:text-properties {told}/></style:style>'
        for name, told in _TEXTS.items()
    )
    data = 'style:data-style-name="N1"' if shape else ""
    # The cell's own style says nothing of the font: the style it is made after does.
    named = f'style:name="Named" style:family="table-cell"><style:text-properties {_TEXTS[look]}/>'
    own = f'<style:style style:name="ce1" style:family="table-cell" style:parent-style-name="Named" {data}/>'
    return f"{_number_styles(shape)}{spans}<style:style {named}</style:style>{own}"


def _number_styles(shape: Shape | None) -> str:
    if shape is None:
        return ""
    maps = list((shape.maps or {}).items())
    others = "".join(
        f'<number:number-style style:name="N1P{number}">{inside}</number:number-style>'
        for number, (_, inside) in enumerate(maps)
    )
    told = "".join(
        f"<style:map style:condition={quoteattr(f'value(){condition}')} style:apply-style-name='N1P{number}'/>"
        for number, (condition, _) in enumerate(maps)
    )
    return f'{others}<number:{shape.kind} style:name="N1">{shape.open}{told}</number:{shape.kind}>'


def _open_body(value: float | Sequence[Run]) -> str:
    if isinstance(value, float | int):
        stored = f'office:value-type="float" office:value="{value!r}"><text:p>seen</text:p>'
    else:
        runs = "".join(
            escape(text) if look is None else f'<text:span text:style-name="{look}">{escape(text)}</text:span>'
            for text, look in value
        )
        stored = f'office:value-type="string"><text:p>{runs}</text:p>'
    cells = f'<table:table-cell table:style-name="ce1" {stored}</table:table-cell>'
    row = f"<table:table-row>{cells}</table:table-row>"
    table = f'<table:table table:name="T">{row}</table:table>'
    return f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"


def _ods(value: float | Sequence[Run], look: str, shape: Shape | None) -> bytes:
    styles = f"<office:automatic-styles>{_open_styles(look, shape)}</office:automatic-styles>"
    content = f"<office:document-content {_SPACES}>{styles}{_open_body(value)}</office:document-content>"
    return zip_parts({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def _fods(value: float | Sequence[Run], look: str, shape: Shape | None) -> bytes:
    styles = f"<office:automatic-styles>{_open_styles(look, shape)}</office:automatic-styles>"
    kind = 'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"'
    return f"<office:document {_SPACES} {kind}>{styles}{_open_body(value)}</office:document>".encode()


_BUILDERS = {"xlsx": _xlsx, "xls": _xls, "ods": _ods, "fods": _fods}
