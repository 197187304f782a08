"""The door: what a file is, and which files are not let in."""

import bz2
import gzip
import hashlib
import lzma
import os
import plistlib
import random
import re
import struct
from pathlib import Path

import pytest

from gwxl.containers.limits import DEFAULT_LIMITS
from gwxl.errors import RefusedError
from gwxl.spreadsheets.admission.door import Admitted, Kind, Limits, admit, admit_bytes
from gwxl.spreadsheets.opening import read_book
from gwxl.wording import LANGUAGES, text
from tests.support.workbooks import compound, parts, zip_parts

_ODF = "application/vnd.oasis.opendocument"
_MACRO = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_TEMPLATE = "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml"
_MACRO_TEMPLATE = "application/vnd.ms-excel.template.macroEnabled.main+xml"
_BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def _page(headers: str) -> bytes:
    """Return a page saved in one file, or a mail that shows one."""
    kind = 'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="b"'
    body = "--b\r\nContent-Type: text/html\r\nContent-Location: file:///C:/a.htm\r\n\r\n<html></html>\r\n--b--"
    return f"MIME-Version: 1.0\r\n{headers}\r\n{kind}\r\n\r\n{body}\r\n".encode()


def _mark(data: bytes) -> bytes:
    """Return a zip with the mark of one that was to be split, its places counted from the mark (APPNOTE 8.5.4)."""
    end, moved = data.index(b"PK\5\6"), bytearray(data)
    places = [match.start() + 42 for match in re.finditer(b"PK\1\2", data)] + [end + 16]
    for place in places:
        struct.pack_into("<L", moved, place, struct.unpack_from("<L", data, place)[0] + 4)
    return b"PK00" + bytes(moved)


