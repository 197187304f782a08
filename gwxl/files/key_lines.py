"""Where in a TOML file a key stands, as a message names it: for an editor that opens a file at a line."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_NAMING = "key|id|label"  # what tells one table of a list from the others
_MOST_BYTES = 1 << 20


def find_line(file: Path, key: str) -> int | None:
    """Return the line, counted from 1, of the last part of a dotted key that is there; None where none is."""
    try:
        lines = file.read_bytes()[:_MOST_BYTES].decode("utf-8", "replace").splitlines()
    except OSError:
        return None
    parts = [part for part in re.split(r"[.\[\]]+", key) if part]
    found, taken = _find_table(lines, parts)
    span = range(len(lines)) if found is None else _block(lines, found)
    for part in parts[taken:]:
        line = next(_find_part(lines, span, part), None)
        if line is None:
            continue
        found, span = line, _block(lines, line)
    return None if found is None else found + 1


def _find_table(lines: Sequence[str], parts: Sequence[str]) -> tuple[int | None, int]:
    """Return the line of the head that names most of the parts, from the first, and how many it names."""
    for count in range(len(parts), 1, -1):
        head = re.compile(r"\[+" + r"\.".join(f"[\"']?{re.escape(part)}[\"']?" for part in parts[:count]) + r"\]")
        line = next((number for number, text in enumerate(lines) if head.match(text)), None)
        if line is not None:
            return line, count
    return None, 0


def _find_part(lines: Sequence[str], span: range, part: str) -> Iterator[int]:
    """Yield the lines of a span at which a table, a setting or an entry of a list has this name."""
    name = re.escape(part)
    named = re.compile(rf"""\[.*(?<![\w-])["']?{name}["']?\s*[].]|(?<![\w.-])["']?{name}["']?\s*[.=]|"""
                       rf"""(?<!\w)(?:{_NAMING})\s*=\s*["']{name}["']""")  # fmt: skip
    yield from (line for line in span if named.search(lines[line].partition(" #")[0]))


def _block(lines: Sequence[str], line: int) -> range:
    """Return the lines of the table that a line stands in; of a line that opens one, what follows too."""
    if "{" in lines[line] and "}" in lines[line]:
        return range(line, line + 1)
    first = next((one for one in range(line, -1, -1) if lines[one].startswith("[")), 0)
    last = next((one for one in range(line + 1, len(lines)) if lines[one].startswith("[")), len(lines))
    return range(first, last)
