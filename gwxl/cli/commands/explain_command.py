"""``gwxl explain``: where a figure of a summary comes from."""

from dataclasses import replace
from pathlib import Path

import click

from gwxl import Explanation, explain
from gwxl.cli.console import console
from gwxl.cli.declaring import command as declare
from gwxl.cli.declaring import help_option, json_option, option
from gwxl.cli.language import say
from gwxl.cli.parameters import FILE
from gwxl.documents.explained import explain_document
from gwxl.records.submission import Source
from gwxl.summary.stored.explaining import Origin


@declare("explain")
@click.argument("key", metavar=say("metavar.key"))
@click.argument("summary", type=FILE, metavar=say("metavar.summary"))
@option("--site", text_key="explain.site_option")
@json_option
@help_option
def command(key: str, summary: Path, site: str | None, *, as_json: bool) -> None:
    """Print the places a figure stands at, the counted ones and those left out."""
    explanation = explain(summary, key, site)
    if as_json:
        console().json(explain_document(explanation))
        return
    if site is None:
        _print_total(explanation)
        return
    for origin in explanation.origins:
        _print_origin(origin)


def _print_total(explanation: Explanation) -> None:
    left_out = [origin for origin in explanation.origins if not origin.counts]
    values = {"label": explanation.label, "value": explanation.value, "counted": explanation.counted}
    console().line(say("explain.total", **values, passed=explanation.value_passed))
    heads = [say(f"explain.{name}") for name in ("value", "site", "name", "cell", "file")]
    if explanation.addends:
        console().table(heads, [_addend(origin) for origin in explanation.addends])
    if left_out:
        console().line(say("explain.left_out", count=len(left_out)))
        heads = [say("explain.raw"), *heads[1:], say("explain.reason")]
        console().table(heads, [[origin.raw, *_addend(origin)[1:], origin.reason] for origin in left_out])


def _addend(origin: Origin) -> list[str]:
    return [origin.value, origin.site, origin.name, origin.cell, _source(origin).name]


def _source(origin: Origin) -> Source:
    return Source(file=origin.file, member=origin.member, sheet=origin.sheet, shared=origin.shared)


def _print_origin(origin: Origin) -> None:
    facts = {
        "value": origin.value,
        "raw": origin.raw,
        "file": replace(_source(origin), shared=False).name,
        "sha256": origin.sha256,
        "sheet": origin.sheet,
        "cell": origin.cell,
        "counts": say("explain.yes") if origin.counts else say("explain.no", reason=origin.reason),
    }
    console().line(say("explain.place", path=origin.path, site=origin.site, name=origin.name))
    for name, fact in facts.items():
        console().line(f"  {say(f'explain.{name}')}: {fact}")
