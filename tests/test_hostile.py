"""Files made to hurt, through the real intake: refused for their own reason, or read right."""

import os
from pathlib import Path

import pytest

from gwxl.records.path import Path as FormPath
from gwxl.records.receipt import Receipt
from gwxl.rules.available_forms import load
from gwxl.rules.ruleset import RuleSet
from gwxl.wording import LANGUAGES, catalogue
from tests.support.hostile import kills, table
from tests.support.hostile.case import Case, make_good, outcome, receipts

CASES = table.cases()


@pytest.fixture(scope="module")
def forms() -> RuleSet:
    """Return the form that comes with gwxl, and its rules."""
    return load("website_annual_report")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a filled return that breaks no rule."""
    return make_good(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def good(forms: RuleSet, base: bytes, tmp_path_factory: pytest.TempPathFactory) -> Receipt:
    """Return the receipt of the return that the cases are made of."""
    folder = tmp_path_factory.mktemp("good")
    (folder / "return.xlsx").write_bytes(base)
    (receipt,) = receipts(folder, forms)
    assert receipt.passed
    return receipt


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.group}: {case.name}".encode("unicode_escape").decode())
def test_case(case: Case, tmp_path: Path, forms: RuleSet, base: bytes, good: Receipt) -> None:
    """Each file ends as the table says, with a reason in both languages where it is refused."""
    case.build(tmp_path, base)
    if case.fate is not None:
        assert case.fate(tmp_path) == case.outcome
        return
    found = receipts(tmp_path, forms)
    assert found
    assert outcome(found, good) == case.outcome
    for receipt in found:
        if receipt.submission is None:
            told = catalogue()[f"refused.{receipt.findings[0].id}"]
            assert receipt.findings[0].id != "unexpected"
            assert all(told[language] for language in LANGUAGES)
        else:
            answers = receipt.submission.answers
            assert {path: answers[FormPath.parse(path)].value for path in case.answers} == case.answers


def test_names_of_cases_are_their_own() -> None:
    """A line of the table means one case."""
    assert len({(case.group, case.name) for case in CASES}) == len(CASES)


@pytest.mark.timeout(900)
def test_page(tmp_path: Path, base: bytes, good: Receipt) -> None:
    """The page lists every case with its outcome; it is measured and written anew on demand."""
    if os.environ.get("GWXL_WRITE_DOCS") == "1":
        costs = [(case, table.measure(case, tmp_path / str(n), base, good)) for n, case in enumerate(CASES)]
        assert [cost.outcome for _, cost in costs] == [case.outcome for case in CASES]
        rest = "".join(table.PAGE.read_text("utf-8").partition(kills.HEADING)[1:])
        table.PAGE.write_text(table.page(costs) + rest, "utf-8")
    written = table.PAGE.read_text("utf-8").partition(kills.HEADING)[0]
    nothing = table.Cost(outcome="", seconds=0, peak=0)
    expected = table.page((case, nothing) for case in CASES)
    assert list(table.read_promised(written)) == list(table.read_promised(expected))
    assert written.startswith(table.HEAD)
