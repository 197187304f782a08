"""Answers and attachments made to hurt: formulas in texts, endless digits, macros, links, archives in archives."""

import struct
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO

from tests.support.hostile.case import (
    KIND,
    NAME,
    TICK,
    VISITORS,
    WATCHED,
    WORKBOOK,
    Build,
    Case,
    add_inside,
    edit,
    one,
    parts,
    replace_inside,
    retype,
)
from tests.support.workbooks import OFFICE, compound, unzip, zip_parts

INJECTED = (
    "=1+1",
    "@x",
    "+1",
    "-1+1",
    "＝1+1",
    "\t=1+1",
    "http://x",
    "mailto:a@example.org",
    "external:\\\\h\\a",
    "internal:'x'!A1",
    "+cmd|' /C calc'!A0",
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("http://x?"&A1,"点")',
    "{=1+1}",
    "[bold]x[/bold]",
    "{field}{0}",
    "%s%n",
    "<script>x</script>",
    "_x001B_[31m",
    "𠮷" * 100,
    "👩‍👩‍👧" * 20,
)
"""What a filler may write as a name, and has to come back as just that."""

_STRUCK = "<r><rPr><strike/></rPr><t>%s</t></r>"

_CONTROLS = {
    "escape sequences": ("x_x001B_[2J_x0007_y", "x[2Jy"),
    "turned direction": ("x\u202egpj.exe", "xgpj.exe"),
    "a marker of direction": ("\u200f示例\u2066网\u2069", "示例网"),
    "zero width": ("示\u200b例\ufeff", "示例"),
}


def injections() -> Iterator[Case]:
    """Yield texts that another program would take for more than texts."""
    group = "Texts"
    for text in INJECTED:
        stored = text.replace("_x001B_", "_x005F_x001B_")
        wanted = text.strip()
        shown = text if len(text) < 40 else f"{text[:2]} and more"
        yield Case(
            group=group,
            name=f"site name {_plain(shown)}",
            outcome="read",
            build=retype(NAME, stored),
            answers={"site_name": wanted},
        )
    for name, (stored, read) in _CONTROLS.items():
        yield Case(
            group=group,
            name=f"site name with {name}",
            outcome="read",
            build=retype(NAME, stored),
            answers={"site_name": read},
        )
    yield Case(group=group, name="a formula in a field", outcome="read right, W01", build=_formula("31939072-0"))
    yield Case(group=group, name="DDE in a field", outcome="read right, W07", build=_formula("cmd|'/C calc'!A0"))
    yield Case(
        group=group,
        name="a web service in a field",
        outcome="read right, W07",
        build=_formula('WEBSERVICE("http://127.0.0.1:9/")'),
    )
    yield Case(group=group, name="INDIRECT in a field", outcome="read right, W05", build=_formula('INDIRECT("A1")'))


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _formula(formula: str) -> Build:
    return add_inside(VISITORS, f"<f>{formula}</f>")


def figures() -> Iterator[Case]:
    """Yield what no number is, and what takes long to find out."""
    group = "Figures"
    for name, text, kind, fate in (
        ("a million digits", "9" * 1_000_000, "n", "read, not_a_number"),
        ("1E999", "1E999", "n", "read, not_a_number"),
        ("1E308", "1E308", "n", "read, not_a_number"),
        ("NaN", "NaN", "n", "read, not_a_number"),
        ("INF", "INF", "n", "read, not_a_number"),
        ("0x10", "0x10", "n", "read, not_a_number"),
        ("१२३", "१२३", "str", "read, not_a_number"),
        ("10²", "10²", "str", "read, not_a_number"),
        ("32,767 times 一", "一" * 32_767, "str", "read, not_a_number"),
        ("32,767 times 亿", "1" + "亿" * 32_766, "str", "read, not_a_number"),
        ("16,000 commas", "1," * 16_000, "str", "read, not_a_number"),
        ("32,767 blanks and a digit", " " * 32_766 + "1", "str", "read"),
        ("32,767 apostrophes", "'" * 32_767, "str", "read, not_a_number"),
        ("32,767 points", "." * 32_767, "str", "read, not_a_number"),
        ("an error cell", "#N/A", "e", "read, error_cell"),
        ("TRUE", "1", "b", "read, boolean_in_number"),
    ):
        yield Case(group=group, name=f"visitors: {name}", outcome=fate, build=retype(VISITORS, text, kind))
    for name, xml, fate in (
        ("1200 struck out before 1500", f"{_STRUCK % '1200'}<r><t>1500</t></r>", "read, struck_part"),
        ("1500, struck out", _STRUCK % "1500", "read, struck"),
        ("5,000 parts struck out by turns", f"{_STRUCK % '1'}<r><t>2</t></r>" * 5_000, "read, struck_part"),
    ):
        build = replace_inside(VISITORS, f"<is>{xml}</is>", "inlineStr")
        yield Case(group=group, name=f"visitors: {name}", outcome=fate, build=build)
    yield Case(
        group=group,
        name="visitors: a picture of Excel",
        outcome="read, picture",
        build=replace_inside(VISITORS, "<v>#VALUE!</v>", 'e" vm="1'),
    )
    yield Case(
        group=group,
        name="visitors: a picture of WPS",
        outcome="read, picture",
        build=replace_inside(VISITORS, '<f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v>', "str"),
    )
    for address, what, why in (
        (KIND, "site type", "not_a_choice"),
        (WATCHED, "monitoring", "not_yes_no"),
        (TICK, "innovation", "not_a_tick"),
    ):
        for name, text in (("32,767 boxes", "□" * 32_767), ("5,000 times 是□", "是□" * 5_000)):
            yield Case(group=group, name=f"{what}: {name}", outcome=f"read, {why}", build=retype(address, text))


