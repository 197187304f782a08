"""What a summary on disk says is still open in the returns it lists: in its own words, never in a filler's."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from gwxl.summary.sheets import lists
from gwxl.summary.sheets.problems import NOWHERE
from gwxl.summary.stored.looking import open_summary

_COLUMNS = {"entry": "#id", "path": "#open", "rule": "#rule", "title": "#rule_title", "cell": "#cell"}


@dataclass(frozen=True, kw_only=True)
class OpenItem:
    """A finding that is open.

    Attributes:
        path: of the answer, empty where it is about none. cell: its address in the returned file, empty where unknown.
        rule: the id of the rule, empty for a file that could not be read. title: what it demands, or what is wrong.
    """

    path: str
    cell: str
    rule: str
    title: str


def read_open_items(path: Path, entries: Collection[str]) -> Mapping[str, tuple[OpenItem, ...]]:
    """Return number in the list of files → what is open in that return, in the order of the sheet.

    Args:
        path: a summary that gwxl wrote.
        entries: of which returns.

    Raises:
        SettingsError: the file is no summary that gwxl wrote.
    """
    found: dict[str, list[OpenItem]] = {}
    with open_summary(path) as looked:
        grid = looked.grid(looked.title("problems"), lists.FIRST_ROW, _COLUMNS.values())
    for row in grid.rows:
        told = {name: grid.text(row, key) for name, key in _COLUMNS.items()}
        entry = told.pop("entry")
        if entry in entries and told["path"]:
            told["path"] = told["path"].removeprefix(NOWHERE)
            found.setdefault(entry, []).append(OpenItem(**told))
    return {entry: tuple(items) for entry, items in found.items()}
