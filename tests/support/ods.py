"""OpenDocument spreadsheets put together by hand: parts, tables, rows, cells."""

from tests.support.workbooks import Parts

TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = {name: name for name in ("office", "table", "text", "style", "meta", "manifest", "script")}
SPACES = " ".join(
    [
        *(f'xmlns:{prefix}="{_ODF}:{name}:1.0"' for prefix, name in _NAMES.items()),
        f'xmlns:draw="{_ODF}:drawing:1.0" xmlns:number="{_ODF}:datastyle:1.0"',
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"',
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
    ]
)


def content(tables: str, *, styles: str = "", before: str = "", after: str = "", sheet: str = "") -> str:
    """Return a content part around its tables."""
    body = f"<office:spreadsheet {sheet}>{before}{tables}{after}</office:spreadsheet>"
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    return f"<office:document-content {SPACES}>{automatic}<office:body>{body}</office:body></office:document-content>"


def parts(tables: str = "", **more: str) -> Parts:
    """Return the parts of a spreadsheet."""
    return {"mimetype": TYPE, "content.xml": content(tables, **more)}


def table(rows: str, title: str = "填报表", more: str = "") -> str:
    """Return a table of rows."""
    return f'<table:table table:name="{title}" {more}>{rows}</table:table>'


def row(*cells: str, more: str = "") -> str:
    """Return a row of cells."""
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def type_cell(kind: str, more: str = "", inside: str = "") -> str:
    """Return a cell with a type."""
    return f'<table:table-cell office:value-type="{kind}" {more}>{inside}</table:table-cell>'


def say_cell(inside: str) -> str:
    """Return a text cell of one paragraph."""
    return type_cell("string", inside=f"<text:p>{inside}</text:p>")
