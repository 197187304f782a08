"""Read the document properties of a package: custom ones, when it was saved and by which program."""

from collections.abc import Mapping

from gwxl.workbook.markup import Attributes, Markup
from gwxl.workbook.strings import unescape


def read_custom(part: str, data: bytes, markup: Markup) -> Mapping[str, str]:
    """Return name → text of the custom properties; of two with one name the first counts."""
    found: dict[str, str] = {}
    name: list[str] = []

    def start(attributes: Attributes) -> None:
        name[:] = [attributes.get("name", "")]

    def value(text: str) -> None:
        if name:
            found.setdefault(name[0], unescape(text))

    kinds = (
        "lpwstr",
        "lpstr",
        "bstr",
        "i1",
        "i2",
        "i4",
        "i8",
        "int",
        "r4",
        "r8",
        "decimal",
        "bool",
        "filetime",
        "date",
    )
    markup.parse(part, data, {"property": start}, dict.fromkeys(kinds, value) | {"property": lambda _: name.clear()})
    return found


def read_text(part: str, data: bytes, markup: Markup, element: str) -> str | None:
    """Return the text of the first element of a name, None if it is absent or empty."""
    found: list[str] = []
    markup.parse(part, data, {}, {element: lambda text: found.append(text.strip())})
    return (found[0] or None) if found else None
