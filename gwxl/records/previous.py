"""What sites reported a period earlier, by their codes."""

import pathlib
from collections.abc import Mapping
from dataclasses import dataclass

from gwxl.records.path import Path
from gwxl.records.period import Period
from gwxl.records.submission import Value


@dataclass(frozen=True, kw_only=True)
class Previous:
    """What the sites of an earlier period reported, under the paths of the current edition.

    Attributes:
        form: the form's id. period: what they reported on.
        sites: site code → path of a field → what counted there; tables are left out.
        unused: how many returns counted and are not among them: they have no code, or share it with another.
        place: the summary or the folder it was read from; None where it came with summaries of the level below.
    """

    form: str
    period: Period
    sites: Mapping[str, Mapping[Path, Value]]
    unused: int = 0
    place: pathlib.Path | None

    def of(self, code: str, period: Period) -> Mapping[Path, Value] | None:
        """Return what a site reported, None where that is not known or is not earlier than a period."""
        return None if period.year is not None and period.order <= self.period.order else self.sites.get(code)
