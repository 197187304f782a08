"""What a summary remembers of each site, for the period that follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gwxl.records.period import Period
from gwxl.summary.stored.looking import open_summary
from gwxl.summary.stored.remembered import Record


@dataclass(frozen=True, kw_only=True)
class Past:
    """What a summary says of itself and of its sites.

    Attributes:
        form, edition: of the form it adds up. period: none where it says none.
        sites: code and, by the path of each column of 汇总表, what counted there, as it was remembered.
    """

    form: str
    edition: str
    period: Period
    sites: tuple[tuple[str, Mapping[str, str]], ...]


def read_past(path: Path) -> Past:
    """Read the record of a summary, whatever was typed into its cells since.

    Raises:
        SettingsError: the file is no summary that gwxl wrote, or its record was changed.
    """
    with open_summary(path) as looked:
        record = Record(path, looked)
        keys = record.head.keys
        sites = record.sites(keys)
        told = looked.properties
    counted = ((one.code, {key: one.fact(number) for number, key in enumerate(keys)}) for one in sites)
    return Past(
        form=told.get("gwxl_form", ""),
        edition=told.get("gwxl_edition", ""),
        period=Period.read(told.get("gwxl_year", "")),
        sites=tuple(
            (code, {key: fact.shown for key, fact in facts.items() if not fact.why}) for code, facts in counted
        ),
    )
