"""Collect in ``build/bundle`` all that an installation without a network needs: ``python3 run.py bundle``.

A folder of wheels for every Python and system named below, the list of them with hashes, and one script a system.
What is not in ``bundle/constraints.txt`` with its hash is not taken.
"""

import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import gwxl

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "bundle"
TARGET = ROOT / "build" / "bundle"
WHEELS = TARGET / "wheels"
EXTRAS = "encrypted,mail"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# What a system may be called in the name of a wheel.
SYSTEMS = (
    ("win_amd64",),
    ("manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux_2_28_x86_64"),
    ("manylinux_2_17_aarch64", "manylinux2014_aarch64", "manylinux_2_28_aarch64"),
)

# What stands behind a requirement and says where it is needed.
_MARKER = re.compile(r" ;.*?(?= \\$)", re.MULTILINE)


def main() -> None:
    """Collect the wheels, write the list of them, and put the scripts beside it."""
    shutil.rmtree(TARGET, ignore_errors=True)
    WHEELS.mkdir(parents=True)
    run_pip("wheel", "--no-deps", "--wheel-dir", WHEELS, ROOT)
    (own,) = WHEELS.iterdir()
    pinned = (HERE / "constraints.txt").read_text("utf-8")
    download(pinned)
    line = f"gwxl[{EXTRAS}]=={gwxl.__version__} --hash=sha256:{sha256(own.read_bytes()).hexdigest()}\n"
    (TARGET / "requirements.txt").write_text(pinned + line, "utf-8")
    for name in ("install.sh", "install.cmd"):
        shutil.copy(HERE / name, TARGET)
    shutil.copy(ROOT / "LICENSE", TARGET)
    print(TARGET)


def download(pinned: str) -> None:
    """Fetch the pinned wheels of every system and Python; each has to have the hash of the list."""
    everywhere = TARGET / "everywhere.txt"
    everywhere.write_text(_MARKER.sub("", pinned), "utf-8")
    for system in SYSTEMS:
        platforms = [option for name in system for option in ("--platform", name)]
        for python in PYTHONS:
            options = [
                *platforms,
                "--python-version",
                python,
                "--only-binary",
                ":all:",
                "--no-deps",
                "--require-hashes",
            ]
            run_pip("download", *options, "--dest", WHEELS, "--requirement", everywhere)
    everywhere.unlink()


def run_pip(*arguments: str | Path) -> None:
    """Run pip; what it has to say is told if it fails, and is the end."""
    command = [sys.executable, "-m", "pip", "--quiet", *map(str, arguments)]
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
