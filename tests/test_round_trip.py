"""Whatever is answered comes back as it was answered: written by gwxl, filled in by a program, typed by a person."""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from openpyxl.workbook.workbook import Workbook

from gwxl.form import kinds
from gwxl.form.definition import Form
from gwxl.form.identity import issue_identity
from gwxl.form.layout import Layout, lay_out
from gwxl.inert import inert
from gwxl.intake import check_file
from gwxl.intake.around import UNDATED
from gwxl.records.cell import CellRef
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.rules.ruleset import RuleSet
from gwxl.template import write_template
from gwxl.terms import Terms
from tests.support.clients.libreoffice import Document, LibreOffice
from tests.support.command import document
from tests.support.draws import draws
from tests.support.filled_forms import (
    LOOKED_AT,
    Filled,
    Values,
    as_read,
    differences,
    forms,
    notes_as_read,
    scalar_as_read,
    values_as_read,
)
from tests.support.filling import entries, put
from tests.support.submissions import drill_form, drill_rules, report_form, report_rules

YEAR = 2026


def assert_read(receipt: Receipt, some: Filled, form: Form) -> None:
    """Demand that every value, and nothing else, came back, and that nothing about the file was noticed."""
    assert receipt.submission is not None
    assert receipt.status in {Status.OK, Status.FINDINGS}, receipt.reason
    assert differences(receipt.submission.values, values_as_read(form, some.values)) == {}
    assert differences(receipt.submission.surround, values_as_read(form, some.surround)) == {}
    assert differences(dict(receipt.submission.explanations.items()), notes_as_read(some.explanations)) == {}
    changed = {change.key for change in receipt.submission.changes}
    assert changed == find_changed(form, some.values)


def find_changed(form: Form, values: Values) -> set[str]:
    """Return the paths whose entry is not what is read: only there reading has something to log."""
    return {
        path
        for path, kind, entry in entries(form, values)
        if kind is kinds.DATE or (isinstance(entry, str) and scalar_as_read(kind, entry) != entry)
    }


def strange(receipt: Receipt, rules: RuleSet) -> list[tuple[str, str | None]]:
    """Return the findings that no rule of the form made: what was noticed about the file itself."""
    repeated = receipt.submission is not None and has_repeated_rows(receipt.submission.values)
    return [
        (finding.id, finding.key)
        for finding in receipt.findings
        if not is_expected(finding.id, finding.value, rules) and not (finding.id == "D12" and repeated)
    ]


def has_repeated_rows(values: Mapping[str, Any]) -> bool:
    """Tell whether two rows of a table were drawn with the same texts, case, width and blanks apart."""
    for rows in values.values():
        if isinstance(rows, tuple):
            found = [row for row in rows if isinstance(row, Mapping) and row]
            texts = [
                tuple(sorted((key, fold(one)) for key, one in row.items() if isinstance(one, str))) for row in found
            ]
            if any(one in texts[:place] for place, one in enumerate(texts)):
                return True
    return False


def fold(text: str) -> str:
    """Return a text as rows are compared by it."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_expected(id_: str, value: str | None, rules: RuleSet) -> bool:
    """Tell whether what is drawn may lead to a finding: by a rule, on any day of report, on a count that is a day's."""
    if id_ == "W08":
        return (date(1899, 12, 30) + timedelta(int(value or 0))).year in {YEAR, YEAR + 1}
    return id_ in UNDATED or id_ in {rule.id for rule in rules.rules}


# Written by gwxl, filled in by openpyxl

RULES = {"report": report_rules, "drill": drill_rules}


@pytest.mark.parametrize("form", ["report", "drill"])
def test_answers_written_by_gwxl_come_back(form: str, tmp_path: Path) -> None:
    """A workbook made with answers holds exactly those answers; a number of 15 digits is still the same."""
    rules = RULES[form]()

    @settings(LOOKED_AT, max_examples=draws(4, full=8))
    @given(forms(rules))
    def holds(some: Filled) -> None:
        path = tmp_path / "填好.xlsx"
        write_template(
            rules, path, identity=issue_identity(rules.form, period=Period(YEAR)), answers=some.entered, force=True
        )
        (receipt,) = check_file(path, path.name, Terms(rules))
        bare = Filled(values=some.values, surround=some.surround, explanations={})
        assert_read(receipt, bare, rules.form)
        assert strange(receipt, rules) == []

    holds()


