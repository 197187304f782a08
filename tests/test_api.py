"""The way in for Python: what it offers, what it costs, and that docs/api.md is true."""

import ast
import doctest
import inspect
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import gwxl
from tests.support.command import environment
from tests.support.sources import ROOT, modules

PAGE = ROOT / "docs" / "api.md"
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
EXAMPLES = ("01", "12", "18", "42")
VERBS = [
    *("check", "check_form", "explain", "export", "make_template", "merge", "migrate", "publish", "publish_summary"),
    *("collect_mails", "issue_workbooks", "remind", "send_back", "send_workbooks", "start_campaign", "take_stock"),
    *("draft_form", "start_form", "write_receipt", "write_report"),
]
VALUES = [
    *("Campaign", "Collection", "Filed", "Issued", "Mailed", "Roster", "Site", "Started", "Taken", "Wanted"),
    *("Asked", "Counted", "Drafted", "Reminder", "Reminders", "Stock", "find_campaign", "read_asked", "read_roster"),
    *("Repeated", "merge_or_repeat"),
    *(
        "CampaignKey",
        "Checked",
        "Explanation",
        "Exported",
        "Finding",
        "GwxlError",
        "Merged",
        "Migration",
        "Notice",
        "Period",
    ),
    *(
        "Published",
        "PublishedSummary",
        "Receipt",
        "Reported",
        "Returned",
        "SentBack",
        "Severity",
        "Status",
        "Submission",
    ),
    *("Template", "Terms", "Verdict", "read_key", "read_previous"),
]


def test_what_it_offers() -> None:
    """These names and no others; each is what a type checker is told it is."""
    assert sorted(gwxl.__all__) == sorted(VERBS + VALUES)
    assert {name: getattr(gwxl, name) for name in gwxl.__all__} == dict(find_imported())
    with pytest.raises(AttributeError, match="module 'gwxl' has no attribute 'merge_folder'"):
        _ = gwxl.merge_folder  # type: ignore[attr-defined]


def find_imported() -> Iterator[tuple[str, object]]:
    """Yield each name that is imported for type checkers, with what stands there."""
    for node in ast.walk(ast.parse(inspect.getsource(gwxl))):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("gwxl."):
            for alias in node.names:
                yield alias.name, getattr(import_module(str(node.module)), alias.name)


def test_no_module_bears_the_name_of_a_verb() -> None:
    """A function at the first look stays one at the second."""
    assert {part for module in modules() for part in module.name.split(".")} & set(gwxl.__all__) == set()


@pytest.mark.parametrize("verb", VERBS)
def test_the_shape_of_a_verb(verb: str) -> None:
    """Terms first where it has any; what it writes over is asked for by name; it returns a value."""
    signature = inspect.signature(getattr(gwxl, verb))
    first, *rest = signature.parameters.values()
    assert first.name == {
        "explain": "summary",
        "check_form": "form",
        "draft_form": "workbook",
        "start_form": "folder",
    }.get(verb, "terms")
    keyword = {one.name for one in rest if one.kind is one.KEYWORD_ONLY}
    assert {one.name for one in rest} & {"force", "progress", "reading", "writing"} <= keyword
    assert signature.return_annotation is not None


def test_importing_it_loads_nothing() -> None:
    """Whoever wants the version, or one verb, does not wait for the others."""
    code = "import gwxl, sys; print([name for name in sys.modules if name.startswith('gwxl')])"
    command = [sys.executable, "-c", code]
    assert subprocess.check_output(command, env=environment(), cwd=ROOT, encoding="utf-8") == "['gwxl']\n"


def test_the_commands_call_the_verbs() -> None:
    """What a command does is a verb; beyond, it imports what it shows."""
    commands = {module.name: set(module.imports) for module in modules() if module.name.endswith("_command")}
    done = {name for names in commands.values() for name in names if name.startswith("gwxl.")}
    assert {f"gwxl.{verb}" for verb in VERBS} <= done
    deep = {name.split(".")[1] for name in done if name.count(".") > 1}
    assert (
        deep & {"intake", "engines", "files", "merging", "publishing", "explaining", "receiving", "authoring"} == set()
    )


def test_the_page_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example gives what the page shows; GWXL_WRITE_DOCS=1 writes it anew."""
    for number in EXAMPLES:
        (original,) = (ROOT / "samples" / "inbox").glob(f"{number}-*")
        (tmp_path / "inbox").mkdir(exist_ok=True)
        shutil.copy(original, tmp_path / "inbox")
    monkeypatch.chdir(tmp_path)
    page, names = PAGE.read_text("utf-8"), dict[str, Any]()
    shown = BLOCK.sub(lambda block: f"```python\n{play(block[1], names)}```", page)
    if os.environ.get("GWXL_WRITE_DOCS"):
        PAGE.write_text(shown, "utf-8")
    assert PAGE.read_text("utf-8") == shown
    assert [verb for verb in VERBS if f"\n## {verb}\n" not in page or f"gwxl.{verb}(" not in page] == []


def play(block: str, names: dict[str, Any]) -> str:
    """Return a block of examples with what each prints, run in a namespace."""
    lines = []
    for example in doctest.DocTestParser().get_examples(block):
        first, *more = example.source.splitlines(keepends=True)
        output = io.StringIO()
        with redirect_stdout(output):
            exec(compile(example.source, "docs/api.md", "single"), names)  # noqa: S102 - the page of our own
        lines += [f">>> {first}", *(f"... {line}" for line in more), output.getvalue()]
    return "".join(lines)
