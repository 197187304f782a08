"""Compare an inbox with the summary that stands: what a merge would add to it, change in it and drop from it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from gwxl.batch.batch import file_order
from gwxl.errors import GwxlError, SettingsError, WorkbookError
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source
from gwxl.summary.stored.listing import Listed, list_receipt, read_listing
from gwxl.summary.stored.own_process import run_aside

Pair = tuple[Listed | None, Listed | None]
"""How one return is listed before and after."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A file or return that the summary lists in another way than it would.

    Attributes:
        source: its names as they may be shown.
        before, after: its state, a key below ``summary.state.``; None where it is not listed.
        other_content: it is listed both times, with another content.
    """

    source: Source
    before: str | None
    after: str | None
    other_content: bool = False


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What a merge would change in the summary that stands.

    Attributes:
        added, changed, dropped: in the order of the sheet of files.
        unchanged: how many files and returns stay as they are.
        unread: why the summary cannot be compared, None where it can; then nothing else is said.
    """

    added: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    dropped: tuple[Change, ...] = ()
    unchanged: int = 0
    unread: GwxlError | None = None


def changes_to(summary: Path, receipts: Iterable[Receipt]) -> Changes:
    """Compare receipts with what a summary lists, which is nothing where none stands."""
    try:
        before = run_aside(read_listing, summary).returns if summary.exists() else ()
    except (SettingsError, WorkbookError) as error:
        return Changes(unread=error)
    after = [list_receipt(receipt) for receipt in sorted(receipts, key=file_order)]
    pairs = [(_change(*pair, several=len(group) > 1), pair) for group in _groups(before, after) for pair in group]
    told = [change for change, (old, new) in pairs if old != new]
    return Changes(
        added=tuple(one for one in told if one.before is None),
        changed=tuple(one for one in told if one.before is not None and one.after is not None),
        dropped=tuple(one for one in told if one.after is None),
        unchanged=len(pairs) - len(told),
    )


def _groups(before: Iterable[Listed], after: Iterable[Listed]) -> Iterator[Sequence[Pair]]:
    """Yield, of each workbook, how each of its returns is listed before and after."""
    groups: defaultdict[tuple[str, str], tuple[list[Listed], list[Listed]]] = defaultdict(lambda: ([], []))
    for place, some in ((1, after), (0, before)):
        for one in some:
            groups[one.entry[0], one.member][place].append(one)
    for old, new in groups.values():
        yield list(_pair(old, new))


def _pair(before: Sequence[Listed], after: Sequence[Listed]) -> Iterator[Pair]:
    """Yield the returns of one sheet together, then those of other sheets in their order: one may be read by now."""
    left, others = {one.sheet: one for one in before}, []
    for one in after:
        if one.sheet in left:
            yield left.pop(one.sheet), one
        else:
            others.append(one)
    yield from zip_longest(left.values(), others)


def _change(before: Listed | None, after: Listed | None, *, several: bool) -> Change:
    one = after or before
    assert one is not None  # noqa: S101 - a pair holds at least one
    return Change(
        source=Source(
            file=one.file,
            member=one.member or None,
            sheet=one.sheet or None,
            shared=several,
            by=(one.by,) if one.by else (),
        ),
        before=before.state if before else None,
        after=after.state if after else None,
        other_content=before is not None and after is not None and before.sha256 != after.sha256,
    )
