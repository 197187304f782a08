"""The command line (outside): parse, call one library function of the same name, print."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from gwxl.cli.interrupts import Interrupted, deafen, listen

_INVOCATION = "gwxl.cli.invocation"


def main(arguments: Sequence[str] | None = None, held: Sequence[int] = ()) -> NoReturn:
    """Run a command and exit; ``held`` are the signals that came before, which are heard once the program is loaded."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    invocation = import_module(_INVOCATION)
    try:
        try:
            listen(held)
            code = invocation.invoke(given)
        finally:
            deafen()
    except Interrupted as interrupted:
        code = interrupted.code
    invocation.leave(given, code)
    raise AssertionError  # never reached
