"""The first-run script, on a copy of the checkout."""

import json
import os
import runpy
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.support.sources import ROOT

PATIENCE = 900
PROBE = 'def test_probe():\n    """Fail."""\n    assert 1 == 2\n'

# Left out of the copy: what git ignores, and git itself.
IGNORED = shutil.ignore_patterns(".git", ".venv", "build", "dist", "__pycache__", ".*_cache", ".hypothesis")

# A Python whose ensurepip is missing, as Debian's without python3-venv.
NO_VENV = """import runpy, sys
sys.modules["ensurepip"] = None
sys.argv = {}
runpy.run_path(sys.argv[0], run_name="__main__")"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the checkout, with a half-made .venv and one small failing test of its own."""
    copy = tmp_path_factory.mktemp("带 空格") / "gwxl"
    shutil.copytree(ROOT, copy, ignore=IGNORED)
    shutil.rmtree(copy / "tests")
    (copy / "tests").mkdir()
    (copy / "tests" / "test_probe.py").write_text(PROBE, "utf-8")
    (copy / ".venv").mkdir()
    (copy / ".venv" / "half-made").write_text("")
    return copy


def run(folder: Path, *arguments: str, script: str = "") -> subprocess.CompletedProcess[str]:
    """Run run.py of a checkout from elsewhere."""
    start = [sys.executable, "-c", script] if script else [sys.executable, str(folder / "run.py"), *arguments]
    environment = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return subprocess.run(
        start,
        cwd=folder.parent,
        env=environment | {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


def list_files(folder: Path) -> dict[str, bytes]:
    """Return every file of a checkout that git does not ignore."""
    ignored = {".venv", "build", "__pycache__", ".pytest_cache", ".hypothesis"}
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file): file.read_bytes() for file in files if not ignored & set(file.relative_to(folder).parts)}


@pytest.mark.timeout(3 * PATIENCE)
def test_demo(checkout: Path) -> None:
    """The demo repairs .venv, installs, merges, ends with the summary's path, and changes nothing else."""
    before = list_files(checkout)
    first = run(checkout, "demo")
    assert first.returncode == 0, first.stdout + first.stderr
    steps = first.stdout.splitlines()
    assert steps[:3] == ["make .venv", "install gwxl", "merge the samples"]
    summary = Path(steps[-1])
    assert summary.is_relative_to(checkout / "build")
    assert summary.read_bytes().startswith(b"PK\x03\x04")
    assert not (checkout / ".venv" / "half-made").exists()
    assert list_files(checkout) == before
    again = run(checkout, "demo")
    assert again.returncode == 0, again.stdout + again.stderr
    assert again.stdout.splitlines()[0] == "merge the samples"


@pytest.mark.full  # who runs the tests by run.py has seen it install them
@pytest.mark.timeout(3 * PATIENCE)
def test_the_tools_are_installed(checkout: Path) -> None:
    """The tests run with the development tools, which are installed once."""
    failed(checkout)
    stamp = json.loads((checkout / ".venv" / "gwxl-installed.json").read_text("utf-8"))
    assert stamp["extras"] == ["dev"]
    found_nothing(checkout)


def failed(checkout: Path) -> None:
    """Run the failing test, and demand its failure as the exit code."""
    result = run(checkout, "test", "-q", "-k", "probe")
    assert result.returncode == 1, result.stdout + result.stderr
    assert result.stdout.splitlines()[-1].startswith("1 failed")


def found_nothing(checkout: Path) -> None:
    """Run no test, where all is installed, and demand pytest's exit code."""
    nothing = run(checkout, "test", "-q", "-k", "no_such_test", "-n", "0")
    assert nothing.returncode == 5
    assert nothing.stdout.splitlines()[0] == "run the tests"


@pytest.mark.skipif(os.name == "nt", reason="an environment is lent by links")
def test_tests(tmp_path: Path) -> None:
    """What pytest ends with is the exit code; nothing is installed where that was done for the same project."""
    home = lone_script(tmp_path)
    (home / "tests").mkdir()
    (home / "tests" / "test_probe.py").write_text(PROBE, "utf-8")
    lend(home / ".venv", home / "pyproject.toml")
    failed(home)
    found_nothing(home)


def lend(environment: Path, project: Path) -> None:
    """Make an environment of the packages that these tests run with, stamped as one that was installed."""
    own = Path(sys.prefix)
    (environment / "bin").mkdir(parents=True)
    for name in ("pyvenv.cfg", "lib", "bin/python"):
        (environment / name).symlink_to(own / name)
    stamp = {"root": str(environment.parent), "pyproject": sha256(project.read_bytes()).hexdigest(), "extras": ["dev"]}
    (environment / "gwxl-installed.json").write_text(json.dumps(stamp), "utf-8")


@pytest.mark.parametrize("arguments", [(), ("help",), ("demo", "more")])
def test_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """A call that is none shows both calls, on stderr, with exit code 2."""
    result = run(lone_script(tmp_path), *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("usage: python3 run.py demo")


def lone_script(folder: Path) -> Path:
    """Put run.py into a folder of its own, with a pyproject.toml."""
    home = folder / "lone"
    home.mkdir()
    shutil.copy(ROOT / "run.py", home)
    (home / "pyproject.toml").write_text("[project]\n")
    return home


def test_missing_venv_module_is_met_with_the_line_to_type(tmp_path: Path) -> None:
    """Without ensurepip nothing is made, and the line to type is shown."""
    home = lone_script(tmp_path)
    result = run(home, script=NO_VENV.format([str(home / "run.py"), "demo"]))
    major, minor = sys.version_info[:2]
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1].strip() == f"sudo apt install python{major}.{minor}-venv"
    assert not (home / ".venv").exists()


def test_failed_installation_shows_what_pip_said(tmp_path: Path) -> None:
    """A project that cannot be installed ends with exit code 2, pip's words and no stamp."""
    home = lone_script(tmp_path)
    (home / "pyproject.toml").write_text("[project\n")
    result = run(home, "demo")
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1] == "the installation failed, see above"
    assert len(result.stderr.splitlines()) > 1
    assert not (home / ".venv" / "gwxl-installed.json").exists()


def test_old_python_is_told(tmp_path: Path) -> None:
    """A Python that is too old gets one line."""
    home = lone_script(tmp_path)
    old = "import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path({!r}, run_name='__main__')"
    result = run(home, script=old.format(str(home / "run.py")))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "gwxl needs Python 3.11 or later; this is 3.9\n"


def test_windows_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows the programs of .venv stand in Scripts and end in .exe."""
    script: dict[str, Any] = runpy.run_path(str(ROOT / "run.py"))
    for windows, place in ((False, Path("bin", "gwxl")), (True, Path("Scripts", "gwxl.exe"))):
        monkeypatch.setitem(script["program"].__globals__, "WINDOWS", windows)
        assert Path(script["program"]("gwxl")) == ROOT / ".venv" / place
