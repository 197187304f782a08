"""Build ``build/page/gwxl.html``: one file that checks and merges in a browser, with nothing installed.

Run from a checkout: ``python3 run.py page``. It takes CPython for browsers from npm and a few packages from PyPI, each
held against a pinned hash; the same parts give the same bytes. What is in it is listed in ``gwxl.html.sha256``.
"""

import base64
import gzip
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import gwxl
from gwxl.wording import LANGUAGES, catalogue

HERE = Path(__file__).parent
ROOT = HERE.parent
BUILD = ROOT / "build" / "page"
NAME = "gwxl.html"
PYODIDE = HERE / "node_modules" / "pyodide"

SCRIPTS = ("element", "words", "crew", "files", "progress", "findings", "checking", "merging", "merged", "start")
"""The page's own scripts, in the order they are run."""
TEXTS = ("browser.", "severity.", "summary.state.", "summary.decisions.")
"""How the keys of those texts begin that the page shows."""
UNUSED = (
    *("gwxl/cli/", "gwxl/documents/drafted.", "gwxl/documents/schema/", "gwxl/campaign/", "gwxl/drafting/"),
    *("gwxl/exporting/", "gwxl/mail/imap."),
    *("cerberus/tests/", "cerberus/benchmarks/", "_pyrepl/", "antigravity."),
    *("bdb.", "cProfile.", "cmd.", "ctypes/", "curses/", "dbm/"),
    *("doctest.", "ensurepip/", "fileinput.", "ftplib.", "http/cookie", "http/server.", "idlelib/"),
    *("imaplib.", "logging/config.", "logging/handlers.", "mailbox.", "modulefinder.", "multiprocessing/", "netrc."),
    *("optparse.", "pdb.", "pickletools.", "plistlib.", "poplib.", "profile.", "pstats.", "pty.", "pydoc", "_pyio."),
    *("shelve.", "smtplib.", "socketserver.", "sqlite3/", "test/", "timeit.", "trace.", "turtle", "unittest/", "venv/"),
    *("_android_", "_apple_", "_ios_", "colorsys.", "concurrent/futures/interpreter.", "concurrent/futures/process."),
    *("concurrent/interpreters/", "filecmp.", "rlcompleter.", "sched.", "symtable.", "tabnanny.", "this."),
    *("wave.", "webbrowser.", "wsgiref/", "xml/dom/", "xml/sax/", "xmlrpc/", "zipapp."),
)
"""How the names of those files begin that nothing of the page imports."""
PINNED = ("--platform", "manylinux_2_17_x86_64", "--platform", "any", "--abi", "cp314", "--implementation", "cp")


class BuildError(Exception):
    """What is missing to build the page."""


def main() -> None:
    """Build the page and the list of its parts; print both paths."""
    page, hashes = build_into(BUILD)
    print(f"{page}\n{hashes}\n{page.stat().st_size:,} bytes")


def build_into(folder: Path) -> tuple[Path, Path]:
    """Write the page and the list of its parts into a folder; return both paths."""
    parts = collect_parts()
    page = write_page(parts)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_bytes(page)
    listed = {**parts, NAME: page}
    hashes = folder / f"{NAME}.sha256"
    hashes.write_text("".join(f"{digest(data)}  {name}\n" for name, data in listed.items()), "utf-8")
    return folder / NAME, hashes


def collect_parts() -> Mapping[str, bytes]:
    """Return what the page carries beside its own scripts, by name."""
    fetch_pyodide()
    outside, own = pack(dict(list_packages(fetch_wheels()))), pack(dict(list_own()))
    library, outside, own = compile_modules(pack(dict(list_library())), outside, own)
    return {
        "pyodide.asm.wasm": (PYODIDE / "pyodide.asm.wasm").read_bytes(),
        "library.zip": library,
        "packages.zip": outside,
        "gwxl.zip": own,
        "worker.js": "\n".join(list_worker_sources()).encode(),
    }


def list_worker_sources() -> Iterator[str]:
    """Yield the sources of a worker, which is one classic script: on a disk, Chromium lets a worker load no module.

    Pyodide's two modules are each put into a function; what they export becomes global.
    """
    yield "self.importScripts = () => { throw new Error('nothing is loaded'); };"  # Pyodide tries whether it could
    exports = {
        "pyodide.mjs": (r"export\{(\w+) as loadPyodide,\w+ as version\};", r"self.loadPyodide=\1;"),
        "pyodide.asm.mjs": (r"export default (\w+);", r"self.createPyodideModule=\1;"),
    }
    for name, (exported, made) in exports.items():
        source, found = re.subn(exported, made, (PYODIDE / name).read_text("utf-8"))
        if found != 1:
            message = f"{name}: it exports something else than this builder knows"
            raise BuildError(message)
        source = re.sub(r"^//# sourceMappingURL=.*$", "", source, flags=re.MULTILINE)
        yield f"(() => {{{source.replace('import.meta.url', 'self.location.href')}\n}})();"
    yield (HERE / "worker.js").read_text("utf-8")


def fetch_pyodide() -> None:
    """Install what package-lock.json names, each with its hash, unless it is there."""
    lock = HERE / "package-lock.json"
    version = json.loads(lock.read_text("utf-8"))["packages"]["node_modules/pyodide"]["version"]
    described = PYODIDE / "package.json"
    if described.is_file() and json.loads(described.read_text("utf-8"))["version"] == version:
        return
    npm = shutil.which("npm")
    if npm is None:
        message = "npm is not installed: CPython for browsers comes from there (apt install npm)"
        raise BuildError(message)
    run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], "npm")


