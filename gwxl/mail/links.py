"""Links to files that lie at a service instead of coming with the mail; they are named, and never followed."""

import re
from collections.abc import Iterable

_LINK = re.compile(r"https?://([A-Za-z0-9.\-]{1,100})(/[A-Za-z0-9._/\-]{0,200})")
_SERVICES = (
    ("mail.qq.com", "/cgi-bin/ftnExs"),
    ("exmail.qq.com", "/cgi-bin/ftnExs"),
    ("mail.qq.com", "/ftn/download"),
    ("mail.163.com", "/large-attachment-download/"),
    ("dashi.163.com", "/html/cloud-attachment-download"),
    ("fs.163.com", "/fs/display"),
    ("cloud.189.cn", "/file/downloadFile"),
    ("1drv.ms", "/"),
    ("pan.baidu.com", "/s/"),
    ("kdocs.cn", "/l/"),
)
"""End of a host's name, and how the way to a file begins there."""


def services(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the hosts at which texts say that files lie, each once."""
    found: dict[str, None] = {}
    for text in texts:
        for host, path in _LINK.findall(text):
            plain = host.lower()
            if any(f".{plain}".endswith(f".{end}") and path.startswith(start) for end, start in _SERVICES):
                found[plain] = None
    return tuple(found)
