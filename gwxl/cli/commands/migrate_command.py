"""``gwxl migrate``: returns of an older edition, moved into workbooks of the current one."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from gwxl import Migration, Notice, migrate
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import form_option, help_option, json_option, notice_options, option
from gwxl.cli.console import console
from gwxl.cli.language import language, say
from gwxl.cli.parameters import ANY, OUTPUT_FOLDER
from gwxl.cli.settings import form_of_all, terms_of
from gwxl.cli.shell_quoting import quote
from gwxl.documents.migrated import migrate_document
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.records.submission import LeftBehind
from gwxl.returns.migrating import Outcome
from gwxl.template import why_left
from gwxl.wording import text

_SHOWN = 12  # new items named one by one; the workbook shows them all


@declare("migrate")
@click.argument("files", nargs=-1, required=True, type=ANY, metavar=say("metavar.files"))
@option("-o", "--output", type=OUTPUT_FOLDER, required=True, text_key="migrate.output_option")
@form_option
@notice_options
@option("--force", is_flag=True, text_key="force_option")
@json_option
@help_option
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    files: Sequence[Path],
    output: Path,
    form: str | None,
    deadline: date | None,
    return_to: str,
    phone: str,
    office: str,
    *,
    force: bool,
    as_json: bool,
) -> int:
    """Move the returns and print, file by file, what moved, what could not and what is new."""
    notice = Notice(deadline=deadline, return_to=return_to, phone=phone, office=office)
    with console().progress(say("reading")) as (progress,):
        migrations = migrate(
            terms_of(form_of_all(form, files), notice=notice), files, output, force=force, progress=progress
        )
    if as_json:
        console().json(migrate_document(output, migrations))
    else:
        _print(output, migrations)
    return int(any(one.to_do for one in migrations))


def _print(folder: Path, migrations: Sequence[Migration]) -> None:
    for one in migrations:
        if one.path is not None and one.form is not None:
            _print_written(one, one.form, one.path)
        else:
            _print_unmoved(one)
    written = sum(one.path is not None for one in migrations)
    acted = sum(one.to_do for one in migrations)
    total = say("migrate.total", files=len(migrations), written=written, acted=acted)
    console().line(total, style="error" if acted else "good")
    if written:
        console().advice(say("migrate.next", folder=quote(folder)))


def _print_unmoved(one: Migration) -> None:
    name = one.receipt.source.name
    if one.outcome is Outcome.CURRENT:
        console().line(say("migrate.current", file=name), style="quiet")
        return
    status = text(f"status.{one.outcome}", language())
    console().line(say("migrate.not_moved", file=name, status=status), style="error" if one.to_do else "quiet")
    console().line("  " + one.reason)


def _print_written(one: Migration, form: Form, path: Path) -> None:
    edition = one.receipt.submission.identity.edition if one.receipt.submission else ""
    values = {
        "file": one.receipt.source.name,
        "old": edition,
        "new": form.edition,
        "moved": one.moved,
        "path": quote(path),
    }
    console().line(say("migrate.written", **values), style="good")
    if one.left_behind:
        console().line(say("migrate.left", count=len(one.left_behind)), style="verify")
        heads = [say(f"migrate.{name}") for name in ("label", "cell", "raw", "why")]
        console().table(heads, [_list_left(left) for left in one.left_behind])
    for doubt in one.doubts:
        console().line("  " + doubt, style="verify")
    if one.to_fill:
        labels = [form.label(path) for path in one.to_fill[:_SHOWN]]
        items = say("migrate.separator").join(labels) + (say("migrate.more") if len(one.to_fill) > _SHOWN else "")
        console().line(say("migrate.to_fill", count=len(one.to_fill), items=items))


def _list_left(one: LeftBehind) -> list[str]:
    cell = one.cell.address if one.cell else ""
    return [one.label, cell, inert_line(one.raw), why_left(one, language())]
