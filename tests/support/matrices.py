"""Returns of a small form with a matrix: requests by who asked and what came of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gwxl.form.loading import load_form
from gwxl.records.cell import CellRef
from tests.support.command import document, places
from tests.support.filling import fill
from tests.support.submissions import FORMS

YEAR = 2026
FORM = FORMS / "request_record"
SHEET = "申请办理情况"
COLUMNS = ("person", "company", "other")
ROWS = {"new": 10, "carried": 2, "granted": 5, "secret": 3, "other_reason": 2, "pending": 2}
CLOSED = "requests[secret].other"


def answers(**changes: Any) -> dict[str, Any]:
    """Return what is typed: no total, nothing closed; of ``other``, what is no secret was refused otherwise."""
    cells = {f"requests[{row}].{column}": number for row, number in ROWS.items() for column in COLUMNS}
    del cells[CLOSED]
    cells["requests[other_reason].other"] = 5
    given = {"org_name": "示例市甲局", "org_code": "A1", **cells, **changes}
    return {key: value for key, value in given.items() if value is not None}


class Desk:
    """A blank template of the form, and what fills it in."""

    def __init__(self, folder: Path, form: Path = FORM) -> None:
        """Have the template written by the command line."""
        self.folder, self.form = folder, form
        folder.mkdir(parents=True, exist_ok=True)
        told = document("template", "-o", "blank.xlsx", "--year", YEAR, "--form", form, cwd=folder)
        self.cells: Mapping[str, CellRef] = places(told["cells"])

    def fill(self, name: str, changes: Mapping[str, Any] = {}) -> Path:
        """Fill the template; None leaves a cell blank."""
        given = answers(**changes)
        return fill(self.folder / "blank.xlsx", self.folder / name, load_form(self.form), self.cells, given)

    def check(self, path: Path, code: int = 0) -> Mapping[str, Any]:
        """Check one file."""
        (file,) = document("check", path, "--form", self.form, cwd=self.folder, code=code)["files"]
        return file
