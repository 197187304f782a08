"""Name what is written for a return: after its sender and the round, or after the file that came in."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import PurePosixPath

from gwxl.batch.file_names import drop_stamp
from gwxl.inert import file_stem
from gwxl.records.submission import Source
from gwxl.wording import LANGUAGES, text

_LONGEST = 150  # bytes; file systems take 255, and a round, a number and an ending follow


def make_distinct(names: Iterable[str]) -> Iterator[str]:
    """Yield the names, a number added to each that stood there before, whatever the letters' case."""
    taken: set[str] = set()
    for wanted in names:
        yield make_unlike(wanted, taken)


def make_unlike(wanted: str, taken: set[str]) -> str:
    """Return a name, a number added where it is taken, whatever the letters' case; note it as taken."""
    name, number = wanted, 2
    while fold_name(name) in taken:
        name, number = f"{wanted} ({number})", number + 1
    taken.add(fold_name(name))
    return name


def fold_name(name: str) -> str:
    """Return a name as systems compare it that tell no case apart, and spell accents in their own way."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def fit_name(name: str) -> str:
    """Return the beginning of a file's name that every system takes."""
    stem = file_stem(name)
    while len(stem.encode()) > _LONGEST:
        stem = stem[:-1].rstrip(" .")
    return stem


def stem_of(source: Source) -> str:
    """Return the name of the file that came in without its ending, made fit for every system."""
    return fit_name(drop_stamp(PurePosixPath((source.member or source.file).replace("\\", "/")).stem))


def write_sent_name(base: str, number: int, language: str) -> str:
    """Return the name without ending of what goes back to a sender in a round."""
    return text("review.file_name", language, stem=base, round=number)


def strip_round(stem: str) -> str:
    """Return a name without the round that was written behind it here."""
    told = read_sent_name(stem)
    return told[0] if told else stem


def read_sent_name(stem: str) -> tuple[str, int] | None:
    """Return what a name says that was given here, in either language: the sender and the round; None of any other."""
    found = next((match for pattern in _name_patterns() if (match := pattern.fullmatch(stem))), None)
    return (found[1], int(found[2])) if found else None


@cache
def _name_patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of such names; an earlier version wrote the number that tells two apart behind the round."""
    names = [re.escape(text("review.file_name", language, stem="\0", round="\1")) for language in LANGUAGES]
    found = (name.replace("\0", "(.+?)").replace("\1", "([1-9][0-9]{0,5})") for name in names)
    return tuple(re.compile(name + r"(?: \([0-9]+\))?", re.DOTALL) for name in found)
