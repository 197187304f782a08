"""Find the folders that declare forms: installed, in a checkout, or wherever the user says."""

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from gwxl.errors import ResourceError
from gwxl.wording import each

OWN_FORMS = "GWXL_FORMS"
"""Names the folders in which forms of the user's own lie."""

_PACKAGE = Path(__file__).parent.parent
_HOMES = (_PACKAGE / "_data", _PACKAGE.parent)


def home() -> Path:
    """Return the folder that holds ``templates/`` and ``rules/``.

    Raises:
        ResourceError: neither the installed nor the checkout's folder is there.
    """
    for folder in _HOMES:
        if (folder / "templates").is_dir() and (folder / "rules").is_dir():
            return folder
    raise ResourceError(each("failure.no_home", first=_HOMES[0], second=_HOMES[1]))


def form_ids() -> tuple[str, ...]:
    """Return the ids of the forms that come with gwxl, and of those in the folders of ``GWXL_FORMS``.

    The first is the one that is meant where nothing says otherwise; the others are sorted.

    Raises:
        ResourceError: a folder of ``GWXL_FORMS`` is not there, or two forms have one id.
    """
    default = tomllib.loads((home() / "templates" / "default.toml").read_text("utf-8"))["form"]
    return tuple(sorted(_find_folders(), key=lambda name: (name != default, name)))


def _find_folders() -> Mapping[str, Path]:
    """Return id → folder of each form that needs no path to be named by."""
    found: dict[str, Path] = {}
    for folder in (home() / "templates", *_own_homes()):
        for entry in folder.iterdir():
            if not (entry / "form.toml").is_file():
                continue
            if entry.name in found:
                first, second = found[entry.name], entry
                raise ResourceError(each("failure.form_twice", form=entry.name, first=first, second=second))
            found[entry.name] = entry
    return found


def _own_homes() -> Iterator[Path]:
    """Yield the folders in which forms of the user's own lie: those of ``GWXL_FORMS``, or ``templates/`` in them."""
    for name in filter(None, os.environ.get(OWN_FORMS, "").split(os.pathsep)):
        folder = Path(name).resolve()
        if not folder.is_dir():
            raise ResourceError(each("failure.no_own_forms", folder=name))
        yield folder / "templates" if (folder / "templates").is_dir() else folder


def form_folder(form: str) -> Path:
    """Return the folder of a form's declaration: an id of :func:`form_ids`, or a folder's path.

    A path is a folder that holds ``form.toml``. Its rules stand in ``rules/<same name>/`` beside its
    parent ``templates/``, or in a ``rules/`` folder inside it.

    Raises:
        ResourceError: no such form.
    """
    known_folders = _find_folders()
    if form in known_folders:
        return known_folders[form]
    folder = Path(form)
    if os.path.lexists(folder / "form.toml"):  # whether it can be used is said by whoever reads it
        return folder.resolve()
    near = difflib.get_close_matches(form, form_ids(), n=1)
    known = {"form": form, "known": ", ".join(form_ids())}
    raise ResourceError(
        each("failure.no_form_near", **known, near=near[0]) if near else each("failure.no_form", **known)
    )


def rules_folder(form: Path) -> Path:
    """Return the rules folder that belongs to a form's folder.

    Raises:
        ResourceError: there is none.
    """
    candidates = (form.parent.parent / "rules" / form.name, form / "rules")
    for folder in candidates:
        if os.path.lexists(folder / "cells.toml"):
            return folder
    raise ResourceError(each("failure.no_rules", form=form, first=candidates[0], second=candidates[1]))


def shared_templates() -> Path:
    """Return the folder of the Jinja2 templates a form uses when it brings none of its own."""
    return home() / "templates" / "shared"
