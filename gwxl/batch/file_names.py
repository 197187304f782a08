"""Compare what file names say: their letters, and what anybody's file may be called."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from gwxl.characters import is_space
from gwxl.form.definition import Form
from gwxl.form.layout import lay_out
from gwxl.wording import LANGUAGES, text

EARLIER = "decisions.csv"
"""What decisions were called when all inboxes of a folder shared one; it is read where an inbox has none of its own."""
UNKNOWN = "unknown"
"""The folder of an inbox for what nobody knows whose it is: what lies there together belongs to nobody together."""

_LONGEST = 255  # characters of a name that are looked at; the name of a file has no more
_COPY = re.compile(r"\([0-9]{1,2}\)\Z")  # what programs put behind the name of a second file
_STAMP = re.compile(r"\A(?:[0-9]{8}T[0-9]{6}|undated)-[0-9a-f]{8}-")
_STAMP_DIGITS = 8
_RUN = re.compile(r"[a-z]+|[^\W\d_a-z]+")


@dataclass(frozen=True, kw_only=True)
class Letters:
    """The letters and digits of a name, of one width and case.

    Attributes:
        text: nothing but letters and digits.
        divided: places in it before which a sign stood, spaced: a blank.
    """

    text: str
    divided: frozenset[int]
    spaced: frozenset[int]


def stamp(name: str, date: str, digest: str) -> str:
    """Return what a file that came by mail is called in the inbox: there they stand in the order they were sent in.

    Args:
        name: as its sender called it.
        date: ISO 8601 in UTC, empty where none is known.
        digest: of its bytes, in hex.
    """
    time = "".join(char for char in date.partition("+")[0] if char.isalnum()) or "undated"
    return f"{time}-{digest[:_STAMP_DIGITS]}-{name}"


def drop_stamp(name: str) -> str:
    """Return a file's name as its sender called it: hour and digest in front of it say nothing of whose it is."""
    return _STAMP.sub("", name)


def fold_name(name: str) -> str:
    """Return a name for comparing: NFKC, case folded."""
    return unicodedata.normalize("NFKC", name[:_LONGEST]).casefold()


def letters(name: str) -> Letters:
    """Return the letters and digits of a name; what nobody sees divides nothing."""
    kept: list[str] = []
    divided, spaced = set(), set()
    for char in fold_name(name):
        if is_space(char):
            spaced.add(len(kept))
        elif char.isalnum():
            kept.append(char)
        elif unicodedata.category(char) not in {"Cf", "Mn", "Me"}:
            divided.add(len(kept))
    return Letters(text="".join(kept), divided=frozenset(divided), spaced=frozenset(spaced))


class Commonplace:
    """What says nothing of a sender: words of the form's own title, of scans and of copies.

    Args:
        form: whose title and sheets a file may be called after.
    """

    def __init__(self, form: Form) -> None:
        layout = lay_out(form)
        said = [form.title, layout.sheet, *(area.sheet for area in layout.areas)]
        runs = [*_runs(said), *list_words("attachment.marks"), *list_words("attachment.words")]
        self._words = frozenset(runs)
        self._pairs = frozenset(pair for run in runs for pair in _pairs(run))
        self._marks = sorted(list_words("attachment.marks"), key=lambda mark: (-len(mark), mark))

    def says_nothing(self, name: str) -> bool:
        """Tell whether a name consists of such words, and of digits, alone."""
        return all(run in self._words or self._is_covered(run) for run in _RUN.findall(fold_name(name)))

    def _is_covered(self, run: str) -> bool:
        """Tell whether every character of a run without blanks stands in such a word, or beside one as there."""
        pairs = [pair in self._pairs for pair in _pairs(run)]
        beside = zip([False, *pairs], [*pairs, False], strict=True)
        return not run.isascii() and all(
            any(both) or char in self._words for char, both in zip(run, beside, strict=True)
        )

    def bare(self, stem: str) -> str:
        """Return the letters of a stem without what is put around it: a number of a copy, ``（盖章）``, ``扫描件``."""
        said = letters(_COPY.sub("", fold_name(stem).rstrip())).text
        while mark := next((mark for mark in self._marks if said.endswith(mark)), ""):
            said = said.removesuffix(mark)
        while mark := next((mark for mark in self._marks if said.startswith(mark)), ""):
            said = said.removeprefix(mark)
        return said


def place_decisions(folder: Path, language: str) -> Path:
    """Return where the decisions on an inbox stand, beside it, without the suffix of the file."""
    return folder.with_name(text("decision.file_name", language, folder=folder.name))


def is_decisions(name: str) -> bool:
    """Tell whether a file is named like one of decisions in CSV; a workbook of ours says what it is itself."""
    ends = tuple(f"{text('decision.file_name', language, folder='').casefold()}.csv" for language in LANGUAGES)
    return name.casefold() == EARLIER or name.casefold().endswith(ends)


def is_sent_log(name: str) -> bool:
    """Tell whether a file is named like the log of what was sent back, or one of it that was kept aside."""
    logs = (text("sent.file_name", language).removesuffix(".csv").casefold() for language in LANGUAGES)
    return name.casefold().endswith(".csv") and any(fold_name(name).startswith(fold_name(log)) for log in logs)


@cache
def list_words(key: str) -> frozenset[str]:
    """Return the words a text of the catalogue lists, in every language."""
    return frozenset(word for language in LANGUAGES for word in text(key, language).casefold().split())


def _runs(texts: Iterable[str]) -> Iterator[str]:
    for one in texts:
        yield from _RUN.findall(fold_name(one))


def _pairs(run: str) -> list[str]:
    return [first + second for first, second in pairwise(run)]
