"""Workbooks that tests begin with: the same one is written once a process, and copied for whoever asks for it again."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from gwxl import template
from gwxl.batch.batch import Batch
from gwxl.rules.ruleset import RuleSet
from gwxl.summary import workbook
from gwxl.template import Template

_MOST = 300
_Made = TypeVar("_Made")
_Key = tuple[int, str]
_WRITTEN: dict[_Key, tuple[RuleSet, Any, bytes]] = {}
"""Rules and what is said → what was written of it, with the rules, so that no others ever have their id."""


def write_template(rules: RuleSet, path: Path, *, force: bool = False, **said: Any) -> Template:
    """Write what :func:`gwxl.template.write_template` writes; the same arguments give the same bytes."""

    def write() -> Template:
        return template.write_template(rules, path, force=force, **said)

    if path.exists() and not force:
        return write()
    return replace(_once(write, rules, repr(said), path), path=path)


def write_summary(batch: Batch, rules: RuleSet, path: Path) -> None:
    """Write what :func:`gwxl.summary.workbook.write_summary` writes of a batch alone."""

    def write() -> None:
        workbook.write_summary(batch, rules, path)

    if path.exists():
        write()
    else:
        _once(write, rules, repr(batch), path)


def _once(write: Callable[[], _Made], rules: RuleSet, said: str, path: Path) -> _Made:
    key = (id(rules), said)
    if key in _WRITTEN:
        made: _Made = _WRITTEN[key][1]
        path.write_bytes(_WRITTEN[key][2])
        return made
    made = write()
    while len(_WRITTEN) >= _MOST:
        del _WRITTEN[next(iter(_WRITTEN))]
    _WRITTEN[key] = (rules, made, path.read_bytes())
    return made
