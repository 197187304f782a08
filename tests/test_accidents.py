"""What clerks do to a filled template in LibreOffice: every value is right afterwards, or it is reported."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from gwxl.documents.checked import check_document
from gwxl.form.layout import Col
from gwxl.intake import check_file
from gwxl.records.path import Path as FormPath
from gwxl.terms import Terms
from tests.support.accidents import ACCIDENTS, RELEASES, SEED, SHEET, TABLE, TABLE_LOST, address_across, save
from tests.support.clients.typed import find_differing, leaves
from tests.support.clients.workshop import Workshop

SIGNALS = ("L", "T", "W")
"""The first letters of the ids that say something about the file; the others are the rules of the form."""
TABLE_SIGNALS = frozenset({"L20", "L21", "L22", "L23", "L24", "L25", "L29"})


@pytest.fixture(scope="module")
def happened(workshop: Workshop) -> Callable[[str], Mapping[str, Sequence[Mapping[str, Any]]]]:
    """Return what does an accident and gives the returns read of the file, by format."""
    made: dict[str, Mapping[str, Sequence[Mapping[str, Any]]]] = {}

    def happen(name: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        if name not in made:
            made[name] = _check(workshop, save(workshop, name))
        return made[name]

    return happen


def _check(workshop: Workshop, paths: Mapping[str, Path]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return what ``gwxl check --json`` says of each file, without starting it each time."""
    rules = workshop.rules
    return {
        suffix: check_document(Terms(rules), check_file(path, path.name, Terms(rules)))["files"]
        for suffix, path in paths.items()
    }


def signals(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of what was said about the file, once each."""
    return tuple(sorted({finding["id"] for finding in said["findings"] if finding["id"].startswith(SIGNALS)}))


def wrong_paths(workshop: Workshop, said: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the paths that do not hold what was typed."""
    return find_differing(workshop.draw_typed(SEED).leaves(), leaves(said["values"], said["explanations"]))


def find_unreported(said: Mapping[str, Any], wrong: Sequence[str]) -> list[str]:
    """Return the wrong paths that nothing points to: the return is not held, and no finding is about them."""
    if said["status"] in {"held", "refused"}:
        return []
    failed = [finding for finding in said["findings"] if finding["verdict"] == "failed"]
    keys, ids = {finding["key"] for finding in failed}, {finding["id"] for finding in failed}
    return [path for path in wrong if path not in keys and not _is_told(path, ids)]


def _is_told(path: str, ids: set[str]) -> bool:
    if path.startswith("note:"):
        return "L27" in ids
    return FormPath.parse(path).row is not None and bool(ids & TABLE_SIGNALS)


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
@pytest.mark.parametrize("name", ACCIDENTS)
def test_right_or_reported(
    workshop: Workshop, happened: Callable[[str], Mapping[str, Any]], name: str, suffix: str
) -> None:
    """After the accident exactly these values differ, exactly this is said, and no wrong value goes unreported."""
    accident, returns = ACCIDENTS[name], happened(name)[suffix]
    assert len(returns) == accident.returns
    for said in returns:
        wrong = wrong_paths(workshop, said)
        assert find_unreported(said, wrong) == []
        assert signals(said) == tuple(sorted({*accident.signals, "T01"}))
        assert (said["status"] == "held") is accident.held
        assert (len(wrong) if isinstance(accident.wrong, int) else wrong) == accident.wrong


def test_rows_of_a_table_sorted(workshop: Workshop, tmp_path: Path) -> None:
    """Table rows sorted as whole rows are the same rows in another order."""
    with workshop.require("soffice").open(workshop.files("openpyxl", SEED)[".xlsx"]) as book:
        book.unprotect(TABLE.sheet)
        area = f"C{TABLE.first_row}:G{TABLE.first_row + 2}"
        book.do("sort", TABLE.sheet, area=area, column=TABLE.columns["posts"] - 2)
        path = book.save(tmp_path / "return.xlsx")
    (said,) = _check(workshop, {".xlsx": path})[".xlsx"]
    typed = workshop.draw_typed(SEED).values["other_media"]
    assert said["values"]["other_media"] == sorted(typed, key=lambda line: int(line["posts"]))
    assert signals(said) == ("T01",)


@pytest.mark.parametrize("values_only", [False, True])
def test_form_sheet_in_a_bare_workbook(workshop: Workshop, tmp_path: Path, *, values_only: bool) -> None:
    """A form sheet copied, or pasted as values, into another workbook is read; its table is said to be missing."""
    with workshop.require("soffice").open(workshop.files("openpyxl", SEED)[".xlsx"]) as book:
        path = book.carry(SHEET, tmp_path / "return.xlsx", values_only=values_only)
    (said,) = _check(workshop, {".xlsx": path})[".xlsx"]
    wrong = wrong_paths(workshop, said)
    assert wrong == TABLE_LOST
    assert find_unreported(said, wrong) == []
    assert signals(said) == (("L12", "L20", "T01") if values_only else ("L20", "T05"))
    assert said["identity"]["year"] == 2026


def test_inputs_sorted_alone_look_like_typing(workshop: Workshop, tmp_path: Path) -> None:
    """Values sorted under labels that stay leave no trace in the file: only the rules of the form can tell."""
    with workshop.require("soffice").open(workshop.files("openpyxl", SEED)[".xlsx"]) as book:
        book.unprotect(SHEET)
        area = address_across("release_total", "release_catalog", Col.INPUT, Col.INPUT)
        book.do("sort", SHEET, area=area, column=1)
        path = book.save(tmp_path / "return.xlsx")
    (said,) = _check(workshop, {".xlsx": path})[".xlsx"]
    assert wrong_paths(workshop, said) == RELEASES
    assert signals(said) == ("T01",)
    assert {finding["id"] for finding in said["findings"]} == {"T01", "B03a", "B03b", "B03c"}
