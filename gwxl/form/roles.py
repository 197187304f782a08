"""The parts that fields of a form play in merging."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The fields that play a part in merging; each may be empty.

    ``code`` tells one site from another, ``name`` and ``url`` name it, ``by`` divides the summary into
    columns; ``sponsor`` is who is responsible for it; ``unit``, ``contact``, ``phone`` and ``date`` are found around
    the form.
    """

    code: str = ""
    name: str = ""
    url: str = ""
    by: str = ""
    sponsor: str = ""
    unit: str = ""
    contact: str = ""
    phone: str = ""
    date: str = ""
