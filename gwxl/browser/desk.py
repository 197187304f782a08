"""The desk at which the page asks: one request after another, each answered as JSON."""

import json
from collections.abc import Mapping
from importlib import import_module

from gwxl.batch.inbox import Unit
from gwxl.documents.checked import Document
from gwxl.documents.writing import write_document
from gwxl.engines.engine import use_engine
from gwxl.engines.relayed import AskedError, Relay
from gwxl.errors import GwxlError, RefusedError
from gwxl.wording import LANGUAGES

_VERBS: Mapping[str, tuple[str, str]] = {
    "forms": ("checking", "list_forms"),
    "check": ("checking", "check_files"),
    "merge": ("merging", "merge_inbox"),
    "decisions": ("merging", "locate_decisions"),
    "decide": ("merging", "decide"),
    "return": ("merging", "return_faulty"),
    "report": ("merging", "report"),
    "pack": ("merging", "pack"),
}
"""Verb → module and function: a filler does not wait for what only a merge works with."""


class Desk:
    """What is known between two requests: which answers of others are there already."""

    def __init__(self) -> None:
        self._relay = Relay(_is_returned)
        self._items: dict[int, bytes] = {}

    def answer(self, request: str) -> str:
        """Return the answer to a request, an object with ``do`` and what that verb needs.

        It is ``{"done": …}``, or ``{"failed": …}``, the lines of an error by language, or ``{"asked": …}``: pairs of
        the number of a function and that of an item, which others have to run before the same is requested again.
        """
        try:
            with use_engine(self._relay):
                return self.answer_alone(request)
        except AskedError as waiting:
            self._items = {job.number: job.item for job in waiting.jobs}
            return json.dumps({"asked": [[job.function, job.number] for job in waiting.jobs]})

    def answer_alone(self, request: str) -> str:
        """Return the answer to a request for which nobody else reads."""
        asked = json.loads(request)
        try:
            told = {"done": _run(asked)}
        except GwxlError as error:
            told = {"failed": {language: list(error.lines(language)) for language in LANGUAGES}}
        return write_document(told)

    def function(self, number: int) -> bytes:
        """Return a function that is asked for."""
        return self._relay.function(number)

    def item(self, number: int) -> bytes:
        """Return an item that is asked for."""
        return self._items[number]

    def take(self, number: int, answer: bytes) -> None:
        """Take what somebody else's :func:`gwxl.engines.relayed.work` returned."""
        self._relay.answer(number, answer)

    def lose(self, number: int, reason: str, seconds: int) -> None:
        """Take that an item cost its worker: ``too_slow`` after so many seconds, or ``reader_died``."""
        self._relay.lose(number, RefusedError(reason, seconds=seconds))


def _run(asked: Document) -> Document:
    module, function = _VERBS[asked["do"]]
    answer: Document = getattr(import_module(f"gwxl.browser.{module}"), function)(asked)
    return answer


def _is_returned(item: object) -> bool:
    """Tell whether an item was sent in by somebody: a file of the inbox, or decisions; the rest was written here."""
    return isinstance(item, Unit | bytes)
