"""Mutants of a filled return: bytes of the zip changed, or tokens of the XML inside with every checksum right.

A seed makes the same mutant each time. Nothing here knows how gwxl reads.
"""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.support.workbooks import unzip, zip_parts

SHEETS = {"填报表": "xl/worksheets/sheet1.xml", "其他新媒体": "xl/worksheets/sheet2.xml"}
WORKBOOK, STRINGS = "xl/workbook.xml", "xl/sharedStrings.xml"
_FORM = SHEETS["填报表"]

_PARTS: Mapping[str, int] = {
    _FORM: 12,
    STRINGS: 5,
    WORKBOOK: 5,
    SHEETS["其他新媒体"]: 4,
    "xl/styles.xml": 2,
    "xl/worksheets/sheet4.xml": 1,
    "docProps/custom.xml": 1,
    "xl/_rels/workbook.xml.rels": 1,
    "[Content_Types].xml": 1,
    "_rels/.rels": 1,
}
"""Part → how often it is drawn."""

_TOKEN = re.compile(r"<[^>]*>|[^<]+")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_TAG = re.compile(r"</?([\w:]+)")
_NASTY = (
    "",
    "-1",
    "0",
    "999999999",
    "1E5",
    "A1",
    "D12",
    "XFD1048576",
    "ZZZZ1",
    "n",
    "s",
    "b",
    "d",
    "e",
    "str",
    "inlineStr",
    "x",
    "#REF!",
    "'填报表'!$D$20",
    "true",
    "false",
    "&#10;",
    "２０",
    "20.0",
    " 20 ",
    "_x000D_",
)

