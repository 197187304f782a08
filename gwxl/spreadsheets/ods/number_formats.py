"""Read the number styles of an OpenDocument spreadsheet as the format codes of other programs.

Source: OpenDocument 1.3 part 3, 16.29 (number styles).
"""

from functools import partial

from gwxl.containers.xml import INDEX, Attributes, Ends, Starts, attribute
from gwxl.spreadsheets.number_formats import NumberFormat, number_format

_STYLES = ("number-style", "currency-style", "percentage-style", "text-style")
_UNTOLD = {"fraction": "0/0", "scientific-number": "0E+0"}  # shown in a way that is not followed
_MOST_PLACES = 40
_MOST_MAPS = 3
_THOUSAND = 1000


class OpenFormats:
    """The number styles; ``starts`` and ``ends`` are handlers for :meth:`gwxl.containers.xml.Markup.parse`."""

    def __init__(self) -> None:
        self._codes: dict[str, list[str]] = {}
        self._maps: dict[str, list[tuple[str, str]]] = {}
        self._name: str | None = None
        self._pieces: list[str] = []
        self._percent = False
        self._places = ("", "", "")
        self._embedded: list[tuple[int, str]] = []
        self._position = 0
        self.starts: Starts = {
            **{name: partial(self._start, name) for name in _STYLES},
            **{name: partial(self._put_code, code) for name, code in _UNTOLD.items()},
            "number": self._number,
            "text": self._start_literal,
            "embedded-text": self._start_embedded,
            "text-content": self._content,
            "map": self._map,
        }
        self.ends: Ends = {
            **dict.fromkeys(_STYLES, self._end),
            "number": self._end_number,
            "embedded-text": self._end_embedded,
            "text": self._literal,
            "currency-symbol": self._literal,
            "fill-character": self._fill,
        }

    def format(self, name: str) -> NumberFormat | None:
        """Return the format of a number style, its sections for single values included."""
        maps = self._maps.get(name, [])[:_MOST_MAPS]
        sections = [f"[{condition}]{''.join(self._codes.get(other, ()))}" for condition, other in maps]
        return number_format(";".join((*sections, "".join(self._codes.get(name, ())))))

    def _start(self, kind: str, attributes: Attributes) -> None:
        self._name = attribute(attributes, "name") or ""
        self._percent = kind == "percentage-style"
        self._codes[self._name] = []

    def _end(self, _: str) -> None:
        self._name = None

    def _put(self, code: str) -> None:
        if self._name is not None:
            self._codes[self._name].append(code)

    def _put_code(self, code: str, _: Attributes) -> None:
        self._put(code)

    def _content(self, _: Attributes) -> None:
        self._put("@")

    def add(self, text: str) -> None:
        """Take a piece of a text that elements of a program's own stand in."""
        if self._name is not None:
            self._pieces.append(text)

    def _start_literal(self, _: Attributes) -> None:
        self._pieces.clear()

    def _literal(self, text: str) -> None:
        text = "".join((*self._pieces, text))
        self._pieces.clear()
        quoted = f'"{text.replace(chr(34), "")}"'
        self._put(quoted.replace("%", '"%"') if self._percent else quoted)

    def _fill(self, text: str) -> None:
        self._put(f"*{text[:1] or ' '}")

    def _map(self, attributes: Attributes) -> None:
        if self._name is not None:
            condition = (attribute(attributes, "condition") or "").removeprefix("value()").replace("!=", "<>")
            other = attribute(attributes, "apply-style-name") or ""
            self._maps.setdefault(self._name, []).append((condition, other))

    def _number(self, attributes: Attributes) -> None:
        self._embedded = []
        decimals, least = _count(attributes, "decimal-places"), _count(attributes, "min-integer-digits")
        certain = _count(attributes, "min-decimal-places", absent=decimals)
        if attribute(attributes, "decimal-replacement") == "":
            certain = min(certain, decimals - 1)
        grouped = attribute(attributes, "grouping") == "true"
        whole = "0" * least or "#"
        if attribute(attributes, "decimal-places") is None and whole == "0" and not grouped:
            self._places = ("General", "", "")
            return
        factor, commas = _count(attributes, "display-factor", absent=1), 0
        while factor >= _THOUSAND:
            factor, commas = factor // _THOUSAND, commas + 1
        point = f".{'0' * certain}{'#' * (decimals - certain)}" if decimals else ""
        self._places = (whole, ",###"[: 4 if grouped else 0], point + "," * commas)

    def _start_embedded(self, attributes: Attributes) -> None:
        self._position = _count(attributes, "position")

    def _end_embedded(self, text: str) -> None:
        self._embedded.append((self._position, text.replace('"', "")))

    def _end_number(self, _: str) -> None:
        whole, group, behind = self._places
        if self._embedded:
            whole = self._with_embedded(whole)
        elif group:
            whole = f"#{group[:-1]}{whole}" if len(whole) == 1 else f"#,{whole}"
        self._put(whole + behind)

    def _with_embedded(self, whole: str) -> str:
        """Return the places of whole digits with texts between them; positions count from the right."""
        whole = whole.rjust(1 + max(position for position, _ in self._embedded), "#")
        code, start = "", 0
        for position, text in sorted(self._embedded, reverse=True):
            cut = len(whole) - position
            code, start = f'{code}{whole[start:cut]}"{text}"', cut
        return code + whole[start:]


def _count(attributes: Attributes, name: str, *, absent: int = 0) -> int:
    told = attribute(attributes, name) or ""
    return min(int(told), 10**9 if name == "display-factor" else _MOST_PLACES) if INDEX.match(told) else absent
