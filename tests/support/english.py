"""What an English form never shows: a Chinese character or mark."""

import re
from collections.abc import Iterator
from pathlib import Path

from gwxl.spreadsheets.admission.door import admit
from gwxl.spreadsheets.opening import read_book

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uff5b\uff5d-\uffef]")
"""But for the bar in full width, which divides what a cell of the sheet of sources says."""


def find_chinese(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield file and text of what is seen in the products of a folder."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".txt", ".html", ".csv"}:
            yield from ((path.name, line) for line in path.read_text("utf-8").splitlines() if CHINESE.search(line))
        elif path.suffix == ".xlsx":
            sheets = (sheet for sheet in read_book(admit(path)).sheets if sheet.state == "visible")
            texts = (cell.text for sheet in sheets for cell in sheet.cells.values())
            yield from ((path.name, text) for text in texts if CHINESE.search(text))
