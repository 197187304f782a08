"""What was written is looked at again: a workbook that is not as planned is never kept."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from gwxl.containers.limits import DEFAULT_LIMITS
from gwxl.errors import WorkbookError
from gwxl.form.layout import lay_out
from gwxl.records.period import Period
from gwxl.records.submission import Identity
from gwxl.template import making, reading_back
from gwxl.template.issue import Issue
from gwxl.template.reading_back import check_readable
from gwxl.template.verification import verify
from tests.support.issuing import NOTICE, YEAR, annual, edit, issue

FORM_SHEET = "xl/worksheets/sheet1.xml"
TABLE_SHEET = "xl/worksheets/sheet2.xml"


@pytest.fixture(scope="module")
def planned() -> Issue:
    """Say what the workbook should hold."""
    form, rules = annual()
    identity = Identity(form=form.id, edition=form.edition, fingerprint=form.fingerprint, period=Period(YEAR))
    return Issue(form=form, rules=rules, layout=lay_out(form), identity=identity, notice=NOTICE, answers={})


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write it."""
    return issue(tmp_path_factory.mktemp("written") / "a.xlsx").path


def test_untouched_workbook_passes(written: Path, planned: Issue) -> None:
    """What was written is what was planned."""
    verify(written, planned)


LARGEST = "最大的表是 other_media（工作表“其他新媒体”）：20 行 × 5 列，共 100 格"


@pytest.mark.parametrize(
    ("limit", "named"),
    [
        ({"part_bytes": 2**20 // 8}, "单个部件最多 0 MB"),
        ({"cells": 900}, "空白表最多 900 个单元格"),
        ({"elements": 2_000}, "空白表最多 2,000 个 XML 元素"),
        ({"sheets": 3}, "最多 3 张工作表"),
        ({"names": 50}, "空白表最多 50 个名称"),
        ({"file_bytes": 20_000}, "空白表最多 0 MB"),
    ],
)
def test_what_would_be_refused_is_not_kept(
    written: Path, planned: Issue, monkeypatch: pytest.MonkeyPatch, limit: dict[str, Any], named: str
) -> None:
    """A workbook over a limit of the door is told with the limit, its largest table and what to do."""
    check_readable(written, planned)
    monkeypatch.setattr(reading_back, "HALF", replace(reading_back.HALF, **limit))
    with pytest.raises(WorkbookError) as refusal:
        check_readable(written, planned)
    line = refusal.value.line("zh")
    assert named in line
    assert LARGEST in line


def test_a_blank_form_may_take_half() -> None:
    """What is filled in and what programs add has the other half of every limit that grows with a form."""
    halved = ("file_bytes", "part_bytes", "total_bytes", "elements", "cells", "names")
    assert [getattr(DEFAULT_LIMITS, name) / getattr(reading_back.HALF, name) for name in halved] == [
        1.5 if name == "cells" else 2 for name in halved
    ]


def _style(path: Path, cell: str) -> str:
    with ZipFile(path) as package:
        sheet = package.read(FORM_SHEET).decode()
    return sheet.partition(f'<c r="{cell}" s="')[2].partition('"')[0]


def test_open_label_is_found(written: Path, planned: Issue, tmp_path: Path) -> None:
    """A label with the style of an input is open."""
    label, entry = _style(written, "C7"), _style(written, "D7")
    damaged = edit(written, tmp_path / "a.xlsx", FORM_SHEET, f'<c r="C7" s="{label}"', f'<c r="C7" s="{entry}"')
    with pytest.raises(WorkbookError, match="填报表!C7 is open"):
        verify(damaged, planned)


def test_locked_input_is_found(written: Path, planned: Issue, tmp_path: Path) -> None:
    """An input with the style of a label is locked."""
    label, entry = _style(written, "C7"), _style(written, "D7")
    damaged = edit(written, tmp_path / "a.xlsx", FORM_SHEET, f'<c r="D7" s="{entry}"', f'<c r="D7" s="{label}"')
    with pytest.raises(WorkbookError, match="填报表!D7 is locked"):
        verify(damaged, planned)


@pytest.mark.parametrize(
    ("part", "old", "new", "found"),
    [
        (FORM_SHEET, '<sheetProtection sheet="1"', '<sheetProtection sheet="0"', "填报表 is not protected"),
        (
            FORM_SHEET,
            'type="whole" operator="greaterThanOrEqual"',
            'type="decimal" operator="greaterThanOrEqual"',
            "takes",
        ),
        (FORM_SHEET, "<formula1>0</formula1>", "<formula1>1</formula1>", "填报表!D14 takes"),
        (FORM_SHEET, 'sqref="D14"', 'sqref="E14"', "填报表!D14 takes None"),
        (TABLE_SHEET, 'sqref="C5:C24"', 'sqref="C5:C23"', "其他新媒体!C24 takes None"),
        ("xl/workbook.xml", ">'填报表'!$D$7<", ">'填报表'!$D$8<", "name gwxl_site_name means"),
        ("xl/workbook.xml", "gwxl_site_url", "gwxl_site_uri", "name gwxl_site_url means None"),
        ("xl/workbook.xml", 'state="veryHidden"', 'state="hidden"', "gwxl_map is hidden"),
        ("docProps/custom.xml", f">{YEAR}<", f">{YEAR + 1}<", "custom properties are"),
        ("xl/sharedStrings.xml", f";year={YEAR}", f";year={YEAR + 1}", "is not the marker line"),
        ("xl/sharedStrings.xml", "<t>fingerprint</t>", "<t>fingerprints</t>", "gwxl_map row 3"),
        ("xl/sharedStrings.xml", "<t>独立用户访问总量</t>", "<t>独立用户访问量</t>", "填报表!C14 says"),
        ("xl/sharedStrings.xml", "<t>release_total</t>", "<t>release_totals</t>", "填报表!A17 says"),
        ("xl/sharedStrings.xml", "<t>产品名称</t>", "<t>产品</t>", "其他新媒体!E4 says"),
        ("xl/styles.xml", '<protection locked="1"/>', "", "do not say whether they are locked"),
        (
            FORM_SHEET,
            "</sheetData>",
            '</sheetData><mergeCells count="1"><mergeCell ref="K1:L1"/></mergeCells>',
            "填报表",
        ),
    ],
)
def test_damage_is_found(
    written: Path, planned: Issue, tmp_path: Path, *, part: str, old: str, new: str, found: str
) -> None:
    """Each damage to protection, validation, name, identity or text is found and named."""
    damaged = edit(written, tmp_path / "a.xlsx", part, old, new)
    with pytest.raises(WorkbookError, match=found):
        verify(damaged, planned)


def test_damaged_workbook_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook whose locks got lost on the way never gets its name."""
    monkeypatch.setattr(making, "state_locks", lambda package: package)
    with pytest.raises(WorkbookError, match="do not say whether they are locked"):
        issue(tmp_path / "a.xlsx")
    assert list(tmp_path.iterdir()) == []
