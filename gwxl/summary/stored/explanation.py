"""Where a figure of a summary comes from."""

from dataclasses import dataclass

from gwxl.summary.record import Part


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where one figure stands.

    Attributes:
        path: the field's key, a choice's path or a table cell's.
        file, member, sha256, sheet, cell: the place in the returned file.
        by: the summaries it came by, in a line; empty for one that was read when the summary was made.
        shared: the file holds several returns, a sheet each.
        raw: the text as the filler wrote it; value: what it was read as.
        weight: the figure that weighs it in a mean, else empty.
        counts: it takes part in the total; reason: why not, in the form's language.
        standing: what stands in the summary now, where somebody changed it; None where nobody did.
        found: what the file itself holds there; None where it was not looked into, is gone or is another by now.
    """

    path: str
    site: str
    name: str
    file: str
    member: str
    sha256: str
    sheet: str
    shared: bool
    cell: str
    raw: str
    value: str
    weight: str
    passed: bool
    counts: bool
    reason: str
    standing: str | None = None
    found: str | None = None
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Where a figure of a summary comes from.

    Attributes:
        key, site: what was asked for, as the summary calls it; site is None for a total.
        label: the question. formula: what it is worked out by, in words; empty where it is filled in.
        value: the total over all sites or those of a group, or the site's figures; value_passed: only of what passed.
        counted: how many of how many sites count, e.g. ``19 / 20``; empty for one site.
        standing, standing_passed: what stands there now, where somebody changed it, else None.
        group: the group of sites that was asked for, empty for all. part: which figure of it, empty for the total.
        parts: minimum, median, maximum and total over all sites, then over each group; of the group asked for alone.
        origins: every figure of the column that is not blank, or the site's, in the order of the summary; where
            a site's edition of the form did not ask, one without value or text that says so.
    """

    key: str
    site: str | None
    label: str
    value: str
    formula: str = ""
    value_passed: str = ""
    counted: str = ""
    standing: str | None = None
    standing_passed: str | None = None
    group: str = ""
    part: str = ""
    parts: tuple[Part, ...] = ()
    origins: tuple[Origin, ...] = ()

    @property
    def addends(self) -> tuple[Origin, ...]:
        """Return the figures that take part in the total."""
        return tuple(origin for origin in self.origins if origin.counts)

    @property
    def changed(self) -> bool:
        """Tell whether somebody changed a figure of it since the summary was written."""
        told = (self.standing, self.standing_passed, *(origin.standing for origin in self.origins))
        return any(one is not None for one in told)
