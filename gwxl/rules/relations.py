"""Judge how the cells of one return must agree."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import cached_property
from itertools import compress, product
from typing import Any

from gwxl.form.definition import Field, Form
from gwxl.records.path import Path
from gwxl.rules.case import PASSED, SILENT, Case, Outcome, Result
from gwxl.rules.compiling import Closure, Scope, Type, compile_node, type_of, types_in
from gwxl.rules.document import number_text
from gwxl.rules.expression import PRESENCE, PREVIOUS, Call, Comparison, Node, names, operands, walk
from gwxl.rules.rule import Rule
from gwxl.wording.joining import join_words, quote_label

SIDES = frozenset({"left", "right", "diff"})
FILLED = "filled"

_MOST_UNSURE = 8
_BLANKS_ONLY = Outcome(result=Result.UNJUDGED)


@dataclass(frozen=True, kw_only=True)
class Condition:
    """An expression, compiled when it is first asked; sent to another process, it is compiled there.

    Attributes:
        tree: what it is compiled from.
        names: every name in it, in the order of the text.
        needs: the names it cannot do without: those that do not only stand in ``filled`` or ``blank``.
        asks: the names that stand in ``filled`` or ``blank``.
        compared: the two sides, when the whole of it is one comparison of numbers.
    """

    tree: Node
    names: tuple[str, ...]
    needs: tuple[str, ...]
    asks: tuple[str, ...]
    compared: tuple[Node, Node] | None

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @cached_property
    def holds(self) -> Closure:
        """Return what tells of a scope whether the expression is true there."""
        return compile_node(self.tree)

    @cached_property
    def sides(self) -> tuple[Closure, Closure] | None:
        """Return what calculates the two sides, None where there are none."""
        return (compile_node(self.compared[0]), compile_node(self.compared[1])) if self.compared else None


@dataclass(frozen=True, kw_only=True, eq=False)
class Relation:
    """One relation; it is judged only where its guard is true.

    Attributes:
        rule: what it says about itself.
        missing_fails: a blank operand counts as violated; without it the relation waits.
        where: the row or column of a matrix it is about, where there is one for each; empty for any other.
    """

    rule: Rule
    condition: Condition
    guard: Condition | None = None
    missing_fails: bool = False
    where: str = ""

    @property
    def name(self) -> str:
        """Return what tells it from every other relation: its id, and the row or column."""
        return f"{self.rule.id}[{self.where}]" if self.where else self.rule.id

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return every name of expression and guard, the expression's first."""
        return tuple(dict.fromkeys((*self.condition.names, *(self.guard.names if self.guard else ()))))

    @cached_property
    def _previous(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if name.startswith(PREVIOUS))

    def judge_all(self, case: Case) -> tuple[Outcome, ...]:
        """Judge a return, once."""
        return (self.judge(case),)

    def judge(self, case: Case) -> Outcome:
        """Judge a return: passed, failed, unjudged, or silent where the guard is false or it was not asked."""
        scope = case.scope
        try:
            if not self._concerns(case):
                return SILENT
            if self.guard is not None:
                if (waiting := _waits(self.guard, scope, blanks_wait=True)) is not None:
                    return waiting
                guarded = _verdict(self.guard, scope)
                if guarded is None:
                    return _wait(self.guard, scope)
                if not guarded:
                    return SILENT
            return self._judge_condition(case)
        except ArithmeticError:  # a division by zero, or a code in which there is nothing to compare
            return _BLANKS_ONLY

    def _concerns(self, case: Case) -> bool:
        """Tell whether the rule was in force for a return, and everything it names was asked or is known."""
        asked = self.rule.binds(case.edition) and case.unasked.isdisjoint(self.names)
        return asked and all(name in case.scope.values for name in self._previous)

    def _judge_condition(self, case: Case) -> Outcome:
        scope = case.scope
        waiting = _waits(self.condition, scope, blanks_wait=not self.missing_fails)
        if waiting is not None:
            return waiting
        complete = all(name in scope.values for name in self.condition.needs)
        verdict = _verdict(self.condition, scope) if complete else False
        if verdict is None:
            return _wait(self.condition, scope)
        return PASSED if verdict else self._fail(case, complete=complete)

    def _fail(self, case: Case, *, complete: bool) -> Outcome:
        scope = case.scope
        arguments = {FILLED: join_filled_labels(self.condition.asks, scope, case.form)}
        if complete and self.condition.sides is not None:
            left, right = (side(scope) for side in self.condition.sides)
            sides: dict[str, Any] = {"left": left, "right": right, "diff": abs(left - right)}
            arguments |= {name: number_text(value) for name, value in sides.items()}
        arguments |= {name: last_words(name, scope.values[name], case.form) for name in self._previous}
        operands = tuple(name for name in self.names if name not in self._previous)
        return Outcome(result=Result.FAILED, arguments=arguments, key=operands[0], operands=operands)


