"""What one call of the command line does: every run ends with a line and an exit code a script can rely on."""

import difflib
import gc
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from gwxl.cli.console import stderr_line
from gwxl.cli.interrupts import interrupt_behind
from gwxl.cli.language import choose_language, language, say
from gwxl.cli.streams import prepare_streams
from gwxl.errors import GwxlError
from gwxl.files.drafts import discard_drafts
from gwxl.wording.system import system_words

COULD_NOT_RUN = 2
INTERRUPTED = 130
_SIGNALLED = 128  # an exit code above it is that of a signal

_MANY = 200_000  # objects after which Python looks for garbage; a command that reads one file makes a third of them

_ANYWHERE = {"--debug": 0, "-q": 0, "--quiet": 0, "-v": 0, "--verbose": 0, "--lang": 1, "--color": 1}
_ANYWHERE |= {"--store": 1, "--no-store": 0}
"""The options of every command, with how many words follow: taken wherever they stand."""


def invoke(arguments: Sequence[str]) -> int:
    """Run a command and return the exit code: 0 nothing to do, 1 something to do, 2 could not run."""
    gc.set_threshold(_MANY)
    given = _general_first(arguments)
    if given and _is_general(given):
        given.append("--help")  # options of every command alone ask for what gwxl alone does
    prepare_streams()
    choose_language(given)
    return _run_guarded(given)


def leave(arguments: Sequence[str], code: int) -> NoReturn:
    """Clean up and exit; a code of 128 and the number of a signal says that the run was interrupted."""
    discard_drafts()
    gc.freeze()  # the system takes back what is left: no use in looking through it once more
    if code > _SIGNALLED:
        prepare_streams()
        choose_language(arguments)
        stderr_line(say("stopped"))
    sys.exit(code)


def _run_guarded(given: list[str]) -> int:
    try:
        return _run(given)
    except Exception as error:  # noqa: BLE001 - the last net: Python's own exit code 1 would mean something else here
        if interrupted := interrupt_behind(error):
            raise interrupted from None
        if "--debug" in given:
            traceback.print_exc()
            return COULD_NOT_RUN
        return _refuse(*_lines(error))


def _lines(error: Exception) -> tuple[str, ...]:
    if isinstance(error, GwxlError):
        return error.lines(language())
    if isinstance(error, OSError):
        words = system_words(error)[language()]
        return (words if error.filename is None else f"{error.filename}: {words}",)
    return (say("unexpected", error=f"{type(error).__name__}: {error}"),)


def _run(given: list[str]) -> int:
    # The help texts are made when a command's module is loaded, so the language must be known before.
    group: click.Group = import_module("gwxl.cli.root").command
    try:
        code = group.main(given, prog_name="gwxl", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0 if not given else COULD_NOT_RUN
    except click.UsageError as error:
        return _refuse(_usage(error, given))
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def _general_first(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the options of every command in front, where the root command takes them."""
    general: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            return [*general, *rest, word, *words]
        name = word.partition("=")[0]
        if name not in _ANYWHERE:
            rest.append(word)
            continue
        general.append(word)
        if _ANYWHERE[name] and "=" not in word:
            general += [following for following in (next(words, None),) if following is not None]
    return general + rest


def _is_general(arguments: Sequence[str]) -> bool:
    """Tell whether nothing stands there but options of every command, each with what it takes."""
    words = iter(arguments)
    return all(
        word.partition("=")[0] in _ANYWHERE and ("=" in word or not _ANYWHERE[word] or next(words, None) is not None)
        for word in words
    )


def _usage(error: click.UsageError, given: Sequence[str]) -> str:
    """Return the line of a usage error, in the language of this run."""
    if isinstance(error, click.NoSuchOption):
        near = difflib.get_close_matches(error.option_name, _options(error.ctx), n=1)
        return say("no_option_near" if near else "no_option", name=error.option_name, near="".join(near))
    if isinstance(error, click.BadOptionUsage):
        behind = any(word.startswith(f"{error.option_name}=") for word in given)
        return say("takes_nothing" if behind else "takes_one", name=error.option_name)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        metavar = error.param.make_metavar(error.ctx).strip("[]") if error.ctx else ""
        name = metavar if isinstance(error.param, click.Argument) else error.param.opts[-1]
        return say("missing", name=name, hint=error.message)
    if isinstance(error, click.BadParameter) and isinstance(error.param, click.Option):
        return say("bad_value", name=error.param.opts[-1], reason=error.message)
    return error.message


def _options(ctx: click.Context | None) -> list[str]:
    """Return the options that can stand in a call: those of its command and those of every command."""
    own = ctx.command.get_params(ctx) if ctx else []
    return [*(name for one in own for name in one.opts if name.startswith("--")), *_ANYWHERE]


def _refuse(*messages: str) -> int:
    for message in messages:
        stderr_line(say("error_line", message=message))
    return COULD_NOT_RUN
