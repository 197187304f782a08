"""Mutants of a filled return: read right, read as the mutant says, reported or refused, and never silently wrong.

What counts as which is told in :mod:`tests.support.hostile.eye`.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from gwxl.form.identity import issue_identity
from gwxl.form.layout import lay_out
from gwxl.intake import check_file
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Answer, Status, Submission
from gwxl.rules.available_forms import load
from gwxl.rules.ruleset import RuleSet
from gwxl.terms import Terms
from gwxl.wording import catalogue
from tests.support.clients.typed import draw
from tests.support.draws import draws, seed
from tests.support.hostile.case import FORM_SHEET, YEAR, type_value
from tests.support.hostile.eye import Oracle, look
from tests.support.hostile.mutants import mutant, with_words
from tests.support.workbooks import unzip, zip_parts
from tests.support.written import write_template

HUNDREDS = range(draws(2, full=15))


@pytest.fixture(scope="module")
def forms() -> RuleSet:
    """Return the form that comes with gwxl, and its rules."""
    return load("website_annual_report")


@pytest.fixture(scope="module")
def base(forms: RuleSet, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a filled return with explanations and a contact."""
    path = tmp_path_factory.mktemp("base") / "return.xlsx"
    write_template(
        forms, path, identity=issue_identity(forms.form, period=Period(YEAR)), answers=draw(forms.form, 3).values
    )
    layout = lay_out(forms.form)
    notes = {"cases_total": "007", "site_unique_visitors": "含上年结转 14 条", "surveys_held": "√"}
    words = {layout.explanations[FormPath.parse(path)].address: text for path, text in notes.items()}
    return with_words(path.read_bytes(), words | {layout.cells[FormPath("contact_name")].address: "张某"})


@pytest.fixture(scope="module")
def oracle(forms: RuleSet, base: bytes, tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    """Return what knows what was typed."""
    (good,) = check(base, tmp_path_factory.mktemp("good") / "return.xlsx", forms)
    assert good.submission is not None
    assert good.passed
    assert len(good.submission.explanations) == 3
    return Oracle(form=forms.form, layout=lay_out(forms.form), good=good, before=look(base))


def check(data: bytes, path: Path, forms: RuleSet) -> tuple[Receipt, ...]:
    """Return what intake makes of bytes."""
    path.write_bytes(data)
    return check_file(path, path.name, Terms(forms, period=Period(YEAR)))


@pytest.mark.timeout(0)
@pytest.mark.parametrize("hundred", HUNDREDS)
def test_no_mutant_is_silently_wrong(hundred: int, tmp_path: Path, forms: RuleSet, base: bytes, oracle: Oracle) -> None:
    """A hundred mutants, each by its seed: right, reported or refused."""
    known = {key.removeprefix("refused.") for key in catalogue() if key.startswith("refused.")} - {"unexpected"}
    wrong = []
    first = seed() + 100 * hundred
    for number in range(first, first + 100):
        made = mutant(base, number)
        found = check(made.data, tmp_path / "return.xlsx", forms)
        assert found, number
        for receipt in found:
            assert receipt.status is not Status.REFUSED or receipt.findings[0].id in known, (number, made.name)
            wrong += [f"{number} ({made.name}): {path}" for path in oracle.silent(receipt, made.data)]
    assert wrong == []


def change(good: Receipt, *answers: Answer) -> Receipt:
    """Return a receipt with other answers."""
    assert isinstance(good.submission, Submission)
    answered = {**good.submission.answers, **{answer.key: answer for answer in answers}}
    return replace(good, submission=replace(good.submission, answers=answered))


def test_the_oracle_notices_shifted_values(oracle: Oracle, base: bytes) -> None:
    """Two values that changed places, one that was lost and one of another type are each told by their paths."""
    answers = oracle.good.submission.answers if oracle.good.submission else {}
    one, other = answers[FormPath("cases_total")], answers[FormPath("cases_natural_person")]
    swapped = change(oracle.good, replace(one, value=other.value), replace(other, value=one.value))
    assert [line.partition(":")[0] for line in oracle.silent(swapped, base)] == [other.key, one.key]
    lost = change(oracle.good, replace(one, value=None, raw=""))
    assert len(oracle.silent(lost, base)) == 1
    boolean = answers[FormPath("has_security_monitoring")]
    assert len(oracle.silent(change(oracle.good, replace(boolean, value=1)), base)) == 1
    assert oracle.silent(oracle.good, base) == []


def test_the_oracle_allows_what_was_retyped(oracle: Oracle, base: bytes) -> None:
    """Another number in the very cell is another answer; the same number anywhere else is a shift."""
    answers = oracle.good.submission.answers if oracle.good.submission else {}
    one = answers[FormPath("cases_total")]
    assert one.cell is not None
    receipt = change(oracle.good, replace(one, value=5, raw="5"))
    contents = unzip(base)
    other = zip_parts(contents | {FORM_SHEET: type_value(one.cell.address, "5", contents[FORM_SHEET].decode(), "n")})
    assert oracle.silent(receipt, other) == []
    assert len(oracle.silent(receipt, base)) == 1
    assert len(oracle.silent(change(oracle.good, replace(one, value=6, raw="6")), other)) == 1
