"""XML made to hurt: entities, far and endless structures, counts that lie, cells said twice."""

import random
from collections.abc import Callable, Iterator
from operator import methodcaller

from tests.support.hostile.case import FORM_SHEET, VISITORS, WORKBOOK, Build, Case, add_inside, edit, parts

_STRINGS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
_MEGABYTE = 1 << 20
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
_DOCTYPES = {
    "entities that multiply": f'<!DOCTYPE x [<!ENTITY a0 "ha">{_LAUGHS}]>',
    "an entity that is a file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "a DOCTYPE on the web": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    "a parameter entity": '<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/passwd">%a;]>',
}
_READ_PARTS = (FORM_SHEET, WORKBOOK, _STRINGS, _STYLES, "[Content_Types].xml", "_rels/.rels", "docProps/custom.xml")


def doctypes() -> Iterator[Case]:
    """Yield declarations that fetch, read or multiply."""
    for name, doctype in _DOCTYPES.items():
        build = edit(FORM_SHEET, "<worksheet", f"{doctype}<worksheet")
        yield Case(group="Declarations", name=name, outcome="doctype", build=build)
    for part in _READ_PARTS[1:]:
        build = _change(part, lambda text: text.replace("?>", "?>" + _DOCTYPES["an entity that is a file"], 1))

        fate = "doctype"
        yield Case(group="Declarations", name=f"a DOCTYPE in {part}", outcome=fate, build=build)
    for encoding, fate in (("GBK", "encoding"), ("UTF-7", "encoding"), ("UTF-16", "read right")):
        build = _change(FORM_SHEET, methodcaller("replace", "UTF-8", encoding, 1))
        yield Case(group="Declarations", name=f"{encoding} declared, UTF-8 written", outcome=fate, build=build)
    build = parts(lambda kept: {FORM_SHEET: kept[FORM_SHEET].decode().replace("UTF-8", "UTF-16", 1).encode("utf-16")})
    yield Case(group="Declarations", name="UTF-16 declared and written", outcome="read right", build=build)


def _change(part: str, change: Callable[[str], str], *, method: int = 8) -> Build:
    return parts(lambda kept: {part: change(kept[part].decode())}, method=method)


def _sheet(before_end: str) -> Build:
    """Return the build of a return with something more in its rows; stored, so that no ratio gives it away."""
    return edit(FORM_SHEET, "</sheetData>", before_end + "</sheetData>", method=0)


def _pack(more: str, part: str = FORM_SHEET, end: str = "</sheetData>") -> Build:
    """Return the build of a return with much more in a part, and enough noise in it to keep the ratio unsuspicious."""
    noise = random.Random(0).randbytes(450_000).hex()
    return edit(part, end, f"{more}<!--{noise}-->{end}")


def _rows(count: int, row: str) -> str:
    return "".join(row.replace("#", str(number)) for number in range(200, 200 + count))


