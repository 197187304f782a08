"""The roster of a campaign: who is asked, and what is known of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from gwxl.errors import SettingsError
from gwxl.records.path import Path as FormPath
from gwxl.records.submission import Scalar
from gwxl.wording import each


@dataclass(frozen=True, kw_only=True)
class Site:
    """One that is asked.

    Attributes:
        code: tells it from every other, as the form asks for it.
        name: what it is called. mail: where its workbook is mailed to, none where nothing is. phone: whom to call.
        parent: the code of its parent, empty where it has none.
        known: what else is known of it, by the path of the field that asks it.
        place: where its row stands, in words, language → text.
    """

    code: str
    name: str
    mail: tuple[str, ...] = ()
    phone: str = ""
    parent: str = ""
    known: Mapping[FormPath, Scalar] = field(default_factory=dict)
    place: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The sites that are asked, in the order of the file."""

    path: Path
    sites: tuple[Site, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Site]:
        """Return code → site."""
        return {site.code: site for site in self.sites}

    def refuse_strangers(self, codes: frozenset[str]) -> None:
        """Demand that codes stand in the roster.

        Raises:
            SettingsError: one does not; names one that is near.
        """
        for code in sorted(codes - self.by_code.keys()):
            near = get_close_matches(code, self.by_code, n=1)
            key = "issue.no_site_near" if near else "issue.no_site"
            raise SettingsError(each(key, code=code, near="".join(near), roster=self.path))
