"""The JSON document of ``gwxl status``."""

from collections.abc import Sequence

from gwxl.campaign.standing import Stock
from gwxl.documents.checked import Document
from gwxl.summary.standing.arrivals import Arrival
from gwxl.summary.standing.joining import Standing, count_states


def status_document(stock: Stock) -> Document:
    """Return ``gwxl.status/1``."""
    standings = stock.standings
    names = {one.site.code: one.site.name for one in standings.sites}
    return {
        "schema": "gwxl.status/1",
        "deadline": stock.deadline.isoformat() if stock.deadline else None,
        "merged": stock.merged.isoformat(timespec="seconds") if stock.merged else None,
        "later": stock.later,
        "counts": {**_counts(standings.sites), **{str(mark): count for mark, count in standings.marks.items()}},
        "by_parent": [
            {"code": code or None, "name": names.get(code), "counts": _counts(sites)}
            for code, sites in standings.by_parent.items()
        ],
        "sites": [_site(one) for one in standings.sites],
        "outside": [_arrival(one) for one in standings.outside],
        "astray": [one.site.code for one in standings.astray],
    }


def _counts(sites: Sequence[Standing]) -> Document:
    return {"asked": len(sites), **{str(state): count for state, count in count_states(sites).items()}}


def _site(one: Standing) -> Document:
    return {
        "code": one.site.code,
        "name": one.site.name,
        "parent": one.site.parent or None,
        "state": one.state.value,
        "marks": [mark.value for mark in one.marks],
        "since": one.since or None,
        "arrival": _arrival(one.arrival) if one.arrival else None,
    }


def _arrival(one: Arrival) -> Document:
    source = one.source
    return {
        "file": source.file,
        "member": source.member,
        "sheet": source.sheet,
        "sha256": source.sha256 or None,
        "state": one.state,
        "code": one.code or None,
        "issued": one.issued or None,
    }
