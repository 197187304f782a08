"""The formula of a total, which gives what the checker adds up."""

from collections.abc import Container, Mapping, Sequence

from gwxl.files.excel_limits import ARGUMENTS
from gwxl.records.cell import CellRef, column_letters
from gwxl.records.path import Path


def write_total(
    parts: Sequence[Path], cells: Mapping[Path, CellRef], required: Container[Path], *, may_be_empty: bool
) -> str:
    """Return the formula of a total on the sheet of its parts.

    It is blank where one of them cannot be read or must still be filled in, and where none is filled in.

    Args:
        parts: what it adds up.
        cells: path → where it stands.
        required: the paths whose blank leaves it unknown.
        may_be_empty: formulas are among its parts, which give an empty text for a blank.
    """
    ranges = _runs([cells[part] for part in parts])
    wanted = [part for part in parts if part in required]
    asked = _runs([cells[part] for part in wanted])
    enough = f"{_over('COUNT', asked)}={len(wanted)}" if wanted else f"{_over('COUNT', ranges)}>0"
    readable = f"{_over('COUNTA', ranges)}={_over('COUNT', ranges)}"
    if may_be_empty:
        blanks = "+".join(f"COUNTBLANK({one})" for one in ranges)  # it takes one range
        readable = f"{_over('COUNT', ranges)}+{blanks}={len(parts)}"
    return f'=IF(AND({enough},{readable}),{_over("SUM", ranges)},"")'


def _over(function: str, runs: list[str]) -> str:
    """Return a function over ranges that adds up; .xls takes 30 arguments at most."""
    parts = [runs[start : start + ARGUMENTS] for start in range(0, len(runs), ARGUMENTS)]
    return "+".join(f"{function}({','.join(part)})" for part in parts)


def _runs(cells: list[CellRef]) -> list[str]:
    """Return cells as the ranges they make, those of a row together, then those of the same columns below."""
    rows: dict[int, list[int]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell.column)
    spans = [
        (row, row, first, last) for row, columns in sorted(rows.items()) for first, last in _spans(sorted(columns))
    ]
    blocks: list[tuple[int, int, int, int]] = []
    for top, bottom, first, last in spans:
        above = next((one for one in blocks if one[1:] == (top - 1, first, last)), None)
        if above:
            blocks.remove(above)
        blocks.append((above[0] if above else top, bottom, first, last))
    return [_address(*block) for block in blocks]


def _spans(columns: list[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for column in columns:
        if found and found[-1][1] == column - 1:
            found[-1] = (found[-1][0], column)
        else:
            found.append((column, column))
    return found


def _address(top: int, bottom: int, first: int, last: int) -> str:
    start = f"{column_letters(first)}{top}"
    return start if (top, first) == (bottom, last) else f"{start}:{column_letters(last)}{bottom}"
