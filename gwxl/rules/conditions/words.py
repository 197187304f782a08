"""Say in words under which condition a field is asked, for the filler and for whoever reads a finding."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from gwxl.form.definition import Form
from gwxl.form.layout import Row, RowKind
from gwxl.records.path import Path
from gwxl.rules.conditions.reading import conditions_of
from gwxl.rules.document import number_text
from gwxl.rules.expression import Arithmetic, Call, Comparison, Logic, Name, Negative, Node, Not, Number, Text, parse
from gwxl.wording.joining import join_words, quote_label

_SIGNS = {"==": "is", "!=": "is_not", "<": "below", "<=": "at_most", ">": "above", ">=": "at_least"}
_DENIED = {"filled": "blank", "blank": "filled"}


@lru_cache(maxsize=1024)
def say_conditions(form: Form, path: Path) -> str:
    """Return in words when a field is asked, empty where that is always."""
    trees = tuple(dict.fromkeys(one.tree for one in conditions_of(form).get(path, ())))
    return say_condition(trees[0] if len(trees) == 1 else Logic(operator="and", operands=trees), form) if trees else ""


def print_clause(form: Form, row: Row) -> str:
    """Return the clause that stands beside a row of the form sheet, behind the condition that it says itself."""
    about = row.about
    if row.kind is RowKind.GROUP:
        section = next(one for one in form.sections if one.key == about.field)
        return _join(form, section.group(about.part).when, "")
    noun = row.section if row.kind is RowKind.SECTION else None if about.part else row.field
    return _join(form, noun.when if noun else "", row.instruction)


def say_clauses(form: Form) -> Mapping[str, str]:
    """Return the key of a section or field, or ``section.group`` → its clause, of those with a condition, behind it."""
    found = {section.key: _join(form, section.when, section.instruction) for section in form.sections if section.when}
    found |= {field.key: _join(form, field.when, field.instruction) for field in form.fields.values() if field.when}
    groups = ((section, group) for section in form.sections for group in section.groups if group.when)
    return found | {f"{section.key}.{group.key}": _join(form, group.when, "") for section, group in groups}


def precede_clause(form: Form, path: Path, clause: str) -> str:
    """Return a clause behind all that has to hold for its field to be asked."""
    words = say_conditions(form, path)
    return _put(form, form.say("condition.when", when=words), clause) if words else clause


def _join(form: Form, when: str, clause: str) -> str:
    return _put(form, form.say("condition.when", when=say_condition(parse(when), form)), clause) if when else clause


def _put(form: Form, words: str, clause: str) -> str:
    return form.say("condition.clause", when=words, clause=clause).strip()


def say_condition(node: Node, form: Form) -> str:
    """Return a condition in the words of the form."""
    match node:
        case Name():
            return _say_named(node, form, denied=False)
        case Not():
            return _say_denied(node.operand, form)
        case Logic():
            return form.say(f"condition.{node.operator}").join(_bracket(part, form) for part in node.operands)
        case Comparison():
            left, right = _say_value(node.left, form), _say_value(node.right, form, beside=node.left)
            return form.say(f"condition.{_SIGNS[node.operator]}", left=left, right=right)
        case Call():
            return form.say(f"condition.{node.function}", label=_say_value(node.arguments[0], form))
    raise TypeError(node)


def _bracket(node: Node, form: Form) -> str:
    words = say_condition(node, form)
    return form.say("condition.bracket", inner=words) if isinstance(node, Logic) else words


def _say_denied(node: Node, form: Form) -> str:
    if isinstance(node, Name):
        return _say_named(node, form, denied=True)
    if isinstance(node, Call) and node.function in _DENIED:
        return form.say(f"condition.{_DENIED[node.function]}", label=_say_value(node.arguments[0], form))
    return form.say("condition.not", inner=say_condition(node, form))


def _say_named(node: Name, form: Form, *, denied: bool) -> str:
    """Return that a question is answered with yes, an answer was chosen, or is ticked; or that it is not."""
    path = Path.parse(node.name)
    asked, label = form.field_of(path), _quote(form, path.whole)
    if not path.part:
        return form.say(
            "condition.is", left=label, right=_quote_text(form, form.say(f"answer.{'no' if denied else 'yes'}"))
        )
    choice = _quote_text(form, asked.choice(path.part).label)
    if asked.kind.is_choices:
        return form.say("condition.not_ticked" if denied else "condition.ticked", label=label, choice=choice)
    return form.say("condition.is_not" if denied else "condition.is", left=label, right=choice)


def _say_value(  # noqa: PLR0911 - one for each kind of node
    node: Node, form: Form, *, beside: Node | None = None
) -> str:
    """Return a number, a text or a day; a text ``beside`` a choice is the label of its answer."""
    match node:
        case Number():
            return number_text(node.value)
        case Text():
            return _quote_text(form, _find_label(node.value, beside, form))
        case Name():
            return _quote(form, Path.parse(node.name))
        case Negative():
            return f"-{_say_value(node.operand, form)}"
        case Arithmetic():
            left = _say_side(node.left, form, "+-" if node.operator in "*/" else "")
            right = _say_side(node.right, form, {"+": "", "-": "+-", "*": "+-"}.get(node.operator, "+-*/"))
            return f"{left} {node.operator} {right}"
        case Call():
            return _say_call(node.function, [_say_value(part, form) for part in node.arguments], form)
    return say_condition(node, form)


def _say_side(node: Node, form: Form, weaker: str) -> str:
    """Return a side of a calculation, in brackets where it is one itself by an operator of some."""
    words = _say_value(node, form)
    return f"({words})" if isinstance(node, Arithmetic) and node.operator in weaker else words


def _say_call(function: str, parts: Sequence[str], form: Form) -> str:
    if function == "sum":
        return " + ".join(parts)
    return form.say(f"condition.{function}", label=join_words(parts, form.language))


def _find_label(value: str, beside: Node | None, form: Form) -> str:
    asked = form.fields.get(Path.parse(beside.name)) if isinstance(beside, Name) else None
    labels = {choice.key: choice.label for choice in asked.choices} if asked else {}
    return labels.get(value, value)


def _quote(form: Form, path: Path) -> str:
    return quote_label(form.label(path), form.language)


def _quote_text(form: Form, words: str) -> str:
    return form.say("condition.quoted", words=words)