def active() -> Iterator[Case]:
    """Yield workbooks that bring something that could run or fetch."""
    group = "Active contents"
    rels = "xl/_rels/workbook.xml.rels"
    end = "</Relationships>"

    def link_part(kind: str, target: str, more: Mapping[str, bytes | str], mode: str = "") -> Build:
        link = f'<Relationship Id="rId99" Type="{kind}" Target="{target}"{mode}/>'

        def change(kept: dict[str, bytes]) -> dict[str, bytes | str]:
            return {**more, rels: kept[rels].decode().replace(end, link + end)}

        return parts(change)

    vba = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    macro = "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"
    yield Case(
        group=group,
        name="a macro project",
        outcome="read right, T04",
        build=link_part(vba, "vbaProject.bin", {"xl/vbaProject.bin": compound("VBA")}),
    )
    yield Case(
        group=group,
        name="an Excel 4 macro sheet",
        outcome="read right, T04",
        build=link_part(macro, "macrosheets/sheet1.xml", {"xl/macrosheets/sheet1.xml": "<x/>"}),
    )
    yield Case(
        group=group,
        name="a link to another workbook",
        outcome="read right, T05",
        build=link_part(f"{OFFICE}/externalLink", "externalLinks/a.xml", {"xl/externalLinks/a.xml": "<x/>"}),
    )
    yield Case(
        group=group,
        name="a link to a share",
        outcome="read right, T05",
        build=link_part(f"{OFFICE}/externalLink", "file:////h/a.xlsx", {}, ' TargetMode="External"'),
    )
    yield Case(
        group=group,
        name="an OLE object",
        outcome="read right",
        build=link_part(f"{OFFICE}/oleObject", "embeddings/a.bin", {"xl/embeddings/a.bin": compound("Package")}),
    )
    yield Case(
        group=group,
        name="a data connection",
        outcome="read right",
        build=link_part(f"{OFFICE}/connections", "connections.xml", {"xl/connections.xml": "<x/>"}),
    )
    yield Case(
        group=group,
        name="a name that runs at opening",
        outcome="read right",
        build=edit(
            WORKBOOK, "<definedNames>", "<definedNames><definedName name='Auto_Open'>cmd|'/C calc'!A0</definedName>"
        ),
    )
    yield Case(
        group=group,
        name="an attached template on a share",
        outcome="read right",
        build=link_part(f"{OFFICE}/attachedTemplate", "file:////h/a.xltm", {}, ' TargetMode="External"'),
    )


def archives() -> Iterator[Case]:
    """Yield archives of returns that hide something."""
    group = "Archives"

    def archive(members: Mapping[str, bytes | None]) -> Build:
        return one(
            lambda base: zip_parts({name: base if data is None else data for name, data in members.items()}),
            "returns.zip",
        )

    yield Case(
        group=group,
        name="an archive in an archive",
        outcome="read right; zip",
        build=one(lambda base: zip_parts({"a.zip": zip_parts({"b.xlsx": base}), "b.xlsx": base}), "returns.zip"),
    )
    yield Case(
        group=group,
        name="300 members",
        outcome="csv; read right",
        build=archive({"a.xlsx": None} | {f"{n}.csv": b"a,b" for n in range(299)}),
    )
    yield Case(
        group=group,
        name="1,001 members",
        outcome="too_many_parts",
        build=archive({f"{n}.csv": b"a,b" for n in range(1_001)}),
    )
    yield Case(
        group=group,
        name="a member of 20 MB of zeros",
        outcome="bomb",
        build=archive({"a.xlsx": bytes(20 << 20), "b.xlsx": None}),
    )
    yield Case(
        group=group, name="names that climb out", outcome="unsafe_name", build=archive({"../../evil.xlsx": None})
    )
    yield Case(
        group=group,
        name="names in GBK",
        outcome="read right",
        build=one(
            lambda base: zip_parts({"aaaaaa.xlsx": base}).replace(b"aaaaaa", "示例市".encode("gbk")), "returns.zip"
        ),
    )
    yield Case(
        group=group,
        name="names of no encoding",
        outcome="read right",
        build=one(
            lambda base: zip_parts({"aaaaaa.xlsx": base}).replace(b"aaaaaa", b"\xff\xfe\x81\xff\x80\xff"), "returns.zip"
        ),
    )
    yield Case(
        group=group,
        name="names that differ in case alone",
        outcome="csv; read right",
        build=archive({"a.xlsx": None, "A.xlsx": b"a,b"}),
    )
    yield Case(
        group=group,
        name="names that differ in bytes of no encoding alone",
        outcome="csv; read right",
        build=one(
            lambda base: (
                zip_parts({"aaa.xlsx": base, "bbb.xlsx": b"a,b"})
                .replace(b"aaa", b"\xff\xfea")
                .replace(b"bbb", b"\xff\xffa")
            ),
            "returns.zip",
        ),
    )
    yield Case(group=group, name="a member that is a link", outcome="unknown", build=one(_link, "returns.zip"))
    yield Case(group=group, name="a locked member", outcome="locked_archive", build=one(_lock, "returns.zip"))
    yield Case(
        group=group,
        name="a damaged member beside a good one",
        outcome="damaged; read right",
        build=one(_damage, "returns.zip"),
    )
    yield Case(group=group, name="nothing", outcome="empty_archive", build=archive({}))


