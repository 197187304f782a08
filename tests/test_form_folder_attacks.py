"""The folder of a form somebody else made: it reads, writes and holds up nothing on the machine it is used on."""

import time
from pathlib import Path

import pytest

from gwxl.authoring import check_form
from gwxl.cli.invocation import COULD_NOT_RUN
from gwxl.errors import FormError
from gwxl.rendering import render
from tests.support.command import run
from tests.support.hostile.folders import SECRET, TEMPLATES, Attack, as_bytes, attacks, make

ATTACKS = tuple(attacks())
USED = tuple(attack for attack in ATTACKS if attack.file and not attack.file.startswith("report"))
SECONDS = 30.0  # of processor time on a busy machine; each takes some two
PASSWORDS = "root:"


def contents(folder: Path) -> dict[str, bytes]:
    """Return every plain file below a folder by its path."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack(attack: Attack, tmp_path: Path) -> None:
    """Each is refused with file and reason, in time, nothing of another file shown, nothing changed."""
    form = make(tmp_path, attack)
    before, began = contents(tmp_path), time.process_time()
    mistakes = check_form(str(form)).mistakes
    assert time.process_time() - began < SECONDS
    assert contents(tmp_path) == before
    told = " ".join(map(str, mistakes))
    assert SECRET not in told
    assert PASSWORDS not in told
    if not attack.file:
        assert mistakes == ()
        return
    assert attack.reason in told
    assert attack.file in told
    assert attack.key in {mistake.key for mistake in mistakes}


@pytest.mark.parametrize("attack", USED[::5], ids=lambda attack: attack.name)
def test_no_template_is_made(attack: Attack, tmp_path: Path) -> None:
    """The command that would use the form ends with what is wrong in one line, and leaves no file."""
    form = make(tmp_path, attack)
    result = run("template", "--form", form, "--year", "2026", "-o", "out.xlsx", "--letter", "letter.txt", cwd=tmp_path)
    assert result.returncode == COULD_NOT_RUN
    assert attack.reason in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert SECRET not in result.stderr + result.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rules", "templates"]


def test_every_template_is_bounded(tmp_path: Path) -> None:
    """What a letter must not do, no other template may."""
    for template, reason in TEMPLATES.values():
        (tmp_path / "prompt.j2").write_bytes(as_bytes(template.replace("letter.j2", "prompt.j2")))
        with pytest.raises(FormError) as refusal:
            render("prompt.j2", tmp_path, form={"sections": []}, notice={}, year=2026)
        assert reason in str(refusal.value)


@pytest.mark.parametrize("value", [Path("/"), object(), {"folder": Path("/")}, [print], {1, 2}, b"x"])
def test_only_plain_values_are_shown(value: object, tmp_path: Path) -> None:
    """A program that hands a template more than texts and numbers is told so at once."""
    (tmp_path / "own.j2").write_text("", "utf-8")
    with pytest.raises(TypeError, match="must not see"):
        render("own.j2", tmp_path, value=value)
