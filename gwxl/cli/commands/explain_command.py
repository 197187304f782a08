"""``gwxl explain``: where a figure of a summary comes from."""

from dataclasses import replace
from pathlib import Path

import click

from gwxl import Explanation, explain
from gwxl.cli.command_shape import command as declare
from gwxl.cli.command_shape import help_option, json_option, option, place_argument
from gwxl.cli.console import console
from gwxl.cli.language import say
from gwxl.cli.parameters import FILE
from gwxl.documents.explained import explain_document
from gwxl.records.submission import Source
from gwxl.summary.stored.explanation import Origin

_SHOWN = 10  # changed figures named one by one; --json names them all


@declare("explain")
@click.argument("key", metavar=say("metavar.key"))
@place_argument("summary", "summary", type=FILE)
@option("--site", text_key="explain.site_option")
@json_option
@help_option
def command(key: str, summary: Path, site: str | None, *, as_json: bool) -> int:
    """Print the places a figure stands at, the counted ones and those left out."""
    explanation = explain(summary, key, site)
    if as_json:
        console().json(explain_document(explanation))
    elif explanation.site is None:
        _print_total(explanation)
    else:
        for origin in explanation.origins:
            _print_origin(explanation, origin)
    return int(explanation.changed)


def _print_total(explanation: Explanation) -> None:
    _print_figure(explanation)
    if explanation.formula:
        console().line(say("explain.formula", formula=explanation.formula))
    _print_changed(explanation)
    _print_parts(explanation)
    left_out = [origin for origin in explanation.origins if not origin.counts and origin.standing is None]
    heads = [say(f"explain.{name}") for name in ("value", "site", "name", "cell", "file")]
    if explanation.addends:
        console().table(heads, [_addend(origin) for origin in explanation.addends])
    if left_out:
        console().line(say("explain.left_out", count=len(left_out)))
        heads = [say("explain.raw"), *heads[1:], say("explain.reason")]
        console().table(heads, [[origin.raw, *_addend(origin)[1:], origin.reason] for origin in left_out])


def _print_figure(explanation: Explanation) -> None:
    label = f"{explanation.label}·{explanation.group}" if explanation.group else explanation.label
    if explanation.part:
        part = " ".join(say(f"explain.part.{explanation.part}").split())
        console().line(say("explain.one_part", label=label, part=part, value=_quote(explanation.value)))
        return
    values = {"label": label, "value": explanation.value, "counted": explanation.counted}
    console().line(say("explain.total", **values, passed=explanation.value_passed))


def _print_changed(explanation: Explanation) -> None:
    """Say what stands in the summary now and is not what was written."""
    totals = ((explanation.standing, explanation.value), (explanation.standing_passed, explanation.value_passed))
    for standing, written in totals:
        if standing is not None:
            console().line(say("explain.total_changed", standing=_quote(standing), written=written), style="error")
    changed = [origin for origin in explanation.origins if origin.standing is not None]
    for origin in changed[:_SHOWN]:
        who = " ".join(filter(None, (origin.site, origin.name))) or _source(origin).name
        console().line(f"{who}: {_tell_changed(origin)}", style="error")
    if len(changed) > _SHOWN:
        console().line(say("merge.more_files", count=len(changed) - _SHOWN))


def _tell_changed(origin: Origin) -> str:
    values = {"standing": _quote(origin.standing or ""), "written": _quote(origin.value)}
    place = {"file": _source(origin).name, "sheet": origin.sheet, "cell": origin.cell}
    if origin.found is None:
        return say("explain.changed", **values, **place)
    return say("explain.changed_seen", **values, **place, found=_quote(origin.found))


def _tell_seen(origin: Origin) -> str:
    """Return what the file holds now, or why nobody looked."""
    if origin.found is None:
        return say("explain.seen_below" if origin.by else "explain.not_seen")
    return _quote(origin.found)


def _quote(words: str) -> str:
    return words or say("explain.nothing")


def _print_parts(explanation: Explanation) -> None:
    parts = explanation.parts
    if not parts or explanation.part:
        return
    spread = any(part.minimum for part in parts)
    names = ("value", "counted", *(("minimum", "median", "maximum") if spread else ()), "passed", "passed_counted")
    heads = [say("explain.group"), *(" ".join(say(f"explain.part.{name}").split()) for name in names)]
    rows = [[part.group or say("explain.all"), *(getattr(part, name) for name in names)] for part in parts]
    if spread or len(parts) > 1:
        console().table(heads, rows)


def _addend(origin: Origin) -> list[str]:
    return [origin.value, origin.site, origin.name, origin.cell, _source(origin).name]


def _source(origin: Origin) -> Source:
    by = (origin.by,) if origin.by else ()
    return Source(file=origin.file, member=origin.member, sheet=origin.sheet, shared=origin.shared, by=by)


def _print_origin(explanation: Explanation, origin: Origin) -> None:
    facts = {
        "value": origin.value,
        "raw": origin.raw,
        "by": origin.by,
        "file": replace(_source(origin), shared=False, by=()).name,
        "sha256": origin.sha256,
        "sheet": origin.sheet,
        "cell": origin.cell,
        "worked_out": explanation.formula,
        "found": _tell_seen(origin),
        "counts": say("explain.yes") if origin.counts else say("explain.no", reason=origin.reason),
    }
    label = explanation.label if origin.path == explanation.key else origin.path
    console().line(say("explain.place", path=label, site=origin.site, name=origin.name))
    if origin.standing is not None:
        console().line(f"  {_tell_changed(origin)}", style="error")
    for name, fact in facts.items():
        if name in {"by", "worked_out"} and not fact:
            continue
        console().line(f"  {say(f'explain.{name}')}: {fact}")
