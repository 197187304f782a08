"""Whole returns of a form: what may be answered, drawn, and what reading makes of it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from gwxl.form import kinds
from gwxl.form.definition import Field, Form
from gwxl.form.kinds import Kind
from gwxl.form.layout import lay_out
from gwxl.records.path import Path
from gwxl.rules.rule import Limits
from gwxl.rules.ruleset import RuleSet
from tests.support.draws import draws

BLANKS = " \t\n\u3000\u00a0"
WORDS = (
    "=1+1",
    "+86 10 0000",
    "-1",
    "@SUM(A1)",
    "#N/A",
    "'引用'",
    "'只有前面",
    "“网站”",
    '"引号"',
    "𠮷野家𡃁",
    "_x0041_",
    "0012",
    "1e5",
    "TRUE",
    "是",
    "2026-01-05",
    "{field}",
    "[red]<b>&amp;",
    "http://x",
    "external:\\\\h\\a",
    "10² ①",
    "ｆｕｌｌ，１",
    "甲 乙　丙",
    "上\n下",
    "　前后有空　",
    "👨\u200d👩 一家",
    "'",
)
ALPHABET = "甲乙丙站网的〇𠮷𡃁aZ09 .,;:!?=+-@'\"“”‘’<>&%_#|/\\()（），。、　é②＝"
NOTHING = re.compile(r"[\s'0无零〇/\\|_.—–−-]*")  # says there is nothing: its reading is the rules' business
CODE_WORDS = ("0000000001", "bm00000001", "京ICP备05060933号-1", "007", "0", "00-1 2", "=1", "+86")
CODE_ALPHABET = "0123456789ABab-（）号备"
Values = Mapping[str, Any]
LOOKED_AT = settings(
    max_examples=draws(10, full=40),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    phases=[Phase.generate],  # shrinking a whole return takes minutes
)


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What one site fills in: by field key, around the form, and in the explanation cells."""

    values: Values
    surround: Values
    explanations: Mapping[str, str]

    @property
    def entered(self) -> Values:
        """Return everything that goes into input cells."""
        return {**self.values, **self.surround}


def texts(limits: Limits, *, lines: bool) -> st.SearchStrategy[str]:
    """Draw free texts, odd ones among them, within length and pattern."""
    longest = min(limits.max_length or 40, 40)
    words = [word for word in WORDS if len(word) <= longest and (lines or "\n" not in word)]
    free = st.one_of(st.sampled_from(words), st.text(ALPHABET, min_size=1, max_size=longest))
    free = free.filter(lambda text: not NOTHING.fullmatch(text) or not as_read(text))
    if limits.pattern is None:
        return free
    return st.tuples(st.sampled_from("甲乙站"), free).map("".join).filter(re.compile(limits.pattern).fullmatch)


def codes(limits: Limits) -> st.SearchStrategy[str]:
    """Draw codes: by their pattern, else letters and digits; what looks like 1E5 is a number that lost digits."""
    if limits.pattern is not None:
        return st.from_regex(limits.pattern, fullmatch=True, alphabet=st.characters(max_codepoint=126))
    free = st.one_of(st.sampled_from(CODE_WORDS), st.text(CODE_ALPHABET, min_size=1, max_size=20))
    return free.filter(lambda code: not NOTHING.fullmatch(code) and not re.fullmatch(r"[0-9]+[eE]\+?[0-9]+", code))


def addresses(limits: Limits) -> st.SearchStrategy[str]:
    """Draw addresses of home pages."""
    label = st.text("abcxyz019", min_size=1, max_size=8)
    parts = st.tuples(st.sampled_from(["http://", "https://", ""]), label, st.sampled_from([".gov.cn", ".cn:8080"]))
    tail = st.sampled_from(["", "/", "/index.html", "/网站/?q=1&r=a%20b#x"])
    whole = re.compile(limits.pattern or ".*")
    return st.tuples(parts, tail).map(lambda drawn: "".join(drawn[0]) + drawn[1]).filter(whole.fullmatch)


def counts(limits: Limits) -> st.SearchStrategy[int]:
    """Draw counts up to the 15 digits a cell holds."""
    low, high = int(limits.minimum or 0), int(limits.maximum or 10**15 - 1)
    return st.one_of(st.integers(low, min(high, 9_999)), st.integers(low, high), st.sampled_from([low, high]))


def decimals(limits: Limits) -> st.SearchStrategy[Decimal]:
    """Draw decimals of up to 15 digits, up to 8 of them behind the point."""
    low, high = limits.minimum or Decimal(0), limits.maximum or Decimal(10**15)
    drawn = st.tuples(counts(Limits()), st.integers(0, 8)).map(lambda pair: Decimal(pair[0]).scaleb(-pair[1]))
    return drawn.filter(lambda number: low <= number <= high)


DATES = st.dates(date(1900, 1, 1), date(9999, 12, 31)).map(date.isoformat)