def masses() -> Iterator[Case]:
    """Yield more than a form can hold of everything."""

    def case(name: str, outcome: str, build: Build) -> Case:
        return Case(group="Masses", name=name, outcome=outcome, build=build)

    yield case("100,000 empty styled cells", "read right", _sheet(_rows(10_000, f'<row r="#">{_empty(10)}</row>')))
    yield case(
        "100,000 empty cells in one column", "read right", _sheet(_rows(100_000, '<row r="#"><c r="D#" s="5"/></row>'))
    )
    yield case("145,000 empty cells", "read right", _sheet(_rows(1_450, f'<row r="#">{_empty(100)}</row>')))
    yield case(
        "145,000 empty cells, then nonsense", "damaged", _sheet(_rows(1_450, f'<row r="#">{_empty(100)}</row>') + "<v>")
    )
    yield case(
        "145,000 empty cells, 300,000 other elements, nonsense",
        "damaged",
        _sheet(_rows(1_450, f'<row r="#">{_empty(100)}</row>') + "<x/>" * 300_000 + "<v>"),
    )
    yield case("490,000 elements, then nonsense", "damaged", _sheet("<x/>" * 490_000 + "<v>"))
    yield case("151,000 empty cells", "read right", _sheet(_rows(1_510, f'<row r="#">{_empty(100)}</row>')))
    yield case("400,000 empty cells", "read right", _sheet(_rows(4_000, f'<row r="#">{_empty(100)}</row>')))
    yield case("151,000 cells", "too_many_cells", _sheet(_rows(1_510, f'<row r="#">{_fill(100)}</row>')))
    yield case(
        "151,000 empty cells with a prefix",
        "too_many_cells",
        _sheet(
            '<row r="9999" xmlns:p="q">'
            + "<p:c/>" * 15_000
            + "</row>"
            + _rows(1_350, f'<row r="#">{_empty(100)}</row>')
        ),
    )
    yield case("600,000 empty cells", "too_many_cells", _sheet(_rows(6_000, f'<row r="#">{_empty(100)}</row>')))
    yield case("600,000 hidden rows", "overloaded", _sheet(_rows(600_000, '<row r="#" hidden="1"/>')))
    yield case(
        "the last cell there is", "read right, L17", _sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    )
    yield case("30 MB of blanks", "overloaded", _pack(" " * 30 * _MEGABYTE))
    yield case("30 MB of comment", "overloaded", _pack(f"<!--{'x' * 30 * _MEGABYTE}-->"))
    yield case("100,000 comments", "read right", _sheet("<!--x-->" * 100_000))
    yield case("25 MB of comments", "overloaded", _pack("<!--xxxxxxxx-->" * 1_700_000))
    yield case(
        "a text of 2 MB", "overloaded", _sheet(f'<row r="200"><c r="K200" t="str"><v>{"x" * 2_000_000}</v></c></row>')
    )
    yield case(
        "a text of 30 MB in pieces",
        "overloaded",
        _pack(f'<row r="200"><c r="K200" t="str"><v>{"<![CDATA[xxxx]]>" * 2_000_000}</v></c></row>'),
    )
    yield case("an attribute of 2 MB", "overloaded", _sheet(f'<row r="200" x="{"x" * 2_000_000}"/>'))
    yield case("100,000 attributes", "overloaded", _sheet("<x " + " ".join(f'a{n}=""' for n in range(100_000)) + "/>"))
    yield case("101 attributes", "overloaded", _sheet("<x " + " ".join(f'a{n}=""' for n in range(101)) + "/>"))
    yield case("10,000 elements in each other", "overloaded", _sheet("<x>" * 10_000 + "</x>" * 10_000))
    yield case("100,000 namespaces", "overloaded", _sheet('<x xmlns:a="b"/>' * 600_000))
    yield case("a long instruction", "overloaded", _sheet(f"<?x {'y' * 2_000_000}?>"))
    yield from _lists(case)


def _lists(case: Callable[[str, str, Build], Case]) -> Iterator[Case]:
    """Yield endless lists outside the rows."""
    more = "<si><t>x</t></si>"
    yield case("100,000 more strings", "read right", _list(_STRINGS, "</sst>", more * 100_000))
    yield case("500,000 more strings", "overloaded", _list(_STRINGS, "</sst>", more * 500_000))
    yield case("a string of 30 MB", "overloaded", _pack(f"<si><t>{'x' * 30 * _MEGABYTE}</t></si>", _STRINGS, "</sst>"))
    yield case("30 strings of 1 MB", "read right", _pack(f"<si><t>{'x' * 1_000_000}</t></si>" * 30, _STRINGS, "</sst>"))
    yield case(
        "a string in 100,000 runs", "read right", _list(_STRINGS, "</sst>", f"<si>{'<r><t>x</t></r>' * 100_000}</si>")
    )
    yield case("100,000 formats", "read right", _list(_STYLES, "</cellXfs>", "<xf/>" * 100_000))
    yield case("600,000 formats", "overloaded", _list(_STYLES, "</cellXfs>", "<xf/>" * 600_000))
    codes = "".join(f'<numFmt numFmtId="{n}" formatCode="yyyy;{n}"/>' for n in range(1_000, 101_000))
    yield case(
        "100,000 number formats",
        "read right",
        _list(_STYLES, "</cellXfs>", f"</cellXfs><numFmts>{codes}</numFmts><cellXfs>"),
    )
    area = '<mergeCell ref="K1:L2"/>'
    after, everything = "</sheetData>", '<mergeCell ref="A1:XFD1048576"/>'
    yield case(
        "10,001 merges", "too_many_merges", _list(FORM_SHEET, after, "", f"<mergeCells>{area * 10_001}</mergeCells>")
    )
    yield case("merges over everything", "read right, L18", _list(FORM_SHEET, after, "", everything * 1_000))
    name = "<definedName name='x#'>'填报表'!$A$1</definedName>"
    names = "".join(name.replace("#", str(n)) for n in range(10_001))
    yield case("10,001 names", "too_many_names", _list(WORKBOOK, "</definedNames>", names))
    yield case(
        "a name of 1 MB",
        "read right",
        _list(WORKBOOK, "</definedNames>", f"<definedName name='x'>{chr(39) * 1_000_000}</definedName>"),
    )
    sheet = '<sheet name="n#" sheetId="1#" r:id="rId3"/>'
    for count, fate in ((59, "read right"), (60, "too_many_sheets")):
        listed = "".join(sheet.replace("#", str(n)) for n in range(count))
        yield case(f"{count + 5} sheets", fate, _list(WORKBOOK, "</sheets>", listed))
    yield case("100,000 validations", "read right", _list(FORM_SHEET, after, "", "<dataValidation/>" * 100_000))
    array = '<c r="K#"><f t="array" ref="A1:XFD1048576">1</f><v>1</v></c>'
    yield case("1,000 arrays over everything", "too_many_cells", _sheet(_rows(1_000, f'<row r="#">{array}</row>')))


