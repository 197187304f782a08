"""Random forms for the live checks: what is put into which cell, drawn by a seed from the rules themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from gwxl.form import kinds
from gwxl.form.definition import Form
from gwxl.form.kinds import Kind
from gwxl.form.layout import Layout
from gwxl.form.parts import Choice
from gwxl.records.path import Path
from gwxl.records.submission import Change, Unread
from gwxl.rules.expression import Number, walk
from gwxl.rules.relations import Relation
from gwxl.rules.rule import Rule, RuleKind
from gwxl.rules.ruleset import RuleSet

Entry = bool | float | str | None
"""A number, a text, true or false, a formula that begins with ``=``, or None for nothing."""

ERROR = "=1/0"
BLANKS = (
    " ",
    "\u00a0",
    "\u3000 ",
    "\u200b",
    " \t",
    "\n",
    "'",
    "\ufeff\u00a0",
    "\u3164\u3164",
    "\u200c\u00ad",
    "\u2800 ",
)
NUMBER_TEXTS = (
    "12",
    "１２",
    " 7 ",
    "1,234",
    "1.2万",
    "约300",
    "300条",
    "1/2",
    "0x10",
    "12 34",
    "一百二十",
    "1e3",
    "-5",
    "<5",
    "*",
    "~5",
    "120 150",
    "12~15",
)
WORDS = ("无", " 无 ", "没有", "暂无", "/", "／", "—", "——", "-", "N/A", "ｎ／ａ", "0", "０", "不涉及", "'无")
TEXTS = (
    "示例",
    "\u202a示例\u202c\u3164",
    "示例 发布",
    "a;b",
    "甲、乙",
    "两\n行",
    "示例、",
    "县府办",
    "财政部",
    "正在办理中",
    "备案",
    "--/",
    "*",
    "?~",
    "~*",
    "<5",
    ">=0",
    '说"好"',
    "'引'",
    "a * b",
    "字" * 256,
)
CODES = (
    *("0000000001", "bm00000001", "000000001", "00000000011", "bm0000001", "BM00000001", "1E5", "1.1E+9", "1.e5"),
    *("００００００００１１", "00000 0001", " 0000000001　", "0000000001\n", "12345678.0", "+000000001"),
)
YES_NO = (
    "*",
    "?",
    "~是",
    "<5",
    "是",
    "否",
    " 是",
    "\u3164是\u00ad",
    "√",
    "✓",
    "Y",
    "no",
    "ＹＥＳ",
    "部分是",
    "是否",
    "有",
    "×",
    "☒",
    "是 否",
)
TICKS = ("*", "?", "<5", "√", "✓", "×", "□", "■", "是", "no", "x", "☒", "不", " √ ", "V")


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One form: path → entry of the inputs, path → entry of the explanations."""

    entries: Mapping[str, Entry]
    remarks: Mapping[str, Entry] = field(default_factory=dict)

    def by_sheet(self, layout: Layout) -> Mapping[str, dict[str, Entry]]:
        """Return sheet → address → entry, every input named so that what stood there before goes."""
        sheets: dict[str, dict[str, Entry]] = {}
        for places, given in ((layout.cells, self.entries), (layout.explanations, self.remarks)):
            for path, cell in places.items():
                if layout.form.field_of(path).is_calculated and given is self.entries:
                    continue
                sheets.setdefault(cell.sheet, {})[cell.address] = given.get(path)
        return sheets


