"""The command line (outside): parse, call one library function of the same name, print."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from gwxl.cli.interrupts import Interrupted, deafen, listen

_INVOCATION = "gwxl.cli.invocation"


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit; an end that is asked for while the program is still being loaded is heard as well."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        try:
            listen()
            code = import_module(_INVOCATION).invoke(given)
        finally:
            deafen()
    except Interrupted as interrupted:
        code = interrupted.code
    import_module(_INVOCATION).leave(given, code)
    raise AssertionError  # never reached
