"""What must hold between the rows of a roster: none twice, and every parent among them."""

import difflib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from gwxl.campaign.roster.columns import RosterColumn
from gwxl.campaign.roster.sites import Site
from gwxl.inert import inert_line
from gwxl.wording import each

Mistake = tuple[Mapping[str, str], Mapping[str, str]]
"""Where a mistake stands → what it is and what to do, both in each language."""

_LOOKED_THROUGH = 2_000  # sites, for one that was meant: it takes a while to compare words


def doubles(sites: Sequence[Site], columns: Sequence[RosterColumn]) -> Iterator[Mistake]:
    """Yield a mistake for each row whose code or name stands in an earlier one."""
    heads = {column.name: column.head for column in columns}
    for name in ("code", "name"):
        first: dict[str, Site] = {}
        for site in sites:
            value = getattr(site, name)
            earlier = first.setdefault(_plain(value), site) if value else site
            if earlier is not site:
                values = {"head": heads[name], "found": inert_line(value), "earlier": earlier.place}
                yield site.place, each(f"roster.twice_{name}", **values)


def parents_of(sites: Sequence[Site]) -> tuple[Mapping[str, str], Sequence[Mistake]]:
    """Return code → code of its parent, and a mistake for each that stands in no row or leads round to itself."""
    # Where one stands twice, which is told elsewhere, the first counts.
    named = {_plain(words): words for site in reversed(sites) for words in (site.name, site.code) if words}
    codes = {_plain(words): site.code for site in reversed(sites) for words in (site.name, site.code)}
    parents = {
        site.code: codes[_plain(site.parent)] if _plain(site.parent) in named else "" for site in reversed(sites)
    }
    mistakes: list[Mistake] = []
    for site in sites:
        if site.parent and _plain(site.parent) not in named:
            near = difflib.get_close_matches(site.parent, list(named.values())[:_LOOKED_THROUGH], n=1)
            key = "roster.no_parent_near" if near else "roster.no_parent"
            mistakes.append((site.place, each(key, found=inert_line(site.parent), near="".join(near))))
        elif site.code in _find_parents(site.code, parents):
            mistakes.append((site.place, each("roster.circle", found=inert_line(site.parent))))
    return parents, mistakes


def _find_parents(code: str, parents: Mapping[str, str]) -> set[str]:
    """Return the codes above one, its own too where they lead round to it."""
    found: set[str] = set()
    above = parents[code]
    while above and above not in found:
        found.add(above)
        above = parents[above]
    return found


def _plain(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())
