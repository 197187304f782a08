"""The shape of our commands: lazily loaded, helped in two languages, near misses suggested."""

import difflib
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from gwxl.cli.language import say

_NAMES = ("template", "check", "merge", "return", "migrate", "explain", "publish", "rules", "forms")
COMMANDS: Mapping[str, str] = {name: f"gwxl.cli.commands.{name}_command" for name in _NAMES}


class Command(click.Command):
    """Head usage and options in the language of this run."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=say("usage"))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        with formatter.section(say("options")):
            formatter.write_dl([record for param in self.get_params(ctx) if (record := param.get_help_record(ctx))])


class Group(Command, click.Group):
    """Load a command's module when it is called; take a bare folder for ``merge``."""

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
        if name in COMMANDS:
            return name, self.get_command(ctx, name), args[1:]
        if Path(name).is_dir():
            return "merge", self.get_command(ctx, "merge"), args
        near = difflib.get_close_matches(name, COMMANDS, n=1)
        raise click.UsageError(say("no_command_near" if near else "no_command", name=name, near="".join(near)), ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        Command.format_options(self, ctx, formatter)
        with formatter.section(say("commands")):
            formatter.write_dl([(name, say(f"{name}.short")) for name in COMMANDS])


Decorator = Callable[[Callable[..., Any]], Any]


def command(name: str) -> Decorator:
    """Return the decorator of a command whose texts stand below its name in the catalogue."""
    return click.command(name, cls=Command, help=say(f"{name}.help"), context_settings={"help_option_names": []})


def option(*names: str, text_key: str, **settings: Any) -> Decorator:
    """Return the decorator of an option helped from the catalogue."""
    return click.option(*names, help=say(text_key), **settings)


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


def exit_zero_option(function: Callable[..., Any]) -> Any:
    """Add ``--exit-zero``."""
    return option("--exit-zero", is_flag=True, text_key="exit_zero_option")(function)


def notice_options(function: Callable[..., Any]) -> Any:
    """Add by when, where to and with whose help a form is returned."""
    for name in ("office", "phone", "return-to", "deadline"):
        function = option(f"--{name}", default="", text_key=f"notice.{name.replace('-', '_')}_option")(function)
    return function
