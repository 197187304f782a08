"""Tell which fields of a return are asked: in any other nothing is missing, and an answer is a fault."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from gwxl.form.definition import Form
from gwxl.form.kinds import Kind
from gwxl.records.path import Path
from gwxl.records.submission import Unread
from gwxl.rules.compiling import Scope, compile_node
from gwxl.rules.conditions.reading import Conditions, fields_in
from gwxl.rules.document import Document, build_scope
from gwxl.rules.expression import Logic, Node, Not, names, operands
from gwxl.rules.relations import Condition
from gwxl.rules.rule import WHEN
from gwxl.rules.validator import Fault

_REQUIRED = "required"


@dataclass(frozen=True, kw_only=True)
class Applied:
    """A return as far as it was asked.

    Attributes:
        document: its values, without those that say nothing in a field that is not asked.
        faults: what is wrong with its cells. unasked: the fields that are not asked and hold nothing.
    """

    document: Document
    faults: tuple[Fault, ...]
    unasked: frozenset[Path] = frozenset()


def apply_conditions(
    form: Form,
    conditions: Conditions,
    document: Document,
    faults: Iterable[Fault],
    is_grave: Callable[[Fault], bool],
) -> Applied:
    """Return what is left of the faults of a return where some of its fields are asked under conditions.

    Args:
        form: the form.
        conditions: of each field that is not always asked, every one behind those it hangs on.
        document: what was filled in.
        faults: what is wrong with it if everything is asked.
        is_grave: tells whether a fault makes an answer wrong.
    """
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        found.setdefault(str(fault.path[0]), []).append(fault)
    unasked: set[Path] = set()
    for path, needed in conditions.items():
        asked = _is_asked(form, needed, document, found, is_grave)
        own = found.get(path, [])
        if asked is None:
            found[path] = [fault for fault in own if fault.rule != _REQUIRED]
        elif not asked:
            kind = form.fields[path].kind
            calculated = form.fields[path].is_calculated
            found[path] = [] if calculated else list(_tell_answer(path, kind, document, own))
            if not found[path]:
                unasked.add(path)
                document = _without(document, path)
    return Applied(
        document=document, faults=tuple(one for ones in found.values() for one in ones), unasked=frozenset(unasked)
    )


def _is_asked(
    form: Form,
    conditions: Iterable[Condition],
    document: Document,
    faults: Mapping[str, Iterable[Fault]],
    is_grave: Callable[[Fault], bool],
) -> bool | None:
    """Return whether all conditions hold; None where that hangs on an answer that is wrong or is missing."""
    verdicts = [_judge(form, one, document, faults, is_grave) for one in conditions]
    return False if False in verdicts else None if None in verdicts else True


def _judge(
    form: Form,
    condition: Condition,
    document: Document,
    faults: Mapping[str, Iterable[Fault]],
    is_grave: Callable[[Fault], bool],
) -> bool | None:
    grave = {path for path in fields_in(condition) if any(map(is_grave, faults.get(path, ())))}
    wrong = frozenset(path for path in grave if path in document.values)
    scope = build_scope(form, document, condition.names, wrong)
    missing = frozenset(name for name in condition.names if Path.parse(name).whole in grave - wrong)
    return _holds(condition.tree, scope, missing)


def _holds(node: Node, scope: Scope, missing: frozenset[str]) -> bool | None:
    """Return whether a condition holds: what nobody answered does not, where it need not be answered."""
    match node:
        case Logic():
            parts = [_holds(part, scope, missing) for part in node.operands]
            decisive = node.operator == "or"
            return decisive if decisive in parts else None if None in parts else not decisive
        case Not():
            inner = _holds(node.operand, scope, missing)
            return None if inner is None else not inner
    needs = operands(node)
    if not scope.wrong.isdisjoint(names(node)) or not missing.isdisjoint(needs):
        return None
    if any(name not in scope.values for name in needs):
        return False
    try:
        return bool(compile_node(node)(scope))
    except ArithmeticError:
        return None


def _tell_answer(path: Path, kind: Kind, document: Document, faults: Iterable[Fault]) -> Iterable[Fault]:
    """Yield a fault for what stands in a field that is not asked: at each tick, else at the field."""
    value = document.values.get(path)
    if kind.is_choices:
        ticked = value if isinstance(value, tuple | list) else ()
        yield from (Fault(path=(str(path), str(key)), rule=WHEN, value=True) for key in ticked)
        unread = (fault for fault in faults if len(fault.path) > 1 and isinstance(fault.value, Unread))
        yield from (replace(fault, rule=WHEN, check=None) for fault in unread)
    elif path in document.filled:
        yield Fault(path=(str(path),), rule=WHEN, value=value)


def _without(document: Document, path: Path) -> Document:
    values = {key: value for key, value in document.values.items() if key != path}
    return replace(document, values=values, filled=document.filled - {path})
