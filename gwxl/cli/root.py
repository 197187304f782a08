"""The command ``gwxl`` itself: what every command shares."""

import click

from gwxl import __version__
from gwxl.cli.console import Console, set_console
from gwxl.cli.declaring import Group, help_option, option
from gwxl.cli.language import say
from gwxl.wording import LANGUAGES


@click.command(cls=Group, help=say("help"), no_args_is_help=True, add_help_option=False)
@option("--lang", type=click.Choice(LANGUAGES), text_key="lang_option")
@option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", text_key="color_option")
@option("-q", "--quiet", is_flag=True, text_key="quiet_option")
@option("-v", "--verbose", is_flag=True, text_key="verbose_option")
@option("--debug", is_flag=True, text_key="debug_option")
@click.version_option(__version__, "--version", message="gwxl %(version)s", help=say("version_option"))
@help_option
def command(lang: str | None, color: str, *, quiet: bool, verbose: bool, debug: bool) -> None:
    """Set up the console; language and debugging are looked at before any command is loaded."""
    del lang, debug
    set_console(Console(color=color, quiet=quiet, verbose=verbose))
