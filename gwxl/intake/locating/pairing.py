"""Tell which sheet of a table belongs to which form sheet of a workbook; what is not certain is given to none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gwxl.form.layout import TableArea
from gwxl.form.matrices.area import MatrixArea
from gwxl.intake.locating.matrices import MatrixPlacing
from gwxl.intake.locating.tables import TablePlacing
from gwxl.records.finding import Finding
from gwxl.records.signals import signal

OwnSheet = TablePlacing | MatrixPlacing
"""A sheet that one field has for itself."""


@dataclass(frozen=True, kw_only=True)
class Paired:
    """The sheet of one table that belongs to a form sheet, None where there is none, and what is to be said."""

    table: OwnSheet | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """The pairing of one table's sheets with the form sheets of a workbook.

    Attributes:
        order: the titles of every sheet, in workbook order.
        forms: the titles of every form sheet; asked: those of them that were filled in.
        tables: the sheets of the table, in workbook order.
        one_site: all that were filled in give one code, as a draft and what came of it do.
    """

    area: TableArea | MatrixArea
    order: Sequence[str]
    forms: Sequence[str]
    asked: Sequence[str]
    tables: Sequence[OwnSheet]
    one_site: bool
    language: str

    def pairs(self) -> Mapping[str, Paired]:
        """Return form sheet → its table.

        One form sheet takes the one table that something was typed into, wherever it stands. Of several, each takes
        the table that stands behind it and before the next form sheet: where that holds for every one of them. Those
        of one site share its only table.
        """
        if not self.tables:
            return dict.fromkeys(self.asked, Paired(findings=(self._say("L20"),)))
        if len(self.asked) == 1:
            return {form: self._pair_alone(form) for form in self.asked}
        touched = [table for table in self.tables if table.touched]
        if not touched:
            return dict.fromkeys(self.asked, Paired())
        if self.one_site and len(touched) == 1:
            return dict.fromkeys(self.asked, self._take(touched[0]))
        return self._pair_each()

    def _pair_alone(self, form: str) -> Paired:
        touched = [table for table in self.tables if table.touched]
        if len(touched) == 1 or len(self.tables) == 1:
            return Paired(table=(touched or self.tables)[0])
        behind = [table for table in self._find_behind(form) if table in touched]
        named = [table for table in self.tables if table.names.cells]
        titled = [table for table in self.tables if table.sheet.title == self.area.sheet]
        found = behind if len(self.forms) > 1 else named or titled
        if not touched:
            return Paired(table=(found or self.tables)[0])
        return Paired(table=found[0] if len(found) == 1 else None, findings=(self._say("L24"),))

    def _pair_each(self) -> Mapping[str, Paired]:
        behind = {form: self._find_behind(form) for form in self.asked}
        owned = [table for tables in behind.values() for table in tables]
        certain = all(len(tables) == 1 for tables in behind.values())
        if not certain or any(table.touched and table not in owned for table in self.tables):
            return dict.fromkeys(self.asked, Paired(findings=(self._say("L29"),)))
        return {form: self._take(table) for form, (table,) in behind.items()}

    def _take(self, table: OwnSheet) -> Paired:
        return Paired(table=table, findings=(self._say("L30", table.sheet.title),) if table.touched else ())

    def _find_behind(self, form: str) -> list[OwnSheet]:
        """Return the tables that stand behind a form sheet and before the next one."""
        start = self.order.index(form)
        later = (place for place in map(self.order.index, self.forms) if place > start)
        end = min(later, default=len(self.order))
        return [table for table in self.tables if start < self.order.index(table.sheet.title) < end]

    def _say(self, id_: str, table: str = "") -> Finding:
        asked, sheets, tables = self.area.field, len(self.forms), len(self.tables)
        return signal(id_, self.language, key=asked.path, label=asked.label, sheets=sheets, tables=tables, table=table)