def _list(part: str, end: str, more: str, behind: str = "") -> Build:
    return edit(part, end, more + end + behind, method=0)


def _empty(count: int) -> str:
    return "".join(f'<c r="{_letters(column)}#" s="5"/>' for column in range(11, 11 + count))


def _fill(count: int) -> str:
    return _empty(count).replace("/>", "><v>1</v></c>")


def _letters(column: int) -> str:
    first, last = divmod(column - 1, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def lies() -> Iterator[Case]:
    """Yield sheets that contradict themselves."""

    def case(name: str, outcome: str, old: str, new: str, part: str = FORM_SHEET) -> Case:
        return Case(group="Lies", name=name, outcome=outcome, build=edit(part, old, new))

    def within(name: str, outcome: str, xml: str, address: str = VISITORS) -> Case:
        return Case(group="Lies", name=name, outcome=outcome, build=add_inside(address, xml))

    yield case("dimension A1", "read right", 'dimension ref="', 'dimension ref="A1" x="')
    yield case("dimension to the last cell", "read right", 'dimension ref="', 'dimension ref="A1:XFD1048576" x="')
    yield case("spans over one column", "read right", '<row r="7"', '<row r="7" spans="3:3"')
    yield case("a count of 999,999,999 strings", "read right", "<sst ", '<sst n="" ', _STRINGS)
    yield case("one string announced", "read right", 'uniqueCount="', 'uniqueCount="1" x="', _STRINGS)
    yield case("a billion strings announced", "read right", 'uniqueCount="', 'uniqueCount="999999999" x="', _STRINGS)
    yield case("a cell twice", "duplicate_cell", '<c r="A7"', f'<c r="{VISITORS}"><v>7</v></c><c r="A7"')
    yield case(
        "a cell twice in another row",
        "duplicate_cell",
        "</sheetData>",
        f'<row r="200"><c r="{VISITORS}"><v>7</v></c></row></sheetData>',
    )
    yield within("a value twice", "damaged", "<v>7</v>")
    yield within("a cell in a cell", "damaged", '<c r="K300"/>')
    yield case("a cell outside any row", "read right, L17", "<sheetData>", '<sheetData><c r="Z1"><v>7</v></c>')
    yield within("a value hidden in a comment", "read right", "<!--<v>7</v>-->")
    yield case(
        "a row behind the rows",
        "read right",
        "</sheetData>",
        f'</sheetData><row r="14"><c r="{VISITORS}"><v>7</v></c></row>',
    )
    yield case(
        "a second block of rows",
        "duplicate_cell",
        "</sheetData>",
        f'</sheetData><sheetData><row r="14"><c r="{VISITORS}"><v>7</v></c></row></sheetData>',
    )
    yield case("row 0", "address", '<row r="7"', '<row r="0"')
    yield case("row 1048577", "address", "</sheetData>", '<row r="1048577"/></sheetData>')
    yield case("column XFE", "address", "</sheetData>", '<row r="200"><c r="XFE200"/></row></sheetData>')
    yield case("a column of twelve letters", "address", '<c r="A7"', '<c r="AAAAAAAAAAAA7"')
    yield case(
        "string 999,999",
        "damaged",
        "</sheetData>",
        '<row r="300"><c r="K300" t="s"><v>999999</v></c></row></sheetData>',
    )
    yield case("string -1", "damaged", "</sheetData>", '<row r="300"><c r="K300" t="s"><v>-1</v></c></row></sheetData>')
    yield case("style 999,999", "read right", f'<c r="{VISITORS}" s="', f'<c r="{VISITORS}" s="99999')
    yield case("prefixes, other namespaces", "read right", "<worksheet ", '<worksheet xmlns:mc="x" mc:Ignorable="y" ')
    yield case(
        "a half surrogate as a character",
        "damaged",
        "</sheetData>",
        '<row r="300"><c r="K300" t="str"><v>&#xD800;</v></c></row></sheetData>',
    )
    yield case(
        "a NUL as a character",
        "damaged",
        "</sheetData>",
        '<row r="300"><c r="K300" t="str"><v>&#0;</v></c></row></sheetData>',
    )
