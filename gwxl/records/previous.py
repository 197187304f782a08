"""What sites reported a period earlier, by their codes."""

import pathlib
from collections.abc import Mapping
from dataclasses import dataclass

from gwxl.records.path import Path
from gwxl.records.submission import Value


@dataclass(frozen=True, kw_only=True)
class Previous:
    """What the sites of an earlier period reported, under the paths of the current edition.

    Attributes:
        form: the form's id. year: the year they reported on.
        sites: site code → path of a field → what counted there; tables are left out.
        unused: how many returns counted and are not among them: they have no code, or share it with another.
        place: the summary or the folder it was read from; None where it came with summaries of the level below.
    """

    form: str
    year: int
    sites: Mapping[str, Mapping[Path, Value]]
    unused: int = 0
    place: pathlib.Path | None

    def of(self, code: str, year: int | None) -> Mapping[Path, Value] | None:
        """Return what a site reported, None where that is not known or is not earlier than a year."""
        return self.sites.get(code) if year is None or year > self.year else None
