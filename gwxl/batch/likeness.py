"""Compare what two returns of one form say, where both were asked."""

from collections.abc import Mapping

from gwxl.form.definition import TABLE_CELL
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
    ticks, others = _unread_ticks(first), _unread_ticks(second)
    doubted = {
        path for path in ticks.keys() | others.keys() if path not in apart and ticks.get(path) != others.get(path)
    }
    return frozenset(
        {key for key in keys if _said(first, key, apart) != _said(second, key, apart)}
        | {path.partition(".")[0] for path in doubted}
    )


def _unread_ticks(submission: Submission) -> Mapping[str, Unread]:
    """Return the ticks of fields of many that could not be read: the value of such a field does not hold them."""
    return {
        path: answer.value
        for path, answer in submission.answers.items()
        if isinstance(answer.value, Unread) and "." in path and not TABLE_CELL.match(path)
    }


def _said(submission: Submission, key: str, apart: frozenset[str]) -> object:
    value = submission.values.get(key)
    return value if not apart else _without(value, key, apart)


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
