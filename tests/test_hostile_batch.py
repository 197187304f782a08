"""A whole inbox of files made to hurt, merged in one run: all accounted for, and nothing of them gets out alive."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from openxml_audit import FileFormat, OpenXmlValidator

from gwxl.batch.files import list_files
from gwxl.form.identity import issue_identity
from gwxl.inert import inert
from gwxl.records.period import Period
from gwxl.rules.available_forms import load
from tests.support.clients.typed import draw
from tests.support.command import run
from tests.support.hostile import table
from tests.support.hostile.case import YEAR
from tests.support.hostile.contents import INJECTED
from tests.support.hostile.places import NAMES
from tests.support.written import write_template

_ALIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]"
)
"""Control characters but tab and newline, marks of direction, line separators, half surrogates."""

_OWN_LINK = re.compile(
    r"""=HYPERLINK\("#'\w+'![A-Z]+"&MATCH\("[0-9]+",'\w+'!\$[A-Z]+\$1:\$[A-Z]+\$[0-9]+,0\),(?:"[^"]*"|[0-9]+)\)"""
)
"""A link to a row of another sheet of the summary, found by its number."""


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an inbox that holds every case in a folder of its own, odd names at the top."""
    work = tmp_path_factory.mktemp("work")
    rules = load("website_annual_report")
    write_template(
        rules,
        work / "base.xlsx",
        identity=issue_identity(rules.form, period=Period(YEAR)),
        answers=draw(rules.form, 3).values,
    )
    base = (work / "base.xlsx").read_bytes()
    for number, case in enumerate(table.cases()):
        folder = work / "inbox" / f"{number:03}"
        folder.mkdir(parents=True)
        case.build(folder, base)
    for number, name in enumerate(NAMES.values()):
        answers = {
            **draw(rules.form, 3).values,
            "site_code": f"{number:010}",
            "site_name": INJECTED[number % len(INJECTED)],
        }
        write_template(
            rules, work / "made.xlsx", identity=issue_identity(rules.form, period=Period(YEAR)), answers=answers
        )
        (work / "made.xlsx").rename(work / "inbox" / name)
    return work


@pytest.fixture(scope="module")
def merged(work: Path) -> "subprocess.CompletedProcess[str]":
    """Return what a merge of the inbox printed."""
    return run("merge", "inbox", "-o", "summary.xlsx", "--json", cwd=work)


@pytest.fixture(scope="module")
def document(merged: "subprocess.CompletedProcess[str]") -> Any:
    """Return the JSON document of the merge."""
    return json.loads(merged.stdout)


def test_exit(merged: "subprocess.CompletedProcess[str]") -> None:
    """There is something to do, and nothing to say on standard error."""
    assert (merged.returncode, merged.stderr) == (1, "")


def test_every_file_is_accounted_for(document: Any, work: Path) -> None:
    """The counts add up, and each file of the inbox is among the files."""
    counts = document["counts"]
    parts = ("accepted", "held", "rejected", "superseded", "refused", "ignored")
    assert counts["received"] == sum(counts[name] for name in parts) == len(document["files"])
    assert {one["file"] for one in document["files"]} == {inert(one.name) for one in list_files(work / "inbox")}


def test_nothing_was_unforeseen(merged: "subprocess.CompletedProcess[str]", document: Any) -> None:
    """No file ran into a mistake of ours, and no exception shows."""
    ids = {finding["id"] for one in document["files"] for finding in one["findings"]}
    assert not ids & {"unexpected", "reader_died", "too_slow", "too_hungry", "changed"}
    assert "Traceback" not in merged.stdout
    assert not re.search(r"\w(Error|Exception)\b", merged.stdout)


def test_json_is_inert(merged: "subprocess.CompletedProcess[str]") -> None:
    """No text in the document can move a cursor or turn a line round."""
    assert not _ALIVE.search(merged.stdout)
    assert not _ALIVE.search(json.dumps(json.loads(merged.stdout), ensure_ascii=False))


# That a merge prints nothing alive is proven on fewer files in test_cli.
TERMINAL = [
    pytest.param(("merge", "inbox", "-o", "again.xlsx", "--color", "always"), marks=pytest.mark.full, id="merge"),
    pytest.param(("check", "-v", "inbox"), id="check"),
]


@pytest.mark.parametrize("command", TERMINAL)
def test_terminal_is_inert(work: Path, command: tuple[str, ...]) -> None:
    """The only escape sequences in what a clerk reads are our own colours; checking single files is no different."""
    result = run(*command, cwd=work)
    assert (result.returncode, result.stderr) == (1, "")
    assert not _ALIVE.search(re.sub(r"\x1b\[[0-9;]*m", "", result.stdout) if "--color" in command else result.stdout)
    assert "Traceback" not in result.stdout


def test_summary_is_valid(merged: "subprocess.CompletedProcess[str]", work: Path) -> None:
    """Excel opens the summary without repairing it."""
    del merged
    result = OpenXmlValidator(file_format=FileFormat.OFFICE_2019).validate(str(work / "summary.xlsx"))
    assert [str(error) for error in result.errors] == []


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_summary_holds_texts_as_texts(merged: "subprocess.CompletedProcess[str]", work: Path) -> None:
    """The formulas are our own, no text became a link, and what was typed stands there as it was typed."""
    del merged
    book = openpyxl.load_workbook(work / "summary.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    formulas = {str(cell.value) for cell in cells if cell.data_type == "f"}
    formulas -= {formula for formula in formulas if _OWN_LINK.fullmatch(formula)}
    functions = {name for formula in formulas for name in re.findall(r"([A-Z][A-Z.]+)\(", formula)}
    assert functions <= {
        "SUM",
        "SUMIF",
        "SUMIFS",
        "SUMPRODUCT",
        "COUNT",
        "COUNTIF",
        "COUNTIFS",
        "IF",
        "IFERROR",
        "SUBTOTAL",
        "ROUND",
        "AND",
        "ISNUMBER",
        "MIN",
        "MAX",
        "MEDIAN",
        "AVERAGE",
        "AVERAGEIF",
        "AGGREGATE",
        "COUNTA",
        "N",
        "OR",
    }
    assert not [formula for formula in formulas if re.search(r"cmd|http|\[|HYPERLINK|WEBSERVICE", formula)]
    texts = {str(cell.value) for cell in cells if cell.data_type == "s"}
    assert {name for name in INJECTED if name.strip() == name and name.startswith("=")} <= texts
    assert not [text for text in texts if _ALIVE.search(text)]
    links = [cell.hyperlink for cell in cells if cell.hyperlink is not None]
    assert not [link for link in links if link.target]


def test_summary_brings_nothing_along(merged: "subprocess.CompletedProcess[str]", work: Path) -> None:
    """No part of a returned file is passed on, and no relationship leads outside."""
    del merged
    with ZipFile(work / "summary.xlsx") as package:
        names = package.namelist()
        assert not [name for name in names if re.search("vba|embed|external|macro|connection", name, re.IGNORECASE)]
        assert not [name for name in names if name.endswith(".rels") and b"External" in package.read(name)]


def test_decisions_hold_no_formula(merged: "subprocess.CompletedProcess[str]", work: Path) -> None:
    """A spreadsheet that opens the decisions finds texts alone."""
    del merged
    sheets = openpyxl.load_workbook(work / "inbox-待决.xlsx").worksheets
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > 20
    assert {cell.data_type for cell in cells} == {"s"}
    signs = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t")
    assert not [cell.value for cell in cells if str(cell.value).startswith(signs) and not cell.quotePrefix]
    assert not [cell.value for cell in cells if _ALIVE.search(str(cell.value))]
