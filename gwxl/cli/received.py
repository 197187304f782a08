"""Read the files a command names, with a progress bar."""

from collections.abc import Sequence
from pathlib import Path

from gwxl.batch.files import find_files
from gwxl.batch.reading import read_files
from gwxl.cli.console import console
from gwxl.cli.language import say
from gwxl.cli.settings import campaign_key, today
from gwxl.receipt import Receipt


def received(files: Sequence[Path], form: str | None, year: int | None) -> list[Receipt]:
    """Return what became of each file; a folder stands for every file below it.

    Raises:
        SettingsError: a folder, or the campaign's key, cannot be read.
    """
    found = find_files(files)
    receipts: list[Receipt] = []
    with console().progress(say("reading")) as progress:
        for done, read in enumerate(read_files(found, form, year=year, key=campaign_key(), today=today()), 1):
            receipts += read
            progress(done, len(found))
    return receipts
