"""Run a function over many items in this very process: nothing but the system bounds what an item takes."""

from collections.abc import Callable, Generator, Iterator, Sequence

from gwxl.engines.engine import DEADLINE, MEMORY, Item, Parts, Result
from gwxl.errors import RefusedError


def run(
    function: Callable[[Item], Result | Parts[Item]],
    items: Sequence[Item],
    refuse: Callable[[Item, RefusedError], Result],
    *,
    deadline: float = DEADLINE,
    memory: int = MEMORY,
) -> Generator[tuple[Result, ...], None, None]:
    """Yield the results of each item as :meth:`gwxl.engines.engine.Engine.run` does; no clock and no limit looks on."""
    del deadline
    for item in items:
        yield tuple(_results(function, item, refuse, memory))


def _results(
    function: Callable[[Item], Result | Parts[Item]],
    item: Item,
    refuse: Callable[[Item, RefusedError], Result],
    memory: int,
) -> Iterator[Result]:
    try:
        answer = function(item)
    except MemoryError:
        yield refuse(item, RefusedError("too_hungry", limit=memory >> 20))
        return
    if isinstance(answer, Parts):
        for part in answer.items:
            results: Iterator[Result] = _results(function, part, refuse, memory)
            yield from results
    else:
        yield answer
