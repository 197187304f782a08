"""The files that hold exported rows: csv, JSON lines, SQLite, Parquet."""

import csv
import importlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, astuple, fields
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

from gwxl.errors import SettingsError
from gwxl.exporting.rows import Row
from gwxl.inert import begins_a_formula
from gwxl.wording import each

TABLE = "figures"
NAMES = tuple(one.name for one in fields(Row))
_SQL = {"submission": "INTEGER", "counts": "INTEGER", "number": "NUMERIC"}
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?\Z")
_BATCH = 50_000  # rows that are held at a time


def write_csv(path: Path, rows: Iterable[Row]) -> None:
    """Write UTF-8 with a byte order mark; no cell is one a spreadsheet program would calculate."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(NAMES)
        for row in rows:
            writer.writerow([_cell(value) for value in astuple(row)])


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    text = str(value) if isinstance(value, str) else f"{value!r}"
    return f"'{text}" if begins_a_formula(text.lstrip()) and not _PLAIN_NUMBER.match(text) else text


def write_lines(path: Path, rows: Iterable[Row]) -> None:
    """Write a JSON object a line."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)


def write_sqlite(path: Path, rows: Iterable[Row]) -> None:
    """Write a database of one table, whose rows are named by return and key."""
    columns = ", ".join(f"{name} {_SQL.get(name, 'TEXT')}{'' if name == 'number' else ' NOT NULL'}" for name in NAMES)
    places = ", ".join("?" * len(NAMES))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"CREATE TABLE {TABLE} ({columns}, PRIMARY KEY (submission, key)) WITHOUT ROWID")
        database.executemany(f"INSERT INTO {TABLE} VALUES ({places})", map(astuple, rows))  # noqa: S608 - our own words


def write_parquet(path: Path, rows: Iterable[Row]) -> None:
    """Write typed columns; ``number`` is a double.

    Raises:
        SettingsError: the optional package is not installed.
    """
    package, parquet = _packages()
    kinds = {"submission": package.int64(), "counts": package.bool_(), "number": package.float64()}
    schema = package.schema([(name, kinds.get(name, package.string())) for name in NAMES])
    with parquet.ParquetWriter(str(path), schema) as writer:
        for some in _batches(iter(rows)):
            columns = {name: [getattr(row, name) for row in some] for name in NAMES}
            writer.write_table(package.table(columns, schema=schema))


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(rows, _BATCH)):
        yield some


def _packages() -> tuple[ModuleType, ModuleType]:
    # By their names, when they are needed: they are optional, and slow to load.
    try:
        return importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise SettingsError(each("failure.no_parquet")) from error


FORMATS: Mapping[str, Callable[[Path, Iterable[Row]], Any]] = {
    ".csv": write_csv,
    ".jsonl": write_lines,
    ".sqlite": write_sqlite,
    ".parquet": write_parquet,
}
"""Ending of a file's name → what writes it."""
