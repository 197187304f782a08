"""``gwxl help``: how a command is called, and what else there is."""

import click

from gwxl.cli.command_shape import AUTHOR, Group, help_option, write_commands
from gwxl.cli.command_shape import command as declare
from gwxl.cli.console import console
from gwxl.cli.language import say

_AUTHOR = "author"


@declare("help")
@click.argument("topic", required=False, metavar=say("metavar.topic"))
@help_option
@click.pass_context
def command(context: click.Context, topic: str | None) -> None:
    """Print the help of a command, of all, or of what authors use."""
    root = context.find_root()
    if topic is None:
        _print(root.get_help())
    elif topic == _AUTHOR:
        formatter = root.make_formatter()
        write_commands(formatter, say("author_commands"), AUTHOR)
        _print(formatter.getvalue())
    else:
        _print_help(root, topic)


def _print_help(root: click.Context, name: str) -> None:
    assert isinstance(root.command, Group)  # noqa: S101 - what this command stands below
    found = root.command.find(root, name)
    if found is not None:
        with found.context_class(found, info_name=name, parent=root) as context:
            _print(found.get_help(context))


def _print(text: str) -> None:
    for line in text.strip().splitlines():
        console().line(line)