def fetch_wheels() -> list[Path]:
    """Download what requirements.txt names, each with its hash, unless it is there; return the wheels by name."""
    wanted = HERE / "requirements.txt"
    folder = BUILD / f"wheels-{digest(wanted.read_bytes())[:16]}"
    if not folder.is_dir():
        fresh = folder.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        options = ["--no-deps", "--only-binary", ":all:", "--python-version", "3.14", *PINNED, "--require-hashes"]
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", *options]
        run([*download, "--dest", str(fresh), "--requirement", str(wanted)], "pip")
        fresh.rename(folder)
    return sorted(folder.glob("*.whl"))


def run(command: list[str], what: str) -> None:
    """Run a program; say all that it said where it fails."""
    result = subprocess.run(command, cwd=HERE, capture_output=True, encoding="utf-8", check=False)
    if result.returncode:
        message = f"{what} failed:\n{result.stdout}{result.stderr}"
        raise BuildError(message)


def list_library() -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of what is needed of Python's own library."""
    with ZipFile(PYODIDE / "python_stdlib.zip") as packed:
        yield from ((name, packed.read(name)) for name in packed.namelist() if not name.startswith(UNUSED))


def list_packages(wheels: list[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of what is needed of the packages of others."""
    for wheel in wheels:
        with ZipFile(wheel) as packed:
            yield from ((name, packed.read(name)) for name in packed.namelist() if is_needed(name))


def list_own() -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of what is needed of gwxl, with its forms."""
    for folder, place in {"gwxl": "gwxl", "templates": "gwxl/_data/templates", "rules": "gwxl/_data/rules"}.items():
        for file in sorted((ROOT / folder).rglob("*")):
            name = f"{place}/{file.relative_to(ROOT / folder).as_posix()}"
            if file.is_file() and is_needed(name):
                yield name, file.read_bytes()
    yield f"gwxl-{gwxl.__version__}.dist-info/licenses/LICENSE", (ROOT / "LICENSE").read_bytes()


def is_needed(name: str) -> bool:
    """Tell whether a file of a package is read by the page, or says under which licence the package comes."""
    if ".dist-info/" in name:
        return "licen" in name.casefold() or name.endswith("/METADATA")
    return not name.startswith(UNUSED) and not name.endswith((".pyc", ".so", ".c", ".pyi", "py.typed", "/"))


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files, the same bytes for the same files; it is compressed with what is around it."""
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as packed:
        for name in sorted(files):
            packed.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name])
    return target.getvalue()


def compile_modules(*zips: bytes) -> Iterator[bytes]:
    """Yield zips with their modules compiled by the Python of the page, the one to run them."""
    with tempfile.TemporaryDirectory() as name:
        given = [Path(name, f"given{number}.zip") for number in range(len(zips))]
        made = [Path(name, f"made{number}.zip") for number in range(len(zips))]
        for path, data in zip(given, zips, strict=True):
            path.write_bytes(data)
        pairs = [str(path) for pair in zip(given, made, strict=True) for path in pair]
        run(["node", "compile.mjs", *pairs], "node")
        yield from (path.read_bytes() for path in made)


def write_page(parts: Mapping[str, bytes]) -> bytes:
    """Return the page: its frame, filled."""
    scripts = [(HERE / f"{name}.js").read_text("utf-8") for name in SCRIPTS]
    style = (HERE / "style.css").read_text("utf-8")
    words = json.dumps(list_words(), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    values = {
        "script-hashes": " ".join(source_hash(script) for script in scripts),
        "style-hash": source_hash(style),
        "style": style,
        "scripts": "\n".join(f"<script>{script}</script>" for script in scripts),
        "words": words,
        "python": json.dumps(json.loads((PYODIDE / "pyodide-lock.json").read_text("utf-8"))["info"]),
        "version": gwxl.__version__,
        "licences": escape("\n\n".join(list_licences())),
        "parts": "\n".join(write_part(name, data) for name, data in parts.items()),
    }
    page = (HERE / "frame.html").read_text("utf-8")
    for name, value in values.items():
        page = page.replace(f"[[{name}]]", value)
    return page.encode()


def write_part(name: str, data: bytes) -> str:
    """Return a part as it stands in the page: gzip in base64, with the hash of what it holds."""
    packed = base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()
    return f'<script type="application/gzip" id="{name}" data-sha256="{digest(data)}">{packed}</script>'


def list_words() -> Mapping[str, Mapping[str, str]]:
    """Return language → key → text, of those texts that the page shows."""
    shown = {key: entry for key, entry in catalogue().items() if key.startswith(TEXTS)}
    return {language: {key: entry[language] for key, entry in shown.items()} for language in LANGUAGES}


def list_licences() -> Iterator[str]:
    """Yield the licence of each package, with its name; CPython's and Pyodide's are named with where they stand."""
    version = json.loads((PYODIDE / "package.json").read_text("utf-8"))["version"]
    yield f"Pyodide {version}: Mozilla Public License 2.0, https://www.mozilla.org/MPL/2.0/\nhttps://github.com/pyodide/pyodide"
    with ZipFile(PYODIDE / "python_stdlib.zip") as library:
        notices = [name for name in library.namelist() if "LICENSE" in name.upper()]
        yield from (f"{name}\n{library.read(name).decode()}" for name in notices)
    yield "CPython: Python Software Foundation License Version 2, https://docs.python.org/3/license.html"
    for name, data in sorted([*list_packages(fetch_wheels()), *list_own()]):
        if ".dist-info/" in name and "licen" in name.casefold():
            yield f"{name.partition('.dist-info')[0]}\n{data.decode()}"


def escape(text: str) -> str:
    """Return a text that stands in HTML as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def source_hash(source: str) -> str:
    """Return a script or style as the content security policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def digest(data: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    try:
        main()
    except BuildError as error:
        sys.exit(str(error))
