"""Drive one LibreOffice for all tests: open, type, save, render, as a filler would."""

import contextlib
import itertools
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

SERVER = Path(__file__).with_name("uno_server.py")
START_SECONDS = 90
ANSWER_SECONDS = 120
STOP_SECONDS = 20

# Completing from the column above would turn a short entry into an earlier, longer one;
# the lock file of an office that was killed would keep the next one out.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Input">
<prop oor:name="AutoInput" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="UseLocking" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="UseDocumentSystemFileLocking" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""


class ClientError(Exception):
    """What LibreOffice could not do."""


def why_missing() -> str:
    """Say which program the client needs and does not find; empty when all are there."""
    if shutil.which("soffice") is None:
        return "soffice is not installed (apt install libreoffice-calc)"
    if _uno_python() is None:
        return "no python3 with uno (apt install python3-uno)"
    if shutil.which("pdftoppm") is None:
        return "pdftoppm is not installed (apt install poppler-utils)"
    return ""


def version() -> str:
    """Return the version of the program."""
    return _run(["soffice", "--version"]).stdout.split()[1]


def _uno_python() -> str | None:
    candidates = [Path("/usr/bin/python3")]
    if office := shutil.which("soffice"):
        candidates.append(Path(office).resolve().with_name("python"))
    for candidate in candidates:
        if candidate.exists() and _run([candidate, "-c", "import uno"]).returncode == 0:
            return str(candidate)
    return None


def _run(command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=ANSWER_SECONDS)


