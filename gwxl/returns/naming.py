"""Name what is sent back after what came in; no two names are the same on any system."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from gwxl.inert import inert_line
from gwxl.receipt import Receipt
from gwxl.wording import text

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')  # by Windows, in a file's name
_LONGEST = 80  # characters; Windows and zip programs have trouble with long paths


def names_of(receipts: Sequence[Receipt], language: str) -> Iterator[str]:
    """Yield a file name without ending for each return, after its own and how many times it is sent back."""
    taken: set[str] = set()
    for receipt in receipts:
        wanted = _name(receipt, language)
        name = wanted
        number = 2
        while name.casefold() in taken:
            name, number = f"{wanted}-{number}", number + 1
        taken.add(name.casefold())
        yield name


def _name(receipt: Receipt, language: str) -> str:
    sent = receipt.submission.round if receipt.submission else None
    last = (receipt.source.member or receipt.source.file).replace("\\", "/").rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    if before := _sent_name(language).fullmatch(stem):
        stem = before[1]
    safe = _FORBIDDEN.sub("_", inert_line(stem, _LONGEST)).strip(" .")
    return text("review.file_name", language, stem=safe or "return", round=1 if sent is None else sent.number + 1)


@cache
def _sent_name(language: str) -> re.Pattern[str]:
    """Return the pattern of a name that was given here, with the original one inside."""
    name = re.escape(text("review.file_name", language, stem="\0", round="\1"))
    return re.compile(name.replace("\0", "(.+)").replace("\1", "[0-9]+") + "(?:-[0-9]+)?")
