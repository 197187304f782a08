"""A folder of returns, merged and decided on as a clerk does."""

import csv
from pathlib import Path
from typing import Any

from gwxl import merging
from gwxl.form.identity import issue_identity
from gwxl.merging import Merged
from gwxl.template import write_template
from gwxl.terms import Terms
from tests.support.submissions import GOOD, report_form, report_rules

FORM = "website_annual_report"


def send(inbox: Path, name: str, year: int = 2026, **changes: Any) -> Path:
    """Put a complete return into an inbox, with some values changed; None leaves one blank."""
    inbox.mkdir(exist_ok=True)
    answers = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    path = inbox / name
    write_template(report_rules(), path, identity=issue_identity(report_form(), year=year), answers=answers)
    return path


def site(number: int) -> dict[str, Any]:
    """Return what tells one synthetic site from another."""
    return {
        "site_code": f"{number:010}",
        "site_name": f"某某县第{number}网站",
        "site_url": f"http://site{number}.example.gov.cn",
    }


def merge(inbox: Path) -> Merged:
    """Merge an inbox to the default place."""
    return merging.merge(Terms(FORM), inbox)


def decide(merged: Merged, verbs: dict[str, str]) -> str:
    """Fill the open rows of files in as a clerk would; return the text of the file."""
    assert merged.decisions is not None
    with merged.decisions.open(encoding="utf-8-sig", newline="") as stream:
        head, *rows = csv.reader(stream)
    names = [name.partition(" ")[0] for name in head]
    for row in rows:
        row[names.index("decision")] = verbs.get(row[names.index("file")], "")
        row[names.index("who")] = "李某"
    with merged.decisions.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([head, *rows])
    return merged.decisions.read_text("utf-8-sig")


def statuses(merged: Merged) -> dict[str, str]:
    """Return file → status."""
    return {receipt.source.file: receipt.status.value for receipt in merged.batch.receipts}