KINDS = {
    "xlsx": (Kind.XLSX, zip_parts(parts())),
    "xlsm": (Kind.XLSM, zip_parts(parts(main_type=_MACRO))),
    "xltx": (Kind.XLTX, zip_parts(parts(main_type=_TEMPLATE))),
    "xltm": (Kind.XLTM, zip_parts(parts(main_type=_MACRO_TEMPLATE))),
    "content type unknown": (Kind.XLSX, zip_parts(parts(main_type="application/xml"))),
    "xlsb": (Kind.XLSB, zip_parts(parts(main_type=_BINARY))),
    "docx": (
        Kind.DOCX,
        zip_parts({name: str(part).replace("xl/", "word/") for name, part in parts(main_type=_WORD).items()}),
    ),
    "ods": (Kind.ODS, zip_parts({"mimetype": f"{_ODF}.spreadsheet", "content.xml": "<x/>"})),
    "ots": (Kind.ODS, zip_parts({"mimetype": f"{_ODF}.spreadsheet-template"})),
    "odt": (Kind.DOCX, zip_parts({"mimetype": f"{_ODF}.text"})),
    "numbers": (Kind.NUMBERS, zip_parts({"Index/Document.iwa": "", "Metadata/Properties.plist": ""})),
    "ofd": (Kind.OFD, zip_parts({"OFD.xml": "<OFD/>", "Doc_0/Document.xml": ""})),
    "zip of returns": (Kind.ZIP, zip_parts({"填报表.xlsx": zip_parts(parts())})),
    "empty zip": (Kind.ZIP, zip_parts({})),
    "xls": (Kind.XLS, compound("Workbook", "\5SummaryInformation")),
    "xls for both": (Kind.XLS, compound("Book", "Workbook")),
    "many streams": (Kind.XLS, compound(*[f"stream{number}" for number in range(40)], "Workbook")),
    "excel 95": (Kind.EXCEL95, compound("Book")),
    "excel 4": (Kind.EXCEL95, b"\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00"),
    "encrypted": (Kind.ENCRYPTED, compound("EncryptionInfo", "EncryptedPackage")),
    "doc": (Kind.DOCX, compound("WordDocument", "1Table")),
    "msg": (Kind.MAIL, compound("__properties_version1.0")),
    "other compound": (Kind.UNKNOWN, compound("Something")),
    "fods": (
        Kind.FODS,
        f'<?xml version="1.0"?>\n<office:document xmlns:office="urn" office:mimetype="{_ODF}.spreadsheet"/>'.encode(),
    ),
    "xml 2003": (
        Kind.XML2003,
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    ),
    "html": (Kind.HTML, b'\xef\xbb\xbf\r\n<!-- x --><html xmlns:x="urn:schemas-microsoft-com:office:excel"><table>'),
    "html in utf-16": (Kind.HTML, "<!DOCTYPE html><html>".encode("utf-16")),
    "other xml": (Kind.UNKNOWN, b"<svg/>"),
    "csv in gbk": (Kind.CSV, "网站名称,报送单位\n".encode("gb18030")),
    "tabs in utf-16": (Kind.CSV, "网站名称\t单位\n".encode("utf-16")),
    "long csv cut inside a character": (Kind.CSV, ("a," + "填" * 40_000).encode()),
    "note": (Kind.UNKNOWN, "请查收".encode()),
    "mail": (Kind.MAIL, b"From: a@example.org\r\nTo: b@example.org\r\nSubject: x, y\r\n\r\n"),
    "pdf": (Kind.PDF, b"%PDF-1.7\n"),
    "pdf after rubbish": (Kind.PDF, b"\r\n\0rubbish%PDF-1.7\n"),
    "png": (Kind.IMAGE, b"\x89PNG\r\n\x1a\n"),
    "jpeg": (Kind.IMAGE, b"\xff\xd8\xff\xe0"),
    "heic": (Kind.IMAGE, b"\0\0\0\x18ftypheic"),
    "bmp": (Kind.IMAGE, b"BM\x36\0\0\0\0\0\0\0"),
    "rtf": (Kind.DOCX, b"{\\rtf1"),
    "rar": (Kind.RAR, b"Rar!\x1a\x07\x01\0"),
    "7z": (Kind.SEVEN_ZIP, b"7z\xbc\xaf\x27\x1c"),
    "nothing": (Kind.EMPTY, b""),
    "zeros": (Kind.EMPTY, bytes(4096)),
    "winmail": (Kind.WINMAIL, b"\x78\x9f\x3e\x22" + bytes(90)),
    "shell link": (Kind.SHORTCUT, bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes(90)),
    "url": (Kind.SHORTCUT, b"[{000214A0-0000-0000-C000-000000000046}]\r\n[InternetShortcut]\r\nURL=x\r\n"),
    "url in utf-16": (Kind.SHORTCUT, "[InternetShortcut]\r\nURL=x\r\n".encode("utf-16")),
    "desktop link": (Kind.SHORTCUT, b"[Desktop Entry]\nType=Link\n"),
    "webloc": (Kind.SHORTCUT, plistlib.dumps({"URL": "http://x"})),
    "binary webloc": (Kind.SHORTCUT, plistlib.dumps({"URL": "http://x"}, fmt=plistlib.FMT_BINARY)),
    "icloud": (Kind.PLACEHOLDER, plistlib.dumps({"NSURLNameKey": "a.xlsx"}, fmt=plistlib.FMT_BINARY)),
    "webarchive": (Kind.WEB_ARCHIVE, plistlib.dumps({"WebMainResource": {"URL": "x"}}, fmt=plistlib.FMT_BINARY)),
    "gzip": (Kind.GZIP, gzip.compress(b"a", mtime=0)),
    "bzip2": (Kind.GZIP, bz2.compress(b"a")),
    "xz": (Kind.GZIP, lzma.compress(b"a")),
    "tar": (Kind.GZIP, b"a.xlsx".ljust(257, b"\0") + b"ustar\0" + bytes(250)),
    "cabinet": (Kind.GZIP, b"MSCF\0\0\0\0" + bytes(90)),
    "first of several zips": (Kind.SPLIT, b"PK\7\x08" + zip_parts(parts())[:600]),
    "end of a zip": (Kind.SPLIT, zip_parts(parts())[400:]),
    "directory of a zip": (Kind.SPLIT, zip_parts(parts())[zip_parts(parts()).index(b"PK\1\2") :]),
    "rar volume": (Kind.SPLIT, b"Rar!\x1a\x07\x01\0" + b"abcd\x0b\x01\x05\x07\x01\x03\x01\x01\x80" + bytes(90)),
    "old rar volume": (Kind.SPLIT, b"Rar!\x1a\x07\x00" + b"ab\x73\x01\x00" + bytes(90)),
    "encrypted in an office": (Kind.SEALED, b"b\x14#ef\0\x08\0E-SafeNet\0\0\0LOCK\0" + bytes(90)),
    "encrypted in another": (Kind.SEALED, b"%TSD-Header-###%" + bytes(90)),
    "encrypted in a third": (Kind.SEALED, b"<##SC LOCK" + bytes(90)),
    "noise": (Kind.SCRAMBLED, random.Random(1).randbytes(600)),
    "long noise": (Kind.SCRAMBLED, random.Random(2).randbytes(60_000)),
    "a program": (Kind.UNKNOWN, b"MZ" + random.Random(3).randbytes(600)),
    "a film": (Kind.UNKNOWN, b"\0\0\0\x18ftypmp42" + random.Random(4).randbytes(600)),
    "uof": (Kind.UOF, b"<?xml version='1.0'?><uof:UOF xmlns:uof='http://schemas.uof.org/cn/2003/uof'/>"),
    "xml 2003 in gbk": (Kind.XML2003, '<?xml version="1.0" encoding="GBK"?><Workbook>表</Workbook>'.encode("gbk")),
    "xml 2003 in latin-1": (
        Kind.XML2003,
        b"<?xml version='1.0' encoding='ISO-8859-1'?><ss:Workbook>\xe9\xff</ss:Workbook>",
    ),
    "xml 2003 without a mark": (Kind.XML2003, "<?xml version='1.0'?><Workbook/>".encode("utf-16-le")),
    "page saved by excel": (Kind.WEB_ARCHIVE, _page("X-Document-Type: Workbook")),
    "page saved by explorer": (Kind.WEB_ARCHIVE, _page("From: <Saved by Windows Internet Explorer 8>\r\nSubject: x")),
    "page saved by chrome": (Kind.WEB_ARCHIVE, _page("From: <Saved by Blink>\r\nSnapshot-Content-Location: file:///a")),
    "mail with a page in it": (Kind.MAIL, _page("From: a@example.org\r\nTo: b@example.org\r\nSubject: x")),
    "draft of a mail": (
        Kind.MAIL,
        b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n",
    ),
    "zip of one segment": (Kind.XLSX, _mark(zip_parts(parts()))),
    "rubbish": (Kind.UNKNOWN, b"\x01\x02\x03"),
    "broken zip": (Kind.BROKEN, b"PK\3\4rubbish"),
    "broken compound file": (Kind.BROKEN, compound("Workbook")[:600]),
}
_FAMILY = {Kind.XLSX, Kind.XLSM, Kind.XLTX, Kind.XLTM}
_READ = {*_FAMILY, Kind.XLS, Kind.ODS, Kind.FODS}