Draw = random.Random
Tokens = list[str]


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A mutant and the name of what was done to it."""

    name: str
    data: bytes


def mutant(base: bytes, seed: int) -> Mutant:
    """Return the mutant of a seed."""
    draw = random.Random(seed)
    if draw.random() < 0.1:
        return Mutant(name="bytes", data=_bytes(draw, base))
    contents = {name: part.decode("utf-8") for name, part in unzip(base).items()}
    if draw.random() < 0.1:
        name, repack = draw.choice(sorted(_PACKAGES.items()))
        return Mutant(name=name, data=zip_parts(repack(draw, contents)))
    names = []
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        there = {part: often for part, often in _PARTS.items() if part in contents}  # some programs share no texts
        part = draw.choices(list(there), list(there.values()))[0]
        name, change = draw.choice(sorted(_CHANGES.items()))
        tokens = _TOKEN.findall(contents[part])
        change(draw, tokens)
        contents[part] = "".join(tokens)
        names.append(f"{name} in {part}")
    return Mutant(name=", ".join(names), data=zip_parts(contents))


def _bytes(draw: Draw, base: bytes) -> bytes:
    data = bytearray(base)
    for _ in range(draw.randint(1, 4)):
        place = draw.randrange(len(data))
        data[place : place + draw.randint(0, 3)] = draw.randbytes(draw.randint(0, 3))
    return bytes(data[: draw.choice([len(data), draw.randrange(len(data))])])


# attributes


def _attributes(tokens: Tokens) -> list[tuple[int, re.Match[str]]]:
    return [(place, match) for place, token in enumerate(tokens) for match in _ATTRIBUTE.finditer(token)]


def _put(tokens: Tokens, place: int, match: re.Match[str], value: str) -> None:
    tokens[place] = tokens[place][: match.start(2)] + value + tokens[place][match.end(2) :]


def _swap_attributes(draw: Draw, tokens: Tokens) -> None:
    """Exchange the values of two attributes of one name."""
    found = _attributes(tokens)
    place, match = draw.choice(found)
    other, its = draw.choice([one for one in found if one[1][1] == match[1]])
    if place != other:
        _put(tokens, place, match, its[2])
        _put(tokens, other, its, match[2])


def _copy_attribute(draw: Draw, tokens: Tokens) -> None:
    found = _attributes(tokens)
    place, match = draw.choice(found)
    _put(tokens, place, match, draw.choice([its[2] for _, its in found if its[1] == match[1]]))


def _spoil_attribute(draw: Draw, tokens: Tokens) -> None:
    place, match = draw.choice(_attributes(tokens))
    _put(tokens, place, match, draw.choice(_NASTY))


def _drop_attribute(draw: Draw, tokens: Tokens) -> None:
    place, match = draw.choice(_attributes(tokens))
    tokens[place] = tokens[place][: match.start()] + tokens[place][match.end() :]


def _retype_cell(draw: Draw, tokens: Tokens) -> None:
    """Say another type, or another style, of a cell."""
    cells = [place for place, token in enumerate(tokens) if token.startswith("<c ")]
    if not cells:
        return
    place = draw.choice(cells)
    name, values = draw.choice(
        (("t", ("s", "n", "b", "e", "d", "str", "inlineStr", "z")), ("s", ("0", "1", "7", "20", "22", "25", "9999")))
    )
    bare = re.sub(rf' {name}="[^"]*"', "", tokens[place])
    tokens[place] = bare.replace("<c ", f'<c {name}="{draw.choice(values)}" ', 1)


# elements


def _span(tokens: Tokens, start: int) -> int:
    """Return the place behind the element that starts at a place."""
    if tokens[start].endswith("/>") or tokens[start].startswith("<?"):
        return start + 1
    depth = 0
    for place in range(start, len(tokens)):
        token = tokens[place]
        if token.startswith("</"):
            depth -= 1
        elif token.startswith("<") and not token.endswith("/>"):
            depth += 1
        if depth == 0:
            return place + 1
    return len(tokens)


def _elements(tokens: Tokens) -> list[int]:
    return [place for place, token in enumerate(tokens) if token.startswith("<") and token[1] not in "/?"]


def _delete_element(draw: Draw, tokens: Tokens) -> None:
    start = draw.choice(_elements(tokens))
    del tokens[start : _span(tokens, start)]


def _repeat_element(draw: Draw, tokens: Tokens) -> None:
    """Write an element twice, the second time behind an element of its kind."""
    start = draw.choice(_elements(tokens))
    piece = tokens[start : _span(tokens, start)]
    other = draw.choice(_like(tokens, start))
    place = _span(tokens, other)
    tokens[place:place] = piece


def _swap_elements(draw: Draw, tokens: Tokens) -> None:
    start = draw.choice(_elements(tokens))
    first, second = sorted((start, draw.choice(_like(tokens, start))))
    end = _span(tokens, first)
    if end > second:
        return
    behind = _span(tokens, second)
    tokens[first:behind] = [*tokens[second:behind], *tokens[end:second], *tokens[first:end]]


def _like(tokens: Tokens, start: int) -> list[int]:
    name = _name(tokens[start])
    return [place for place in _elements(tokens) if _name(tokens[place]) == name]


def _name(token: str) -> str:
    match = _TAG.match(token)
    return match[1] if match else ""


def _rename_element(draw: Draw, tokens: Tokens) -> None:
    start = draw.choice(_elements(tokens))
    end = _span(tokens, start)
    name = _name(tokens[draw.choice(_elements(tokens))])
    tokens[start] = _TAG.sub(f"<{name}", tokens[start], count=1)
    if end - start > 1:
        tokens[end - 1] = f"</{name}>"


def _drop_tag(draw: Draw, tokens: Tokens) -> None:
    del tokens[draw.randrange(len(tokens))]


# texts


def _texts(tokens: Tokens) -> list[int]:
    return [place for place, token in enumerate(tokens) if not token.startswith("<") and token.strip()]


def _swap_texts(draw: Draw, tokens: Tokens) -> None:
    places = _texts(tokens)
    if places:
        one, other = draw.choice(places), draw.choice(places)
        tokens[one], tokens[other] = tokens[other], tokens[one]


def _spoil_text(draw: Draw, tokens: Tokens) -> None:
    places = _texts(tokens)
    if places:
        tokens[draw.choice(places)] = draw.choice(_NASTY)


def _trim_text(draw: Draw, tokens: Tokens) -> None:
    """Drop or repeat one character of a text."""
    places = _texts(tokens)
    if places:
        place = draw.choice(places)
        at = draw.randrange(len(tokens[place]))
        tokens[place] = tokens[place][:at] + tokens[place][at] * draw.choice((0, 2)) + tokens[place][at + 1 :]


_CHANGES: Mapping[str, Callable[[Draw, Tokens], None]] = {
    "attributes swapped": _swap_attributes,
    "attribute copied": _copy_attribute,
    "attribute spoilt": _spoil_attribute,
    "attribute dropped": _drop_attribute,
    "cell retyped": _retype_cell,
    "element deleted": _delete_element,
    "element repeated": _repeat_element,
    "elements swapped": _swap_elements,
    "element renamed": _rename_element,
    "tag dropped": _drop_tag,
    "texts swapped": _swap_texts,
    "text spoilt": _spoil_text,
    "text trimmed": _trim_text,
}

# the whole package

Contents = dict[str, str]


def _delete_part(draw: Draw, contents: Contents) -> Contents:
    del contents[draw.choice(sorted(contents))]
    return contents


def _swap_parts(draw: Draw, contents: Contents) -> Contents:
    one, other = draw.sample(sorted(contents), 2)
    contents[one], contents[other] = contents[other], contents[one]
    return contents


def _rename_part(draw: Draw, contents: Contents) -> Contents:
    name = draw.choice(sorted(contents))
    return {(key.upper() if key == name else key): part for key, part in contents.items()}


def _push_inputs(draw: Draw, contents: Contents) -> Contents:
    """Insert or delete a cell in the input column, as programs do it: the names move along."""
    first, step = draw.randint(7, 60), draw.choice((-1, 1))
    row = re.compile(r'(<c r="D)(\d+)("[^>]*?(?:/>|>.*?</c>))')
    cells = {int(match[2]): match for match in row.finditer(contents[_FORM])}
    pushed = {place + step: match[3] for place, match in cells.items() if place >= first and place + step >= first}

    def move(match: re.Match[str]) -> str:
        place = int(match[2])
        return match[0] if place < first else match[1] + match[2] + pushed.get(place, '" s="5"/>')

    def name(match: re.Match[str]) -> str:
        place = int(match[1])
        if place < first:
            return match[0]
        return f"$D${place + step}<" if place + step >= first else "#REF!<"

    contents[_FORM] = row.sub(move, contents[_FORM])
    contents[WORKBOOK] = re.sub(r"\$D\$(\d+)<", name, contents[WORKBOOK])
    return contents


def _move_rows(draw: Draw, contents: Contents) -> Contents:
    """Insert empty rows above a row; names move along, or stay as with a program that forgets them."""
    first, step = draw.randint(3, 70), draw.randint(1, 3)

    def move(match: re.Match[str]) -> str:
        place = int(match[2])
        return match[1] + str(place + step if place >= first else place) + match[3]

    contents[_FORM] = re.sub(r'(<(?:row|c) r="[A-Z]*)(\d+)(")', move, contents[_FORM])
    if draw.random() < 0.7:
        contents[WORKBOOK] = re.sub(r"('填报表'!\$D\$)(\d+)(<)", move, contents[WORKBOOK])
    return contents


_PACKAGES: Mapping[str, Callable[[Draw, Contents], Contents]] = {
    "part deleted": _delete_part,
    "parts swapped": _swap_parts,
    "part renamed": _rename_part,
    "inputs pushed": _push_inputs,
    "rows inserted": _move_rows,
}


def with_words(base: bytes, words: Mapping[str, str]) -> bytes:
    """Return a return with texts typed into blank cells of its form sheet, by address."""
    contents = unzip(base)
    sheet = contents[_FORM].decode("utf-8")
    for address, text in words.items():
        blank = re.compile(rf'<c r="{address}"( s="\d+")/>')
        assert blank.search(sheet), address
        sheet = blank.sub(rf'<c r="{address}"\1 t="inlineStr"><is><t>{text}</t></is></c>', sheet)
    return zip_parts(contents | {_FORM: sheet})
