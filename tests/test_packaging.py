"""The package as users get it: built, installed in a fresh environment, used from another folder."""

import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest

import gwxl
from tests.support.sources import ROOT, modules

# The distribution that brings a module of another name.
DISTRIBUTIONS: dict[str, str] = {
    "flufl": "flufl.bounce",
    "imap_tools": "imap-tools",
    "msoffcrypto": "msoffcrypto-tool",
    "oxmsg": "python-oxmsg",
}

# Extras with which the checkout is worked on; the package imports nothing of them.
OF_THE_CHECKOUT = {"bench", "dev", "docs"}

# How long building and installing may take before something is stuck.
PATIENCE = 600

pytestmark = pytest.mark.timeout(3 * PATIENCE)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the checkout."""
    return build_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source distribution from the checkout."""
    folder = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", folder, cwd=ROOT)
    return find_only(folder, "*.tar.gz")


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel with its dependencies in a fresh environment; return its gwxl."""
    folder = tmp_path_factory.mktemp("fresh") / "env"
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    run(scripts / "python", "-m", "pip", "install", wheel, cwd=folder)
    return scripts / "gwxl"


def build_wheel(source: Path, folder: Path) -> Path:
    """Build a wheel from a folder or a source distribution."""
    options = ["--no-deps", "--no-build-isolation", "--wheel-dir", folder]
    run(sys.executable, "-m", "pip", "wheel", source, *options, cwd=folder)
    return find_only(folder, "*.whl")


def run(*command: object, cwd: Path, code: int = 0) -> str:
    """Run a command with the checkout out of sight; return what it printed."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | {"PYTHONUTF8": "1"}
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout


def find_only(folder: Path, pattern: str) -> Path:
    """Return the one file of a pattern."""
    (file,) = folder.glob(pattern)
    return file


def test_wheel_holds_forms_rules_and_texts(wheel: Path) -> None:
    """Everything declared in the checkout is in the wheel, and nothing of the tests."""
    names = set(ZipFile(wheel).namelist())
    declared = [file for home in ("templates", "rules") for file in (ROOT / home).rglob("*") if file.is_file()]
    assert declared
    assert {f"gwxl/_data/{file.relative_to(ROOT).as_posix()}" for file in declared} <= names
    texts = (ROOT / "gwxl" / "wording").glob("*.toml")
    assert {f"gwxl/wording/{file.name}" for file in texts} <= names
    assert "gwxl/py.typed" in names
    assert f"gwxl-{gwxl.__version__}.dist-info/licenses/LICENSE" in names
    assert {name.split("/")[0] for name in names} == {"gwxl", f"gwxl-{gwxl.__version__}.dist-info"}


def test_wheel_from_sdist_is_the_same(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    """A wheel built from the source distribution holds what the checkout's wheel holds."""
    again = build_wheel(sdist, tmp_path)
    assert contents(again) == contents(wheel)


def contents(wheel: Path) -> dict[str, int]:
    """Return the checksum of each file of a wheel; RECORD only lists them."""
    return {part.filename: part.CRC for part in ZipFile(wheel).infolist() if not part.filename.endswith("RECORD")}


def test_dependencies_are_what_is_imported() -> None:
    """What the package asks for is what its modules import, no less and no more."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [lines for name, lines in project["optional-dependencies"].items() if name not in OF_THE_CHECKOUT]
    asked = {requirement(line) for line in (*project["dependencies"], *(line for lines in extras for line in lines))}
    outside = {name.split(".")[0] for module in modules() for name in module.imports}
    imported = {DISTRIBUTIONS.get(name, name) for name in outside - set(sys.stdlib_module_names) - {"gwxl"}}
    assert sorted(asked) == sorted(imported)


def test_every_dependency_has_a_lower_bound() -> None:
    """No requirement is open downwards."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *(line for group in project["optional-dependencies"].values() for line in group)]
    assert [line for line in lines if ">=" not in line and "==" not in line] == []


def requirement(line: str) -> str:
    """Return the name of a requirement, without extras and bounds."""
    return re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0].lower()


def test_version(command: Path, tmp_path: Path) -> None:
    """The installed command says its version."""
    assert gwxl.__version__ in run(command, "--version", cwd=tmp_path)


def test_template_and_merge_from_another_folder(command: Path, tmp_path: Path) -> None:
    """The installed command finds its forms, writes a template and merges what comes back."""
    inbox = tmp_path / "收件箱"
    inbox.mkdir()
    run(command, "template", "-o", inbox / "年度报表.xlsx", cwd=tmp_path)
    assert is_zipfile(inbox / "年度报表.xlsx")
    run(command, "merge", inbox, "-o", "汇总.xlsx", cwd=tmp_path, code=1)
    assert is_zipfile(tmp_path / "汇总.xlsx")
