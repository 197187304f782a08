"""Look at pages in a real browser: Chromium without a window, told over a pipe what to do (DevTools protocol)."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ANSWER_SECONDS = 60


class BrowserError(Exception):
    """What the browser could not do."""


def why_missing() -> str:
    """Say that there is no browser; empty when there is one."""
    return "" if _program() else "no chromium is installed (apt install chromium)"


def _program() -> str:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), "")


class Chromium:
    """Run one browser with a profile of its own and one page; use as a context manager."""

    def __enter__(self) -> Self:
        """Start the browser."""
        self._home = tempfile.mkdtemp(prefix="gwxl-chromium-")
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--hide-scrollbars"]
        options.append("--host-resolver-rules=MAP * ~NOTFOUND")  # it reaches no address outside
        shell = 'exec "$@" 3<&$IN 4>&$OUT'  # the browser reads from 3 and writes to 4
        command = ["bash", "-c", shell.replace("$IN", str(to_browser)).replace("$OUT", str(from_browser)), "-"]
        self._process = subprocess.Popen(
            [*command, _program(), *options, f"--user-data-dir={self._home}", "about:blank"],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._buffer, self._number, self._session = b"", 0, ""
        self.requests: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._process.kill()
        self._process.wait()
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self._home, ignore_errors=True)

    def open(self, page: Path, *, width: int) -> None:
        """Show a file at a width in CSS pixels; ``requests`` holds each address that is asked for from then on."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
        )
        self.requests.clear()
        self.call("Page.navigate", url=page.resolve().as_uri())
        while self.value("document.readyState + location.href") != "complete" + page.resolve().as_uri():
            pass

    def value(self, script: str) -> Any:
        """Return what a JavaScript expression gives in the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(json.dumps(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def choose(self, place: str, files: Iterable[Path]) -> None:
        """Choose files in the input of an id."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=f"#{place}")["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(file.resolve()) for file in files])

    def drop(self, place: str, files: Iterable[Path]) -> None:
        """Drag files and folders onto the element of an id, and let go."""
        middle = "(({x, y, width, height}) => [x + width / 2, y + height / 2])(%s.getBoundingClientRect())"
        element = f"document.getElementById({json.dumps(place)})"
        self.value(f"{element}.scrollIntoView({{block: 'center'}})")
        x, y = self.value(middle % element)
        data = {"items": [], "files": [str(file.resolve()) for file in files], "dragOperationsMask": 1}
        for step in ("dragEnter", "dragOver", "drop"):
            self.call("Input.dispatchDragEvent", type=step, x=x, y=y, data=data)

    def screenshot(self, target: Path) -> None:
        """Write a picture of the whole page."""
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        target.write_bytes(base64.b64decode(shot["data"]))

    def print(self, target: Path) -> None:
        """Write the page as PDF on the paper its style names."""
        printed = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        target.write_bytes(base64.b64decode(printed["data"]))

    def call(self, method: str, **params: Any) -> Any:
        """Send one command and return its result; what the browser tells meanwhile is looked through."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._message(method)
            if answer.get("method") == "Network.requestWillBeSent":
                self.requests.append(answer["params"]["request"]["url"])
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']}")
                return answer["result"]

    def _message(self, method: str) -> Any:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], ANSWER_SECONDS)
            more = os.read(self._read, 1 << 20) if ready else b""
            if not more:
                raise BrowserError(f"{method}: no answer from the browser")
            self._buffer += more
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)
