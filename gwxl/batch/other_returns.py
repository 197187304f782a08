"""Name other returns in a message: the first few of many, and how many there are."""

from collections.abc import Iterable
from itertools import islice

from gwxl.inert import inert_line
from gwxl.records.receipt import Receipt
from gwxl.wording import text
from gwxl.wording.joining import join_words

NAMED = 8


def join_names(receipts: Iterable[Receipt], count: int, language: str) -> str:
    """Return the names of returns for a message.

    Args:
        receipts: the returns, of which the first few are named.
        count: how many there are.
        language: ``zh`` or ``en``.
    """
    names = join_words((inert_line(receipt.source.name) for receipt in islice(receipts, NAMED)), language)
    return names + (text("batch.more", language, count=count) if count > NAMED else "")
