"""Compare what two returns of one form say, where both were asked."""

from collections.abc import Mapping

from gwxl.receipt import Receipt
from gwxl.submission import Submission, Unread, Value


def differing(one: Receipt, other: Receipt) -> frozenset[str]:
    """Return the keys of the fields two returns answer differently.

    Of an item one of them was not asked, or has answered with a choice that is none any more, nothing is compared.
    """
    first, second = one.submission, other.submission
    if first is None or second is None:
        return frozenset()
    apart = first.not_asked | second.not_asked | first.retired | second.retired
    keys = first.values.keys() | second.values.keys()
    return frozenset(key for key in keys if _said(first, key, apart) != _said(second, key, apart))


def _said(submission: Submission, key: str, apart: frozenset[str]) -> object:
    """Return the value of a field, with the ticks of it that could not be read."""
    value = submission.values.get(key)
    unread = [
        answer.value
        for path, answer in submission.answers.items()
        if path.startswith(f"{key}.") and path not in apart and isinstance(answer.value, Unread)
    ]
    return value if not apart else _without(value, key, apart), unread


def _without(value: Value | Unread | None, key: str, apart: frozenset[str]) -> object:
    """Return a value without the choices and columns that are not to be compared; None where nothing is left."""
    if key in apart:
        return None
    if not isinstance(value, tuple):
        return value
    kept: list[object] = []
    for item in value:
        if isinstance(item, Mapping):
            row = {column: cell for column, cell in item.items() if f"{key}.{column}" not in apart}
            kept += [row] if row else []
        elif f"{key}.{item}" not in apart:
            kept.append(item)
    return tuple(kept) or None
