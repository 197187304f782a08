"""Read the files a command names, with a progress bar."""

from collections.abc import Sequence
from pathlib import Path

from gwxl.batch.corrections import ignore_unfilled
from gwxl.batch.files import find_files
from gwxl.batch.reading import read_files
from gwxl.batch.unanswered import ignore_letters, refuse_blanks
from gwxl.cli.console import console
from gwxl.cli.language import say
from gwxl.cli.settings import today
from gwxl.form.signature import CampaignKey
from gwxl.records.receipt import Receipt
from gwxl.rules.available import load_all


def received(files: Sequence[Path], form: str | None, year: int | None, key: CampaignKey | None) -> list[Receipt]:
    """Return what became of each file; a folder stands for every file below it.

    Raises:
        SettingsError: a folder cannot be read.
    """
    forms = load_all(form)
    language = forms[0].form.language
    found = find_files(files)
    receipts: list[Receipt] = []
    with console().progress(say("reading"), still=len(found) == 1) as progress:
        for done, read in enumerate(read_files(found, form, year=year, key=key, today=today()), 1):
            receipts += read
            progress(done, len(found))
    told = ignore_letters(receipts, language)
    for rules in forms:
        told = ignore_unfilled(rules.form, told)
    return list(refuse_blanks(told, language))
