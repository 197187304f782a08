"""Run a function over many items through others, where this process can neither start one nor wait for one: a browser.

What has no answer yet is asked for by an exception that ends the verb. Whoever holds the workers has the items run by
:func:`work` there, hands the answers over, and calls the verb again, until nothing is asked for any more.
"""

import pickle
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from gwxl.engines import in_process
from gwxl.engines.engine import DEADLINE, MEMORY, Item, Parts, Result
from gwxl.errors import RefusedError


@dataclass(frozen=True, kw_only=True)
class Job:
    """What somebody else is to run: the number of the function, that of the item, and the item itself."""

    function: int
    number: int
    item: bytes


class AskedError(BaseException):
    """What has to be run by others before the verb can go on: no mistake of anybody, and no net may catch it."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        super().__init__(len(jobs))
        self.jobs = tuple(jobs)


class Relay:
    """An engine that knows answers, and asks for those it does not know.

    Answers are kept as bytes: of thousands of returns they take a tenth of what the returns take.
    """

    def __init__(self, apart: Callable[[object], bool]) -> None:
        """Know nothing.

        Args:
            apart: tells which items are given to others; what else there is is run in this process.
        """
        self._apart = apart
        self._functions: list[Callable[[Any], Any]] = []
        self._numbers: dict[tuple[int, object], int] = {}
        self._answers: dict[int, bytes | RefusedError] = {}

    def run(
        self,
        function: Callable[[Item], Result | Parts[Item]],
        items: Sequence[Item],
        refuse: Callable[[Item, RefusedError], Result],
        *,
        deadline: float = DEADLINE,
        memory: int = MEMORY,
    ) -> Generator[tuple[Result, ...], None, None]:
        """Yield the results of each item as :meth:`gwxl.engines.engine.Engine.run` does.

        Raises:
            AskedError: some of the answers are not there yet.
        """
        if not all(map(self._apart, items)):
            here: Generator[tuple[Result, ...], None, None] = in_process.run(function, items, refuse)
            yield from here
            return
        del deadline, memory  # theirs to keep who run it
        place = self._place(function)
        asked = [job for item in items for job in self._find_missing(place, item)]
        if asked:
            raise AskedError(asked)
        for item in items:
            yield tuple(self._results(place, item, refuse))

    def function(self, number: int) -> bytes:
        """Return a function for :func:`work`."""
        return pickle.dumps(self._functions[number])

    def answer(self, number: int, data: bytes) -> None:
        """Take what :func:`work` returned."""
        self._answers[number] = data

    def lose(self, number: int, refusal: RefusedError) -> None:
        """Take that an item cost its worker, and why."""
        self._answers[number] = refusal

    def _place(self, function: Callable[[Any], Any]) -> int:
        """Return the number of a function, that of one which is equal where there is one."""
        for place, known in enumerate(self._functions):
            if _parts(known) == _parts(function):
                return place
        self._functions.append(function)
        return len(self._functions) - 1

    def _number(self, place: int, item: object) -> int:
        return self._numbers.setdefault((place, item), len(self._numbers))

    def _find_missing(self, place: int, item: object) -> Iterator[Job]:
        """Yield what has to be run so that an item, or each of its parts, has a result."""
        number = self._number(place, item)
        if number not in self._answers:
            yield Job(function=place, number=number, item=pickle.dumps(item))
        elif isinstance(known := self._open(number), Parts):
            for part in known.items:
                yield from self._find_missing(place, part)

    def _results(self, place: int, item: Item, refuse: Callable[[Item, RefusedError], Result]) -> Iterator[Result]:
        answer = self._open(self._number(place, item))
        if isinstance(answer, Parts):
            for part in answer.items:
                yield from self._results(place, part, refuse)
        else:
            yield refuse(item, answer) if isinstance(answer, RefusedError) else answer

    def _open(self, number: int) -> Any:
        answer = self._answers[number]
        return answer if isinstance(answer, RefusedError) else pickle.loads(zlib.decompress(answer))  # noqa: S301 - ours


def work(function: bytes, item: bytes) -> bytes:
    """Return what a function gives for an item, for :meth:`Relay.answer`; raise what it raises."""
    try:
        answer = pickle.loads(function)(pickle.loads(item))  # noqa: S301 - both are ours
    except MemoryError:
        answer = RefusedError("too_hungry", limit=MEMORY >> 20)
    return zlib.compress(pickle.dumps(answer), 1)


def _parts(function: Callable[[Any], Any]) -> tuple[object, tuple[object, ...], Mapping[str, object]]:
    """Return what two functions are compared by; two of ``partial`` are never equal by themselves."""
    if isinstance(function, partial):
        return function.func, function.args, function.keywords
    return function, (), {}
