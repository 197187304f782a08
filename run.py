"""Run gwxl from a fresh checkout with nothing but Python: ``python3 run.py demo`` or ``python3 run.py test``.

Everything it makes stands inside the checkout, in ``.venv`` and ``build``, which git ignores.
It reads on Python 3.6 and later, so that an old Python gets a clear line instead of a syntax error.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

OLDEST = (3, 11)
WINDOWS = os.name == "nt"
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "gwxl-installed.json"
DEMO = ROOT / "build" / "demo"
SPREAD = ["--numprocesses", "auto", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder"]
# The extras of pyproject.toml, and what an installation with each is called.
EXTRAS = {"": "", "dev": " and its development tools", "docs": " and what builds its site"}
# What is built, by which module, with which extra of pyproject.toml.
BUILDS = {"page": ("page.build", ""), "site": ("docs.site", "docs"), "bundle": ("bundle.build", "")}
USAGE = """usage: python3 run.py demo                  install gwxl into .venv and merge the samples
       python3 run.py test [pytest options] install gwxl with its development tools and run the tests
       python3 run.py test --full           run them on all that is drawn, and on all that a short run leaves out
       python3 run.py page                  build the one HTML file that needs no installation (npm and Node.js do)
       python3 run.py site                  build the site of the documentation into build/site
       python3 run.py bundle                collect all that an installation without a network needs in build/bundle"""


class StopError(Exception):
    """The end of a run, with one line and an exit code."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


def main(arguments: "list[str]") -> int:
    """Run one command; return the exit code."""
    command, rest = (arguments or [""])[0], arguments[1:]
    if command == "test":
        return test(rest)
    if command == "demo" and not rest:
        return demo()
    if command in BUILDS and not rest:
        return build(command)
    raise StopError(USAGE)


def demo() -> int:
    """Merge a copy of the sample inbox; print the summary's path alone on the last line."""
    install("")
    summary = DEMO / "summary.xlsx"
    inbox = fresh_inbox()
    step("merge the samples")
    command = [program("gwxl"), "merge", "--no-store", str(inbox), "-o", str(summary)]
    result = subprocess.run(command, cwd=ROOT, env=environment(), stderr=subprocess.PIPE, check=False)
    sys.stderr.buffer.write(result.stderr)
    sys.stderr.flush()
    # The samples hold faults, so 1 is right; but a crash of Python ends in 1 too.
    if result.returncode not in (0, 1) or b"Traceback (most recent call last)" in result.stderr:
        raise StopError("gwxl merge failed with exit code {}".format(result.returncode))
    if not summary.is_file():
        raise StopError("gwxl merge wrote no {}".format(summary))
    step(str(summary))
    return 0


def fresh_inbox() -> Path:
    """Return a new copy of the samples; the decisions are written beside it, not into the checkout's own files."""
    samples = ROOT / "samples" / "inbox"
    if not samples.is_dir():
        raise StopError("no samples in {}; take the whole checkout".format(samples))
    try:
        if DEMO.exists():
            shutil.rmtree(str(DEMO))
        shutil.copytree(str(samples), str(DEMO / "inbox"))
    except OSError as error:
        raise StopError("cannot renew {}: {}; close the files that are open there".format(DEMO, error)) from error
    return DEMO / "inbox"


def test(options: "list[str]") -> int:
    """Run the tests, or what pytest's options ask for; return pytest's exit code."""
    install("dev")
    step("run the tests")
    command = [program("python"), "-m", "pytest", *SPREAD, *options]
    return subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode


def build(what: str) -> int:
    """Build the page, the site or the bundle; return the exit code."""
    module, extra = BUILDS[what]
    install(extra)
    step("build the " + what)
    return subprocess.run([program("python"), "-m", module], cwd=ROOT, env=environment(), check=False).returncode


def install(extra: str) -> None:
    """Make .venv and install gwxl in it, unless that was done for the same pyproject.toml already.

    What an extra brings stays beside what another brought.
    """
    made = stamp(extra)
    found = read_stamp()
    if usable() and found.get("root") == made["root"]:
        if found.get("pyproject") == made["pyproject"]:
            extras = found.get("extras", [])
            if not extra or extra in extras:
                return
            made["extras"] = sorted({*extras, extra})
    else:
        make_venv()
    step("install gwxl" + EXTRAS[extra])
    if STAMP.exists():
        STAMP.unlink()
    package = str(ROOT) + ("[{}]".format(extra) if extra else "")
    check([program("python"), "-m", "pip", "install", "--editable", package], "the installation")
    STAMP.write_text(json.dumps(made), "utf-8")


def stamp(extra: str) -> "dict[str, Any]":
    """Return what an installation depends on; an environment does not survive a move of its folder."""
    project = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return {"root": str(ROOT), "pyproject": project, "extras": [extra] if extra else []}


def read_stamp() -> "dict[str, Any]":
    """Return the stamp of the last complete installation, empty if there is none."""
    try:
        found = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def usable() -> bool:
    """Tell whether .venv holds a Python that is new enough and has pip."""
    question = "import pip, sys; sys.exit(sys.version_info < {})".format(OLDEST)
    try:
        return subprocess.run([program("python"), "-c", question], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """Make .venv anew; a half-made one is removed."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise StopError(venv_help())
    step("make .venv")
    try:
        if VENV.is_symlink() or VENV.is_file():
            VENV.unlink()
        elif VENV.exists():
            shutil.rmtree(str(VENV))
    except OSError as error:
        raise StopError("cannot remove the half-made {}: {}".format(VENV, error)) from error
    check([sys.executable, "-m", "venv", str(VENV)], "making .venv")


def venv_help() -> str:
    """Return the line to type when Python came without its venv module."""
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    return "this Python has no venv module. On Debian or Ubuntu type:\n  sudo apt install {}".format(package)


def program(name: str) -> str:
    """Return the path of a program in .venv."""
    if WINDOWS:
        return str(VENV / "Scripts" / (name + ".exe"))
    return str(VENV / "bin" / name)


def environment() -> "dict[str, str]":
    """Return the environment of a run: .venv's own packages only, pip's cache inside the checkout."""
    kept = {key: value for key, value in os.environ.items() if key not in {"PYTHONHOME", "PYTHONPATH", "PIP_USER"}}
    kept.setdefault("PIP_CACHE_DIR", str(VENV / ".cache"))
    kept["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    kept["PYTHONUTF8"] = "1"
    return kept


def check(command: "list[str]", what: str) -> None:
    """Run a command quietly; show all it said when it fails."""
    result = subprocess.run(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if result.returncode:
        sys.stderr.buffer.write(result.stdout)
        sys.stderr.flush()
        raise StopError("{} failed, see above".format(what))


def step(line: str) -> None:
    """Print one line at once, whatever the encoding of the terminal."""
    encoding = sys.stdout.encoding or "utf-8"
    print(line.encode(encoding, "backslashreplace").decode(encoding), flush=True)


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        print("gwxl needs Python {}.{} or later; this is {}.{}".format(*OLDEST + sys.version_info[:2]), file=sys.stderr)
        sys.exit(2)
    try:
        sys.exit(main(sys.argv[1:]))
    except StopError as stop:
        print(stop, file=sys.stderr)
        sys.exit(stop.code)
    except KeyboardInterrupt:
        sys.exit(130)
