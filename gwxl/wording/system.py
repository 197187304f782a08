"""Say in the language of whoever reads it why the system refused something."""

import errno
from collections.abc import Mapping

from gwxl.errors import RefusedError
from gwxl.wording import each

KNOWN = frozenset(
    {
        *("EACCES", "EBUSY", "EDQUOT", "EEXIST", "EFBIG", "EINVAL", "EIO", "EISDIR", "ELOOP", "EMFILE", "ENAMETOOLONG"),
        *("ENODEV", "ENOENT", "ENOMEM", "ENOSPC", "ENOTDIR", "ENOTEMPTY", "EPERM", "EROFS", "ESTALE", "ETIMEDOUT"),
    }
)
"""The errors of a system that have a text below ``system.``."""


def system_words(error: Exception) -> Mapping[str, str]:
    """Return language → why something failed, in the system's own words where the catalogue has none."""
    name = errno.errorcode.get(getattr(error, "errno", None) or 0, "")
    if name in KNOWN:
        return each(f"system.{name}")
    return each("system.other", words=getattr(error, "strerror", None) or error)


def refusal_words(refusal: RefusedError) -> Mapping[str, str]:
    """Return language → why a file was refused, without what its sender should do: it is one of the office's own."""
    told = each(f"refused.{refusal.reason}", **refusal.details)
    ends = {"zh": "。", "en": ". "}
    return {language: words.partition(ends[language])[0].rstrip(".") for language, words in told.items()}
