"""Read workbooks of the Office Open XML family: xlsx, xlsm, xltx, Strict and Transitional.

Source: ECMA-376 part 1, 18.2.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from gwxl.containers.limits import DEFAULT_LIMITS, Limits
from gwxl.containers.opc import Relationship, main_part, relationships, root_relationships
from gwxl.containers.xml import INDEX, Attributes, Markup, attribute, flag
from gwxl.containers.zips import Package, Sliceable, tolerate_damage
from gwxl.errors import RefusedError
from gwxl.spreadsheets.admission.door import Admitted
from gwxl.spreadsheets.book import Book, DefinedName, Sheet
from gwxl.spreadsheets.xlsx.known import Known, know_styles, recall_strings, recall_worksheet
from gwxl.spreadsheets.xlsx.notes import SheetNotes
from gwxl.spreadsheets.xlsx.properties import Custom, read_custom, read_text
from gwxl.spreadsheets.xlsx.references import resolve
from gwxl.spreadsheets.xlsx.strings import Strings, read_strings, unescape
from gwxl.spreadsheets.xlsx.styles import Style, read_styles
from gwxl.spreadsheets.xlsx.worksheet import Shared, read_worksheet

_STATES = frozenset({"visible", "hidden", "veryHidden"})
_MACRO_TYPES = frozenset({"vbaproject", "xlmacrosheet", "xlintlmacrosheet"})
_NO_CELLS = frozenset({"chartsheet", "dialogsheet"})


def read_ooxml(admitted: Admitted, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Return a workbook of the Office Open XML family.

    Raises:
        RefusedError: it is damaged, has no sheets or costs more than its limits.
    """
    return Ooxml(admitted.data, admitted.kind.value, limits).book()


@dataclass(frozen=True, kw_only=True)
class _Listed:
    """One line of the workbook's list of sheets."""

    title: str
    id: str
    state: str


class _Workbook:
    """What the workbook part says."""

    def __init__(self, part: str, limits: Limits) -> None:
        self.sheets: list[_Listed] = []
        self.names: list[tuple[Attributes, str]] = []
        self.date1904 = False
        self.locked = False
        self.to_calculate = False
        self.found = False
        self.part = part
        self._limits = limits
        self._name: Attributes | None = None

    def parse(self, data: bytes, markup: Markup) -> None:
        """Read the part."""
        starts = {
            "workbook": self._start,
            "sheet": self._sheet,
            "workbookPr": self._settings,
            "workbookProtection": self._protection,
            "calcPr": self._calculation,
            "definedName": self._start_name,
        }
        markup.recall(self.part, data, starts, {"definedName": self._end_name})
        titles = {sheet.title.casefold() for sheet in self.sheets}
        if not self.found or len(titles) != len(self.sheets) or "" in titles:
            raise RefusedError("damaged", part=self.part)

    def _start(self, _: Attributes) -> None:
        self.found = True

    def _sheet(self, attributes: Attributes) -> None:
        state = attributes.get("state", "visible")
        if len(self.sheets) >= self._limits.sheets:
            self._refuse("too_many_sheets", self._limits.sheets)
            return
        self.sheets.append(
            _Listed(
                title=unescape(attributes.get("name", "")),
                id=attribute(attributes, "id") or "",
                state=state if state in _STATES else "visible",
            )
        )

    def _refuse(self, reason: str, limit: int) -> None:
        if not self._limits.beginning:
            raise RefusedError(reason, limit=limit)

    def _settings(self, attributes: Attributes) -> None:
        self.date1904 = flag(attributes, "date1904")

    def _protection(self, attributes: Attributes) -> None:
        self.locked = flag(attributes, "lockStructure")

    def _calculation(self, attributes: Attributes) -> None:
        self.to_calculate = flag(attributes, "fullCalcOnLoad") or not flag(attributes, "calcCompleted", absent=True)

    def _start_name(self, attributes: Attributes) -> None:
        self._name = attributes

    def _end_name(self, text: str) -> None:
        if len(self.names) >= self._limits.names:
            self._refuse("too_many_names", self._limits.names)
        elif self._name is not None:
            self.names.append((self._name, text))


