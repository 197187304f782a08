"""Fill a template as a person would: open it, put entries into cells, save it."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook.workbook import Workbook

from gwxl.form import kinds
from gwxl.form.definition import Form
from gwxl.form.kinds import Kind
from gwxl.records.cell import CellRef
from gwxl.records.path import Path as FormPath

Entry = bool | int | Decimal | str


def entries(form: Form, values: Mapping[str, Any]) -> Iterator[tuple[str, Kind, Entry]]:
    """Yield path, kind and typed entry of every filled input; choices and tables taken apart, rows counted from 1."""
    for key, value in values.items():
        asked = form.field_of(FormPath.parse(key))
        if asked.kind is kinds.TABLE:
            for number, row in enumerate(value, 1):
                for column, entry in row.items():
                    yield f"{key}[{number}].{column}", asked.column(column).kind, entry
        elif asked.kind is kinds.CHOICES:
            for choice in value:
                yield f"{key}.{choice}", asked.kind, "√"
        elif asked.kind is kinds.CHOICE:
            yield key, asked.kind, asked.choice(value).label
        elif asked.kind is kinds.YES_NO:
            yield key, asked.kind, "是" if value else "否"
        else:
            yield key, asked.kind, value


def put(book: Workbook, cell: CellRef, kind: Kind, entry: Entry) -> None:
    """Put an entry into a cell; a text stays one, whatever it begins with."""
    target = book[cell.sheet].cell(cell.row, cell.column)
    if kind is kinds.DATE:
        target.value = date.fromisoformat(str(entry))
        target.number_format = "yyyy-mm-dd"
        return
    target.value = entry
    if isinstance(entry, str):
        target.data_type = "s"


def fill(source: Path, target: Path, form: Form, cells: Mapping[str, CellRef], values: Mapping[str, Any]) -> Path:
    """Copy a template with values by field key put into their cells."""
    book = openpyxl.load_workbook(source)
    for path, kind, entry in entries(form, values):
        put(book, cells[path], kind, entry)
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target
