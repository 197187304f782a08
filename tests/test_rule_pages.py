"""The rule list in docs/ is the one the rule files give."""

import os
from pathlib import Path

from tests.support.command import say
from tests.support.sources import ROOT

PAGE = ROOT / "docs" / "rules.md"


def test_the_page_is_what_the_command_prints(tmp_path: Path) -> None:
    """docs/rules.md is the output of ``gwxl rules --markdown``; GWXL_WRITE_DOCS=1 writes it anew."""
    printed = say("rules", "--markdown", "--lang", "zh", cwd=tmp_path)
    if os.environ.get("GWXL_WRITE_DOCS"):
        PAGE.write_text(printed, "utf-8")
    assert PAGE.read_text("utf-8") == printed
