"""Make returns, send them back, and read what went out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook.workbook import Workbook

from gwxl.form.identity import issue_identity
from gwxl.form.layout import lay_out
from gwxl.intake import check_file
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.returns.planning import Sending
from gwxl.returns.returning import Returned, send_receipts
from gwxl.rules.ruleset import RuleSet
from gwxl.terms import Terms
from tests.support.submissions import GOOD, GOOD_DRILL, report_form, report_rules
from tests.support.written import write_template

YEAR = 2026
LAYOUT = lay_out(report_form())
FORM, REVIEW, OTHER = LAYOUT.sheet, LAYOUT.review_sheet, "其他新媒体"


def make_return(
    path: Path, rules: RuleSet | None = None, said: Mapping[str, str] | None = None, **answers: Any
) -> Path:
    """Write a return; the complete good one, with some answers changed or left out."""
    rules = rules or report_rules()
    good = GOOD if rules.form.id == report_form().id else GOOD_DRILL
    values = {key: value for key, value in {**good, **answers}.items() if value is not None}
    identity = issue_identity(rules.form, period=Period(YEAR))
    write_template(rules, path, identity=identity, answers=values, explanations=said, force=True)
    return path


def check(path: Path, rules: RuleSet | None = None, **asked: Any) -> Receipt:
    """Check a file that holds one return."""
    (receipt,) = check_file(path, path.name, Terms(rules or report_rules(), **asked))
    return receipt


def back(
    folder: Path, *receipts: Receipt, rules: RuleSet | None = None, force: bool = False, **asked: Any
) -> Sequence[Returned]:
    """Send receipts back."""
    terms = Terms((rules or report_rules()).form.folder, **asked)
    return list(send_receipts(terms, receipts, Sending(folder=folder, force=force)))


def reread(one: Returned, rules: RuleSet | None = None) -> Receipt:
    """Check the workbook that goes back."""
    assert one.workbook is not None
    return check(one.workbook, rules)


def open_returned(one: Returned) -> Workbook:
    """Open the workbook that goes back."""
    assert one.workbook is not None
    return openpyxl.load_workbook(one.workbook)


def _unfold(cell: Any) -> Any:
    return cell.replace("\n", "") if isinstance(cell, str) else cell or ""


def review_rows(one: Returned) -> list[list[Any]]:
    """Return the rows of the sheet in front, blanks at their end dropped, each text in one line."""
    rows = [list(map(_unfold, row)) for row in open_returned(one)[REVIEW].iter_rows(values_only=True)]
    return [row[: max((place for place, cell in enumerate(row, 1) if cell), default=0)] for row in rows]
