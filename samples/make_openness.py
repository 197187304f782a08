"""Make the samples of the second form, 政府信息公开工作年度报告: two good returns, and one whose table does not add up.

Every organ, code and number in them is invented: ``python -m samples.make_openness``.
"""

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from gwxl.form.identity import issue_identity
from gwxl.records.period import Period
from gwxl.records.submission import Scalar
from gwxl.rules.available_forms import load
from gwxl.template import write_template

FORM, YEAR = "openness_annual_report", 2026
FOLDER = Path(__file__).parent / "openness"
CODES = ("11990000000000001G", "11990000000000002K", "11990000000000003N")
"""Of a region that there is not; their last signs are right by GB 32100."""

_TEXT = "（虚构）本年度主动公开政府信息 {number} 条，组织培训 1 次，政务公开专栏改版 1 次。"


def answer(number: int, name: str) -> dict[str, Scalar]:
    """Return what an organ reports, calculated totals left out."""
    form = load(FORM).form
    given: dict[str, Scalar] = {
        "org_name": name,
        "org_code": CODES[number - 1],
        "overview_text": _TEXT.format(number=100 * number),
        "problems_text": "（虚构）公开内容不够贴近需求，明年将扩大征集。",
        "rest_text": "无",
        "report_date": date(YEAR + 1, 1, 10 + number).isoformat(),
    }
    for place, field in enumerate(form.fields.values()):
        if field.kind.is_number and not field.is_calculated:
            given.setdefault(field.key, (place * number) % 7)
    return given | _balance(given)


def _balance(given: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Return what is new so that, in each column, new and carried are what was done and what is pending."""
    columns = {key.rpartition(".")[2] for key in given if key.startswith("requests[")}
    found: dict[str, Scalar] = {}
    for column in columns:
        rows = {key: int(str(value)) for key, value in given.items() if key.endswith(f"].{column}")}
        carried = rows.pop(f"requests[carried].{column}")
        rows.pop(f"requests[new].{column}")
        found[f"requests[new].{column}"] = sum(rows.values()) - carried
    return found


def main() -> None:
    """Write them."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    rules = load(FORM)
    identity = issue_identity(rules.form, period=Period(YEAR))
    for number, name in enumerate(("示例市政府办公室", "示例市财政局", "示例县教育局"), 1):
        given = answer(number, name)
        fault = "-勾稽关系不符" if number == len(CODES) else ""
        if fault:
            given["requests[pending].person"] = int(str(given["requests[pending].person"])) + 1
        write_template(rules, FOLDER / f"{number:02}-{name}{fault}.xlsx", identity=identity, answers=given)


if __name__ == "__main__":
    main()
