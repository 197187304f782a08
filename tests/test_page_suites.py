"""What real programs, accidents and attackers make of a return: in both browsers the page says what Python says."""

import random
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.accidents import ACCIDENTS, save
from tests.support.clients.chromium import Chromium
from tests.support.clients.firefox import Firefox
from tests.support.clients.workshop import CLIENTS, SEEDS, Workshop
from tests.support.draws import draws, seed, share
from tests.support.hostile import table
from tests.support.hostile.case import Case, make_good
from tests.support.page_alone import Browser, told_here, told_there
from tests.support.sources import ROOT

SAMPLES = ROOT / "samples" / "inbox"
BOTH = pytest.mark.parametrize("program", ["browser", "firefox"])

pytestmark = pytest.mark.timeout(3600)


@pytest.fixture
def opened(request: pytest.FixtureRequest, program: str, page_alone: Path) -> Browser:
    """Return the page opened in a browser."""
    browser: Chromium | Firefox = request.getfixturevalue(program)
    browser.open(page_alone, width=1280)
    return browser


def draw(names: Iterable[Any], browser: Browser, few: int) -> list[Any]:
    """Draw some of all; in Firefox, which proves the same again, as few in every profile but the full one."""
    those = list(names)
    most = few if isinstance(browser, Firefox) and share() < 1 else draws(few, full=len(those))
    return random.Random(seed()).sample(those, most)


def name_apart(
    files: Iterable[Path], folder: Path, put: Callable[[Path, Path], object] = shutil.copy
) -> Iterator[Path]:
    """Yield files put into a folder, each under a name of its own."""
    for place, file in enumerate(files):
        named = folder / f"{place:04}{file.suffix}"
        put(file, named)
        yield named


def compare(browser: Browser, files: Iterable[Path]) -> None:
    """Hold what the page says of files against what this Python says."""
    those = list(files)
    there, here = told_there(browser, those), told_here(browser, those)
    assert [(file, one, other) for file, one, other in zip(those, there, here, strict=True) if one != other] == []


@BOTH
def test_samples(opened: Browser, tmp_path: Path) -> None:
    """The samples are read alike."""
    drawn = draw(sorted(path for path in SAMPLES.iterdir() if path.is_file()), opened, 3)
    compare(opened, name_apart(drawn, tmp_path))


@BOTH
def test_accidents(opened: Browser, workshop: Workshop, tmp_path: Path) -> None:
    """What an accident leaves is read alike, in every format."""
    names = draw(ACCIDENTS, opened, 1)
    compare(opened, name_apart((file for name in names for file in save(workshop, name).values()), tmp_path))


@BOTH
def test_programs(opened: Browser, workshop: Workshop, tmp_path: Path) -> None:
    """What a program saves is read alike, in every format."""
    names = draw(CLIENTS, opened, 1)
    files = (file for name in names for file in workshop.files(name, SEEDS[0]).values())
    compare(opened, name_apart(files, tmp_path))


@BOTH
def test_hostile(opened: Browser, tmp_path: Path) -> None:
    """What is made to hurt ends alike."""
    cases = draw(table.cases(), opened, 3)
    files = name_apart(make_hostile(cases, tmp_path), tmp_path, Path.rename)  # one has a hole that a copy would fill
    compare(opened, files)


def make_hostile(cases: Sequence[Case], folder: Path) -> Iterator[Path]:
    """Yield the files of cases; a folder or a link cannot be chosen on the page."""
    base = make_good(folder)
    for place, case in enumerate(cases):
        home = folder / f"case-{place}"
        home.mkdir()
        case.build(home, base)
        yield from (path for path in sorted(home.iterdir()) if path.is_file() and not path.is_symlink())
