"""What a calculating program stored in the 核对 cells is compared with what the checker says, return by return."""

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from gwxl.form.layout import lay_out
from gwxl.intake import check_file
from gwxl.records.path import Path as FormPath
from gwxl.records.receipt import Agreement
from gwxl.rules.ruleset import RuleSet
from gwxl.terms import Terms
from tests.support.clients.libreoffice import LibreOffice
from tests.support.clients.workshop import CLIENTS, SEEDS, Workshop
from tests.support.command import document, say
from tests.support.draws import draws, seed
from tests.support.live_bench import Bench, make
from tests.support.live_forms import Drawer
from tests.support.live_parity import Parity, Tally
from tests.support.submissions import (
    GOOD,
    GOOD_DRILL,
    GOOD_LABELS,
    GOOD_VISITS,
    drill_rules,
    label_rules,
    report_rules,
    visit_rules,
)

CHAIN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
FORMS: Mapping[str, tuple[Callable[[], RuleSet], Mapping[str, Any], int]] = {
    "report": (report_rules, GOOD, 30),
    "drill": (drill_rules, GOOD_DRILL, 5),
    "labels": (label_rules, GOOD_LABELS, 3),
    "visits": (visit_rules, GOOD_VISITS, 12),
}
"""Form → its rules, a good return, and how many rows of a good return are compared at least."""


def agreement(path: Path, rules: RuleSet) -> Agreement | None:
    """Return how the verdicts stored in a return agree with the checker's."""
    (receipt,) = check_file(path, path.name, Terms(rules))
    return receipt.agreement


@pytest.mark.parametrize("form", FORMS)
def test_forms_filled_by_libreoffice_agree(soffice: LibreOffice, tmp_path: Path, form: str) -> None:
    """Stored verdicts of a good return and of random ones are those of the checker, row by row."""
    load, good, least = FORMS[form]
    rules = load()
    with soffice.open(make(rules, tmp_path / "template.xlsx")) as document:
        bench, drawer = Bench(document, rules, Parity(rules, Tally()), tmp_path), Drawer(rules, good)
        for number in range(seed(), seed() + draws(3, full=8)):
            bench.compare(drawer.draw(number), f"seed {number}")
            found = agreement(tmp_path / "return.xlsx", rules)
            assert found is None or (found.program, found.differences) == ("LibreOffice", ())
        bench.compare(drawer.example(rules.rules[0], {}), "good")
        found = agreement(tmp_path / "return.xlsx", rules)
    assert found is not None
    assert found.compared >= least


