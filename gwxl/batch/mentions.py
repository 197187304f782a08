"""Find which senders a file name mentions, by code or by a whole name; the work grows with the names, not with both."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cache

from gwxl.batch.file_names import Commonplace, Letters, fold_name, letters, list_words

_WORD = re.compile(r"[a-z0-9]+")
_DIGITS = re.compile(r"[0-9]+")
_SHORTEST_CODE = 4
_SHORTEST_NUMBER = 5  # a code of four digits may be a year
_KEY = 2  # letters a name has at least, and is looked up by
_MOST_WORDS = 4  # words a code consists of
_FEW = 8  # senders that share a name and may still be told apart by another one


class Mentions:
    """An index of senders by their codes and names.

    Args:
        commonplace: tells names that anybody's file may bear; they mention nobody.
    """

    def __init__(self, commonplace: Commonplace) -> None:
        self._commonplace = commonplace
        self._codes: dict[str, set[str]] = {}
        self._names: dict[str, set[str]] = {}
        self._lengths: dict[str, list[int]] = {}

    def add(self, sender: str, code: str, names: Iterator[str]) -> None:
        """Note what a sender is called."""
        plain = fold_name(code).strip()
        if len(plain) >= (_SHORTEST_NUMBER if plain.isdigit() else _SHORTEST_CODE):
            self._codes.setdefault(plain, set()).add(sender)
        for name in names:
            said = letters(name).text
            if len(said) >= _KEY and not self._commonplace.says_nothing(name):
                self._add_name(said, sender)

    def _add_name(self, said: str, sender: str) -> None:
        if said not in self._names:
            lengths = self._lengths.setdefault(said[:_KEY], [])
            if len(said) not in lengths:
                lengths.append(len(said))
                lengths.sort(reverse=True)
        self._names.setdefault(said, set()).add(sender)

    def of(self, name: str) -> AbstractSet[str] | None:
        """Return the senders all that is mentioned may mean, none where two things mean different ones.

        None: nobody is mentioned. Of two names one inside the other, the longer one is meant.
        """
        found = [*self._by_code(fold_name(name)), *self._by_name(letters(name))]
        if not found:
            return None
        fewest = min(found, key=len)
        if len(found) == 1 or all(one is fewest for one in found):
            return fewest
        return {one for one in fewest if all(one in others for others in found)} if len(fewest) <= _FEW else frozenset()

    def _by_code(self, name: str) -> Iterator[AbstractSet[str]]:
        words = list(_WORD.finditer(name))
        spans = {
            (first.start(), last.end()) for at, first in enumerate(words) for last in words[at : at + _MOST_WORDS]
        } | {found.span() for found in _DIGITS.finditer(name)}
        for start, end in sorted(spans):
            if (code := name[start:end]) in self._codes:
                yield self._codes[code]

    def _by_name(self, name: Letters) -> Iterator[AbstractSet[str]]:
        reached = 0
        for start in range(len(name.text)):
            for length in self._lengths.get(name.text[start : start + _KEY], ()):
                end = start + length
                said = name.text[start:end]
                if end > reached and said in self._names and self._is_whole(name, start, end):
                    reached = end
                    yield self._names[said]
                    break

    def _is_whole(self, name: Letters, start: int, end: int) -> bool:
        """Tell whether a name ends where it was found, and is no part of a longer one: a city's of its bureau's."""
        breaks = name.divided | name.spaced | {0, len(name.text)}
        if any(at not in breaks and _are_one_word(name.text[at - 1 : at + 1]) for at in (start, end)):
            return False
        rest = name.text[end : min((at for at in name.divided if at >= end), default=len(name.text))]
        longer = _organ().match(rest)
        return longer is None or self._commonplace.says_nothing(longer[0])


def _are_one_word(pair: str) -> bool:
    return pair.isascii() and (pair.isdigit() or pair.isalpha())


@cache
def _organ() -> re.Pattern[str]:
    """Return the pattern of what makes the name of an office below it of a name."""
    return re.compile(
        f"[\\u4e00-\\u9fff]{{0,6}}?(?:{'|'.join(sorted(map(re.escape, list_words('attachment.organs'))))})"
    )