def _link(_: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        info = zipfile.ZipInfo("a.xlsx")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return target.getvalue()


def _lock(base: bytes) -> bytes:
    data = bytearray(zip_parts({"a.xlsx": base, "b.xlsx": base}))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        struct.pack_into("<H", data, data.find(signature) + offset, 1)
    return bytes(data)


def _damage(base: bytes) -> bytes:
    data = bytearray(zip_parts({"a.xlsx": base, "b.xlsx": base}, zipfile.ZIP_STORED))
    data[200] ^= 0xFF
    return bytes(data)


def _send_instead(data: bytes) -> Build:
    return one(lambda _: data)


def mix_kinds() -> Iterator[Case]:
    """Yield files that are two things at once, or nothing."""
    group = "Kinds"
    for name, data, fate in (
        ("a web page called .xlsx", b"<html><table><tr><td>=1+1</td></tr></table></html>", "html"),
        ("a CSV of formulas", b"=1+1,=cmd|'/C calc'!A0\n", "csv"),
        ("a compound file cut off", compound("Workbook")[:600], "truncated"),
        ("a compound file that is locked", compound("EncryptionInfo", "EncryptedPackage"), "encrypted"),
        ("noise", bytes(range(1, 256)) * 100, "scrambled"),
        ("a document somebody's office encrypted", b"%TSD-Header-###%" + bytes(range(256)) * 40, "sealed"),
        ("a winmail.dat", b"\x78\x9f\x3e\x22" + bytes(400), "winmail"),
        ("a saved web page", _PAGE, "web_archive"),
        ("a shortcut", bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes(300), "shortcut"),
        ("a link to a page", b"[InternetShortcut]\r\nURL=file:///C:/a.xlsx\r\n", "shortcut"),
        ("a gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\3" + bytes(60), "gzip"),
        ("XML of Excel 2003", b"<?mso-application progid='Excel.Sheet'?><x:Workbook xmlns:x='y'/>", "xml2003"),
        ("one byte", b"P", "unknown"),
        ("the beginning of a zip", b"PK\3\4", "truncated"),
        ("10,000 comments before no element", b"<!--a-->" * 10_000 + b"<1", "unknown"),
        ("a mail", b"From: a@example.org\r\nTo: b@example.org\r\nSubject: =?x?\r\n\r\n", "mail"),
    ):
        yield Case(group=group, name=name, outcome=fate, build=_send_instead(data))
    for name, change, fate in (
        ("the second half of a zip", lambda base: base[len(base) // 2 :], "split"),
        ("the first piece of a split zip", lambda base: b"PK\7\x08" + base[:20_000], "split"),
        ("a workbook sent as text, line ends doubled", lambda base: base.replace(b"\n", b"\r\n"), "line_ends"),
        ("a workbook sent as text, in another encoding", lambda base: base.decode("latin-1").encode(), "recoded"),
        (
            "a workbook sent as text, bytes replaced",
            lambda base: base.decode("utf-8", "replace").encode(),
            "recoded",
        ),
    ):
        yield Case(group=group, name=name, outcome=fate, build=one(change))
    yield Case(group=group, name="a flat ODF with a DOCTYPE", outcome="unknown", build=one(lambda _: _flat().encode()))
    yield Case(
        group=group,
        name="a return inside a picture's name",
        outcome="read right",
        build=one(lambda base: zip_parts(unzip(base)), "return.jpg"),
    )


_PAGE = (
    b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
    b"Content-Location: file:///C:/a.htm\r\nContent-Type: text/html\r\n\r\n<html></html>\r\n--x--\r\n"
)


def _flat() -> str:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return (
        '<?xml version="1.0"?><!DOCTYPE office:document [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        f'<office:document xmlns:office="{office}" office:mimetype="{kind}">&a;</office:document>'
    )
