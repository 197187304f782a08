"""The totals inside a matrix: added up anew from its cells, whatever stands in the workbook."""

from collections.abc import Mapping
from decimal import Decimal

from gwxl.files.excel_limits import ARGUMENTS
from gwxl.form.definition import Field, Form
from gwxl.form.matrices.area import MatrixArea
from gwxl.records.cell import CellRef, column_letters
from gwxl.records.path import Path
from gwxl.records.submission import Scalar
from gwxl.rules.computed.reading import computed_of
from gwxl.rules.ruleset import RuleSet


def total_of(asked: Field, values: Mapping[Path, object], required: frozenset[Path]) -> int | Decimal | None:
    """Return what the cells of a total come to.

    None where one of them cannot be read or must still be filled in, and where none is filled in.

    Args:
        asked: the total.
        values: path → value of what is filled in.
        required: the paths whose blank is an error.
    """
    found = [values.get(path) for path in asked.sums]
    if any(value is None and path in required for path, value in zip(asked.sums, found, strict=True)):
        return None
    filled = [value for value in found if value is not None]
    numbers = [value for value in filled if isinstance(value, int | Decimal) and not isinstance(value, bool)]
    if not numbers or len(numbers) < len(filled):
        return None
    total = sum(map(Decimal, numbers), Decimal())
    return int(total) if total == total.to_integral_value() else total


def with_totals(rules: RuleSet, answers: Mapping[Path, Scalar]) -> dict[Path, Scalar]:
    """Return answers with every total that is calculated as it comes of them, whatever they say of it."""
    worked_out = {field.path for field in rules.form.fields.values() if field.is_calculated}
    given = {path: value for path, value in answers.items() if path not in worked_out}
    totals = (field for field in rules.form.fields.values() if field.sums and field.is_calculated)
    required = required_paths(rules)
    found: dict[Path, object] = {field.path: total_of(field, given, required) for field in totals}
    for one in computed_of(rules.form):
        found[one.path] = one.value({**given, **found})
    return given | {path: value for path, value in found.items() if isinstance(value, int | Decimal)}


def required_paths(rules: RuleSet) -> frozenset[Path]:
    """Return the parts of totals whose blank is an error."""
    parts = {path for field in rules.form.fields.values() for path in field.sums}
    return frozenset(path for path in parts if rules.limits(path).required)


def formula_of(form: Form, area: MatrixArea, path: Path, required: frozenset[Path]) -> str:
    """Return the formula of a total on its sheet, which gives what :func:`total_of` does."""
    parts = form.fields[path].sums
    cells = _runs([area.cells[part] for part in parts])
    wanted = [part for part in parts if part in required]
    asked = _runs([area.cells[part] for part in wanted])
    enough = f"{_over('COUNT', asked)}={len(wanted)}" if wanted else f"{_over('COUNT', cells)}>0"
    readable = f"{_over('COUNTA', cells)}={_over('COUNT', cells)}"
    return f'=IF(AND({enough},{readable}),{_over("SUM", cells)},"")'


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
