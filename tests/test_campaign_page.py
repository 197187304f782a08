"""What docs/campaign.md shows of who has reported is what the commands print."""

import os
import re
import shlex
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.campaigns import begin
from tests.support.command import run, say
from tests.support.sources import ROOT

PAGES = {"docs/campaign.md": "en", "docs/campaign.zh-CN.md": "zh"}
BLOCK = re.compile(r"```console\n\$ (gwxl (?:status|remind)[^\n]*)\n(.*?)```", re.DOTALL)
RETURNS = ("01", "12", "13", "18", "27")
ROWS = [
    ("0000000001", "示例市政府门户网站", "a@example.org", "0000-0001", ""),
    ("0000000012", "示例市卫生局网站", "l@example.org", "0000-0012", "0000000001"),
    ("0000000018", "示例市民政局网站", "r@example.org", "0000-0018", "0000000001"),
    ("0000000027", "示例市粮食局网站", "A@example.org", "0000-0027", "0000000001"),
    ("0000000050", "示例县政府网站", "", "0000-0050", "0000000001"),
    ("0000000051", "示例县教育局网站", "f@example.org", "", "0000000050"),
]
SENT, LATE = "2027-01-12", "2027-01-21"


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Play a campaign up to the day after its deadline."""
    folder = begin(tmp_path_factory.mktemp("page") / "report-2026", ROWS).folder
    for number in RETURNS:
        (original,) = (ROOT / "samples" / "inbox").glob(f"{number}-*")
        shutil.copy(original, folder / "inbox")
    for day, command in ((SENT, "merge"), (SENT, "return"), (LATE, "merge")):
        say(command, cwd=folder, code=1, GWXL_TODAY=day)
    for path in (*(folder / "inbox").iterdir(), folder / "汇总.xlsx"):
        moment = datetime(2027, 1, 21, 9, 30, tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_the_page_is_real(page: str, campaign: Path, tmp_path: Path) -> None:
    """Every command prints what the page shows; GWXL_WRITE_DOCS=1 writes it anew."""
    folder = shutil.copytree(campaign, tmp_path / "report-2026")
    path = ROOT / page
    shown = BLOCK.sub(
        lambda found: f"```console\n$ {found[1]}\n{printed(folder, found[1], PAGES[page])}```", path.read_text("utf-8")
    )
    if os.environ.get("GWXL_WRITE_DOCS"):
        path.write_text(shown, "utf-8")
    assert path.read_text("utf-8") == shown
    assert len(BLOCK.findall(shown)) == 4


def printed(folder: Path, command: str, language: str) -> str:
    """Return what a command prints in the folder of the campaign."""
    result = run(*shlex.split(command)[1:], cwd=folder, GWXL_LANG=language, GWXL_TODAY=LATE, TZ="UTC")
    return result.stdout + result.stderr
