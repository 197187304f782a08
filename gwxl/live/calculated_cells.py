"""The formula in a cell that is calculated; it gives what the checker works out."""

from collections.abc import Container, Mapping
from decimal import Decimal
from functools import lru_cache

from gwxl.form.definition import Form
from gwxl.form.layout import Layout
from gwxl.live.sheet import prefix
from gwxl.live.totals import write_total
from gwxl.records.cell import CellRef
from gwxl.records.path import Path
from gwxl.rules.computed.fields import Computed
from gwxl.rules.computed.reading import computed_of, find_computed
from gwxl.rules.expression import Arithmetic, Call, Name, Negative, Node, Number

_HALF_KNOWN = " "
"""What a part of a total shows that knows only some of its numbers: no blank to the total, nothing to anybody else."""


def formula_of(layout: Layout, path: Path, required: Container[Path]) -> str:
    """Return the formula in the cell of a field that is calculated.

    Args:
        layout: where everything stands.
        path: the field, or the cell of a table.
        required: the paths whose blank leaves a total unknown.
    """
    form, one = layout.form, find_computed(layout.form, path)
    if one is None:
        parts = form.fields[path.field].sums
        return write_total(parts, layout.cells, required, may_be_empty=not _worked_out(form).isdisjoint(parts))
    places = {part: layout.cells[part.in_row(path.number) if part.part else part] for part in one.needs}
    return _write(one, places, layout.cells[path].sheet, is_part=path in _parts(form))


def _write(one: Computed, cells: Mapping[Path, CellRef], sheet: str, *, is_part: bool) -> str:
    """Return the formula of what is worked out, which reads its inputs where they stand.

    It is blank while one of them holds no number; a part of a total tells then whether all of them are.
    """
    needed = [_address(cells[path], sheet) for path in one.needs]
    known = f"COUNT({','.join(needed)})={len(needed)}"
    unknown = f'IF({"&".join(needed)}="","","{_HALF_KNOWN}")' if is_part else '""'
    failed = f'"{_HALF_KNOWN}"' if is_part else '""'
    return f"=IF({known},IFERROR(ROUND({_say(one.node, cells, sheet)},{one.decimals}),{failed}),{unknown})"


@lru_cache(maxsize=64)
def _parts(form: Form) -> frozenset[Path]:
    """Return the parts of all totals."""
    return frozenset(path for field in form.fields.values() for path in field.sums)


@lru_cache(maxsize=64)
def _worked_out(form: Form) -> frozenset[Path]:
    return frozenset(computed_of(form))


def _say(node: Node, cells: Mapping[Path, CellRef], sheet: str) -> str:
    match node:
        case Number():
            return f"{Decimal(node.value):f}"
        case Name():
            return _address(cells[Path(node.name)], sheet)
        case Negative():
            return f"(-{_say(node.operand, cells, sheet)})"
        case Arithmetic():
            return f"({_say(node.left, cells, sheet)}{node.operator}{_say(node.right, cells, sheet)})"
        case Call():
            return f"{node.function.upper()}({','.join(_say(part, cells, sheet) for part in node.arguments)})"
    message = f"{node} is no part of a formula"
    raise TypeError(message)


def _address(cell: CellRef, sheet: str) -> str:
    return cell.address if cell.sheet == sheet else f"{prefix(cell.sheet)}{cell.address}"
