"""The name of a server of mails: what one looks like, and whether it is this machine."""

import ipaddress
import re

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,252}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,45}")
MOST_PORT = 65_535


def is_server_name(text: str) -> bool:
    """Tell whether a text may be the name or the number of a server."""
    return _NAME.fullmatch(text) is not None


def is_here(host: str) -> bool:
    """Tell whether a server is this machine, by its name alone: nothing is looked up."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
