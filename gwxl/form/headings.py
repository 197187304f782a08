"""What stands in the hidden key column of a heading, told from the key of an input by its sign."""

HEADING = "#"


def heading_key(key: str) -> str:
    """Return what keys a heading: of a section, a group, a field of several rows, a sheet of its own."""
    return HEADING + key
