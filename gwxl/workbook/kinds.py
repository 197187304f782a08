"""Tell what a file is from its bytes, never from its name."""

import codecs
import re
from enum import StrEnum

from gwxl.errors import RefusedError
from gwxl.workbook.compound import SIGNATURE, stream_names
from gwxl.workbook.limits import Limits
from gwxl.workbook.markup import Markup
from gwxl.workbook.opc import CONTENT_TYPES, main_part
from gwxl.workbook.package import Package


class Kind(StrEnum):
    """Name what a file is; every kind that is not read has a text ``refused.<kind>``.

    ``BROKEN`` is a zip or compound file that cannot be looked into; reading it says why. ``DOCX`` is any office
    document that is no spreadsheet; ``XLS`` includes ``.et``; ``EXCEL95`` is Excel 95 and before.
    """

    XLSX = "xlsx"
    XLSM = "xlsm"
    XLTX = "xltx"
    XLTM = "xltm"
    XLS = "xls"
    ODS = "ods"
    FODS = "fods"
    XLSB = "xlsb"
    EXCEL95 = "excel95"
    XML2003 = "xml2003"
    CSV = "csv"
    HTML = "html"
    NUMBERS = "numbers"
    ENCRYPTED = "encrypted"
    ZIP = "zip"
    RAR = "rar"
    SEVEN_ZIP = "7z"
    MAIL = "mail"
    DOCX = "docx"
    PDF = "pdf"
    OFD = "ofd"
    IMAGE = "image"
    EMPTY = "empty"
    BROKEN = "broken"
    UNKNOWN = "unknown"


_MAIN_TYPES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": Kind.XLSX,
    "application/vnd.ms-excel.sheet.macroenabled.main+xml": Kind.XLSM,
    "application/vnd.ms-excel.addin.macroenabled.main+xml": Kind.XLSM,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": Kind.XLTX,
    "application/vnd.ms-excel.template.macroenabled.main+xml": Kind.XLTM,
    "application/vnd.ms-excel.sheet.binary.macroenabled.main": Kind.XLSB,
}
_FOLDERS = {"xl": Kind.XLSX, "word": Kind.DOCX, "ppt": Kind.DOCX, "visio": Kind.DOCX}
_ODF = "application/vnd.oasis.opendocument."
_STREAMS = (
    ("encryptedpackage", Kind.ENCRYPTED),
    ("workbook", Kind.XLS),
    ("book", Kind.EXCEL95),
    ("worddocument", Kind.DOCX),
    ("powerpoint document", Kind.DOCX),
    ("__properties_version1.0", Kind.MAIL),
)
_SIGNATURES = (
    (re.compile(rb"Rar!\x1a\x07"), Kind.RAR),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), Kind.SEVEN_ZIP),
    (
        re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftyp(?:hei|mif|avif)", re.DOTALL),
        Kind.IMAGE,
    ),
    (re.compile(rb"BM.{4}\0{4}", re.DOTALL), Kind.IMAGE),
    (re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00"), Kind.EXCEL95),
    (re.compile(rb"\{\\rtf"), Kind.DOCX),
    (re.compile(rb".{0,1019}%PDF-", re.DOTALL), Kind.PDF),
)
_CONTAINERS = (b"PK\3\4", b"PK\5\6", SIGNATURE)
_SAMPLE = 64 * 1024
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# Atomic: comments that can be cut in many ways would otherwise be tried in all of them.
_ROOT_ELEMENT = re.compile(
    r"\s*(?>(?:<\?[^>]*>\s*|<!--.*?-->\s*|<!doctype[^>]*>\s*)*)<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL
)
_HTML = re.compile(r"\s*<!doctype html")
_HTML_ROOTS = frozenset({"html", "table", "head", "body", "meta", "style", "div"})
_MAIL_HEADER = re.compile(
    r"^(from|to|received|return-path|mime-version|message-id|subject|date|content-type): ", re.MULTILINE
)


def kind_of(data: bytes, limits: Limits) -> Kind:
    """Return what the bytes are; never raises."""
    if not data.strip(b"\0 \t\r\n"):
        return Kind.EMPTY
    if data.startswith(_CONTAINERS):
        try:
            return container_kind(data, limits)
        except RefusedError:
            return Kind.BROKEN
    found = (kind for pattern, kind in _SIGNATURES if pattern.match(data))
    return next(found, None) or _text_kind(data)


def container_kind(data: bytes, limits: Limits) -> Kind:
    """Return what a zip or a compound file is.

    Raises:
        RefusedError: it cannot be looked into.
    """
    if data.startswith(SIGNATURE):
        names = stream_names(data)
        return next((kind for name, kind in _STREAMS if name in names), Kind.UNKNOWN)
    return _zip_kind(data, limits)


def _zip_kind(data: bytes, limits: Limits) -> Kind:
    package = Package(data, limits)
    if CONTENT_TYPES in package or "_rels/.rels" in package:
        name, content_type = main_part(package, Markup(limits))
        return _MAIN_TYPES.get(content_type) or _FOLDERS.get(name.partition("/")[0].lower(), Kind.UNKNOWN)
    if "mimetype" in package:
        mimetype = package.read("mimetype")[:200].decode("ascii", "replace").strip()
        if mimetype.startswith(_ODF):
            return Kind.ODS if mimetype.startswith(f"{_ODF}spreadsheet") else Kind.DOCX
    if "OFD.xml" in package:
        return Kind.OFD
    if "Index/Document.iwa" in package or "Index.zip" in package:
        return Kind.NUMBERS
    return Kind.ZIP


def _text_kind(data: bytes) -> Kind:
    text = _sample_text(data)
    if text is None:
        return Kind.UNKNOWN
    text = text.lower()
    if text.lstrip().startswith("<"):
        return _markup_kind(text)
    if len(set(_MAIL_HEADER.findall(text[:4096]))) > 1:
        return Kind.MAIL
    line = next((line for line in text.splitlines() if line.strip()), "")
    return Kind.CSV if re.search("[,;\t]", line) else Kind.UNKNOWN


def _markup_kind(text: str) -> Kind:
    match = _ROOT_ELEMENT.match(text)
    root = match[1] if match else ""
    if root in _HTML_ROOTS or _HTML.match(text):
        return Kind.HTML
    if root == "workbook" and "urn:schemas-microsoft-com:office:spreadsheet" in text:
        return Kind.XML2003
    if root == "document" and _ODF in text:
        return Kind.FODS if f'mimetype="{_ODF}spreadsheet' in text else Kind.DOCX
    return Kind.UNKNOWN


def _sample_text(data: bytes) -> str | None:
    """Return the beginning of a text, None if the bytes are none."""
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data[:_SAMPLE])
        except UnicodeDecodeError:
            continue
        return None if _CONTROLS.search(text) else text
    return None
