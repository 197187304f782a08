"""The formula in the cell of a field that is worked out; it gives what the checker works out."""

from collections.abc import Mapping
from decimal import Decimal

from gwxl.records.cell import CellRef, column_letters
from gwxl.records.path import Path
from gwxl.rules.computed.fields import Computed
from gwxl.rules.expression import Arithmetic, Call, Name, Negative, Node, Number


def write_formula(one: Computed, cells: Mapping[Path, CellRef]) -> str:
    """Return the formula, which reads its inputs where they stand: blank while one holds no number."""
    sheet = cells[one.path].sheet
    needed = [_address(cells[path], sheet) for path in one.needs]
    known = f"COUNT({','.join(needed)})={len(needed)}"
    return f'=IF({known},IFERROR(ROUND({_say(one.node, cells, sheet)},{one.decimals}),""),"")'


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
    place = f"{column_letters(cell.column)}{cell.row}"
    return place if cell.sheet == sheet else "'" + cell.sheet.replace("'", "''") + f"'!{place}"
