"""The relations over the rows of a table as formulas: read in place, a row at a time.

A condition is a number, 1 or 0, and what joins conditions is arithmetic: no call stands inside another, so that the
whole fits into the formula of the row. Whatever cannot be calculated there says nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from gwxl.form.kinds import Kind
from gwxl.live.calculation import Fault, Scalar, Value, rank_of
from gwxl.live.check_words import Lines
from gwxl.live.formulas import (
    NONE,
    ONE,
    Formula,
    calculate,
    call,
    compare,
    derive,
    greatest,
    if_error,
    literal,
    minimum,
    total,
)
from gwxl.live.helper_cells import spell
from gwxl.live.own_checks import number
from gwxl.live.relations import PLACES, SIGNS, day_of
from gwxl.live.sheet import LiveSheet, qualify
from gwxl.live.tables.faults import RowFault, TableColumn
from gwxl.records.path import Path
from gwxl.rules.compiling import Type, type_of
from gwxl.rules.expression import (
    PRESENCE,
    Arithmetic,
    Call,
    Comparison,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Text,
    names,
    walk,
)
from gwxl.rules.row_relations import RowRelation
from gwxl.rules.rule import LISTED, Rule


def find_row_faults(
    relations: Sequence[RowRelation], columns: Sequence[TableColumn], sheet: LiveSheet, lines: Lines
) -> list[RowFault]:
    """Return what can be wrong between the cells of a row, as far as the row alone tells."""
    writer = _Writer(columns, sheet)
    return [
        writer.fault(relation, lines) for relation in relations if relation.is_in_place and not relation.rule.clerk_only
    ]


def find_unlisted(
    columns: Sequence[TableColumn], rules: Mapping[str, Rule], sheet: LiveSheet, lines: Lines
) -> Iterator[RowFault]:
    """Yield what is wrong where a cell of a row holds none of the entries of its list."""
    for place, column in enumerate(columns):
        listed = column.cell.listed
        if listed is not None and not listed.where:
            rule, ranks = rules[column.cell.ids[LISTED]], frozenset(map(rank_of, listed.entries))
            cell, entries = f"INDEX({{cells}},1,{place + 2})", qualify(sheet.put_list(listed.entries).text)
            yield RowFault(
                rule=rule,
                words=lines.failure_words(rule),
                formula=f'(({cell}<>"")*(SUMPRODUCT(--({cell}={entries}))=0))',
                found=lambda stored, at=place, ranks=ranks: stored[at] != "" and rank_of(stored[at]) not in ranks,  # type: ignore[misc]  # of this column
            )


class _Writer:
    """A writer of the relations of one table."""

    def __init__(self, columns: Sequence[TableColumn], sheet: LiveSheet) -> None:
        self._sheet = sheet
        self._columns = {column.item.path.part: column for column in columns}
        self._cells = {key: Formula(f"INDEX({{cells}},1,{place})", "", 1) for place, key in enumerate(self._columns, 2)}
        self._places = {id(cell): place for place, cell in enumerate(self._cells.values())}
        self._types: Mapping[str, Type] = {}

    def fault(self, relation: RowRelation, lines: Lines) -> RowFault:
        """Return what fails where a relation does not hold."""
        self._types = relation.types
        judged = self._judge(relation)
        formula = if_error(judged, NONE)
        return RowFault(
            rule=relation.rule,
            words=lines.failure_words(relation.rule),
            formula=formula.text,
            found=lambda stored: _calculate(formula, self._places, stored, {}) == 1,
        )

    def _judge(self, relation: RowRelation) -> Formula:
        """Return 1 where everything it needs is there, its guard is true and its expression is not."""
        there = [self._is_there(name) for name in relation.condition.needs]
        fails = _deny(self._condition(relation.condition.tree))
        if relation.missing_fails:
            fails = _deny(_join([*there, _deny(fails)])) if there else fails
            there = []
        if relation.guard is not None:
            there += [self._is_there(name) for name in relation.guard.needs]
            there.append(self._condition(relation.guard.tree))
        return _join([*dict.fromkeys(there), fails])

    def _is_there(self, name: str) -> Formula:
        """Return a condition: the cell holds something of its kind; what else it holds is told by itself."""
        key = Path.parse(name).field
        kind, cell = self._columns[key].item.kind, self._cells[key]
        numeric = kind.is_number or kind.is_date
        return compare(cell, "<", "") if numeric else compare(cell, "<>", "")  # a text, or a blank, is above numbers

    def _condition(self, node: Node) -> Formula:
        match node:
            case Name():
                return self._is_answer(node.name)
            case Call():
                filled = self._is_filled(names(node)[0])
                return filled if node.function == "filled" else _deny(filled)
            case Not():
                return _deny(self._condition(node.operand))
            case Logic():
                parts = [self._condition(part) for part in node.operands]
                return _join(parts) if node.operator == "and" else compare(_add(parts), ">", 0)
            case Comparison():
                return self._comparison(node)
        raise TypeError(node)

    def _is_filled(self, name: str) -> Formula:
        path = Path.parse(name)
        return self._is_answer(name) if path.part else compare(self._cells[path.field], "<>", "")

    def _is_answer(self, name: str) -> Formula:
        """Return a condition: a cell holds yes, or one of the choices."""
        path = Path.parse(name)
        column, cell = self._columns[path.field], self._cells[path.field]
        wanted = path.part or True
        spellings = [spelling for spelling, value in column.sorting.answers if value == wanted]
        spellings += [choice.label for choice in column.item.choices if choice.key == wanted]
        listed = self._sheet.put_list(spell(spelling.lower() for spelling in spellings))
        ranks = frozenset(map(rank_of, listed.values))
        text = f"(SUMPRODUCT(--({cell}={qualify(listed.text)}))>0)"
        return derive(text, lambda value: not isinstance(value, Fault) and rank_of(value) in ranks, (cell,), 2)

    def _comparison(self, node: Comparison) -> Formula:
        kind, sign = type_of(node.left, self._types), SIGNS.get(node.operator, node.operator)
        if kind is Type.CONDITION:
            left, right = self._condition(node.left), self._condition(node.right)
            return compare(_add([left]), sign, _add([right]))
        left, right = self._value(node.left), self._value(node.right)
        if kind is Type.TEXT:
            same = call("EXACT", left, right)
            return same if sign == "=" else _deny(same)
        if kind is Type.DATE and isinstance(node.right, Text):
            right = day_of(node.right.value)
        if kind is Type.NUMBER and self._has_fractions(node):
            return compare(call("ROUND", calculate(left, "-", right), PLACES), sign, 0)
        return compare(left, sign, right)

    def _kind(self, name: str) -> Kind:
        return self._columns[Path.parse(name).field].item.kind

    def _has_fractions(self, node: Node) -> bool:
        return any(
            (isinstance(part, Number) and isinstance(part.value, Decimal))
            or (isinstance(part, Arithmetic) and part.operator == "/")
            or (isinstance(part, Call) and part.function == "mean")
            or (isinstance(part, Name) and self._kind(part.name).has_fractions)
            for part in walk(node)
        )

    def _value(self, node: Node) -> Formula:
        match node:
            case Number():
                return number(Decimal(node.value))
            case Text():
                return literal(node.value)
            case Name():
                return self._cell_value(node.name)
            case Negative():
                return calculate(NONE, "-", self._value(node.operand))
            case Arithmetic():
                return calculate(self._value(node.left), node.operator, self._value(node.right))
            case Call() if node.function not in PRESENCE:
                return self._function(node.function, [self._value(argument) for argument in node.arguments])
        raise TypeError(node)

    def _cell_value(self, name: str) -> Formula:
        kind, cell = self._kind(name), self._cells[Path.parse(name).field]
        if kind.is_date:
            return call("INT", cell)
        return call("TRIM", cell) if kind.is_text else cell

    def _function(self, name: str, parts: list[Formula]) -> Formula:
        match name:
            case "length" | "abs":
                return call("LEN" if name == "length" else "ABS", *parts)
            case "sum" | "mean":
                return calculate(_add(parts), "/", literal(len(parts))) if name == "mean" else _add(parts)
        return minimum(parts) if name == "min" else greatest(parts)


def _deny(condition: Formula) -> Formula:
    return calculate(ONE, "-", _bracket(condition))


def _join(conditions: Sequence[Formula]) -> Formula:
    """Return the product of conditions: 1 where all are true."""
    joined = _bracket(conditions[0])
    for condition in conditions[1:]:
        joined = calculate(joined, "*", _bracket(condition))
    return joined


def _add(parts: Sequence[Formula]) -> Formula:
    added = total([_bracket(part) for part in parts])
    return derive(f"({added}+0)", lambda value: value, (added,), added.depth)


def _bracket(formula: Formula) -> Formula:
    if formula.text.startswith("(") and formula.text.endswith(")"):
        return formula
    return derive(f"({formula})", lambda value: value, (formula,), formula.depth)


def _calculate(formula: Formula, cells: Mapping[int, int], stored: Sequence[Scalar], known: dict[int, Value]) -> Value:
    """Return the value of a formula for what a row holds."""
    if id(formula) in cells:
        return stored[cells[id(formula)]]
    if formula.how is None:
        return formula.value
    if id(formula) not in known:
        known[id(formula)] = formula.how(*[_calculate(part, cells, stored, known) for part in formula.parts])
    return known[id(formula)]