class Ooxml:
    """A reader of the parts of one workbook in the order in which they need each other."""

    def __init__(self, data: Sliceable, kind: str, limits: Limits) -> None:
        """Read what the workbook says of its parts."""
        self._kind = kind
        self._limits = limits
        self._package = Package(data, limits)
        self._markup = Markup(limits)
        main, _ = main_part(self._package, self._markup)
        self._workbook = _Workbook(main, limits)
        self._workbook.parse(self._package.read(main), self._markup)
        self._links = relationships(self._package, self._markup, main)
        self._roots = root_relationships(self._package, self._markup)

    @property
    def date1904(self) -> bool:
        """Tell whether dates count from 1904."""
        return self._workbook.date1904

    def read(self, part: str) -> bytes:
        """Return an unpacked part."""
        return self._package.read(part)

    def pieces(self, part: str) -> Iterator[bytes]:
        """Yield a part as it is unpacked."""
        return self._package.pieces(part)

    def book(self) -> Book:
        """Return the workbook."""
        custom = self.custom()
        sheets = self._sheets()
        if not sheets:
            raise RefusedError("no_sheet")
        return Book(
            kind=self._kind,
            sheets=sheets,
            names=tuple(self._names()),
            date1904=self._workbook.date1904,
            structure_protected=self._workbook.locked,
            macros=any(link.type in _MACRO_TYPES for link in self._links),
            external_links=any(link.type == "externallink" for link in self._links),
            properties=custom.values,
            contradictory=custom.contradictory,
            calculation_chain=self._find_linked("calcchain") is not None,
            to_calculate=self._workbook.to_calculate,
            modified=self._text("coreproperties", "modified"),
            program=self._text("extendedproperties", "Application"),
        )

    def _sheets(self) -> tuple[Sheet, ...]:
        strings, known = self._strings(), self._know_styles()
        shared = Shared(
            strings=strings,
            styles=known.styles if known else self.styles(),
            date1904=self._workbook.date1904,
            limits=self._limits,
            markup=self._markup,
        )
        notes = SheetNotes(self._package, self._limits)
        found = []
        for listed, part in self._find_parts():
            with self._limits.tolerance():
                data = self._package.read(part)
                recalled = recall_worksheet(part, data, shared, known) if known else None
                sheet = recalled or read_worksheet(part, data, shared, title="", state="")
                found.append(replace(sheet, title=listed.title, state=listed.state, notes=notes.of(part)))
        return tuple(found)

    def worksheets(self) -> Mapping[str, str]:
        """Return title → part of the worksheets, in their order."""
        return {listed.title: part for listed, part in self._find_parts()}

    def _find_parts(self) -> Iterator[tuple[_Listed, str]]:
        links = {link.id: link for link in self._links}
        for listed in self._sheets_to_read():
            link = links.get(listed.id)
            if link is not None and link.type in _NO_CELLS:
                continue
            part = link.part(self._package) if link is not None else None
            if link is None or part is None:
                raise RefusedError("damaged", part=listed.title)
            if link.type == "worksheet":
                yield listed, part

    def _sheets_to_read(self) -> Iterator[_Listed]:
        """Yield the sheets to read; one that somebody has brought to light is read, whatever its title."""
        for listed in self._workbook.sheets:
            if listed.state == "visible" or listed.title not in self._limits.unopened:
                yield listed

    def strings_part(self) -> tuple[str, Iterable[bytes]]:
        """Return name and pieces of the part that holds the shared strings, both empty where there is none."""
        part = self._find_linked("sharedstrings")
        return (part, self._package.pieces(part)) if part else ("", ())

    def _strings(self) -> Strings:
        part = self._find_linked("sharedstrings")
        with (
            tolerate_damage(),
            self._limits.tolerance(),
        ):  # a cell that needs a string which is not there refuses the file
            if part:
                data = self._package.read(part)
                recalled = recall_strings(part, data, self._limits, self._markup)
                return recalled or read_strings(part, data, self._markup)
        return Strings()

    def _know_styles(self) -> Known | None:
        part = None if self._limits.beginning else self._find_linked("styles")
        date1904 = self._workbook.date1904
        if part is None:
            return None
        return know_styles(part, self._package.read(part), self._limits, self._markup, date1904=date1904)

    def styles(self) -> tuple[Style, ...]:
        """Return the styles of cells."""
        part = self._find_linked("styles")
        with self._limits.tolerance():
            return read_styles(part, self._package.read(part), self._markup) if part else ()
        return ()

    def _find_linked(self, kind: str, links: tuple[Relationship, ...] | None = None) -> str | None:
        """Return the first part that is there of those a relationship of this kind names."""
        linked = (link.part(self._package) for link in (self._links if links is None else links) if link.type == kind)
        return next((part for part in linked if part), None)

    def _names(self) -> Iterator[DefinedName]:
        sheets = self._workbook.sheets
        titles = {sheet.title.casefold(): sheet.title for sheet in sheets}
        for attributes, reference in self._workbook.names:
            scope = attributes.get("localSheetId")
            number = int(scope) if scope is not None and INDEX.match(scope) else len(sheets)
            if scope is not None and number >= len(sheets):
                continue  # left behind by a sheet that was deleted
            yield DefinedName(
                name=attributes.get("name", ""),
                reference=reference,
                cell=resolve(reference, titles),
                scope=None if scope is None else sheets[number].title,
            )

    def custom(self) -> Custom:
        """Return the custom document properties."""
        part = self._find_linked("customproperties", self._roots)
        with tolerate_damage():
            return read_custom(part, self._package.read(part), self._markup) if part else Custom()
        return Custom()

    def _text(self, kind: str, element: str) -> str | None:
        part = self._find_linked(kind, self._roots)
        with tolerate_damage():
            return read_text(part, self._package.read(part), self._markup, element) if part else None
        return None