@pytest.fixture(scope="module")
def filled(soffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one return that LibreOffice calculated, saved as xlsx, xls and ods."""
    folder = tmp_path_factory.mktemp("filled")
    layout, blank = lay_out(report_rules().form), make(report_rules(), folder / "blank.xlsx")
    with soffice.open(blank) as document:
        entries: dict[str, str | float] = {"site_name": "示例网", "service_items": 12.0, "service_items_online": 13.0}
        document.fill(
            layout.sheet, {layout.cells[FormPath.parse(path)].address: entry for path, entry in entries.items()}
        )
        document.fill(layout.tables[0].sheet, {"C5": "客户端", "F5": 1.5, "G7": 0.0})
        document.recalculate()
        for suffix in (".xlsx", ".xls", ".ods"):
            document.save(folder / f"return{suffix}")
    return folder


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_each_format_carries_the_verdicts(filled: Path, suffix: str) -> None:
    """The rows of the form sheet and the started row of the table are compared in each format."""
    found = agreement(filled / f"return{suffix}", report_rules())
    assert found is not None
    assert (found.program, found.differences) == ("LibreOffice", ())
    assert found.compared >= 30


def test_what_does_not_say_who_saved_it_is_no_proof(filled: Path) -> None:
    """LibreOffice does not write its name into an .xls."""
    assert agreement(filled / "return.xls", report_rules()) is None


def replant(
    source: Path, target: Path, old: str, new: str, *, parts: str = r"xl/worksheets/.*|xl/sharedStrings.xml"
) -> Path:
    """Return a copy of a workbook with a text replaced in its parts."""
    with ZipFile(source) as package, ZipFile(target, "w") as copy:
        for name in package.namelist():
            data = package.read(name)
            if re.fullmatch(parts, name):
                assert new not in data.decode("utf-8")
                data = data.decode("utf-8").replace(old, new).encode("utf-8")
            copy.writestr(name, data)
    return target


def read_stored(path: Path, address: str, sheet: str) -> str:
    """Return the stored words of a cell."""
    book = openpyxl.load_workbook(path, data_only=True)
    return str(book[sheet][address].value)


@pytest.mark.parametrize("place", ["form", "table"])
def test_a_planted_difference_is_named(filled: Path, tmp_path: Path, place: str) -> None:
    """Other words under the formula of a 核对 cell are told with the cell, those words and the checker's."""
    rules = report_rules()
    layout = lay_out(rules.form)
    sheet, cell = (
        (layout.sheet, layout.checks[FormPath("service_items_online")].address)
        if place == "form"
        else (layout.tables[0].sheet, "H5")
    )
    words = read_stored(filled / "return.xlsx", cell, sheet)
    assert words.startswith("✗ 错误 ")
    path = replant(filled / "return.xlsx", tmp_path / "planted.xlsx", f">{words}<", ">! 核实 此处有别（X99）<")
    found, before = agreement(path, rules), agreement(filled / "return.xlsx", rules)
    assert found is not None
    assert before is not None
    assert found.compared == before.compared
    told = [(str(one.cell), one.sheet, one.checker) for one in found.differences]
    assert (f"{sheet}!{cell}", "! 核实 此处有别（X99）", words) in told


def test_an_error_value_where_a_verdict_stands_is_a_difference(filled: Path, tmp_path: Path) -> None:
    """A program that cannot calculate a formula of ours is what the comparison is there to find."""
    rules = report_rules()
    layout = lay_out(rules.form)
    cell = layout.checks[FormPath("service_items")].address
    words = read_stored(filled / "return.xlsx", cell, layout.sheet)
    pattern = re.compile(rf'(<c r="{cell}"[^>]*?) t="str"([^>]*>)(<f[^>]*>.*?</f>)<v>[^<]*</v>')
    with ZipFile(filled / "return.xlsx") as package, ZipFile(tmp_path / "error.xlsx", "w") as copy:
        for name in package.namelist():
            data = package.read(name)
            if name == "xl/worksheets/sheet2.xml" or name.startswith("xl/worksheets/sheet"):
                data = pattern.sub(r'\1 t="e"\2\3<v>#NAME?</v>', data.decode("utf-8"), count=1).encode("utf-8")
            copy.writestr(name, data)
    found = agreement(tmp_path / "error.xlsx", rules)
    assert found is not None
    assert [(str(one.cell), one.sheet, one.checker) for one in found.differences] == [
        (f"{layout.sheet}!{cell}", "#NAME?", words)
    ]


@pytest.mark.parametrize(
    ("program", "chain", "family"),
    [
        ("WPS Office_12.1.0.18608_F1E327BC-269C-435d-A152-05C5408002CA", False, "WPS"),
        ("Microsoft Excel", True, "Excel"),
        ("Microsoft Macintosh Excel", True, "Excel"),
        ("Microsoft Excel", False, None),
        ("SheetJS", True, None),
        ("gnumeric", False, None),
        ("", False, None),
    ],
)
def test_programs_are_told_by_what_only_they_write(
    filled: Path, tmp_path: Path, *, program: str, chain: bool, family: str | None
) -> None:
    """Libraries call themselves Excel; only Excel writes the order in which it calculated."""
    path = tmp_path / "return.xlsx"
    with ZipFile(filled / "return.xlsx") as package, ZipFile(path, "w") as copy:
        for name in package.namelist():
            data = package.read(name).decode("utf-8") if name.endswith((".xml", ".rels")) else package.read(name)
            if name == "docProps/app.xml":
                data = re.sub("<Application>.*?</Application>", f"<Application>{program}</Application>", str(data))
            if name == "xl/_rels/workbook.xml.rels" and chain:
                link = f'<Relationship Id="rId999" Type="{CHAIN}" Target="calcChain.xml"/>'
                data = str(data).replace("</Relationships>", f"{link}</Relationships>")
            copy.writestr(name, data)
        if chain:
            copy.writestr("xl/calcChain.xml", "<calcChain/>")
    found = agreement(path, report_rules())
    assert (found.program if found else None) == family


def test_a_merge_says_how_the_programs_agree(filled: Path, tmp_path: Path) -> None:
    """Screen, JSON and 文件清单 tell what was compared, and name what differs; no sender is blamed for it."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    shutil.copy(filled / "return.xlsx", inbox / "a.xlsx")
    before = document("merge", inbox, "--exit-zero", cwd=tmp_path)
    compared = before["agreement"]["LibreOffice"]["compared"]
    assert before["agreement"] == {"LibreOffice": {"compared": compared, "differ": 0}}
    assert before["disagreements"] == []
    assert f"表内核对与检查一致：LibreOffice 保存的 {compared} 格" in say(
        "merge", inbox, "--exit-zero", "--lang", "zh", cwd=tmp_path
    )

    layout = lay_out(report_rules().form)
    cell = layout.checks[FormPath("service_items_online")].address
    words = read_stored(inbox / "a.xlsx", cell, layout.sheet)
    replant(filled / "return.xlsx", inbox / "a.xlsx", f">{words}<", ">✓ 已填。<")
    after = document("merge", inbox, "--exit-zero", cwd=tmp_path)
    assert after["agreement"]["LibreOffice"]["compared"] == compared
    assert after["agreement"]["LibreOffice"]["differ"] == len(after["disagreements"]) > 0
    told = {"program": "LibreOffice", "file": "a.xlsx", "member": None, "sheet": layout.sheet, "cell": cell}
    assert {**told, "sheet_says": "✓ 已填。", "checker_says": words} in after["disagreements"]
    assert [one["findings"] for one in after["files"]] == [one["findings"] for one in before["files"]]
    assert after["totals"] == before["totals"]
    screen = say("merge", inbox, "--exit-zero", "--lang", "zh", cwd=tmp_path)
    assert "表内核对与检查不一致：LibreOffice 保存的" in screen
    assert f"a.xlsx {layout.sheet}!{cell}：表内“✓ 已填。”，检查“{words}”" in screen
    sheet = openpyxl.load_workbook(tmp_path / "inbox-汇总.xlsx", read_only=True)["文件清单"]
    shown = [str(value) for row in sheet.values for value in row if value is not None]
    assert any(value.startswith(f"LibreOffice：比对 {compared} 格，") for value in shown)


@pytest.mark.parametrize("client", [name for name in CLIENTS if name != "gwxl"])
def test_what_other_programs_saved_never_differs(workshop: Workshop, client: str) -> None:
    """Whatever saved a return, in whatever format: no library or converter is taken for a witness that differs."""
    for number in SEEDS:
        for path in workshop.files(client, number).values():
            found = agreement(path, workshop.rules)
            assert found is None or (found.program, found.differences) == ("LibreOffice", ())


@pytest.mark.parametrize("answers", [{}, GOOD])
def test_what_gwxl_wrote_is_no_proof(tmp_path: Path, answers: dict[str, Any]) -> None:
    """Values that no other program calculated are not compared."""
    assert agreement(make(report_rules(), tmp_path / "a.xlsx", **answers), report_rules()) is None


def test_what_a_library_saved_is_no_proof(filled: Path, tmp_path: Path) -> None:
    """A library keeps formulas and drops, or keeps, what they came to: it is not asked."""
    book = openpyxl.load_workbook(filled / "return.xlsx")
    book.save(tmp_path / "library.xlsx")
    assert agreement(tmp_path / "library.xlsx", report_rules()) is None


def test_results_older_than_the_answers_are_no_proof(soffice: LibreOffice, tmp_path: Path) -> None:
    """Where filled rows all still say that they wait, nothing was calculated after they were filled."""
    rules = report_rules()
    layout = lay_out(rules.form)
    with soffice.open(make(rules, tmp_path / "blank.xlsx")) as document:
        document.recalculate()
        blank = document.save(tmp_path / "saved.xlsx")
    cell = layout.cells[FormPath("service_items")].address
    with ZipFile(blank) as package, ZipFile(tmp_path / "typed.xlsx", "w") as copy:
        for name in package.namelist():
            data = package.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rf'<c r="{cell}"([^>]*?)/>'.encode(), rf'<c r="{cell}"\1><v>12</v></c>'.encode(), data)
            copy.writestr(name, data)
    (receipt,) = check_file(tmp_path / "typed.xlsx", "typed.xlsx", Terms(rules))
    assert receipt.submission is not None
    assert receipt.submission.values["service_items"] == 12
    assert receipt.agreement is None
