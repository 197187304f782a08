"""What follows an option: paths, periods, words; what cannot be taken is refused in the language of this run."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path as FilePath
from typing import Any

import click

from gwxl.cli.language import say
from gwxl.records.period import Period
from gwxl.values import dates

FIRST_YEAR, LAST_YEAR = 2000, 2100


class Option(click.Option):
    """An option whose help says in our words, not in click's, that it is needed."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return its names and what it is for."""
        record = super().get_help_record(ctx)
        return (record[0], record[1] + say("required")) if record and self.required else record

    def get_help_extra(self, ctx: click.Context) -> Any:
        """Return nothing: ranges and defaults stand in our words."""
        del ctx
        return {}


class Path(click.Path):
    """A path, refused with what is wrong with it."""

    def __init__(self, wanted: str = "", **settings: Any) -> None:
        super().__init__(path_type=FilePath, **settings)
        self._wanted = wanted

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the word for it in a usage line."""
        del param, ctx
        return say(f"metavar.{self._wanted or 'file'}")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path if it is of the kind that is wanted."""
        path = FilePath(value)
        if not path.exists() and self.exists:
            self.fail(say("no_path", path=value), param, ctx)
        if path.is_dir() and not self.dir_okay:
            self.fail(say("no_folder_here", path=value), param, ctx)
        if path.exists() and not path.is_dir() and not self.file_okay:
            self.fail(say("no_file_here", path=value), param, ctx)
        return path


OUTPUT = Path()
OUTPUT_FOLDER = Path("folder")
ANY = Path(exists=True)
FILE = Path(exists=True, dir_okay=False)
FOLDER = Path("folder", exists=True, file_okay=False)


class OfPeriod(click.ParamType[Period]):
    """A period that a form can be of."""

    name = "period"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the word for it in a usage line."""
        del param, ctx
        return say("metavar.period")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """Return the period."""
        found = Period.read(str(value))
        if value and found.year not in range(FIRST_YEAR, LAST_YEAR + 1):
            self.fail(say("no_period", found=value, first=FIRST_YEAR, last=LAST_YEAR), param, ctx)
        return found


class Day(click.ParamType[date]):
    """A day, written in any of the ways a form takes one."""

    name = "day"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the word for it in a usage line."""
        del param, ctx
        return say("metavar.day")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day."""
        day = dates.from_text(str(value).strip())
        if day is None:
            self.fail(say("no_day", found=value), param, ctx)
        return date.fromisoformat(day)


class OneOf(click.ParamType[str]):
    """One of some words."""

    name = "word"

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the words."""
        del param, ctx
        return "|".join(self.words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word."""
        if value not in self.words:
            self.fail(say("none_of", found=value, words=say("or").join(self.words)), param, ctx)
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> Any:
        """Return the words that begin so."""
        del ctx, param
        return [click.shell_completion.CompletionItem(word) for word in self.words if word.startswith(incomplete)]
