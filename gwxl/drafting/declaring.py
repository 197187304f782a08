"""Write a draft down: form.toml and the rules, with the cell that each question was found in."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gwxl.drafting.draft import Doubt, Draft, Head, Question
from gwxl.drafting.words import read_label
from gwxl.records.path import Path
from gwxl.wording import text

_KEYS = {
    "code": "sender_code",
    "unit": "reporting_unit",
    "contact": "contact_name",
    "phone": "contact_phone",
    "date": "report_date",
}
_LATER = {"field": "{field}", "reason": "{reason}"}  # filled in when a rule is told
_SUMMED = frozenset({"count", "decimal"})
_BAD: Mapping[str, str] = {
    "count": '{ unread = "x", kind = "not_a_number" }',
    "decimal": '{ unread = "x", kind = "not_a_number" }',
    "date": '"2026-02-30"',
    "choice": '"no_such"',
}


def name_questions(draft: Draft) -> None:
    """Give each question of a draft the key that it has in form.toml."""
    for one in draft.header:
        one.key = _KEYS[one.role]
    for place, part in enumerate(draft.parts, 1):
        for number, question in enumerate(part.questions, 1):
            question.key = f"s{place}_{number}"


def declare(draft: Draft, name: str) -> Mapping[str, str]:
    """Return file name → content of a form's folder, its rules in ``rules/``."""
    writer = _Writer(draft=draft, name=name)
    form = "\n".join(writer.form()) + "\n"
    cells = "\n".join(writer.cells()) + "\n"
    return {
        "rules/cells.toml": cells,
        "rules/relations.toml": _comment(text("drafting.relations_comment", draft.language)) + "\n",
        "form.toml": form,
    }


@dataclass(kw_only=True)
class _Writer:
    draft: Draft
    name: str
    keyed: list[tuple[str, Question]] = field(default_factory=list)

    def form(self) -> Iterator[str]:
        draft = self.draft
        yield _comment(text("drafting.form_comment", self.draft.language))
        yield from (
            f'id = "{self.name}"',
            f"title = {_quote(draft.title)}",
            'edition = "1"',
            f'language = "{draft.language}"',
        )
        yield from ("", "[period]", 'kind = "none"', "", "[roles]")
        yield from (f'{one.role} = "{_KEYS[one.role]}"' for one in draft.header)
        for one in draft.header:
            yield ""
            yield from self.said_of(one)
            yield from (
                "[[header]]",
                f'key = "{_KEYS[one.role]}"',
                f"label = {_quote(one.label)}",
                f'kind = "{one.kind}"',
            )
        for place, part in enumerate(draft.parts, 1):
            yield from (
                "",
                "[[section]]",
                f'key = "s{place}"',
                f"number = {_quote(part.number)}",
                f"label = {_quote(part.label)}",
            )
            groups = list(dict.fromkeys(question.group for question in part.questions if question.group))
            if groups:
                entries = ", ".join(
                    f'{{ key = "g{n}", number = {_quote(one.number)}, label = {_quote(one.words)} }}'
                    for n, one in enumerate(map(read_label, groups), 1)
                )
                yield f"group = [{entries}]"
            for question in _apart(part.questions):
                key = question.key
                self.keyed.append((key, question))
                yield ""
                yield from self.said_of(question)
                yield "[[section.field]]"
                yield f'key = "{key}"'
                yield from self.question(question)
                if question.group:
                    yield f'group = "g{groups.index(question.group) + 1}"'

    def said_of(self, question: Question) -> Iterator[str]:
        yield f"# {question.place}"
        for doubt in question.doubts:
            yield self.doubt(doubt)

    def doubt(self, doubt: Doubt) -> str:
        return _comment(doubt.say(self.draft.language))

    def question(self, question: Question) -> Iterator[str]:
        yield f"label = {_quote(question.label)}"
        kind, _, cell = question.kind.partition(" ")
        yield f'kind = "{kind}"'
        if question.number:
            yield f"number = {_quote(question.number)}"
        if question.instruction:
            yield f"instruction = {_quote(question.instruction)}"
        if cell and question.matrix:
            unit = f", unit = {_quote(question.unit)}" if question.unit else ""
            yield f'cell = {{ kind = "{cell}"{unit}, aggregate = "sum" }}'
            yield from _axis("rows", question.matrix.rows)
            yield from _axis("columns", question.matrix.columns)
            if question.matrix.closed:
                yield f"closed = [{', '.join(map(_quote, question.matrix.closed))}]"
            return
        yield from self.rest(question)

    def rest(self, question: Question) -> Iterator[str]:
        if question.unit and question.kind in _SUMMED:
            yield f"unit = {_quote(question.unit)}"
        if question.kind in _SUMMED and not question.formula:
            yield 'aggregate = "sum"'
        if question.formula:
            yield f"formula = {_quote(question.formula)}"
            yield f"decimals = {question.decimals}"
        if question.choices:
            yield f"choices = [{_choices(question)}]"
        if question.columns:
            yield f"rows = {question.rows}"
            yield "columns = ["
            for place, column in enumerate(question.columns, 1):
                yield f"    # {column.place}"
                yield from (f"    {self.doubt(doubt)}" for doubt in column.doubts)
                unit = f", unit = {_quote(column.unit)}" if column.unit and column.kind in _SUMMED else ""
                summed = ', aggregate = "sum"' if column.kind in _SUMMED else ""
                choices = f", choices = [{_choices(column)}]" if column.choices else ""
                said = f'key = "c{place}", label = {_quote(column.label)}, kind = "{column.kind}"'
                yield f"    {{ {said}{unit}{summed}{choices} }},"
            yield "]"

    def cells(self) -> Iterator[str]:
        yield _comment(text("drafting.cells_comment", self.draft.language))
        yield from self.rules()
        yield from ("", "[cells]")
        tables = []
        for key, question in self.keyed:
            if question.kind == "table":
                tables.append((key, question))
                continue
            yield f"{key} = {{ {_limits(question)} }}"
        for key, question in tables:
            yield from ("", f"[cells.{key}]", 'type = "table"', 'meta = { type = "F1" }', 'schema.type = "dict"')
            yield from ("", f"[cells.{key}.schema.schema]")
            yield from (f"c{place} = {{ {_limits(one)} }}" for place, one in enumerate(question.columns, 1))

    def rules(self) -> Iterator[str]:
        yield from self.rule("F1", "drafting.read_rule", *self.example_of_type())
        limited = [(key, one) for key, one in self.keyed if one.least or one.most or one.longest]
        if limited or any(
            column.least or column.most or column.longest for _, one in self.keyed for column in one.columns
        ):
            yield from self.rule("F2", "drafting.bound_rule", *self.example_of_limit())

    def rule(self, name: str, key: str, right: str, wrong: str) -> Iterator[str]:
        title, message, expected = text(key, self.draft.language, **_LATER).split("|")
        yield from (
            "",
            f"[rules.{name}]",
            f"title = {_quote(title)}",
            'severity = "error"',
            f"basis = {_quote(self.draft.title)}",
        )
        yield from (
            f"message = {_quote(message)}",
            f"expected = {_quote(expected)}",
            f"ok = [{right}]",
            f"bad = [{wrong}]",
        )

    def example_of_type(self) -> tuple[str, str]:
        """Return an answer that can be read, and one that cannot."""
        for key, question in self.keyed:
            if question.formula:
                continue
            if question.kind in _BAD:
                return "{}", f"{{ {key} = {_BAD[question.kind]} }}"
            for place, column in enumerate(question.columns, 1):
                if column.kind in _BAD:
                    return "{}", f"{{ {key} = [{{ c{place} = {_BAD[column.kind]} }}] }}"
            if question.matrix:
                cell = Path(key, _first(question.matrix.columns), _first(question.matrix.rows))
                return "{}", f'{{ "{cell}" = {_BAD["count"]} }}'
        key, question = self.keyed[0]
        return "{}", f"{{ {key} = 1 }}"

    def example_of_limit(self) -> tuple[str, str]:
        for key, question in self.keyed:
            for inside, one in ((key, question), *((f"c{n}", column) for n, column in enumerate(question.columns, 1))):
                if not (one.least or one.most or one.longest):
                    continue
                right, wrong = _inside(one), _outside(one)
                if one is question:
                    return f"{{ {key} = {right} }}", f"{{ {key} = {wrong} }}"
                return f"{{ {key} = [{{ {inside} = {right} }}] }}", f"{{ {key} = [{{ {inside} = {wrong} }}] }}"
        return "{}", "{}"


