"""The forms a returned workbook may be of: those that come with gwxl, or the one the user names."""

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from gwxl.containers.limits import DEFAULT_LIMITS
from gwxl.containers.zips import Package
from gwxl.errors import RefusedError
from gwxl.files.resources import OWN_FORMS, form_folder, form_ids, rules_folder
from gwxl.form.layout import PROPERTY_PREFIX
from gwxl.form.loading import load_form
from gwxl.rules.ruleset import RuleSet, load_rules
from gwxl.spreadsheets.admission.door import parts_of

_PART = "docProps/custom.xml"
_MOST = 24  # files looked into where most decide: a folder holds returns of one form, as a rule
_NAMED = re.compile(rb'name="' + PROPERTY_PREFIX.encode() + rb'form"[^>]{0,200}>\s{0,9}<vt:lpwstr>([a-z0-9_]{1,64})<')


def default_form() -> str | None:
    """Return the form that is meant where nobody names one, None where forms of the user's own might be."""
    return None if os.environ.get(OWN_FORMS) else form_ids()[0]


@cache
def load(form: str) -> RuleSet:
    """Load a form, by id or folder, together with its rules.

    Raises:
        ResourceError: there is no such form, or it has no rules.
        FormError, RuleError: a declaration cannot be used.
    """
    folder = form_folder(form)
    return load_rules(rules_folder(folder), load_form(folder))


def load_all(form: str | None) -> tuple[RuleSet, ...]:
    """Load the named form, or every form that comes with gwxl where none is named."""
    return tuple(load(name) for name in ((form,) if form else form_ids()))


def find_form(files: Sequence[Path] = ()) -> str | None:
    """Return the form that most of some files name; where none does, the one that is meant without a name."""
    return _find_most(_count(files[:: max(1, len(files) // _MOST)])) or default_form()


def find_only_form(files: Sequence[Path]) -> str | None:
    """Return the form that every file names, None where they do not name the same, or none that is known."""
    named = _count(files)
    return _find_most(named) if len(named) == 1 else None


def _count(files: Sequence[Path]) -> Mapping[str, int]:
    """Return id of a form → how many of the files say that they are of it; empty: how many say nothing."""
    return Counter(map(_find_named, files))


def _find_most(named: Mapping[str, int]) -> str | None:
    ids = form_ids() if named else ()
    known = {form: count for form, count in named.items() if form in ids}
    return max(known, key=lambda form: (known[form], form)) if known else None


def _find_named(path: Path) -> str:
    try:
        with parts_of(path, DEFAULT_LIMITS) as parts:
            package = Package(parts, DEFAULT_LIMITS)
            told = _NAMED.search(package.read(_PART)) if _PART in package else None
    except RefusedError:
        return ""
    return told[1].decode("ascii") if told else ""
