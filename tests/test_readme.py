"""What the READMEs show is what the commands print."""

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.sources import ROOT

PAGES = {"README.md": "en", "README.zh-CN.md": "zh"}
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def told(page: str) -> list[tuple[str, str]]:
    """Return each shown command with the output below it."""
    blocks = BLOCK.findall((ROOT / page).read_text("utf-8"))
    return [(command.removeprefix("$ "), output) for command, _, output in (block.partition("\n") for block in blocks)]


def printed(folder: Path, page: str) -> list[tuple[str, str]]:
    """Run the shown commands one after another beside a copy of the samples; return them with what they print."""
    shutil.copytree(ROOT / "samples" / "inbox", folder / "samples" / "inbox")
    shown = []
    for command, _ in told(page):
        program, *arguments = shlex.split(command)
        assert program == "gwxl"
        result = run(*arguments, cwd=folder, GWXL_LANG=PAGES[page])
        shown.append((command, result.stdout + result.stderr))
    return shown


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
    shown = printed(tmp_path, page)
    if os.environ.get("GWXL_WRITE_DOCS"):
        rewrite(page, shown)
    assert told(page) == shown
    assert len(shown) == 5


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    """Files and pictures that the page names are there."""
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text("utf-8"))
    assert len(links) >= 8
    assert [link for link in links if not (ROOT / link).exists()] == []
