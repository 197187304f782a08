"""Whatever is answered comes back as it was answered: written by gwxl, filled in by a program, typed by a person."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.workbook.workbook import Workbook

from gwxl.form.definition import Field, Form, Kind
from gwxl.form.identity import issue_identity
from gwxl.form.layout import Layout, lay_out
from gwxl.intake import check_file
from gwxl.intake.around import UNDATED
from gwxl.records.path import Path as FormPath
from gwxl.records.receipt import Receipt
from gwxl.records.submission import CellRef, Status
from gwxl.rules.rule import Limits
from gwxl.rules.ruleset import RuleSet
from gwxl.template import write_template
from tests.support.clients.libreoffice import Document, LibreOffice
from tests.support.command import document
from tests.support.filling import entries, put
from tests.support.submissions import drill_form, drill_rules, report_form, report_rules

YEAR = 2026

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
NOTHING = re.compile(r"[\s0无零〇/\\|_.—–−-]*")  # a word that says there is nothing: its reading is the rules' business
CODE_WORDS = ("0000000001", "bm00000001", "京ICP备05060933号-1", "007", "0", "00-1 2", "=1", "+86")
CODE_ALPHABET = "0123456789ABab-（）号备"

Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Filled:
    """Hold what one site fills in: by field key, around the form, and in the explanation cells."""

    values: Values
    surround: Values
    explanations: Mapping[str, str]

    @property
    def entered(self) -> Values:
        """Return everything that goes into input cells."""
        return {**self.values, **self.surround}


# What may be answered


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
        Kind.TEXT: lambda: texts(limits, lines=lines),
        Kind.URL: lambda: addresses(limits),
        Kind.CODE: lambda: codes(limits),
        Kind.COUNT: lambda: counts(limits),
        Kind.DECIMAL: lambda: decimals(limits),
        Kind.DATE: lambda: DATES,
        Kind.YES_NO: st.booleans,
    }
    return drawn[kind]()


def fields(asked: Field, rules: RuleSet, *, lines: bool) -> st.SearchStrategy[Any]:
    """Draw the answers of a field; None leaves it blank, which required ones never are."""
    if asked.kind is Kind.CHOICE:
        strategy: st.SearchStrategy[Any] = st.sampled_from([choice.key for choice in asked.choices])
    elif asked.kind is Kind.CHOICES:
        ticked = st.sets(st.sampled_from([choice.key for choice in asked.choices]))
        return ticked.map(lambda keys: tuple(choice.key for choice in asked.choices if choice.key in keys))
    elif asked.kind is Kind.TABLE:
        return st.lists(table_rows(asked, rules, lines=lines), max_size=asked.rows).map(tuple)
    else:
        strategy = scalars(asked.kind, rules.limits(asked.path), lines=lines)
    return strategy if rules.limits(asked.path).required else st.none() | strategy


def table_rows(asked: Field, rules: RuleSet, *, lines: bool) -> st.SearchStrategy[Mapping[str, Any]]:
    """Draw rows of a table with at least one cell that is not blank."""
    cells = {
        column.key: scalars(column.kind, rules.limits(FormPath(asked.key, column.key, 1)), lines=lines)
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
        lambda some, around, said: Filled(values=filled(some), surround=around, explanations=said),
        st.fixed_dictionaries(values),
        st.fixed_dictionaries({}, optional=surround),
        st.dictionaries(places, notes, max_size=6),
    )


def filled(values: Values) -> Values:
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
    wide = {char: unicodedata.normalize("NFKC", char) for char in value if 0xFF01 <= ord(char) <= 0xFF5E}
    return value.translate(str.maketrans(wide))


def scalar_as_read(kind: Kind, value: Any) -> Any:
    """Return what an answer of a kind comes back as."""
    return as_read(narrow(value) if kind in {Kind.CODE, Kind.URL} else value)


def values_as_read(form: Form, values: Values) -> Values:
    """Return what the answers by field key come back as; blank ones are absent."""
    expected: dict[str, Any] = {}
    for key, value in values.items():
        asked = form.field_of(FormPath.parse(key))
        if asked.kind is Kind.TABLE:
            kinds = {column.key: column.kind for column in asked.columns}
            expected[key] = tuple(
                filled({column: scalar_as_read(kinds[column], entry) for column, entry in row.items()}) for row in value
            )
        else:
            expected[key] = value if isinstance(value, tuple) else scalar_as_read(asked.kind, value)
    return filled(expected)


def notes_as_read(explanations: Mapping[str, str]) -> Mapping[str, str]:
    """Return what the explanations come back as: blanks around them go, an apostrophe stays."""
    return {path: note.strip(BLANKS) for path, note in explanations.items()}


def typed(value: Any) -> Any:
    """Return a value with the types inside it, so that True is not 1 and 2 is not 2.0."""
    if isinstance(value, Mapping):
        return {key: typed(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [typed(item) for item in value]
    return type(value).__name__, value


def differences(found: Values, expected: Values) -> Mapping[str, tuple[Any, Any]]:
    """Return key → (found, expected) where they differ in value or type."""
    keys = sorted({*found, *expected})
    pairs = {key: (typed(found.get(key)), typed(expected.get(key))) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def assert_read(receipt: Receipt, some: Filled, form: Form) -> None:
    """Demand that every value, and nothing else, came back, and that nothing about the file was noticed."""
    assert receipt.submission is not None
    assert receipt.status in {Status.OK, Status.FINDINGS}, receipt.reason
    assert differences(receipt.submission.values, values_as_read(form, some.values)) == {}
    assert differences(receipt.submission.surround, values_as_read(form, some.surround)) == {}
    assert differences(receipt.submission.explanations, notes_as_read(some.explanations)) == {}
    changed = {change.key for change in receipt.submission.changes}
    assert changed == changed_paths(form, some.values)


def changed_paths(form: Form, values: Values) -> set[str]:
    """Return the paths whose entry is not what is read: only there reading has something to log."""
    return {
        path
        for path, kind, entry in entries(form, values)
        if kind is Kind.DATE or (isinstance(entry, str) and scalar_as_read(kind, entry) != entry)
    }


def strange(receipt: Receipt, rules: RuleSet) -> list[tuple[str, str | None]]:
    """Return the findings that no rule of the form made: what was noticed about the file itself."""
    ruled = {rule.id for rule in rules.rules} | UNDATED  # any day is drawn for the date of the report
    return [(finding.id, finding.key) for finding in receipt.findings if finding.id not in ruled]


# Written by gwxl, filled in by openpyxl

RULES = {"report": report_rules, "drill": drill_rules}
LOOKED_AT = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    phases=[Phase.generate],  # shrinking a whole return takes minutes
)


@pytest.mark.parametrize("form", ["report", "drill"])
def test_answers_written_by_gwxl_come_back(form: str, tmp_path: Path) -> None:
    """A workbook made with answers holds exactly those answers; a number of 15 digits is still the same."""
    rules = RULES[form]()

    @settings(LOOKED_AT, max_examples=8)
    @given(forms(rules))
    def holds(some: Filled) -> None:
        path = tmp_path / "填好.xlsx"
        write_template(rules, path, identity=issue_identity(rules.form, year=YEAR), answers=some.entered, force=True)
        (receipt,) = check_file(path, path.name, [rules])
        bare = Filled(values=some.values, surround=some.surround, explanations={})
        assert_read(receipt, bare, rules.form)
        assert strange(receipt, rules) == []

    holds()


@pytest.fixture(scope="module", params=sorted(RULES))
def blank(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[RuleSet, Path]:
    """Write the blank template of a form once."""
    rules = RULES[request.param]()
    path = tmp_path_factory.mktemp("blank") / "模板.xlsx"
    write_template(rules, path, identity=issue_identity(rules.form, year=YEAR))
    return rules, path


def test_answers_filled_in_by_openpyxl_come_back(blank: tuple[RuleSet, Path], tmp_path: Path) -> None:
    """What another program puts into the blank template is read as it was put there, explanations included."""
    rules, template = blank
    book, layout = openpyxl.load_workbook(template), lay_out(rules.form)

    @LOOKED_AT
    @given(forms(rules))
    def holds(some: Filled) -> None:
        fill_in(book, layout, some)
        path = tmp_path / "填好.xlsx"
        book.save(path)
        (receipt,) = check_file(path, path.name, [rules])
        assert_read(receipt, some, rules.form)
        assert strange(receipt, rules) == []

    holds()


def fill_in(book: Workbook, layout: Layout, some: Filled) -> None:
    """Empty every input of an open workbook, then fill in what one site answers."""
    for cell in (*layout.cells.values(), *layout.explanations.values()):
        book[cell.sheet].cell(cell.row, cell.column).value = None
    for path, kind, entry in entries(layout.form, some.entered):
        put(book, layout.cells[path], kind, entry)
    for path, note in some.explanations.items():
        put(book, layout.explanations[path], Kind.TEXT, note)


def test_rows_of_a_table_may_leave_gaps(blank: tuple[RuleSet, Path], tmp_path: Path) -> None:
    """Rows are counted as they are started: empty ones between them do not count."""
    rules, template = blank
    book, layout = openpyxl.load_workbook(template), lay_out(rules.form)
    (table,) = layout.tables
    (first, *_) = [column for column in table.field.columns if column.kind is Kind.TEXT]
    for row, word in ((2, "甲"), (5, "=乙"), (table.field.rows, "丙")):
        put(book, layout.cells[f"{table.field.key}[{row}].{first.key}"], Kind.TEXT, word)
    book.save(tmp_path / "a.xlsx")
    (receipt,) = check_file(tmp_path / "a.xlsx", "a.xlsx", [rules])
    assert receipt.submission is not None
    assert receipt.submission.values == {table.field.key: ({first.key: "甲"}, {first.key: "=乙"}, {first.key: "丙"})}
    assert receipt.submission.answers[f"{table.field.key}[2].{first.key}"].cell == CellRef(
        table.sheet, table.first_row + 4, table.columns[first.key]
    )


# Typed into LibreOffice

TYPED_FORMS = 3


def drawn(rules: RuleSet, count: int) -> list[Filled]:
    """Return some returns, the same each time: the plainest one first."""
    found: list[Filled] = []

    @settings(LOOKED_AT, max_examples=count, phases=[Phase.generate])
    @given(forms(rules, lines=False))
    def collect(some: Filled) -> None:
        found.append(some)

    collect()
    return found


def test_answers_entered_in_libreoffice_come_back(soffice: LibreOffice, tmp_path: Path) -> None:
    """Every input of the real template, filled in and saved by LibreOffice, is in what ``gwxl check`` prints."""
    rules = report_rules()
    layout = lay_out(rules.form)
    template = tmp_path / "模板.xlsx"
    write_template(rules, template, identity=issue_identity(rules.form, year=YEAR))
    returns = {tmp_path / f"{number}.xlsx": some for number, some in enumerate(drawn(rules, TYPED_FORMS))}
    for path, some in returns.items():
        with soffice.open(template) as office:
            assert list(refused_entries(office, layout, some)) == []
            office.save(path)
    found = document("check", *returns, cwd=tmp_path, code=1)["files"]
    assert [file["file"] for file in found] == [str(path) for path in returns]
    ruled = {rule.id for rule in rules.rules} | UNDATED  # any day is drawn for the date of the report
    for file, some in zip(found, returns.values(), strict=True):
        assert file["status"] == "findings"
        assert [one["id"] for one in file["findings"] if one["id"] not in ruled] == []
        assert differences(file["values"], values_as_read(rules.form, some.values)) == {}
        assert differences(file["explanations"], notes_as_read(some.explanations)) == {}
    for path, some in returns.items():
        (receipt,) = check_file(path, path.name, [rules])
        assert_read(receipt, some, rules.form)


def refused_entries(office: Document, layout: Layout, some: Filled) -> Iterator[tuple[str, str]]:
    """Enter everything a site answers; yield path and entry of each that the cell did not take."""
    for path, _, entry in entries(layout.form, some.entered):
        cell = layout.cells[path]
        written = f"{entry:f}" if isinstance(entry, Decimal) else str(entry)
        if not office.enter(cell.sheet, cell.address, written):
            yield path, written
    for path, note in some.explanations.items():
        cell = layout.explanations[path]
        if not office.enter(cell.sheet, cell.address, note):
            yield path, note


# What was drawn


def test_what_is_drawn_covers_what_is_asked() -> None:
    """The returns above are not all alike: every field, choice and column is filled, and the odd texts come up."""
    rules = report_rules()
    returns = drawn(rules, 120)
    form = report_form()
    paths = {path for some in returns for path, _, _ in entries(form, some.entered)}
    first_rows = {path for path in lay_out(form).cells if path.number <= 1}
    assert first_rows <= paths
    texts_drawn = {entry for some in returns for _, _, entry in entries(form, some.entered) if isinstance(entry, str)}
    assert {"=1+1", "@SUM(A1)", "_x0041_"} <= texts_drawn
    assert any("𠮷" in text for text in texts_drawn)
    assert any(text != as_read(text) for text in texts_drawn)
    assert max(some.values["release_total"] for some in returns) > 10**14
    assert {len(some.values.get("other_media", ())) for some in returns} >= {0, 1, 2}
    assert drill_form().fields.keys() <= {key for some in drawn(drill_rules(), 20) for key in some.values}