def scalars(kind: Kind, limits: Limits, *, lines: bool) -> st.SearchStrategy[Any]:
    """Draw the answers of an input that is no choice and no table."""
    drawn = {
        kinds.TEXT: lambda: texts(limits, lines=lines),
        kinds.URL: lambda: addresses(limits),
        kinds.CODE: lambda: codes(limits),
        kinds.COUNT: lambda: counts(limits),
        kinds.DECIMAL: lambda: decimals(limits),
        kinds.DATE: lambda: DATES,
        kinds.YES_NO: st.booleans,
    }
    return drawn[kind]()


def fields(asked: Field, rules: RuleSet, *, lines: bool) -> st.SearchStrategy[Any]:
    """Draw the answers of a field; None leaves it blank, which required ones never are."""
    if asked.kind is kinds.CHOICE:
        strategy: st.SearchStrategy[Any] = st.sampled_from([choice.key for choice in asked.choices])
    elif asked.kind is kinds.CHOICES:
        ticked = st.sets(st.sampled_from([choice.key for choice in asked.choices]))
        return ticked.map(lambda keys: tuple(choice.key for choice in asked.choices if choice.key in keys))
    elif asked.kind is kinds.TABLE:
        return st.lists(table_rows(asked, rules, lines=lines), max_size=asked.rows).map(tuple)
    else:
        strategy = scalars(asked.kind, rules.limits(Path.parse(asked.key)), lines=lines)
    return strategy if rules.limits(Path.parse(asked.key)).required else st.none() | strategy


def table_rows(asked: Field, rules: RuleSet, *, lines: bool) -> st.SearchStrategy[Mapping[str, Any]]:
    """Draw rows of a table with at least one cell that is not blank."""
    cells = {
        column.key: scalars(column.kind, rules.limits(Path.parse(f"{asked.key}[1].{column.key}")), lines=lines)
        for column in asked.columns
    }
    return st.fixed_dictionaries({}, optional=cells).filter(lambda row: any(as_read(value) for value in row.values()))


def forms(rules: RuleSet, *, lines: bool = True) -> st.SearchStrategy[Filled]:
    """Draw whole returns of a form; ``lines`` allows line breaks."""
    form = rules.form
    values = {key: fields(asked, rules, lines=lines) for key, asked in form.fields.items()}
    surround = {key: scalars(asked.kind, Limits(), lines=lines) for key, asked in form.surround.items()}
    notes = st.sampled_from([word for word in WORDS if lines or "\n" not in word])
    places = st.sampled_from(sorted(lay_out(form).explanations))
    return st.builds(
        lambda some, around, said: Filled(values=drop_blanks(some), surround=around, explanations=said),
        st.fixed_dictionaries(values),
        st.fixed_dictionaries({}, optional=surround),
        st.dictionaries(places, notes, max_size=6),
    )


def drop_blanks(values: Values) -> Values:
    """Return the values that are not blank."""
    return {key: value for key, value in values.items() if value is not None and value != ()}


# What reading makes of it, worked out without the reader


def as_read(value: Any) -> Any:
    """Return what a value comes back as.

    Reading drops blanks around a text and one apostrophe typed to keep it a text, unless it is a quotation; a
    decimal without a fraction is a whole number; a cell with nothing but blanks is blank (None).
    """
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else value
    if not isinstance(value, str):
        return value
    bare = value.strip(BLANKS)
    if bare.startswith("'") and (bare == "'" or not bare.endswith("'")):
        bare = bare[1:].strip(BLANKS)
    return bare or None


def narrow(value: Any) -> Any:
    """Return a code or address as it is read: full-width signs are the usual ones."""
    if not isinstance(value, str):
        return value
    wide: dict[str, str | int | None] = {
        char: unicodedata.normalize("NFKC", char) for char in value if 0xFF01 <= ord(char) <= 0xFF5E
    }
    return value.translate(str.maketrans(wide))


def scalar_as_read(kind: Kind, value: Any) -> Any:
    """Return what an answer of a kind comes back as."""
    return as_read(narrow(value) if kind in {kinds.CODE, kinds.URL} else value)


def values_as_read(form: Form, values: Values) -> Values:
    """Return what the answers by field key come back as; blank ones are absent."""
    expected: dict[str, Any] = {}
    for key, value in values.items():
        asked = form.field_of(Path.parse(key))
        if asked.kind is kinds.TABLE:
            inner = {column.key: column.kind for column in asked.columns}
            expected[key] = tuple(
                drop_blanks({column: scalar_as_read(inner[column], entry) for column, entry in row.items()})
                for row in value
            )
        else:
            expected[key] = value if isinstance(value, tuple) else scalar_as_read(asked.kind, value)
    return drop_blanks(expected)


def notes_as_read(explanations: Mapping[str, str]) -> Mapping[str, str]:
    """Return what the explanations come back as: blanks around them go, an apostrophe stays."""
    return {path: note.strip(BLANKS) for path, note in explanations.items()}


def add_types(value: Any) -> Any:
    """Return a value with the types inside it, so that True is not 1 and 2 is not 2.0."""
    if isinstance(value, Mapping):
        return {key: add_types(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [add_types(item) for item in value]
    return type(value).__name__, value


def differences(found: Values, expected: Values) -> Mapping[str, tuple[Any, Any]]:
    """Return key → (found, expected) where they differ in value or type."""
    keys = sorted({*found, *expected})
    pairs = {key: (add_types(found.get(key)), add_types(expected.get(key))) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
