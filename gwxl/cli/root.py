"""The command ``gwxl`` itself: what every command shares."""

from pathlib import Path

import click

from gwxl import __version__
from gwxl.cli.command_shape import Group, help_option, option
from gwxl.cli.console import Console, console, set_console
from gwxl.cli.language import language, say
from gwxl.cli.parameters import OUTPUT_FOLDER, OneOf
from gwxl.cli.settings import set_store, store_of_run
from gwxl.store.place import default_folder
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
@option("--store", type=OUTPUT_FOLDER, text_key="store_option")
@option("--no-store", is_flag=True, text_key="no_store_option")
@option("--debug", is_flag=True, text_key="debug_option")
@click.version_option(__version__, "-V", "--version", message="gwxl %(version)s", help=say("version_option"))
@help_option
def command(
    lang: str | None,
    color: str,
    store: Path | None,
    *,
    no_store: bool,
    quiet: bool,
    verbose: bool,
    debug: bool,
) -> None:
    """Set up the console and the store; language and debugging are looked at before any command is loaded."""
    del lang, debug
    set_console(Console(color=color, quiet=quiet, verbose=verbose))
    set_store(None if no_store else store or default_folder())
    click.get_current_context().call_on_close(_close_store)


def _close_store() -> None:
    """Let go of the store, and say once where it was of no use."""
    kept = store_of_run()
    if kept is not None:
        kept.close()
        if kept.trouble is not None:
            console().note(kept.trouble[language()])
