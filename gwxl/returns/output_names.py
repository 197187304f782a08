"""Name what is written for a return after the file that came in; no two names are the same on any system."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import PurePosixPath

from gwxl.inert import file_stem
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source
from gwxl.wording import text

_LONGEST = 150  # bytes; file systems take 255, and a number and an ending follow


def names_of(receipts: Sequence[Receipt], language: str) -> Iterator[str]:
    """Yield a file name without ending for each return that goes back, with how many times it does."""
    return distinct(_round_name(receipt, language) for receipt in receipts)


def distinct(names: Iterable[str]) -> Iterator[str]:
    """Yield the names, a number added to each that stood there before, whatever the letters' case."""
    taken: set[str] = set()
    for wanted in names:
        name, number = wanted, 2
        while _folded(name) in taken:
            name, number = f"{wanted} ({number})", number + 1
        taken.add(_folded(name))
        yield name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def stem_of(source: Source) -> str:
    """Return the name of the file that came in without its ending, fit for every system."""
    inside = (source.member or source.file).replace("\\", "/")
    return fitting(PurePosixPath(inside).stem)


def fitting(name: str) -> str:
    """Return a name without ending that is fit for every system, and not too long for any."""
    stem = file_stem(name)
    while len(stem.encode()) > _LONGEST:
        stem = stem[:-1].rstrip(" .")
    return stem


def _round_name(receipt: Receipt, language: str) -> str:
    sent = receipt.submission.round if receipt.submission else None
    stem = stem_of(receipt.source)
    if before := _sent_name(language).fullmatch(stem):
        stem = before[1]
    return text("review.file_name", language, stem=stem, round=1 if sent is None else sent.number + 1)


@cache
def _sent_name(language: str) -> re.Pattern[str]:
    """Return the pattern of a name that was given here, with the original one inside."""
    name = re.escape(text("review.file_name", language, stem="\0", round="\1"))
    return re.compile(name.replace("\0", "(.+)").replace("\1", "[0-9]+") + r"(?: \([0-9]+\))?")
