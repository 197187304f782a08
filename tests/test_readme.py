"""What the READMEs and guides show is what the commands print."""

import os
import re
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from gwxl.records.finding import Severity
from gwxl.records.submission import Status
from gwxl.wording import text
from tests.support.clerk_year import ClerkYear
from tests.support.command import run
from tests.support.sources import ROOT

PAGES = {
    "README.md": ("en", "samples/inbox", 5),
    "README.zh-CN.md": ("zh", "samples/inbox", 5),
    "docs/levels.md": ("en", "county-a county-b", 4),
    "docs/levels.zh-CN.md": ("zh", "县甲 县乙", 4),
}
"""Page → its language, where the samples lie for it, dealt out where it names two folders, and how many commands."""
YEARS = {"docs/clerk.md": "en", "docs/clerk.zh-CN.md": "zh"}
"""Page of a clerk's year, played in a campaign → its language."""
LINKED = [*PAGES, *YEARS, *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").glob("*.md")))]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def read_shown(page: str) -> list[tuple[str, str]]:
    """Return each shown command with the output below it."""
    blocks = BLOCK.findall((ROOT / page).read_text("utf-8"))
    return [(command.removeprefix("$ "), output) for command, _, output in (block.partition("\n") for block in blocks)]


def run_shown(folder: Path, page: str) -> list[tuple[str, str]]:
    """Run the shown commands one after another beside a copy of the samples; return them with what they print."""
    language, inbox, _ = PAGES[page]
    deal(folder, inbox.split())
    shown = []
    for command, _ in read_shown(page):
        program, *arguments = shlex.split(command)
        assert program == "gwxl"
        result = run(*arguments, cwd=folder, GWXL_LANG=language)
        shown.append((command, result.stdout + result.stderr))
    return shown


def deal(folder: Path, inboxes: Sequence[str]) -> None:
    """Lay the samples into an inbox, or one after another into several."""
    if len(inboxes) == 1:
        shutil.copytree(ROOT / "samples" / "inbox", folder / inboxes[0])
        return
    files = sorted(path for path in (ROOT / "samples" / "inbox").rglob("*") if path.is_file())
    for number, file in enumerate(files):
        target = folder / inboxes[number % len(inboxes)] / file.name
        target.parent.mkdir(exist_ok=True)
        shutil.copy2(file, target)


def rewrite(page: str, shown: list[tuple[str, str]]) -> None:
    """Put what the commands print into the page."""
    outputs = iter(shown)

    def block(_: re.Match[str]) -> str:
        command, output = next(outputs)
        return f"```console\n$ {command}\n{output}```"

    path = ROOT / page
    path.write_text(BLOCK.sub(block, path.read_text("utf-8")), "utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_the_tour_is_real(page: str, tmp_path: Path) -> None:
    """Every command of the tour prints what the page shows; GWXL_WRITE_DOCS=1 writes it anew."""
    shown = run_shown(tmp_path, page)
    if os.environ.get("GWXL_WRITE_DOCS"):
        rewrite(page, shown)
    assert read_shown(page) == shown
    assert len(shown) == PAGES[page][2]


@pytest.mark.parametrize("page", YEARS)
def test_the_year_is_real(page: str, tmp_path: Path) -> None:
    """Every command of the year prints what the page shows, one after another; GWXL_WRITE_DOCS=1 writes it anew."""
    year = ClerkYear(tmp_path, YEARS[page])
    shown = [(command, year.play(shlex.split(command)[1:])) for command, _ in read_shown(page)]
    if os.environ.get("GWXL_WRITE_DOCS"):
        rewrite(page, shown)
    assert read_shown(page) == shown
    assert len(shown) == 16


@pytest.mark.parametrize("page", sorted(set(LINKED)))
def test_every_link_leads_somewhere(page: str) -> None:
    """Files and pictures that the page names are there."""
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / page).read_text("utf-8"))
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").glob("*.zh-CN.md")))
def test_every_guide_stands_in_english_beside(page: str) -> None:
    """The two pages of a guide name each other."""
    english = page.replace(".zh-CN", "")
    for one, other in ((page, english), (english, page)):
        assert f"]({other})" in (ROOT / "docs" / one).read_text("utf-8")


def test_the_glossary_has_every_status() -> None:
    """What became of a file and how grave a finding is are said there in the words of the program."""
    page = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    for key in (*(f"status.{one.value}" for one in Status), *(f"severity.{one.value}" for one in Severity)):
        assert text(key, "zh") in page, key
        assert text(key, "en") in page, key
