"""Regular expressions: ours are linear, an author's are bounded, and a slow one is told as the fault of its rule."""

import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gwxl.authoring import check_form
from gwxl.errors import RefusedError, RuleError
from gwxl.form.loading import load_form
from gwxl.rules.patterns import LONGEST, blame_rule, is_free_of, match_whole, unusable
from gwxl.rules.ruleset import RuleSet, load_rules
from tests.support import patterns
from tests.support.sources import ROOT
from tests.support.submissions import FORMS, drill_rules, make_submission

MINUTES = 10


@pytest.mark.timeout(900)
def test_ours_take_linear_time() -> None:
    """No pattern of the package takes more than about double the time for double of 32,000 characters."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.patterns"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (60 * MINUTES, 60 * MINUTES)),
    )
    assert done.returncode == 0, done.stderr[-500:]
    count, *slow = done.stdout.splitlines()
    assert slow == []
    assert int(count) > 100


@pytest.mark.parametrize("pattern", [r"\s*x?\s*\Z", r"[0-9]+\.?[0-9]*\Z", r"(?:a|b)*c"])
def test_what_takes_no_linear_time_is_found(pattern: str) -> None:
    """The measure itself finds a pattern that grows by the square, and lets one go that does not."""
    method = frozenset({"match" if not pattern.endswith("c") else "search"})
    assert patterns.slow(patterns.Used("x", re.compile(pattern), method))
    assert not patterns.slow(patterns.Used("x", re.compile(r"\s*+[0-9]*+\Z"), frozenset({"match"})))


NESTED = [
    "(a+)+",
    "(?:a*)*",
    "(a|b*)*x",
    "(?:a|b+)*x",
    "a|(?:b+)+",
    "(?:a?)+",
    "((a)+)+",
    "(?i:(?:x(?:a{2,3})y)*)",
    "(a|ab)*",
    "(?:a|)*",
    "(?:ab|)*",
    r"(?:\w+\s?)*",
    "(?:a+)*?",
    "(?P<n>a+)+",
    "(?:a+){2,5}",
    "(?:a+){2}",
    "(?:a+)?+|(?:b+){0,2}",
    r"(?>(a+)+)b",
    "(?=(?:a+)+)b",
    "(?!(?:a+)*x)b",
    "(?:(?:a+){1})*",
    r"(?:[\w-]+\.)+cn",
]
FLAT = [
    "[0-9]{3}(?:,[0-9]{3})*",
    "(?:[a-z]++,)*",
    "(?:ab|cd)+",
    "(?:[0-9]{4}-){2}[0-9]+",
    "a?b?c?",
    "(?:https?://)?x*",
    "(?:(?!--).)*",
    "(?:(?=a+)b)*",
    "(?:(?>a+)b)*",
    "一+|二+",
    "(a)?(?(1)b|c)",
]


@pytest.mark.parametrize("pattern", NESTED)
def test_a_repeat_in_a_repeat(pattern: str) -> None:
    """It is refused, whatever stands between the two, with what to write instead."""
    assert "has a repeat inside a repeat" in unusable(pattern)
    assert "fixed number" in unusable(pattern)


@pytest.mark.parametrize("pattern", FLAT)
def test_what_is_no_repeat_in_a_repeat(pattern: str) -> None:
    """A fixed number, what gives nothing back and what may be there once are good."""
    assert unusable(pattern) == ""


def test_a_long_pattern_is_quoted_in_part() -> None:
    """Sixty characters of it stand in the message, and a mark where there were more."""
    for length, shown in ((60, "(" + "a" * 59), (61, "(" + "a" * 59 + "…"), (99, "(" + "a" * 59 + "…")):
        assert unusable("(" + "a" * (length - 1)).startswith(f"{shown!r} is no regular expression")


@pytest.mark.parametrize("pattern", ["(", "a{99999999999999999999}", "(" * 3_000])
def test_no_pattern(pattern: str) -> None:
    """What Python cannot compile is told, however it fails."""
    assert "is no regular expression" in unusable(pattern)


def drill(folder: Path, pattern: str, name: str = "regex") -> RuleSet:
    """Return the rules of the second form with another pattern for its code."""
    for part in ("templates", "rules"):
        shutil.copytree(FORMS.parent / part / "drill_record", folder / part / "drill_record")
    file = folder / "rules" / "drill_record" / "cells.toml"
    old = 'regex = "D[0-9]{4}", meta = { type = "K03", required = "K01", regex = "K02" }'
    new = f'regex = \'{pattern}\', meta = {{ type = "K03", required = "K01", regex = "K02" }}'
    if name != "regex":
        new = f'meta = {{ type = "K03", required = "K01" }}, checks = [{{ id = "K02", {name} = \'{pattern}\' }}]'
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return load_rules(file.parent, load_form(folder / "templates" / "drill_record"))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("regex", "cells.drill_code.regex"),
        ("pattern", "cells.drill_code.checks[0].pattern"),
        ("avoid", "cells.drill_code.checks[0].avoid"),
    ],
)
def test_refused_at_loading(name: str, key: str, tmp_path: Path) -> None:
    """File and key are told."""
    with pytest.raises(RuleError, match="has a repeat inside a repeat") as refusal:
        drill(tmp_path, "(?:D[0-9]+)+", name)
    assert (Path(refusal.value.file).name, refusal.value.key) == ("cells.toml", key)


@pytest.mark.parametrize("name", ["regex", "pattern", "avoid"])
def test_a_slow_one_names_its_rule(name: str, tmp_path: Path) -> None:
    """What takes too long ends within seconds of processor time, and is the rule's fault, not the sender's."""
    rules = drill(tmp_path, ".*.*.*.*.*.*.*x", name)
    began = time.process_time()
    with pytest.raises(RefusedError) as refusal:
        rules.judge(make_submission(rules.form, {"drill_code": "D" * 1_999}))
    assert time.process_time() - began < 20
    assert (refusal.value.reason, refusal.value.details["rule"]) == ("slow_rule", "K02")


def test_a_slow_one_is_told_its_author(tmp_path: Path) -> None:
    """An example that shows it is a mistake of the form, with file and key."""
    drill(tmp_path, ".*.*.*.*.*.*.*x")
    file = tmp_path / "rules" / "drill_record" / "cells.toml"
    file.write_text(
        file.read_text("utf-8").replace(
            'ok = [{ drill_code = "D0001" }]', f'ok = [{{ drill_code = "{"D" * 1_999}" }}]'
        ),
        "utf-8",
    )
    mistakes = check_form(str(tmp_path / "templates" / "drill_record")).mistakes
    (slow,) = [one for one in mistakes if "takes rule K02 too long" in one.reason]
    assert (Path(slow.file).name, slow.key) == ("cells.toml", "rules.K02.ok[0]")


@pytest.mark.parametrize(("name", "pattern"), [("regex", "[D0-9]*"), ("pattern", "[D0-9]*"), ("avoid", "x")])
@pytest.mark.parametrize(("length", "faults"), [(LONGEST, []), (LONGEST + 1, ["K02"])])
def test_2000_characters(name: str, pattern: str, length: int, faults: list[str], tmp_path: Path) -> None:
    """A longer text does not fit any pattern, and that is what is said of it."""
    rules = drill(tmp_path, pattern, name)
    found = rules.judge(make_submission(rules.form, {"drill_code": "D" * length}))
    told = [one for one in found if one.id == "K02"]
    assert [one.id for one in told] == faults
    assert all("2001" in one.message and "2000" in one.message for one in told)


@pytest.mark.parametrize(
    ("key", "text", "id_", "more"),
    [
        ("drill_code", "D1", "K02", False),
        ("drill_code", "D" * LONGEST, "K02", False),
        ("drill_code", "D" * (LONGEST + 1), "K02", True),
        ("outside_name", "x" * 21, "K07", False),
        ("outside_name", "x" * (LONGEST + 1), "K07", False),
    ],
)
def test_what_is_said_besides(key: str, text: str, id_: str, more: bool) -> None:  # noqa: FBT001 - an expectation
    """That a text is too long is added to the message of a pattern that did not look at it, and to no other."""
    rules = drill_rules()
    (found,) = (one for one in rules.judge(make_submission(rules.form, {key: text})) if one.id == id_)
    said = "（有 2001 个字，超过 2000 个字的内容无法核对，请缩短）"
    assert found.message == rules.rule(id_).message + (said if more else "")


def test_the_functions_themselves() -> None:
    """A whole text fits; what is free of a pattern is so only where it was looked through."""
    assert match_whole("ab|cd", "cd")
    assert not match_whole("ab|cd", "cd\n")
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)  # else it would end what comes after
    with pytest.raises(TimeoutError):
        match_whole(".*.*.*.*.*.*.*x", "D" * 1_999)
    with pytest.raises(RefusedError, match="slow_rule"), blame_rule("K02"):
        is_free_of(".*.*.*.*.*.*.*x", "D" * 1_999)
    assert is_free_of("x", "ab" * (LONGEST // 2))
    assert not is_free_of("x", "ab" * LONGEST)