def _waits(condition: Condition, scope: Scope, *, blanks_wait: bool) -> Outcome | None:
    if not scope.wrong.isdisjoint(condition.needs):
        return _wait(condition, scope)
    if blanks_wait and any(name not in scope.values for name in condition.needs):
        return _BLANKS_ONLY
    return None


def _wait(condition: Condition, scope: Scope) -> Outcome:
    return Outcome(result=Result.UNJUDGED, waits_for=tuple(name for name in condition.names if name in scope.wrong))


def _verdict(condition: Condition, scope: Scope) -> bool | None:
    """Return whether a condition holds; None where that hangs on whether something wrong will still be there.

    What is unreadable now may be blank once it is corrected, so both are tried.
    """
    unsure = [name for name in condition.asks if name in scope.wrong]
    if not unsure:
        return bool(condition.holds(scope))
    if len(unsure) > _MOST_UNSURE:
        return None
    verdicts = {
        bool(condition.holds(replace(scope, filled=scope.filled.union(compress(unsure, kept)))))
        for kept in product((True, False), repeat=len(unsure))
    }
    return verdicts.pop() if len(verdicts) == 1 else None


def build_condition(tree: Node, form: Form, table: Field | None = None) -> Condition:
    """Check an expression and note what it involves; in one over the rows of a table its columns are names too.

    Raises:
        ExpressionError: it names an unknown field, mixes types, or gives no condition.
    """
    types = types_in(tree, form, table)
    numbers = isinstance(tree, Comparison) and type_of(tree.left, types) is Type.NUMBER
    asked = [item for item in walk(tree) if isinstance(item, Call) and item.function in PRESENCE]
    return Condition(
        tree=tree,
        names=names(tree),
        needs=operands(tree),
        asks=tuple(dict.fromkeys(name for item in asked for name in names(item))),
        compared=(tree.left, tree.right) if isinstance(tree, Comparison) and numbers else None,
    )


def path_to_show(name: str, form: Form) -> Path:
    """Return the path a name is shown at: its own, but the field's for an answer of a choice or a whole column."""
    path = Path.parse(name)
    kind = form.field_of(path).kind
    return path.whole if kind.is_choice or (kind.is_table and path.row is None) else path


def last_words(name: str, value: Any, form: Form) -> str:
    """Return in words what a field held last year, or that one of its choices was ticked."""
    path = Path.parse(name.removeprefix(PREVIOUS))
    if isinstance(value, bool):
        return form.say("answer.yes" if value else "answer.no")
    if isinstance(value, int | Fraction):
        return number_text(value)
    labels = {choice.key: choice.label for choice in form.fields[path.field].choices}
    chosen: tuple[str, ...] = value if isinstance(value, tuple) else (value,)
    return join_words((labels.get(one, one) for one in chosen), form.language)


def join_filled_labels(asks: Sequence[str], scope: Scope, form: Form) -> str:
    """Return the labels of those fields that hold something, for ``{filled}`` in a message; columns have none."""
    paths = [Path.parse(name) for name in asks if name in scope.filled]
    labels = (quote_label(form.label(path), form.language) for path in paths if path.field in form.fields)
    return join_words(labels, form.language)