@pytest.mark.parametrize(("kind", "data"), KINDS.values(), ids=KINDS.keys())
def test_kind_is_told_by_content(kind: Kind, data: bytes) -> None:
    """The bytes alone say what a file is."""
    assert admit_bytes(data).kind is kind


@pytest.mark.parametrize(("kind", "data"), [entry for entry in KINDS.values() if entry[0] not in {*_READ, Kind.BROKEN}])
def test_unread_kinds_are_refused_by_name(kind: Kind, data: bytes) -> None:
    """Each kind that is not read has a reason of its own, with a text in both languages."""
    with pytest.raises(RefusedError) as refusal:
        read_book(admit_bytes(data))
    assert refusal.value.reason == kind.value
    assert all(text(f"refused.{kind.value}", language) for language in LANGUAGES)


@pytest.mark.parametrize("kind", sorted(_FAMILY))
def test_read_kinds_give_a_book_of_their_kind(kind: Kind) -> None:
    """The four kinds of the family are read."""
    assert read_book(admit_bytes(KINDS[kind.value][1])).kind == kind.value


@pytest.mark.parametrize("name", ["broken zip", "broken compound file"])
def test_broken_containers_say_why_when_read(name: str) -> None:
    """What the door could not look into is refused as cut off."""
    with pytest.raises(RefusedError, match="truncated"):
        read_book(admit_bytes(KINDS[name][1]))


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", [b"<!--a-->", b"<!-- ", b"<?a?> ", b"<!doctype ", b"<!--a-->  "])
def test_hard_to_match_markup_is_told(piece: bytes) -> None:
    """What could be cut into comments in a million ways is looked at once."""
    assert admit_bytes(piece * 10_000 + b"<1").kind is Kind.UNKNOWN


