"""What is set beside a merge in :mod:`bench.merge`: loops over an inbox, each as its readers' manuals show it.

``python -m bench.contenders NAME FOLDER`` prints the sum of each figure over the good returns, as JSON; a file that
cannot be read, and one that is bad by its name, is left out.
"""

import io
import json
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

FIGURES_FILE, SHEET = "figures.json", "填报表"
_UNUSED = ("theme", "printerSettings", "calcChain", "drawing", "vmlDrawing")

Read = Callable[[bytes, Mapping[str, str]], dict[str, int]]


def read_floor(data: bytes, _figures: Mapping[str, str]) -> dict[str, int]:
    """Open, inflate and check the parts that a reader needs, no more; the very hidden sheet of helpers is none."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        live = max(sheets, key=lambda name: int(name.removeprefix("xl/worksheets/sheet").removesuffix(".xml")))
        for name in package.namelist():
            if name != live and not any(word in name for word in _UNUSED):
                package.read(name)
    return {}


def read_openpyxl(data: bytes, figures: Mapping[str, str]) -> dict[str, int]:
    """Load the workbook whole."""
    import openpyxl  # noqa: PLC0415

    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[SHEET]
    return {key: sheet[cell].value or 0 for cell, key in figures.items()}


def read_openpyxl_rows(data: bytes, figures: Mapping[str, str]) -> dict[str, int]:
    """Stream the rows of the form sheet."""
    import openpyxl  # noqa: PLC0415

    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, read_only=True)
    rows = list(book[SHEET].iter_rows(values_only=True))
    return {key: value(rows, cell) for cell, key in figures.items()}


def read_pandas(data: bytes, figures: Mapping[str, str]) -> dict[str, int]:
    """Read the form sheet into a frame, with the engine that is the default."""
    return _read_frame(data, figures, "openpyxl")


def read_pandas_calamine(data: bytes, figures: Mapping[str, str]) -> dict[str, int]:
    """Read the form sheet into a frame, with the quickest engine there is."""
    return _read_frame(data, figures, "calamine")


def _read_frame(data: bytes, figures: Mapping[str, str], engine: str) -> dict[str, int]:
    import pandas as pd  # noqa: PLC0415

    frame = pd.read_excel(io.BytesIO(data), sheet_name=SHEET, header=None, engine=engine)
    rows = frame.where(frame.notna(), None).to_numpy().tolist()
    return {key: value(rows, cell) for cell, key in figures.items()}


def value(rows: list[list[object]] | list[tuple[object, ...]], cell: str) -> int:
    """Return the number in a cell of one column letter, 0 where nothing stands there."""
    row, column = int(cell[1:]) - 1, ord(cell[0]) - ord("A")
    found = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
    return 0 if found is None else int(float(str(found)))


CONTENDERS: Mapping[str, Read] = {
    "floor": read_floor,
    "openpyxl": read_openpyxl,
    "openpyxl read-only": read_openpyxl_rows,
    "pandas": read_pandas,
    "pandas calamine": read_pandas_calamine,
}


def workbooks(folder: Path) -> Iterator[bytes]:
    """Yield the good workbooks of an inbox, those in a zip too."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                yield from map(archive.read, archive.namelist())
        elif path.suffix == ".xlsx" and not path.stem.endswith("坏"):
            yield path.read_bytes()


def main() -> None:
    """Read an inbox, and print the sums."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    figures = json.loads((folder.parent / FIGURES_FILE).read_text("utf-8"))
    totals: dict[str, int] = {}
    for data in workbooks(folder):
        for key, found in CONTENDERS[name](data, figures).items():
            totals[key] = totals.get(key, 0) + found
    print(json.dumps(totals))


if __name__ == "__main__":
    main()
