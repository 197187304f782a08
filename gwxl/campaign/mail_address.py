"""Tell addresses of mail from what is none."""

import re

# No two parts of it can take the same character, so that no text is tried in many ways.
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.){1,10}(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9\-]{1,59})"
)
_DIVIDERS = re.compile(r"[;；,，、\s]+")
_LONGEST = 254


def is_address(text: str) -> bool:
    """Tell whether a text is one address of mail, and nothing else."""
    return len(text) <= _LONGEST and _ADDRESS.fullmatch(text) is not None


def split_addresses(text: str) -> tuple[str, ...]:
    """Return the addresses that are written into one cell, good or bad."""
    return tuple(part for part in _DIVIDERS.split(text) if part)