def test_name_does_not_decide(tmp_path: Path) -> None:
    """A web page and a PDF called .xlsx are what they are, a workbook called .pdf is a workbook."""
    for name, data, kind in (
        ("a.xlsx", b"<html></html>", Kind.HTML),
        ("b.xlsx", b"%PDF-1.4", Kind.PDF),
        ("c.pdf", zip_parts(parts()), Kind.XLSX),
    ):
        (tmp_path / name).write_bytes(data)
        assert admit(tmp_path / name).kind is kind


def test_admitted_says_what_was_read(tmp_path: Path) -> None:
    """Digest and size are those of the bytes that were read."""
    file = tmp_path / "填报表.xlsx"
    file.write_bytes(b"abc")
    assert admit(file) == Admitted(kind=Kind.UNKNOWN, data=b"abc", sha256=hashlib.sha256(b"abc").hexdigest(), size=3)


def test_data_stays_out_of_messages() -> None:
    """The bytes of a file never reach a log by accident."""
    assert "secret" not in repr(admit_bytes(b"secret"))


def test_links_folders_and_devices_are_refused(tmp_path: Path) -> None:
    """Only a regular file is opened."""
    (tmp_path / "file").write_bytes(b"abc")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for path in (tmp_path / "link", tmp_path / "dangling", tmp_path, Path(os.devnull)):
        assert reason(path) == "not_a_file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_fifo_is_never_waited_for(tmp_path: Path) -> None:
    """A FIFO without a writer would hang whoever opens it."""
    os.mkfifo(tmp_path / "fifo")
    assert reason(tmp_path / "fifo") == "not_a_file"


def test_missing_and_unreadable_files_are_refused(tmp_path: Path) -> None:
    """A file that went away, and a name no system can open."""
    assert reason(tmp_path / "nowhere") == "missing"
    assert reason(Path("a\0b")) == "unreadable"


def test_large_file_is_refused(tmp_path: Path) -> None:
    """One byte more than allowed, whether on disk or in an archive; the message gives both sizes."""
    file = tmp_path / "large"
    with file.open("wb") as handle:
        handle.truncate(DEFAULT_LIMITS.file_bytes + 1)
    assert reason(file) == "too_large"
    with pytest.raises(RefusedError) as refusal:
        admit_bytes(b"abc", Limits(file_bytes=2))
    assert refusal.value.reason == "too_large"
    assert admit_bytes(b"ab", Limits(file_bytes=2)).size == 2
    with pytest.raises(RefusedError) as refusal:
        admit(file)
    assert refusal.value.details == {"size": "20.1", "limit": "20"}


def test_a_file_that_grows_is_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was copied in after its size was asked is read too, up to the limit."""
    file = tmp_path / "growing"
    file.write_bytes(b"0123456789")
    small = os.stat_result((*file.stat()[:6], 4, 0, 0, 0))
    monkeypatch.setattr(os, "fstat", lambda _: small)
    assert admit(file).data == b"0123456789"
    monkeypatch.setattr(Path, "lstat", lambda _: small)
    assert admit(file, Limits(file_bytes=10)).size == 10
    with pytest.raises(RefusedError) as refusal:
        admit(file, Limits(file_bytes=9))
    assert refusal.value.reason == "too_large"


def reason(path: Path) -> str:
    """Return why a path is refused, its text rendered in both languages on the way."""
    with pytest.raises(RefusedError) as refusal:
        admit(path)
    for language in LANGUAGES:
        assert text(f"refused.{refusal.value.reason}", language, **refusal.value.details)
    return refusal.value.reason
