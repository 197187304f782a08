"""A folder of returns, merged and decided on as a clerk does."""

from pathlib import Path
from typing import Any

from gwxl import merging
from gwxl.form.identity import issue_identity
from gwxl.records.period import Period
from gwxl.summary.merged import Merged
from gwxl.terms import Terms
from tests.support.decided import fill_in
from tests.support.submissions import GOOD, report_form, report_rules
from tests.support.written import write_template

_APART = ("columns_maintained", "concern_responses", "surveys_opinions", "security_assessments", "wechat_subscribers")

FORM = "website_annual_report"


def send(inbox: Path, name: str, year: int = 2026, **changes: Any) -> Path:
    """Put a complete return into an inbox, with some values changed; None leaves one blank."""
    inbox.mkdir(exist_ok=True)
    answers = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    path = inbox / name
    write_template(report_rules(), path, identity=issue_identity(report_form(), period=Period(year)), answers=answers)
    return path


def site(number: int) -> dict[str, Any]:
    """Return what tells one synthetic site from another, some of its numbers included."""
    return {
        "site_code": f"{number:010}",
        "site_name": f"某某县第{number}网站",
        "site_url": f"http://site{number}.example.gov.cn",
        "weibo_name": f"第{number}网站发布",
        "wechat_name": f"第{number}网站发布",
        **{key: GOOD[key] + number for key in _APART},
    }


def merge(inbox: Path) -> Merged:
    """Merge an inbox to the default place."""
    return merging.merge(Terms(FORM), inbox)


def decide(merged: Merged, verbs: dict[str, str]) -> str:
    """Fill the rows of files in as a clerk would; return all that stands in them."""
    assert merged.decisions is not None
    rows = fill_in(merged.decisions, lambda row: {"decision": verbs.get(row["file"], ""), "who": "李某"})
    return "\n".join(" ".join(row.values()) for row in rows)


def statuses(merged: Merged) -> dict[str, str]:
    """Return file → status."""
    return {receipt.source.file: receipt.status.value for receipt in merged.batch.receipts}
