"""The shape of our commands: lazily loaded, helped in two languages, near misses suggested."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from gwxl.cli.language import say
from gwxl.cli.parameters import ANY, Day, OfPeriod, Option
from gwxl.cli.settings import or_of_campaign
from gwxl.cli.wrapping import Formatter

CLERK = (
    *("init", "issue", "collect", "template", "check", "merge", "status", "return", "remind"),
    *("explain", "report", "publish", "export"),
)
"""The commands of a clerk's year, in the order of the work."""
AUTHOR = ("forms", "rules", "migrate")
"""The commands of who declares a form."""
COMMANDS: Mapping[str, str] = {name: f"gwxl.cli.commands.{name}_command" for name in (*CLERK, *AUTHOR, "help")}


class Context(click.Context):
    """What a call is made in, helped in our columns."""

    formatter_class = Formatter


class Command(click.Command):
    """A command whose help and refusals are in the language of this run."""

    context_class = Context

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=say("usage"))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        with formatter.section(say("options")):
            formatter.write_dl([record for one in options if (record := one.get_help_record(ctx))])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return the words that are left over.

        Raises:
            click.UsageError: there are any, and no command below takes them.
        """
        rest = super().parse_args(ctx, args)
        if rest and not isinstance(self, click.Group) and not ctx.resilient_parsing:
            raise click.UsageError(say("too_many", words=" ".join(rest)), ctx)
        return rest


class Group(Command, click.Group):
    """A command that loads those below it when they are called, and takes a bare folder for ``merge``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the command of a name."""
        del ctx
        module = COMMANDS.get(cmd_name)
        return import_module(module).command if module else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command and its arguments.

        Raises:
            click.UsageError: no such command; the nearest one is named.
        """
        name = args[0]
        if name not in COMMANDS and Path(name).is_dir():
            return "merge", self.get_command(ctx, "merge"), args
        return name, self.find(ctx, name), args[1:]

    def find(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command of a name.

        Raises:
            click.UsageError: no such command; the nearest one is named.
        """
        if name not in COMMANDS:
            near = difflib.get_close_matches(name, COMMANDS, n=1)
            raise click.UsageError(say("no_command_near" if near else "no_command", name=name, near="".join(near)), ctx)
        return self.get_command(ctx, name)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands of a clerk's year, the options, and where the rest stands."""
        write_commands(formatter, say("commands"), CLERK)
        Command.format_options(self, ctx, formatter)
        formatter.write_paragraph()
        formatter.write_text(say("more_help"))


def write_commands(formatter: click.HelpFormatter, head: str, names: Iterable[str]) -> None:
    """Write commands with what each does."""
    with formatter.section(head):
        formatter.write_dl([(name, say(f"{name}.short")) for name in names])


Decorator = Callable[[Callable[..., Any]], Any]


def command(name: str) -> Decorator:
    """Return the decorator of a command whose texts stand below its name in the catalogue."""
    return click.command(
        name,
        cls=Command,
        help=f"{say(f'{name}.help')}\n\n\b\n{say('examples')}\n{say(f'{name}.examples')}",
        options_metavar=say("metavar.options"),
        context_settings={"help_option_names": [], "allow_extra_args": True},
    )


def place_argument(name: str, of: str, **settings: Any) -> Decorator:
    """Return the decorator of an argument that stands for a place of the campaign where it is left out."""
    return click.argument(name, required=False, callback=or_of_campaign(of), metavar=say(f"metavar.{name}"), **settings)


def option(*names: str, text_key: str, **settings: Any) -> Decorator:
    """Return the decorator of an option helped from the catalogue."""
    return click.option(*names, cls=Option, help=say(text_key), **{"metavar": _metavar(settings), **settings})


def _metavar(settings: Mapping[str, Any]) -> str | None:
    """Return the word for what follows an option that takes any text."""
    return None if settings.get("is_flag") or "type" in settings else say("metavar.text")


def period_option(text_key: str) -> Decorator:
    """Return the decorator that adds ``--period``, or ``--year`` as it was called when each was a year."""
    return option("--year", "--period", "period", type=OfPeriod(), default="", text_key=text_key)


def help_option(function: Callable[..., Any]) -> Any:
    """Add ``-h``."""
    return click.help_option("-h", "--help", help=say("help_option"))(function)


def form_option(function: Callable[..., Any]) -> Any:
    """Add ``--form``."""
    return option("--form", "form", text_key="form_option", metavar=say("metavar.form"))(function)


def json_option(function: Callable[..., Any]) -> Any:
    """Add ``--json``."""
    return option("--json", "as_json", is_flag=True, text_key="json_option")(function)


def signed_option(function: Callable[..., Any]) -> Any:
    """Add ``--signed``."""
    return option("--signed", is_flag=True, text_key="signed_option")(function)


def previous_option(function: Callable[..., Any]) -> Any:
    """Add ``--previous``."""
    return option("--previous", type=ANY, text_key="previous_option")(function)


def dry_run_option(function: Callable[..., Any]) -> Any:
    """Add ``--dry-run``."""
    return option("--dry-run", is_flag=True, text_key="dry_run_option")(function)


def exit_zero_option(function: Callable[..., Any]) -> Any:
    """Add ``--exit-zero``."""
    return option("--exit-zero", is_flag=True, text_key="exit_zero_option")(function)


def notice_options(function: Callable[..., Any]) -> Any:
    """Add by when, where to and with whose help a form is returned."""
    for name in ("office", "phone", "return-to"):
        function = option(f"--{name}", default="", text_key=f"notice.{name.replace('-', '_')}_option")(function)
    return option("--deadline", type=Day(), text_key="notice.deadline_option")(function)