class LibreOffice:
    """One soffice with a profile of its own; use as a context manager.

    An answer that does not come ends the office with ClientError; the next call starts another.
    """

    def __init__(self) -> None:
        self._home: Path | None = None
        self._processes: list[subprocess.Popen[str]] = []
        self._answers: queue.Queue[str] = queue.Queue()
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start soffice and the server that speaks with it.

        Raises:
            ClientError: a program is missing, or the office does not come up.
        """
        if reason := why_missing():
            raise ClientError(reason)
        self._home = Path(tempfile.mkdtemp(prefix="gwxl-soffice-"))
        profile = self._home / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
        pipe = f"gwxl{uuid.uuid4().hex}"
        office = ["soffice", "--headless", "--norestore", "--nologo", "--nodefault"]
        office += [f"--accept=pipe,name={pipe};urp;", f"-env:UserInstallation={profile.as_uri()}"]
        self._spawn(office, subprocess.DEVNULL)
        server = self._spawn([str(_uno_python()), str(SERVER), pipe], subprocess.PIPE)
        self._answers = queue.Queue()
        threading.Thread(target=_pump, args=(server, self._answers), daemon=True).start()
        self._answer("start", START_SECONDS)

    def _spawn(self, command: list[str], stream: int) -> subprocess.Popen[str]:
        home = str(self._home)
        environment = os.environ | {"HOME": home, "XDG_CACHE_HOME": home, "XDG_CONFIG_HOME": home, "LC_ALL": "C.UTF-8"}
        environment.pop("PYTHONPATH", None)
        process = subprocess.Popen(
            command,
            stdin=stream,
            stdout=stream,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=environment,
            start_new_session=True,
        )
        self._processes.append(process)
        return process

    def call(self, command: str, **arguments: object) -> Any:
        """Send one request, return its result.

        Raises:
            ClientError: the office refused, died or did not answer.
        """
        if self._home is None:
            self.start()
        stdin = self._processes[-1].stdin
        try:
            print(json.dumps({"command": command, **arguments}), file=stdin, flush=True)
        except OSError as error:
            self.stop()
            message = f"LibreOffice is gone before {command}: {error}"
            raise ClientError(message) from error
        return self._answer(command, ANSWER_SECONDS)

    def _answer(self, command: str, seconds: float) -> Any:
        try:
            line = self._answers.get(timeout=seconds)
        except queue.Empty:
            line = ""
        if not line:
            self.stop()
            message = f"LibreOffice gave no answer to {command}"
            raise ClientError(message)
        answer = json.loads(line)
        if "error" in answer:
            message = f"{command}: {answer['error']}"
            raise ClientError(message)
        return answer["result"]

    def stop(self) -> None:
        """End the office and the server, and remove the profile; nothing when none runs."""
        for process in reversed(self._processes):
            _end(process)
        self._processes.clear()
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None

    def open(self, path: Path, password: str = "") -> "Document":
        """Open a workbook, macros off and links not updated.

        Raises:
            ClientError: it cannot be opened.
        """
        number = next(self._numbers)
        self.call("open", document=number, path=str(path.resolve()), password=password)
        return Document(office=self, number=number)

    def convert(self, source: Path, target: Path) -> Path:
        """Open a workbook and save it under another name; the suffix says the format."""
        with self.open(source) as document:
            return document.save(target)

    def render_screen(
        self, path: Path, sheet: str, picture: Path, size: tuple[int, int], scrolled: tuple[int, int] | None = None
    ) -> Path:
        """Draw what a screen of so many pixels shows of a sheet, from its first cell on.

        Args:
            path: the workbook.
            sheet: its title.
            picture: the PNG that is written.
            size: width and height.
            scrolled: the first row that has moved out of sight below frozen ones, and how many have.
        """
        with self.open(path) as document:
            if scrolled is not None:
                document.unprotect(sheet)
                document.do("hide_rows", sheet, row=scrolled[0], count=scrolled[1])
            printed = document.show_as_screen(sheet, picture.with_suffix(".pdf"), size)
        _run(["pdftoppm", "-png", "-r", "96", "-singlefile", printed, picture.with_suffix("")])
        return picture

    def render(self, path: Path, folder: Path, dpi: int = 80) -> list[Path]:
        """Print a workbook into PNG pictures, one a page, in page order.

        Raises:
            ClientError: no page came out.
        """
        folder.mkdir(parents=True, exist_ok=True)
        printed = self.convert(path, folder / f"{path.stem}.pdf")
        result = _run(["pdftoppm", "-png", "-r", str(dpi), printed, folder / path.stem])
        pages = sorted(folder.glob(f"{path.stem}-*.png"))
        if not pages:
            message = f"{path.name} printed no page: {result.stderr}"
            raise ClientError(message)
        return pages


@dataclass(frozen=True, kw_only=True)
class Document:
    """One open workbook; leaving it as a context manager closes it without saving."""

    office: LibreOffice
    number: int

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            with contextlib.suppress(ClientError):  # the first error is the one to show
                self.close()

    def sheets(self) -> list[str]:
        """Return the titles of the sheets."""
        return list(self.office.call("sheets", document=self.number))

    def enter(self, sheet: str, address: str, entry: str) -> bool:
        """Enter a text into a cell in one go; tell whether the cell took it.

        It is read as typed (``12`` a number, ``=1+1`` a formula). Protection holds, data validation is
        not asked: for that there is :meth:`type`.
        """
        return bool(self.office.call("enter", document=self.number, sheet=sheet, address=address, entry=entry))

    def type(self, sheet: str, address: str, keys: str) -> bool:
        """Press the keys of a text and Return in a cell, Delete for an empty text; tell whether the cell took it.

        Protection and data validation both hold; the messages they show are answered with cancel.
        """
        return bool(self.office.call("type", document=self.number, sheet=sheet, address=address, keys=keys))

    def read(self, sheet: str, address: str) -> dict[str, Any]:
        """Return ``text``, ``formula``, ``type``, ``value``, ``error``, ``locked``, ``sheet_protected`` of a cell."""
        return dict(self.office.call("read", document=self.number, sheet=sheet, address=address))

    def unprotect(self, sheet: str) -> None:
        """Take the protection off a sheet that has no password."""
        self.office.call("unprotect", document=self.number, sheet=sheet)

    def insert_rows(self, sheet: str, row: int, count: int = 1) -> None:
        """Insert empty rows above a row counted from 1."""
        self.office.call("insert_rows", document=self.number, sheet=sheet, row=row, count=count)

    def rename(self, sheet: str, title: str) -> None:
        """Give a sheet another title."""
        self.office.call("rename", document=self.number, sheet=sheet, title=title)

    def do(self, action: str, sheet: str, **arguments: object) -> None:
        """Do to a sheet what a filler does by menu or mouse.

        Args:
            action: ``delete_rows``, ``hide_rows`` (row, count), ``insert_columns``, ``delete_columns`` (column,
                count), ``insert_cells``, ``delete_cells``, ``clear``, ``merge`` (area), ``drag``, ``copy`` (area, to),
                ``sort`` (area, column), ``copy_sheet`` (title), ``move_sheet`` (place) or ``delete_sheet``.
            sheet: the title of the sheet.
            arguments: those of the action; rows, columns and places are counted from 1.
        """
        self.office.call(action, document=self.number, sheet=sheet, **arguments)

    def carry(self, sheet: str, path: Path, *, values_only: bool = False) -> Path:
        """Copy a sheet, or its values alone, into a workbook of its own; the suffix says the format.

        Raises:
            ClientError: no file came out.
        """
        action = "carry_values" if values_only else "carry"
        return self._write(path, action, sheet=sheet)

    def fill(self, sheet: str, entries: Mapping[str, float | str | None]) -> None:
        """Put many entries into cells at once, by address; protection and validation are not asked.

        A number, a text as it stands, true or false, a formula that begins with ``=`` (in English), or None to clear
        the cell. Nothing is calculated before :meth:`recalculate`.
        """
        self.office.call("fill", document=self.number, sheet=sheet, entries=dict(entries))

    def values(self, sheet: str, area: str) -> list[list[float | str | None]]:
        """Return the rows of an area: numbers, texts (empty for a blank), None for an error."""
        return [list(row) for row in self.office.call("values", document=self.number, sheet=sheet, area=area)]

    def recalculate(self) -> None:
        """Calculate every formula anew."""
        self.office.call("recalculate", document=self.number)

    def save(self, path: Path, password: str = "") -> Path:
        """Write a copy; the suffix says the format: xlsx, xlsm, xls, ods, fods, csv or pdf.

        A password locks xls and ods.

        Raises:
            ClientError: no file came out.
        """
        return self._write(path, "save", password=password)

    def show_as_screen(self, sheet: str, path: Path, size: tuple[int, int]) -> Path:
        """Write as PDF what a screen of so many pixels shows of a sheet; the sheet's own print setup is gone then."""
        width, height = size
        return self._write(path, "show_as_screen", sheet=sheet, width=width, height=height)

    def _write(self, path: Path, command: str, **arguments: object) -> Path:
        path.unlink(missing_ok=True)
        kind = path.suffix.lstrip(".")
        self.office.call(command, document=self.number, path=str(path.resolve()), kind=kind, **arguments)
        if not path.is_file() or not path.stat().st_size:
            message = f"LibreOffice said it saved {path.name}, and did not"
            raise ClientError(message)
        return path

    def close(self) -> None:
        """Close the workbook, its changes forgotten."""
        self.office.call("close", document=self.number)


def _pump(server: subprocess.Popen[str], answers: queue.Queue[str]) -> None:
    for line in server.stdout or ():
        answers.put(line)
    answers.put("")


def _end(process: subprocess.Popen[str]) -> None:
    # soffice is a wrapper: the whole group has to go, or soffice.bin stays.
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        if number is signal.SIGKILL:
            break
    process.wait(STOP_SECONDS)
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
