"""Read OpenDocument spreadsheets: ``.ods``, a zip of parts, and ``.fods``, all of it in one XML file.

Source: OpenDocument 1.3 parts 2 and 3.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial

from gwxl.containers.limits import DEFAULT_LIMITS, Limits
from gwxl.containers.xml import Attributes, Ends, Markup, Starts, attribute
from gwxl.containers.zips import Package, tolerate_damage
from gwxl.errors import RefusedError
from gwxl.records.cell import CellRef
from gwxl.spreadsheets.address import read_area
from gwxl.spreadsheets.admission.door import Admitted
from gwxl.spreadsheets.admission.kinds import Kind
from gwxl.spreadsheets.book import Book, DefinedName
from gwxl.spreadsheets.ods.styles import OpenStyles
from gwxl.spreadsheets.ods.table import Tables
from gwxl.spreadsheets.xlsx.properties import CustomProperties

_CONTENT, _STYLES, _META, _MANIFEST = "content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"
_VALUE = b" office:value-type="
_MACRO_FOLDERS = ("basic/", "scripts/")
_FIRST_1904 = "1904-01-01"
_LONGEST = 1_024
# ``$Sheet.$D$8``, ``'a ''b'' c'.D8:.E9``; a title of a bare word holds none of the signs that separate.
_REFERENCE = re.compile(
    r"\$?(?:'((?:[^']|'')+)'|([^'$.:#\[\]\s]+))\.(\$?[A-Za-z]+\$?[0-9]+)(?::[^:]*?\.(\$?[A-Za-z]+\$?[0-9]+))?\Z"
)


def read_ods(admitted: Admitted, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Return an OpenDocument spreadsheet.

    Raises:
        RefusedError: it is encrypted, damaged, has no sheets or costs more than its limits.
    """
    reader = _Reader(admitted.kind.value, limits)
    if admitted.kind is Kind.FODS:
        reader.read_part("fods", admitted.data)
    else:
        _read_package(reader, Package(admitted.data, limits))
    return reader.book()


def _read_package(reader: "_Reader", package: Package) -> None:
    if _MANIFEST in package:
        with tolerate_damage():  # an encrypted part is damaged anyhow
            reader.read_manifest(package.read(_MANIFEST))
    if _CONTENT not in package:
        raise RefusedError("damaged", part=_CONTENT)
    with tolerate_damage():
        if _META in package:
            reader.read_part(_META, package.read(_META))
    # Styles first: cells look up theirs while they are read.
    for part in (_STYLES, _CONTENT):
        if part in package:
            reader.read_part(part, package.read(part))
    reader.macros = reader.macros or any(name.lower().startswith(_MACRO_FOLDERS) for name in package.names)


class _Reader:
    """A reader of what the parts say; a flat file is one part that says all of it."""

    def __init__(self, kind: str, limits: Limits) -> None:
        self.macros = False
        self._kind = kind
        self._limits = limits
        self._markup = Markup(limits)
        self._styles = OpenStyles()
        self._tables = Tables(self._styles, limits)
        self._names: list[tuple[str, str, str | None]] = []
        self._custom = CustomProperties()
        self._texts: dict[str, str] = {}
        self._property: str | None = None
        self._structure = self._found = False

    def read_manifest(self, data: bytes) -> None:
        """Refuse a package whose parts are encrypted."""
        self._markup.parse(_MANIFEST, data, {"encryption-data": _refuse_encrypted}, {})

    def read_part(self, part: str, data: bytes) -> None:
        """Read a part; too many cells that hold something are counted before it is parsed."""
        if data.count(_VALUE) > self._limits.cells and not self._limits.beginning:
            raise RefusedError("too_many_cells", limit=self._limits.cells)
        starts: Starts = {
            **self._styles.starts,
            **self._tables.starts,
            "spreadsheet": self._spreadsheet,
            "null-date": self._null_date,
            "named-range": partial(self._name, "cell-range-address"),
            "named-expression": partial(self._name, "expression"),
            "user-defined": self._start_property,
            "module": self._module,
        }
        ends: Ends = {
            **self._styles.ends,
            **self._tables.ends,
            "user-defined": self._end_property,
            "date": partial(self._text, "date"),
            "generator": partial(self._text, "generator"),
        }
        with self._limits.tolerance():
            self._markup.parse(part, data, starts, ends, self._loose)

    def _loose(self, text: str) -> None:
        (self._styles if self._tables.title is None else self._tables).add(text)

    def book(self) -> Book:
        """Return the workbook."""
        if self._limits.beginning:
            self._tables.take_begun()
        sheets = tuple(self._tables.sheets)
        titles = {sheet.title.casefold(): sheet.title for sheet in sheets}
        if not self._found or len(titles) != len(sheets) or "" in titles:
            raise RefusedError("damaged", part=_CONTENT)
        if not sheets:
            raise RefusedError("no_sheet")
        custom = self._custom.custom
        return Book(
            kind=self._kind,
            sheets=sheets,
            names=tuple(self._define_names(titles)),
            properties=custom.values,
            contradictory=custom.contradictory,
            date1904=self._tables.date1904,
            modified=self._texts.get("date"),
            program=self._texts.get("generator"),
            structure_protected=self._structure,
            macros=self.macros,
            external_links=self._tables.external,
        )

    def _spreadsheet(self, attributes: Attributes) -> None:
        self._found = True
        self._structure = attribute(attributes, "structure-protected") == "true"

    def _null_date(self, attributes: Attributes) -> None:
        self._tables.date1904 = attribute(attributes, "date-value") == _FIRST_1904

    def _name(self, says: str, attributes: Attributes) -> None:
        title = self._tables.title
        self._names.append((attribute(attributes, "name") or "", attribute(attributes, says) or "", title))
        if len(self._names) > self._limits.names:
            raise RefusedError("too_many_names", limit=self._limits.names)

    def _define_names(self, titles: Mapping[str, str]) -> Iterator[DefinedName]:
        for name, reference, scope in self._names:
            yield DefinedName(name=name, reference=reference, cell=_resolve(reference, titles), scope=scope)

    def _start_property(self, attributes: Attributes) -> None:
        self._property = attribute(attributes, "name") or ""

    def _end_property(self, text: str) -> None:
        if self._property is not None:
            self._custom.add(self._property, text)
        self._property = None

    def _text(self, name: str, text: str) -> None:
        self._tables.add(text)  # a date may also stand in a cell's text
        if self._tables.title is None and text.strip():
            self._texts.setdefault(name, text.strip())

    def _module(self, _: Attributes) -> None:
        self.macros = True


def _refuse_encrypted(_: Attributes) -> None:
    raise RefusedError("encrypted")


def _resolve(reference: str, titles: Mapping[str, str]) -> CellRef | None:
    """Return the one cell a reference such as ``$'Sheet 1'.$D$8`` names, None for anything else."""
    match = _REFERENCE.match(reference.strip()) if len(reference) <= _LONGEST else None
    if match is None:
        return None
    title = titles.get((match[2] or match[1].replace("''", "'")).casefold())
    area = read_area(f"{match[3]}:{match[4] or match[3]}")
    if title is None or area is None or area[:2] != area[2:]:
        return None
    return CellRef(title, area[0], area[1])
