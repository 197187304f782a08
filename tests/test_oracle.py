"""Random inboxes, and a merge that says of each file and each sum what the model says (:mod:`tests.support.oracle`).

Every run draws new inboxes, by its seed and those that follow.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support import oracle
from tests.support.command import document
from tests.support.draws import draws, seed

SEEDS = range(seed(), seed() + draws(1, full=2))
TODAY = "2027-02-01"


@pytest.fixture(scope="module")
def blanks(tmp_path_factory: pytest.TempPathFactory) -> tuple[oracle.Blank, oracle.Blank]:
    """Return the form of the year and that of the year before."""
    folder = tmp_path_factory.mktemp("blanks")
    found = []
    for year in (2026, 2025):
        made = document("template", "-o", folder / f"{year}.xlsx", "--year", year, cwd=folder)
        cells = {key: (one["sheet"], one["cell"]) for key, one in made["cells"].items()}
        found.append(oracle.Blank(data=(folder / f"{year}.xlsx").read_bytes(), cells=cells))
    return found[0], found[1]


def merge(inbox: Path) -> Mapping[str, Any]:
    """Return what a merge says."""
    arguments = ("merge", inbox, "--year", 2026, "--exit-zero")
    return dict(document(*arguments, cwd=inbox.parent, cold=True, GWXL_TODAY=TODAY))


def agrees(drawn: oracle.Drawn, inbox: Path, result: Mapping[str, Any]) -> None:
    """Demand that a merge says what the model says: counts, statuses, totals, and where each figure stands."""
    found = {
        (one["file"], one["member"]): {"ok": "accepted", "findings": "accepted"}.get(one["status"], one["status"])
        for one in result["files"]
    }
    assert found == drawn.statuses()
    assert result["counts"] == drawn.counts()
    for key, expected in drawn.totals(passed=False).items():
        total = result["totals"][key]
        assert (key, (total["value"], total["n"], total["of"])) == (key, expected)
    for key, expected in drawn.totals(passed=True).items():
        total = result["totals_passed"][key]
        assert (key, (total["value"], total["n"], total["of"])) == (key, expected)
    summary = Path(str(result["summary"]))
    for key in oracle.FIGURES[:1]:
        told = document("explain", key, summary, cwd=inbox.parent)
        origins = {(one["file"], one["member"] or "", one["sheet"], one["cell"]) for one in told["origins"]}
        assert origins == drawn.origins(key)
        assert sum(oracle.stands(inbox, origins)) == drawn.totals(passed=False)[key][0]


@pytest.mark.parametrize("number", SEEDS)
def test_a_merge_says_what_was_drawn(blanks: tuple[oracle.Blank, oracle.Blank], tmp_path: Path, number: int) -> None:
    """Each file becomes what it is, each figure is the sum of what counts, whatever the order on disk."""
    drawn, inbox = oracle.Drawn(number, *blanks), tmp_path / "收件"
    drawn.write(inbox)
    first = merge(inbox)
    agrees(drawn, inbox, first)

    drawn.decide(Path(str(first["decisions"])))
    agrees(drawn, inbox, merge(inbox))

    folder = tmp_path / "退回"
    sent = document("return", "--from", first["summary"], "-o", folder, cwd=tmp_path, code=1, GWXL_TODAY=TODAY)
    drawn.answer({one["file"]: folder / one["workbook"] for one in sent["files"] if one["workbook"]}, inbox)
    first = merge(inbox)
    agrees(drawn, inbox, first)

    other = tmp_path / "别处" / "收件"
    oracle.shuffle(inbox, other, drawn.random)
    (other.parent / Path(str(first["decisions"])).name).write_bytes(Path(str(first["decisions"])).read_bytes())
    again = merge(other)
    assert {**again, "summary": "", "decisions": ""} == {**first, "summary": "", "decisions": ""}
