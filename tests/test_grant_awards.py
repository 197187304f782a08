"""The English example, grant awards with a list of codes: what is typed comes through every command unchanged."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, places, run, say
from tests.support.english import CHINESE, find_chinese
from tests.support.sources import ROOT

FORM = ROOT / "samples" / "forms" / "grant_awards"
ENGLISH: dict[str, Any] = {"GWXL_LANG": "en"}
KEYS = ("programme", "award_number", "awarded_on", "is_loan", "spent", "passed_on")
ROWS: Mapping[str, Sequence[Sequence[str]]] = {
    "a": (("20.007", "A-1", "2025-10-01", "No", "1250.75", "250"), ("10.001", "A-2", "2026-03-31", "Yes", "90", "")),
    "b": (("84.201", "0042", "2026-01-15", "No", "5000", "0"),),
    "c": (("20.7", "A-1", "2026-01-15", "No", "40", "41"), ("10.014", "A-1", "2026-01-15", "No", "-3", "")),
}
"""What recipients enter; the last of them is wrong in four places."""


@pytest.fixture(name="desk", scope="module")
def _desk(tmp_path_factory: pytest.TempPathFactory, soffice: LibreOffice) -> Path:
    """Return a folder with the template, and an inbox of what was filled in and saved by LibreOffice."""
    folder = tmp_path_factory.mktemp("grants")
    (folder / "inbox").mkdir()
    cells = places(document("template", "--form", FORM, "--year", 2026, "-o", "blank.xlsx", cwd=folder)["cells"])
    for place, (name, rows) in enumerate(ROWS.items(), 1):
        entries = {
            "recipient_code": f"R-{place}",
            "recipient_name": f"Borough {name.upper()}",
            "contact_name": "A. Reader",
        }
        entries |= {
            f"awards[{number}].{key}": entry
            for number, row in enumerate(rows, 1)
            for key, entry in zip(KEYS, row, strict=True)
            if entry
        }
        with soffice.open(folder / "blank.xlsx") as book:
            for path, entry in entries.items():
                assert book.enter(cells[path].sheet, cells[path].address, entry)
            book.save(folder / "inbox" / f"{name}.{'ods' if name == 'b' else 'xlsx'}")
    return folder


def test_the_example_has_no_mistake_and_prints_on_three_pages(tmp_path: Path, soffice: LibreOffice) -> None:
    """List, form and instructions have a page each."""
    told = document("forms", "--check", FORM, cwd=tmp_path)
    assert (told["mistakes"], told["blank"]["pages"]) == ([], {"Awards": 1, "Form": 1, "Instructions": 1})
    document("template", "--form", FORM, "--year", 2026, "-o", "blank.xlsx", cwd=tmp_path)
    assert len(soffice.render(tmp_path / "blank.xlsx", tmp_path / "pages")) == 3


def test_what_is_typed_is_read(desk: Path) -> None:
    """Codes keep their zeros, amounts their cents, and what is wrong is told at its cell."""
    files = document("check", *sorted((desk / "inbox").iterdir()), "--form", FORM, cwd=desk, code=1)["files"]
    read: dict[str, Any] = {Path(one["file"]).stem: one for one in files}
    first, second = read["a"]["values"]["awards"]
    assert [str(first[key]) for key in KEYS] == ["20.007", "A-1", "2025-10-01", "False", "1250.75", "250"]
    assert (second["is_loan"], second.get("passed_on")) == (True, None)
    assert read["b"]["values"]["awards"][0]["award_number"] == "0042"
    assert [read[name]["findings"] for name in "ab"] == [[], []]
    assert sorted((one["id"], one["key"]) for one in read["c"]["findings"]) == [
        ("A01", "awards[1].programme"),
        ("A02", "awards[2].award_number"),
        ("A03", "awards[2].spent"),
        ("A05", "awards[1].passed_on"),
    ]


def test_from_the_inbox_to_what_goes_back_and_online(desk: Path) -> None:
    """Sums are exact, the contact stays off the page, what goes back says the same, and all of it is English."""
    merged = document("merge", "inbox", "--form", FORM, "-o", "sum.xlsx", cwd=desk, code=1, **ENGLISH)
    assert {key: merged["counts"][key] for key in ("received", "passed", "errors")} == {
        "received": 3,
        "passed": 2,
        "errors": 1,
    }
    totals = {key: one["value"] for key, one in merged["totals_passed"].items() if one["value"] is not None}
    assert totals == {"awards": 3, "awards.spent": Decimal("6340.75"), "awards.passed_on": 250}
    assert "1250.75" in say("explain", "awards.spent", "sum.xlsx", cwd=desk, **ENGLISH)
    files = document("return", "--from", "sum.xlsx", "--form", FORM, "-o", "back", cwd=desk, code=1, **ENGLISH)["files"]
    (sent,) = [one for one in files if one["workbook"]]
    (again,) = document("check", sent["workbook"], "--form", FORM, cwd=desk, code=1)["files"]
    assert sorted({one["id"] for one in again["findings"]}) == ["A01", "A02", "A03", "A05"]
    say("publish", "inbox/a.xlsx", "--form", FORM, "-o", "page.html", cwd=desk, **ENGLISH)
    page = (desk / "page.html").read_text("utf-8")
    assert all(words in page for words in ("Borough A", "20.007", "Schedule of Grant Awards"))
    assert "A. Reader" not in page
    told = run("check", "inbox", "--form", FORM, cwd=desk, **ENGLISH)
    assert CHINESE.search(told.stdout + told.stderr) is None
    assert list(find_chinese(desk)) == []