class Drawer:
    """A drawer of forms of one rule set."""

    def __init__(self, rules: RuleSet, good: Mapping[str, Any]) -> None:
        """Take the rules, and a complete return without any fault."""
        self.rules = rules
        self.form: Form = rules.form
        self.good = good
        self.limits = tuple(sorted({near for limit in _constants(rules) for near in (limit - 1, limit, limit + 1)}))

    def example(self, rule: Rule, example: Mapping[str, Any]) -> Drawn:
        """Return the good return with an example of a rule in it; for a cell's rule all else stays good."""
        between = rule.kind is not RuleKind.CELL
        values = {**self.good, **dict.fromkeys(rule.fields if between else ()), **_plain(example)}
        if not between and not example:
            values |= dict.fromkeys(rule.fields)
        return Drawn(entries=dict(self._entries(values)))

    def draw(self, seed: int) -> Drawn:
        """Return the form of a seed: small numbers that often meet, boundaries, and every sort of mistake."""
        random = Random(seed)
        mistakes = random.choice((0.0, 0.02, 0.08, 0.3))
        blanks = random.choice((0.0, 0.05, 0.3, 0.9))
        values = dict(self._entries(self.good))
        top = random.choice((1, 3, 9, 120, 10**6, 10**12))
        for path, cell_kind in self._inputs():
            if cell_kind.is_number:
                values[path] = self._number(random, top, cell_kind)
            elif random.random() < 0.5:
                values[path] = self._other(random, path, cell_kind)
            if random.random() < mistakes:
                values[path] = self._mistake(random, cell_kind)
            if random.random() < blanks:
                values[path] = random.choice((None, None, None, *BLANKS))
        for path in [path for path in values if "[" in path]:
            if random.random() < 0.5:
                values[path] = None
        self._meet(random, values)
        return Drawn(entries=values, remarks=self._remarks(random))

    def _inputs(self) -> Iterator[tuple[str, Kind]]:
        for asked in self.form.fields.values():
            for path in () if asked.is_calculated else asked.paths:
                yield path, asked.kind
            for row in (1, 2, asked.rows) if asked.kind is kinds.TABLE else ():
                yield from ((f"{asked.key}[{row}].{column.key}", column.kind) for column in asked.columns)

    def _number(self, random: Random, top: int, kind: Kind) -> float:
        roll = random.random()
        number: float = random.choice(self.limits) if roll < 0.25 else random.randint(0, top)
        if kind is kinds.DECIMAL and random.random() < 0.6:
            number += random.choice((0.5, 0.1, 0.25, -0.5, 0.001, 0.3))
        return round(number, 4)

    def _meet(self, random: Random, values: dict[str, Entry]) -> None:
        """Make operands of relations equal, or one apart."""
        for relation in random.sample(self.rules.relations, min(12, len(self.rules.relations))):
            numbers = [name for name in relation.names if isinstance(values.get(name), int | float)]
            if len(numbers) > 1:
                one, other = random.sample(numbers, 2)
                values[one] = float(values[other] or 0) + random.choice((-1, 0, 0, 1))

    def _other(self, random: Random, path: str, kind: Kind) -> Entry:
        if kind is kinds.YES_NO:
            return random.choice(("是", "否", "是", "否", *YES_NO, True, False, 1.0, 0.0, 2.0))
        if kind is kinds.CHOICES:
            return random.choice((None, "√", *TICKS, True, False, 0.0))
        if kind is kinds.CHOICE:
            choices = self.form.field_of(Path.parse(path)).choices
            return random.choice([*(choice.label for choice in choices), *_mistype(choices)])
        if kind is kinds.DATE:
            return float(random.randint(46_000, 46_003))
        return random.choice(
            (*TEXTS, *CODES, *WORDS, "示" * random.choice((199, 200, 201)), "字" * random.choice((20, 21)))
        )

    def _mistake(self, random: Random, kind: Kind) -> Entry:
        common: list[Entry] = [ERROR, True, False, random.choice(WORDS), random.choice(TEXTS), random.choice(BLANKS)]
        if kind.is_number:
            return random.choice([*common, -1.0, 1.5, -0.5, 0.0, *(random.choice(NUMBER_TEXTS) for _ in range(4))])
        numbers: list[Entry] = [] if kind is kinds.DATE else [0.0, 12.0, -3.0, 2.5]
        return random.choice([*common, *numbers, random.choice(NUMBER_TEXTS)])

    def _remarks(self, random: Random) -> Mapping[str, Entry]:
        share = random.choice((0.0, 0.1, 0.6))
        words: tuple[Entry, ...] = ("含上年结转", "无", "甲 乙", " 说 ", "　\u00a0", "12", 12.0, 7.0, ERROR, "已 ")
        words += ("\u3164\u3164", "\u200c\u200c", "\u2800 \u00ad", "\u00ad说\u200c", "\u202a说明\u202c")
        paths = [*self.form.fields, *(path for asked in self.form.fields.values() for path in asked.paths)]
        return {path: random.choice(words) for path in paths if random.random() < share}

    def _entries(self, values: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
        for key, value in values.items():
            asked = self.form.field_of(Path.parse(key))
            if asked.kind is kinds.YES_NO and isinstance(value, bool):
                yield key, "是" if value else "否"
            elif asked.kind is kinds.TABLE:
                for number, row in enumerate(value or (), 1):
                    yield from ((f"{key}[{number}].{column}", _entry(entry)) for column, entry in row.items())
            elif asked.kind is kinds.CHOICES and not isinstance(value, Unread):
                yield from (
                    (f"{key}.{choice.key}", "√" if choice.key in (value or ()) else None) for choice in asked.choices
                )
            elif asked.kind is kinds.CHOICES:
                yield asked.paths[0], _entry(value)
            elif asked.kind is kinds.CHOICE and value in {choice.key for choice in asked.choices}:
                yield key, asked.choice(value).label
            elif asked.kind is kinds.DATE and isinstance(value, str):
                yield key, float(_serial(value))
            else:
                yield key, _entry(value)


def _mistype(choices: Sequence[Choice]) -> Iterator[Entry]:
    """Yield what looks like a choice, or like a pattern that one would meet."""
    label = choices[0].label
    yield from (choices[0].key, "别的", f" {label}", f"{label}\u00a0", label.upper(), label.lower(), f"{label[:1]}*")
    yield from ("*", "?" * len(label), f"~{label}", "<5", f'"{label}"', f"'{label}", label[:1], "1", 1.0, 1.5, 2.0)


def _entry(value: Any) -> Entry:
    if isinstance(value, Unread):
        return ERROR if value.kind == "error_cell" else value.raw
    if isinstance(value, Change):
        return value.raw
    return float(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _plain(example: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in example.items() if not key.startswith("_")}


def _serial(day: str) -> int:
    try:
        return (date.fromisoformat(day) - date(1899, 12, 30)).days
    except ValueError:
        return 0


def _constants(rules: RuleSet) -> Iterator[int]:
    yield 0
    for relation in rules.relations:
        if isinstance(relation, Relation):
            for node in walk(relation.condition.tree):
                if isinstance(node, Number):
                    yield int(node.value)
    for cell in rules.cells.inputs.values():
        for limits in (cell.limits, *(check.limits for check in cell.checks)):
            yield from (int(limits[name]) for name in ("min", "max") if name in limits)
