"""The command ``gwxl`` itself: what every command shares."""

import click

from gwxl import __version__
from gwxl.cli.command_shape import Group, help_option, option
from gwxl.cli.console import Console, set_console
from gwxl.cli.language import say
from gwxl.cli.parameters import OneOf
from gwxl.wording import LANGUAGES


@click.command(
    cls=Group,
    help=say("about"),
    options_metavar=say("metavar.options"),
    subcommand_metavar=say("metavar.command"),
    no_args_is_help=True,
    add_help_option=False,
)
@option("--lang", type=OneOf(LANGUAGES), text_key="lang_option")
@option("--color", type=OneOf(["auto", "always", "never"]), default="auto", text_key="color_option")
@option("-q", "--quiet", is_flag=True, text_key="quiet_option")
@option("-v", "--verbose", is_flag=True, text_key="verbose_option")
@option("--debug", is_flag=True, text_key="debug_option")
@click.version_option(__version__, "-V", "--version", message="gwxl %(version)s", help=say("version_option"))
@help_option
def command(lang: str | None, color: str, *, quiet: bool, verbose: bool, debug: bool) -> None:
    """Set up the console; language and debugging are looked at before any command is loaded."""
    del lang, debug
    set_console(Console(color=color, quiet=quiet, verbose=verbose))
