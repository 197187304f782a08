"""How a workbook says which form it is: in its properties, its map sheet and its marker line."""

import re
from collections.abc import Mapping
from dataclasses import fields

from gwxl.form.definition import Form
from gwxl.form.layout import MARKER_PREFIX, PROPERTY_PREFIX
from gwxl.form.signature import CampaignKey
from gwxl.records.period import Period
from gwxl.records.submission import Identity

DOCUMENT_PROPERTY = PROPERTY_PREFIX + "document"
"""The custom property of an output that is no form, e.g. a summary: it names what it is."""

SUMMARY = "summary"
DECISIONS = "decisions"
"""What a summary says there."""

_BORNE = "[A-Za-z0-9_.-]"  # the signs a marker line bears
_MARKER_PART = re.compile(rf"([a-z_]+)=({_BORNE}*)\Z")
_CODE = re.compile(rf"{_BORNE}{{1,64}}\Z")
_PERIOD = "year"  # what a period was called when each was a year
_NAMES = tuple(_PERIOD if item.name == "period" else item.name for item in fields(Identity))
_LONGEST = 400


def can_bear(code: str) -> bool:
    """Tell whether a workbook can say that it was issued to the site of this code, in every copy of its identity."""
    return _CODE.match(code) is not None


def issue_identity(
    form: Form, *, period: Period, site_code: str | None = None, key: CampaignKey | None = None
) -> Identity:
    """Return the identity of a workbook that goes out.

    Args:
        form: the form.
        period: what it asks about.
        site_code: the site it is issued to, None for a blank that any site may fill in.
        key: signs it, so that a changed one is told when it comes back.
    """
    identity = Identity(
        form=form.id, edition=form.edition, fingerprint=form.fingerprint, period=period, site_code=site_code
    )
    return key.sign(identity) if key else identity


def identity_pairs(identity: Identity) -> Mapping[str, str]:
    """Return name → ASCII text of every part of an identity; an absent part is an empty text.

    The map sheet holds these pairs in its first rows, the custom properties hold them prefixed.
    """
    said = vars(identity) | {_PERIOD: identity.period}
    return {name: "" if said[name] is None else str(said[name]) for name in _NAMES}


def identity_properties(identity: Identity) -> Mapping[str, str]:
    """Return the custom document properties of an identity, empty parts left out."""
    return {PROPERTY_PREFIX + name: value for name, value in identity_pairs(identity).items() if value}


def marker_line(identity: Identity) -> str:
    """Return the marker line: ``gwxl;form=…;edition=…;…``, the copy that survives copying the sheet."""
    return MARKER_PREFIX + ";".join(f"{name}={value}" for name, value in identity_pairs(identity).items())


def read_marker(line: str) -> Identity | None:
    """Return the identity of a marker line, None if the text is none."""
    if not line.startswith(MARKER_PREFIX) or len(line) > _LONGEST:
        return None
    parts = [_MARKER_PART.match(part) for part in line.removeprefix(MARKER_PREFIX).split(";")]
    return read_pairs({part[1]: part[2] for part in parts if part})


def read_properties(properties: Mapping[str, str]) -> Identity | None:
    """Return the identity in a workbook's custom properties, None if they hold none."""
    prefix = len(PROPERTY_PREFIX)
    return read_pairs({name[prefix:]: value for name, value in properties.items() if name.startswith(PROPERTY_PREFIX)})


def read_pairs(pairs: Mapping[str, str]) -> Identity | None:
    """Return the identity of name → text pairs, None where form, edition or fingerprint is missing."""
    if not all(pairs.get(name) for name in ("form", "edition", "fingerprint")):
        return None
    return Identity(
        form=pairs["form"],
        edition=pairs["edition"],
        fingerprint=pairs["fingerprint"],
        period=Period.read(pairs.get(_PERIOD, "")),
        site_code=pairs.get("site_code") or None,
        signature=pairs.get("signature") or None,
    )
