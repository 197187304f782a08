"""Look at pages in Firefox without a window, told by Node.js what to do (WebDriver BiDi)."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

from tests.support.clients import node

PROGRAMS = ("firefox-esr", "firefox")


class FirefoxError(Exception):
    """What the browser could not do."""


def why_missing() -> str:
    """Say what is missing to run it; empty when all is there."""
    return node.why_missing() if _program() else "no firefox is installed (apt install firefox-esr)"


def _program() -> str:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), "")


class Firefox:
    """Run one browser with a profile of its own and one page; use as a context manager."""

    def __enter__(self) -> Self:
        """Start the browser; it reaches no address outside."""
        self._process = subprocess.Popen(
            ["node", "firefox.js"], cwd=node.HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        self._ask("start", program=_program())
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._process.communicate()

    def open(self, page: Path, *, width: int) -> None:
        """Show a file at a width in CSS pixels; ``requests`` holds each address that is asked for from then on."""
        self._ask("open", url=page.resolve().as_uri(), width=width)

    def value(self, script: str) -> Any:
        """Return what a JavaScript expression gives in the page."""
        return self._ask("value", script=script)

    def choose(self, place: str, files: Iterable[Path]) -> None:
        """Choose files in the input of an id."""
        self._ask("choose", selector=f"#{place}", files=[str(file.resolve()) for file in files])

    def screenshot(self, target: Path) -> None:
        """Write a picture of the whole page."""
        self._ask("screenshot", path=str(target))

    @property
    def requests(self) -> list[str]:
        """Return each address that was asked for since the page was opened."""
        return list(self._ask("requests"))

    def _ask(self, verb: str, **rest: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": verb, **rest}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        answer = json.loads(line) if line else {"error": "it ended"}
        if "error" in answer:
            message = f"{verb}: {answer['error']}"
            raise FirefoxError(message)
        return answer["value"]
