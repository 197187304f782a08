"""The command line (outside): parse, call one library function of the same name, print."""

from gwxl.cli.main import main

__all__ = ["main"]
