"""Know whose a file is that came with somebody's workbook: by its name, or by the folder it lies in."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import PurePosixPath
from typing import TypeVar

from gwxl.batch.batch import site_code
from gwxl.batch.file_names import UNKNOWN, Commonplace, drop_stamp, fold_name, letters
from gwxl.batch.mentions import Mentions
from gwxl.form.definition import Form
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source

Place = tuple[str, ...]
"""Folders and archive a file lies in, from the inbox down; none for the inbox itself, and what is of nobody known."""

_DEEPEST = 30  # folders; what lies deeper counts as lying there
_COMPARED = 8  # names of workbooks in one folder

_SEVERAL = ""
_ENDING = re.compile(r"\.[a-z0-9]{1,4}\Z", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]+")

Key = TypeVar("Key")


class Owners:
    """An index of the workbooks of a batch by sender, so that each other file is looked up once.

    Args:
        form: the form.
        receipts: all that was read; a workbook in which nothing is answered owns nothing.
    """

    def __init__(self, form: Form, receipts: Sequence[Receipt]) -> None:
        self._form = form
        self._commonplace = Commonplace(form)
        self._mentions = Mentions(self._commonplace)
        self._first: dict[str, Receipt] = {}
        self._first_here: dict[tuple[Place, str], Receipt] = {}
        self._stems: dict[str, str] = {}
        self._stems_here: dict[tuple[Place, str], str] = {}
        self._below: dict[Place, str] = {}
        self._direct: dict[Place, list[str]] = {}
        for receipt in receipts:
            if _says_something(form, receipt):
                self._add(receipt)

    def _add(self, receipt: Receipt) -> None:
        sender, place, stem = _sender(self._form, receipt), _place(receipt.source), _stem(receipt.source)
        self._first.setdefault(sender, receipt)
        self._first_here.setdefault((place, sender), receipt)
        self._mentions.add(sender, site_code(self._form, receipt), _names(self._form, receipt))
        bare = self._commonplace.bare(stem)
        _note(self._stems, bare, sender)
        _note(self._stems_here, (place, bare), sender)
        for depth in range(1, len(place) + 1):
            _note(self._below, place[:depth], sender)
        while place:
            self._direct.setdefault(place, []).append(letters(stem).text)
            place = place[:-1] if self._encloses(place[-1]) else ()

    def owner(self, source: Source) -> Receipt | None:
        """Return a workbook of the one sender a file is of, beside it if one is; None where that is not certain."""
        place, stem = _place(source), _stem(source)
        sender = self._sender_of(place, stem)
        return self._first_here.get((place, sender), self._first[sender]) if sender else None

    def _sender_of(self, place: Place, stem: str) -> str:
        mentioned = self._mentions.of(stem)
        if mentioned is not None and len(mentioned) <= 1:
            return next(iter(mentioned), "")
        sender = self._by_stem(place, stem) or self._by_place(place, stem)
        return sender if mentioned is None or sender in mentioned else ""

    def _by_stem(self, place: Place, stem: str) -> str:
        """Return whose workbook in the same folder has the same name, where nobody else's has it anywhere."""
        bare = self._commonplace.bare(stem)
        if self._commonplace.says_nothing(stem) or self._stems.get(bare) == _SEVERAL:
            return ""
        return self._stems_here.get((place, bare), "")

    def _by_place(self, place: Place, stem: str) -> str:
        """Return whose the folder or archive is, of one called ``附件`` that of the folder around it."""
        while place:
            sender, mentioned = self._below.get(place), self._mentions.of(place[-1]) or frozenset()
            if sender == _SEVERAL:
                return ""
            if sender is None and len(mentioned) == 1:
                return next(iter(mentioned))
            if sender and (place in self._direct or sender in mentioned):
                return "" if self._is_of_another(stem, sender, place) else sender
            place = place[:-1] if self._encloses(place[-1]) else ()
        return ""

    def _encloses(self, step: str) -> bool:
        """Tell whether a folder or archive is called after what lies in it, not after whose it is."""
        name = _ENDING.sub("", step)
        return any(map(str.isalpha, name)) and self._commonplace.says_nothing(name)

    def _is_of_another(self, stem: str, sender: str, place: Place) -> bool:
        """Tell whether a file is called as the sender's workbooks are, with another name where his stands in theirs."""
        receipt = self._first[sender]
        code = site_code(self._form, receipt)
        if code.isdigit() and any(len(one) == len(code) and one != code for one in _DIGITS.findall(fold_name(stem))):
            return True
        said = letters(stem).text
        names = [letters(name).text for name in (code, *_names(self._form, receipt))]
        return any(self._takes_its_place(said, one, names) for one in self._direct.get(place, ())[:_COMPARED])

    def _takes_its_place(self, said: str, workbook: str, names: Sequence[str]) -> bool:
        """Tell whether two names differ in part of a sender's name alone: 甲局报表, 丙局报表, but not 盖章报表."""
        start = _count_shared(said, workbook)
        end = _count_shared(said[start:][::-1], workbook[start:][::-1])
        mine, its = said[start : len(said) - end], workbook[start : len(workbook) - end]
        if not mine or not its or (self._commonplace.says_nothing(mine) and not mine.isdigit()):
            return False
        before, behind = workbook[:start][-1:], workbook[len(workbook) - end :][:1]
        beside = [part for part in (before + its, its + behind) if part != its]
        return any(part in name for part in beside for name in names)


def _count_shared(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _says_something(form: Form, receipt: Receipt) -> bool:
    return receipt.submission is not None and bool(receipt.submission.values.keys() - {form.roles.code})


def _sender(form: Form, receipt: Receipt) -> str:
    """Return what tells one sender from another: his code, else his names, else the file."""
    names = "/".join(letters(name).text for name in _names(form, receipt))
    source = receipt.source
    return site_code(form, receipt) or (f"name:{names}" if names else f"file:{source.name}/{source.sheet}")


def _names(form: Form, receipt: Receipt) -> Iterator[str]:
    if receipt.submission is not None:
        yield from filter(None, (receipt.submission.text_of(key) for key in (form.roles.name, form.roles.unit) if key))


def _place(source: Source) -> Place:
    steps = source.file.split("/") + (source.member.split("/") if source.member else [])
    folders = steps[:-1]
    return tuple(folders[folders[:1] == [UNKNOWN] :][:_DEEPEST])


def _stem(source: Source) -> str:
    return drop_stamp(PurePosixPath(source.member or source.file).stem)


def _note(index: dict[Key, str], key: Key, sender: str) -> None:
    """Note a sender; of a key that several share none is kept."""
    index[key] = sender if index.get(key, sender) == sender else _SEVERAL
