"""Run the command line, as ``gwxl`` and as ``python -m gwxl``: from its first line on, what asks for an end is held."""

import _signal as signal  # type: ignore[import-not-found]  # built in; loading what stands around it takes as long as Python

_HELD: list[int] = []


def _hold(number: int, _frame: object) -> None:
    """Keep a signal for the program, which is being loaded and cannot say yet that it stops; a second one ends it."""
    _HELD.append(number)
    if len(_HELD) > 1:
        raise SystemExit(128 + number)


for _name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) is not signal.SIG_IGN:
        signal.signal(_number, _hold)

from gwxl.cli import main  # noqa: E402 - as early as that: loading it takes most of a short run


def run() -> None:
    """Run the command that was typed and exit."""
    main(held=_HELD)


if __name__ == "__main__":
    run()
