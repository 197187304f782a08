"""The folder for an installation without a network: complete, pinned, and refused where a package was changed."""

import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import gwxl
from bundle import build
from tests.support.sources import ROOT

PATIENCE = 600

pytestmark = pytest.mark.timeout(2 * PATIENCE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the bundle, of this machine's packages alone."""
    here = [system for system in build.SYSTEMS if any(name.endswith(platform.machine()) for name in system)]
    target = tmp_path_factory.mktemp("离线 安装") / "bundle"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "TARGET", target)
        patch.setattr(build, "WHEELS", target / "wheels")
        patch.setattr(build, "SYSTEMS", tuple(here))
        patch.setattr(build, "PYTHONS", (f"{sys.version_info.major}.{sys.version_info.minor}",))
        build.main()
    return target


def install(folder: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """Run the script of the bundle with a home of its own, no settings, and no way out."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(target.parent), "LANG": "C.UTF-8"}
    return subprocess.run(
        ["sh", folder / "install.sh", target],
        env=environment | {"ALL_PROXY": "http://127.0.0.1:9", "PIP_INDEX_URL": "http://127.0.0.1:9"},
        cwd=target.parent,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


def test_installed_without_a_network(folder: Path, tmp_path: Path) -> None:
    """What the script installs is the command, its forms, and the extras that open what is locked and mailed."""
    result = install(folder, tmp_path / "程序")
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.splitlines()[0] == f"gwxl {gwxl.__version__}"
    scripts = tmp_path / "程序" / "bin"
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    for command in (
        ["gwxl", "template", "-o", "表.xlsx"],
        ["python", "-c", "import msoffcrypto, imap_tools, flufl.bounce"],
    ):
        subprocess.run([scripts / command[0], *command[1:]], cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "表.xlsx").read_bytes().startswith(b"PK\x03\x04")


def test_changed_package_is_refused(folder: Path, tmp_path: Path) -> None:
    """A package with one byte more ends the installation, and pip names it."""
    copy = shutil.copytree(folder, tmp_path / "bundle")
    (wheel,) = (copy / "wheels").glob("xlsxwriter-*.whl")
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    result = install(copy, tmp_path / "app")
    assert result.returncode == 1
    assert "DO NOT MATCH THE HASHES" in result.stderr
    assert wheel.name in result.stderr
    assert not (tmp_path / "app" / "bin" / "gwxl").exists()


def test_foreign_folder_is_left_alone(folder: Path, tmp_path: Path) -> None:
    """A folder that holds something else is not installed into."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "mine.txt").write_text("mine")
    result = install(folder, tmp_path / "app")
    assert result.returncode == 2
    assert "sh install.sh FOLDER" in result.stderr
    assert [path.name for path in (tmp_path / "app").iterdir()] == ["mine.txt"]


def test_everything_asked_for_is_pinned() -> None:
    """Each dependency of the package and of the two extras is pinned to a version that it allows, with hashes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *(line for name in ("encrypted", "mail") for line in extras(project, name))]
    text = (ROOT / "bundle" / "constraints.txt").read_text("utf-8")
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)(?: ;.*)? \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE))
    asked = [Requirement(line) for line in lines]
    assert [str(one) for one in asked if not one.specifier.contains(pinned[canonicalize_name(one.name)])] == []


def extras(project: dict[str, dict[str, list[str]]], name: str) -> list[str]:
    """Return the requirements of an extra."""
    return project["optional-dependencies"][name]


def test_script_for_windows_fits_any_code_page(folder: Path) -> None:
    """The script of Windows is ASCII with Windows' ends of lines."""
    text = (folder / "install.cmd").read_bytes()
    assert text.isascii()
    assert text.count(b"\n") == text.count(b"\r\n")
