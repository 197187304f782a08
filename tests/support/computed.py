"""A desk at which the template of a form is made, filled in and checked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gwxl.form.loading import load_form
from gwxl.records.cell import CellRef
from tests.support.command import document, places
from tests.support.filling import fill


class Desk:
    """A blank template of a form, and what fills it in."""

    def __init__(self, folder: Path, form: Path) -> None:
        """Have the template written by the command line."""
        self.folder, self.form = folder, form
        told = document("template", "-o", "blank.xlsx", "--year", 2026, "--form", form, cwd=folder)
        self.cells: Mapping[str, CellRef] = places(told["cells"])

    def fill(self, name: str, given: Mapping[str, Any]) -> Path:
        """Fill the template."""
        return fill(self.folder / "blank.xlsx", self.folder / name, load_form(self.form), self.cells, given)

    def check(self, name: str, code: int = 0) -> Mapping[str, Any]:
        """Check one file."""
        (file,) = document("check", name, "--form", self.form, cwd=self.folder, code=code)["files"]
        return file
