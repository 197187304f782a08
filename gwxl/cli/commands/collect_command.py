"""``gwxl collect``: what came by mail into the inbox."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click

from gwxl import Collection, Filed, Taken, collect_mails
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import dry_run_option, exit_zero_option, help_option, json_option
from gwxl.cli.console import console
from gwxl.cli.language import language, say
from gwxl.cli.parameters import ANY
from gwxl.cli.settings import campaign, of_campaign, terms_of
from gwxl.cli.shell_quoting import quote
from gwxl.documents.collected import collect_document
from gwxl.inert import inert_line
from gwxl.mail.mail import Kind
from gwxl.records.delivery import in_local_time
from gwxl.wording import text

_SHOWN = 10  # of each list
_KINDS = (*Kind, "own", "refused")

One = TypeVar("One")


@declare("collect")
@click.argument("sources", nargs=-1, type=ANY, metavar=say("metavar.sources"))
@dry_run_option
@json_option
@exit_zero_option
@help_option
def command(sources: Sequence[Path], *, dry_run: bool, as_json: bool, exit_zero: bool) -> int:
    """Put what came by mail into the inbox, and say what somebody has to look at."""
    found = campaign()
    if found is None:
        raise click.UsageError(say("no_campaign"))
    with console().progress(say("reading")) as (reading,):
        collection = collect_mails(terms_of(None), found, sources, dry_run=dry_run, progress=reading)
    if as_json:
        console().json(collect_document(collection, language()))
    else:
        _print(collection, dry_run=dry_run)
    return 0 if exit_zero else int(bool(collection.acted))


def _print(collection: Collection, *, dry_run: bool) -> None:
    folder = quote(of_campaign("inbox"))
    key = "collect.would" if dry_run else "collect.took"
    files, mails = collection.files, collection.taken
    console().line(say(key, mails=collection.mails, files=len(files), folder=folder), style="good")
    counts = Counter(one.kind for one in mails)
    if counts:
        kinds = [f"{text(f'collect.kind.{kind}', language())} {counts[kind]}" for kind in _KINDS if counts[kind]]
        console().line("  " + say("collect.comma").join(kinds))
    if collection.known:
        console().line(say("collect.known", count=collection.known), style="quiet")
    _print_lists(collection)
    if files:
        console().advice(say("collect.next_dry" if dry_run else "collect.next"))


def _print_lists(collection: Collection) -> None:
    taken = collection.taken
    every = [file for one in taken for file in one.files]
    _print_list("collect.problems", [line for one in taken for line in _problems(one)], "error", str)
    _print_list("collect.bounces", [one for one in taken if one.kind == Kind.BOUNCE], "error", _bounce, most=None)
    _print_list("collect.links", [one for one in taken if one.links], "error", _link)
    _print_list("collect.unknown", [one for one in every if not one.code and not one.again], "verify", _file)
    _print_list("collect.strangers", [one for one in every if one.stranger], "verify", _stranger)
    _print_list("collect.letters", [one for one in taken if one.kind == Kind.LETTER], "verify", _mail)
    _print_list("collect.again", [one for one in every if one.again], "quiet", _file)


def _print_list(
    key: str, found: Sequence[One], style: str, line: Callable[[One], str], *, most: int | None = _SHOWN
) -> None:
    if found:
        console().line(say(key, count=len(found)), style=style)
        for one in found[:most]:
            console().line("  " + line(one))
        if most is not None and len(found) > most:
            console().line(say("collect.more", count=len(found) - most))


def _problems(one: Taken) -> Iterator[str]:
    for problem in one.problems:
        details = {name: inert_line(str(value)) for name, value in problem.details.items()}
        reason = text(f"refused.{problem.reason}", language(), **details)
        mail = _mail(one)
        yield say("collect.problem", source=one.source, mail=mail and f"{mail} ", reason=reason)


def _mail(one: Taken) -> str:
    told = one.envelope
    date = in_local_time(told.date).rpartition(":")[0]
    return " ".join(part for part in (date, told.sender, f"“{told.subject}”" if told.subject else "") if part)


def _bounce(one: Taken) -> str:
    if not one.bounced:
        return say("collect.bounce_nameless", mail=_mail(one), source=one.source)
    told = []
    for address, sites in one.bounced.items():
        rows = [f"{site.code} {site.name}, {site.place[language()]}" for site in sites] or [say("collect.no_row")]
        told.append(say("collect.bounce", address=address, rows="; ".join(rows)))
    return say("collect.comma").join(told)


def _link(one: Taken) -> str:
    return say("collect.link", mail=_mail(one), services=", ".join(one.links))


def _file(one: Filed) -> str:
    return say("collect.file", name=one.name, sender=one.envelope.sender, file=one.file)


def _stranger(one: Filed) -> str:
    return say("collect.stranger", name=one.name, sender=one.envelope.sender, code=one.code)