@pytest.fixture(scope="module", params=sorted(RULES))
def blank(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[RuleSet, Path]:
    """Write the blank template of a form once."""
    rules = RULES[request.param]()
    path = tmp_path_factory.mktemp("blank") / "模板.xlsx"
    write_template(rules, path, identity=issue_identity(rules.form, period=Period(YEAR)))
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
        (receipt,) = check_file(path, path.name, Terms(rules))
        assert_read(receipt, some, rules.form)
        assert strange(receipt, rules) == []

    holds()


def fill_in(book: Workbook, layout: Layout, some: Filled) -> None:
    """Empty every input of an open workbook, then fill in what one site answers."""
    for cell in (*layout.cells.values(), *layout.explanations.values()):
        book[cell.sheet].cell(cell.row, cell.column).value = None
    for path, kind, entry in entries(layout.form, some.entered):
        put(book, layout.cells[FormPath.parse(path)], kind, entry)
    for path, note in some.explanations.items():
        put(book, layout.explanations[FormPath.parse(path)], kinds.TEXT, note)


def test_rows_of_a_table_may_leave_gaps(blank: tuple[RuleSet, Path], tmp_path: Path) -> None:
    """Rows are counted as they are started: empty ones between them do not count."""
    rules, template = blank
    book, layout = openpyxl.load_workbook(template), lay_out(rules.form)
    (table,) = layout.tables
    (first, *_) = [column for column in table.field.columns if column.kind is kinds.TEXT]
    for row, word in ((2, "甲"), (5, "=乙"), (table.field.rows, "丙")):
        put(book, layout.cells[table.path(row, first.key)], kinds.TEXT, word)
    book.save(tmp_path / "a.xlsx")
    (receipt,) = check_file(tmp_path / "a.xlsx", "a.xlsx", Terms(rules))
    assert receipt.submission is not None
    assert receipt.submission.values == {table.field.key: ({first.key: "甲"}, {first.key: "=乙"}, {first.key: "丙"})}
    assert receipt.submission.answers[FormPath.parse(f"{table.field.key}[2].{first.key}")].cell == CellRef(
        table.sheet, table.first_row + 4, table.columns[first.key]
    )


# Typed into LibreOffice

TYPED_FORMS = draws(2, full=3)


def draw_returns(rules: RuleSet, count: int) -> list[Filled]:
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
    write_template(rules, template, identity=issue_identity(rules.form, period=Period(YEAR)))
    returns = {tmp_path / f"{number}.xlsx": some for number, some in enumerate(draw_returns(rules, TYPED_FORMS))}
    for path, some in returns.items():
        with soffice.open(template) as office:
            assert list(find_refused(office, layout, some)) == []
            office.save(path)
    found = document("check", *returns, cwd=tmp_path, code=1)["files"]
    assert [file["file"] for file in found] == [str(path) for path in returns]
    for file, some in zip(found, returns.values(), strict=True):
        assert file["status"] == "findings"
        assert [one for one in file["findings"] if not is_expected(one["id"], one["value"], rules)] == []
        assert differences(file["values"], as_printed(values_as_read(rules.form, some.values))) == {}
        assert differences(file["explanations"], as_printed(notes_as_read(some.explanations))) == {}
    for path, some in returns.items():
        (receipt,) = check_file(path, path.name, Terms(rules))
        assert_read(receipt, some, rules.form)


def as_printed(value: Any) -> Any:
    """Return values as a document holds them: every text in it inert."""
    if isinstance(value, Mapping):
        return {key: as_printed(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [as_printed(item) for item in value]
    return inert(value) if isinstance(value, str) else value


def find_refused(office: Document, layout: Layout, some: Filled) -> Iterator[tuple[str, str]]:
    """Enter everything a site answers; yield path and entry of each that the cell did not take."""
    for path, _, entry in entries(layout.form, some.entered):
        cell = layout.cells[FormPath.parse(path)]
        written = f"{entry:f}" if isinstance(entry, Decimal) else str(entry)
        if not office.enter(cell.sheet, cell.address, written):
            yield path, written
    for path, note in some.explanations.items():
        cell = layout.explanations[FormPath.parse(path)]
        if not office.enter(cell.sheet, cell.address, note):
            yield path, note


# What was drawn


def test_what_is_drawn_covers_what_is_asked() -> None:
    """The returns above are not all alike: every field, choice and column is filled, and the odd texts come up."""
    rules = report_rules()
    returns = draw_returns(rules, 400)
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
    assert drill_form().fields.keys() <= {key for some in draw_returns(drill_rules(), 20) for key in some.values}