def _inside(one: Question) -> str:
    return '"a"' if one.longest else one.least or one.most


def _outside(one: Question) -> str:
    if one.longest:
        return _quote("a" * (int(one.longest) + 1))
    whole = int(Decimal(one.least or one.most))
    return str(whole - 1) if one.least else str(whole + 1)


def _limits(question: Question) -> str:
    kind = question.kind.partition(" ")[2] or question.kind
    said = {"min": question.least, "max": question.most, "maxlength": question.longest}
    given = {name: value for name, value in said.items() if value}
    meta = ", ".join(['type = "F1"', *(f'{name} = "F2"' for name in given)])
    return ", ".join(
        [f'type = "{kind}"', *(f"{name} = {value}" for name, value in given.items()), f"meta = {{ {meta} }}"]
    )


def _axis(name: str, heads: Sequence[Head]) -> Iterator[str]:
    yield f"{name} = ["
    yield from (f"    {_line(name, head)}," for head in heads)
    yield "]"


def _line(name: str, head: Head) -> str:
    number = f", number = {_quote(head.number)}" if head.number else ""
    named = isinstance(head.sums, tuple)
    said = f"[{', '.join(map(_quote, head.sums))}]" if named else _quote(str(head.sums))
    sums = f", sum = {said}" if head.sums else ""
    below = f", {name} = [{', '.join(_line(name, one) for one in head.below)}]" if head.below else ""
    return f'{{ key = "{head.key}"{number}, label = {_quote(head.label)}{sums}{below} }}'


def _first(heads: Sequence[Head]) -> str:
    """Return the key of the first line that is no total."""
    for head in heads:
        if head.below and (found := _first(head.below)):
            return found
        if not head.below and not head.sums:
            return head.key
    return ""


def _choices(question: Question) -> str:
    return ", ".join(
        f'{{ key = "o{place}", label = {_quote(label)} }}' for place, label in enumerate(question.choices, 1)
    )


def _apart(questions: Sequence[Question]) -> Sequence[Question]:
    """Return the questions, those with a label that stood before with their cell behind it."""
    seen: set[tuple[str, str]] = set()
    for question in questions:
        if (question.group, question.label) in seen:
            question.label = f"{question.label} {question.place.rpartition('!')[2]}"
        seen.add((question.group, question.label))
    return questions


def _quote(said: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(said, ensure_ascii=False).replace("\x7f", "")


def _comment(said: str) -> str:
    """Return a text as comments of TOML, a line each."""
    return "\n".join(f"# {line}" for line in said.splitlines())
