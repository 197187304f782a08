"""How the total of other rows is called, in a cell and in an explanation."""

import re
import unicodedata
from functools import lru_cache

from gwxl.characters import without_spaces

_WORDS = r"(?:[合总小共累]计|总[和数共]|合计数|grandtotal|subtotal|totals?)"
_WHOLE = re.compile(rf"(?:以上|前面|本表|本页|全部|各项)?{_WORDS}(?:\d{{1,6}}\D{{0,3}})?(?:\(.{{0,20}}\))?[:.。]?\Z")
_INSIDE = re.compile(_WORDS)
_DENIED = re.compile(rf"(?:不是|并?非是?|不属于?|不作|not)[^,.;。；是]{{0,12}}{_WORDS}")


def plain(words: str) -> str:
    """Return a text for comparing: NFKC, no blank of any kind, case folded."""
    return without_spaces(unicodedata.normalize("NFKC", words)).casefold()


def is_total(words: str) -> bool:
    """Tell whether a plain text is what a total is called, and nothing else: ``合计`` but not ``合计通``."""
    return _WHOLE.match(words) is not None


@lru_cache(maxsize=64)
def says_total(words: str) -> bool:
    """Tell whether an explanation speaks of a total."""
    return _INSIDE.search(plain(words)) is not None


@lru_cache(maxsize=64)
def denies_total(words: str) -> bool:
    """Tell whether an explanation says that something is no total."""
    return _DENIED.search(plain(words)) is not None
