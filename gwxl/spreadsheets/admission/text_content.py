"""Tell what a text is: markup, a mail, a saved web page, a shortcut, plain lines."""

import codecs
import re

from gwxl.spreadsheets.admission.kinds import Kind

_SAMPLE = 64 * 1024
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# Atomic: comments that can be cut in many ways would otherwise be tried in all of them.
_ROOT_ELEMENT = re.compile(
    r"\s*(?>(?:<\?[^>]*>\s*|<!--.*?-->\s*|<!doctype[^>]*>\s*)*)<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL
)
_HTML = re.compile(r"\s*<!doctype html")
_HTML_ROOTS = frozenset(
    {"html", "table", "head", "body", "meta", "style", "div", "title", "script", "link", "font", "center", "p", "span"}
)
_ODF = "application/vnd.oasis.opendocument."
_SHORTCUT = re.compile(r"^\[(internetshortcut|desktop entry)\]\s*$", re.MULTILINE)
_BASE64 = re.compile(r"\s*(uesdb[0-9a-z+/]{3}|0m8r4kgxgue)[0-9a-z+/=\s]{64}")  # a zip or compound file, lower case
_MAIL_HEADER = re.compile(
    r"^(from|to|received|return-path|mime-version|message-id|subject|date|content-type): ", re.MULTILINE
)
_HEADERS = 4096
_HEADER = re.compile(r"^([a-z-]+):[ \t]*(.*)$", re.MULTILINE)
_OF_PAGES = frozenset({"x-document-type", "snapshot-content-location", "content-location"})
_OF_MAILS = frozenset(
    {"to", "cc", "bcc", "received", "return-path", "delivered-to", "message-id", "reply-to", "sender"}
)


def text_kind(data: bytes) -> Kind | None:
    """Return what a text is, None if the bytes are no text."""
    text = _sample_text(data)
    if text is None:
        return None
    text = text.lower()
    if _SHORTCUT.search(text):
        return Kind.SHORTCUT
    if text.lstrip().startswith("<"):
        return _markup_kind(text)
    return _message_kind(text) or _lines_kind(text)


def _message_kind(text: str) -> Kind | None:
    if _is_web_archive(text):
        return Kind.WEB_ARCHIVE
    return Kind.MAIL if len(set(_MAIL_HEADER.findall(text[:_HEADERS]))) > 1 else None


def _lines_kind(text: str) -> Kind:
    if _BASE64.match(text):
        return Kind.RECODED
    line = next((line for line in text.splitlines() if line.strip()), "")
    return Kind.CSV if re.search("[,;\t]", line) else Kind.UNKNOWN


def _is_web_archive(text: str) -> bool:
    """Tell whether a MIME message is a page saved in one file: it names no receiver and no way it came (RFC 2557)."""
    head = re.sub(r"\n[ \t]+", " ", text[:_HEADERS].replace("\r", "").lstrip()).partition("\n\n")[0]
    headers: dict[str, str] = dict(_HEADER.findall(head))
    kind = headers.get("content-type", "")
    page = kind.startswith(("multipart/related", "text/html")) or bool(_OF_PAGES & headers.keys())
    return page and not _OF_MAILS & headers.keys() and "text/html" in text


def _markup_kind(text: str) -> Kind:
    match = _ROOT_ELEMENT.match(text)
    root = match[1] if match else ""
    if root in _HTML_ROOTS or _HTML.match(text):
        return Kind.HTML
    if root == "workbook" and "openxmlformats.org" not in text:
        return Kind.XML2003
    if root == "document" and _ODF in text:
        return Kind.FODS if f'mimetype="{_ODF}spreadsheet' in text else Kind.DOCX
    if root == "plist":
        return (
            Kind.PLACEHOLDER if "nsurlnamekey" in text else Kind.SHORTCUT if "<key>url</key>" in text else Kind.UNKNOWN
        )
    if root in {"uof", "worddocument"}:
        return Kind.UOF if root == "uof" else Kind.DOCX
    return Kind.UNKNOWN


def _sample_text(data: bytes) -> str | None:
    """Return the beginning of a text, None if the bytes are none."""
    encodings: tuple[str, ...] = ("utf-8-sig", "gb18030")
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings = ("utf-16",)
    elif data[:2] in {b"<\0", b"\0<"}:
        encodings = ("utf-16-le" if data[:1] == b"<" else "utf-16-be",)
    elif data.lstrip().startswith(b"<"):
        encodings += ("latin-1",)  # markup says its encoding itself
    for encoding in encodings:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data[:_SAMPLE])
        except UnicodeDecodeError:
            continue
        return None if _CONTROLS.search(text) else text
    return None
