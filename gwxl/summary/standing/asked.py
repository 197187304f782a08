"""Who is asked to report, by when, and what was sent back to whom: what a roster and a log say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gwxl.records.path import Path
from gwxl.records.submission import Scalar


@dataclass(frozen=True, kw_only=True)
class AskedSite:
    """One that is asked.

    Attributes:
        code, name: as the roster says. parent: the code of its parent, empty where it has none.
    """

    code: str
    name: str
    parent: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who is asked.

    Attributes:
        sites: in the order of the roster, no code twice.
        deadline: the last day, None where none is named.
        sent_back: digest of a return that was sent back (:mod:`gwxl.records.answered`) → the day, ISO 8601, empty where
            it is not known.
        known: code, folded → what else the roster says, by the path of the field that asks it.
        roster: what tells one state of the roster from another, a hex digest of its file.
    """

    sites: tuple[AskedSite, ...]
    deadline: date | None = None
    sent_back: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, Mapping[Path, Scalar]] = field(default_factory=dict)
    roster: str = ""
