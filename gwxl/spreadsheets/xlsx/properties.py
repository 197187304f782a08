"""Read the document properties of a package: custom ones, when it was saved and by which program."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gwxl.containers.xml import Attributes, Markup
from gwxl.spreadsheets.xlsx.strings import unescape


@dataclass(frozen=True, kw_only=True)
class Custom:
    """The custom properties, name → text; of two with one name the first counts, the other is told of."""

    values: Mapping[str, str] = field(default_factory=dict)
    contradictory: frozenset[str] = frozenset()


class CustomProperties:
    """Custom properties as they come."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._contradictory: set[str] = set()

    def add(self, name: str, text: str) -> None:
        """Take a property."""
        if self._values.setdefault(name, text) != text:
            self._contradictory.add(name)

    @property
    def custom(self) -> Custom:
        """Return what was collected."""
        return Custom(values=self._values, contradictory=frozenset(self._contradictory))


def read_custom(part: str, data: bytes, markup: Markup) -> Custom:
    """Return the custom properties of a part."""
    found = CustomProperties()
    name: list[str] = []

    def start(attributes: Attributes) -> None:
        name[:] = [attributes.get("name", "")]

    def value(text: str) -> None:
        if name:
            found.add(name[0], unescape(text))

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
    markup.recall(part, data, {"property": start}, dict.fromkeys(kinds, value) | {"property": lambda _: name.clear()})
    return found.custom


def read_text(part: str, data: bytes, markup: Markup, element: str) -> str | None:
    """Return the text of the first element of a name, None if it is absent or empty."""
    found: list[str] = []
    markup.recall(part, data, {}, {element: lambda text: found.append(text.strip())})
    return (found[0] or None) if found else None
