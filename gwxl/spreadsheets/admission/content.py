"""Tell what a file is from its bytes, never from its name."""

import re

from gwxl.containers.limits import Limits
from gwxl.containers.ole import SIGNATURE, stream_names
from gwxl.containers.opc import CONTENT_TYPES, main_part
from gwxl.containers.xml import Markup
from gwxl.containers.zips import Package
from gwxl.errors import RefusedError
from gwxl.spreadsheets.admission.kinds import Kind
from gwxl.spreadsheets.admission.text_content import text_kind
from gwxl.spreadsheets.admission.transfer import damage, is_rar_volume, is_tail, looks_scrambled

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
_MANIFEST = "META-INF/manifest.xml"
_STREAMS = (
    ("encryptedpackage", Kind.ENCRYPTED),
    ("workbook", Kind.XLS),
    ("book", Kind.EXCEL95),
    ("worddocument", Kind.DOCX),
    ("powerpoint document", Kind.DOCX),
    ("__properties_version1.0", Kind.MAIL),
)
# The heads that programs write which encrypt whatever leaves an office, wherever in the first bytes.
_SEALS = rb".{0,512}?(?:%TSD-Header-###%|E-SafeNet|##SC LOCK)|\.pfile"
_SHELL_LINK = rb"L\0\0\0\x01\x14\x02\0{5}\xc0\0{6}\x46"  # [MS-SHLLINK] 2.1
_MAC_ALIAS = rb"book\0{4}mark\0{4}"
_TAR, _LZH = rb".{257}ustar", rb".{2}-l[hz][0-9ds]-"
_SIGNATURES = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (_SEALS, Kind.SEALED),
        (rb"\x78\x9f\x3e\x22", Kind.WINMAIL),  # [MS-OXTNEF] 2.1.3.1
        (rb"%s|%s" % (_SHELL_LINK, _MAC_ALIAS), Kind.SHORTCUT),
        (rb"Rar!\x1a\x07", Kind.RAR),
        (rb"7z\xbc\xaf\x27\x1c", Kind.SEVEN_ZIP),
        (rb"\x1f[\x8b\x9d\xa0]|BZh[1-9]|\xfd7zXZ\0|\x28\xb5\x2f\xfd|MSCF\0{4}|LZIP|%s|%s" % (_TAR, _LZH), Kind.GZIP),
        (rb"PK\x01\x02|PK\x07\x08", Kind.SPLIT),
        (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftyp(?:hei|mif|avif)", Kind.IMAGE),
        (rb"BM.{4}\0{4}", Kind.IMAGE),
        (rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00", Kind.EXCEL95),
        (rb"\{\\rtf", Kind.DOCX),
        (rb".{0,1019}%PDF-", Kind.PDF),
    )
)
_SPANNED = b"PK\7\10"  # APPNOTE 8.5.3: the first piece of several, or all of it
_CONTAINERS = (b"PK\3\4", b"PK\5\6", b"PK00PK\3\4", SIGNATURE)
_PROPERTY_LISTS = (
    (b"NSURLNameKey", Kind.PLACEHOLDER),
    (b"WebMainResource", Kind.WEB_ARCHIVE),
    (b"URL", Kind.SHORTCUT),
)


def kind_of(data: bytes, limits: Limits) -> Kind:
    """Return what the bytes are; never raises."""
    if not data.strip(b"\0 \t\r\n"):
        return Kind.EMPTY
    if data.startswith(_CONTAINERS) or (data.startswith(_SPANNED) and not is_tail(data) and b"PK\5\6" in data):
        try:
            return container_kind(data, limits)
        except RefusedError as error:
            return Kind.SPLIT if error.reason == Kind.SPLIT else damage(data) or Kind.BROKEN
    if data.startswith(b"bplist00"):
        return next((kind for key, kind in _PROPERTY_LISTS if key in data), Kind.UNKNOWN)
    found = next((kind for pattern, kind in _SIGNATURES if pattern.match(data)), None)
    if found is Kind.RAR and is_rar_volume(data):
        return Kind.SPLIT
    return found or text_kind(data) or _binary_kind(data)


def _binary_kind(data: bytes) -> Kind:
    """Return what became of bytes that begin as nothing known and are no text."""
    if is_tail(data):
        return Kind.SPLIT
    return damage(data) or (Kind.SCRAMBLED if looks_scrambled(data) else Kind.UNKNOWN)


def container_kind(data: bytes, limits: Limits) -> Kind:
    """Return what a zip or a compound file is.

    Raises:
        RefusedError: it cannot be looked into.
    """
    if data.startswith(SIGNATURE):
        names = stream_names(data)
        return next((kind for name, kind in _STREAMS if name in names), None) or damage(data) or Kind.UNKNOWN
    return _zip_kind(data, limits)


def _zip_kind(data: bytes, limits: Limits) -> Kind:
    package = Package(data, limits)
    if CONTENT_TYPES in package or "_rels/.rels" in package:
        name, content_type = main_part(package, Markup(limits))
        named = Kind.XLSB if name.lower().endswith(".bin") else _FOLDERS.get(name.partition("/")[0].lower())
        return _MAIN_TYPES.get(content_type) or named or Kind.UNKNOWN
    mimetype = _mimetype(package)
    if mimetype.startswith(_ODF):
        return Kind.ODS if mimetype.startswith(f"{_ODF}spreadsheet") else Kind.DOCX
    if "OFD.xml" in package:
        return Kind.OFD
    if "uof.xml" in package:
        return Kind.UOF
    if "Index/Document.iwa" in package or "Index.zip" in package:
        return Kind.NUMBERS
    return Kind.ZIP


def _mimetype(package: Package) -> str:
    """Return the type of an OpenDocument file; one that does not tell it in front tells it in its manifest."""
    if "mimetype" in package:
        told = package.read("mimetype")[:200].decode("ascii", "ignore").strip().lower()
        if told.startswith(_ODF):
            return told
    if "content.xml" not in package or _MANIFEST not in package:
        return ""
    listed = re.search(re.escape(_ODF.encode()) + rb"[a-z.-]{1,60}", package.read(_MANIFEST))
    return listed[0].decode("ascii") if listed else ""
