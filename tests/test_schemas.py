"""The committed schemas of the JSON documents: valid themselves, and strict enough to refuse what is wrong."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from gwxl.cli.documents import check_document, merge_document, template_document
from gwxl.form.layout import lay_out
from gwxl.merging import Merged
from gwxl.template import Template
from tests import batches
from tests.command import SCHEMAS, schema

NAMES = sorted(path.stem for path in SCHEMAS.glob("*.json"))


def check() -> Mapping[str, Any]:
    """Return what is printed about thirty returns with every kind of fault."""
    some = batches.mixed(30)
    return check_document(some.form, [one for one in some.receipts if one.status != "superseded"])


def merge() -> Mapping[str, Any]:
    """Return what is printed about their merge."""
    some = batches.mixed(30)
    added = batches.added(some) if hasattr(batches, "added") else {}
    return merge_document(
        Merged(batch=some, summary=SCHEMAS / "s.xlsx", decisions=None, totals=added, totals_passed=added)
    )


def template() -> Mapping[str, Any]:
    """Return what is printed about a template."""
    form = batches.report_form()
    layout = lay_out(form)
    return template_document(
        Template(
            path=SCHEMAS / "a.xlsx",
            form=form.id,
            edition=form.edition,
            year=2026,
            fingerprint=form.fingerprint,
            cells=layout.cells,
            explanations=layout.explanations,
            checks=layout.checks,
        )
    )


DOCUMENTS: dict[str, Callable[[], Mapping[str, Any]]] = {"check": check, "merge": merge, "template": template}


def faults(name: str, document: object) -> list[str]:
    """Return what a schema has against a document."""
    return [error.message for error in Draft202012Validator(schema(name)).iter_errors(document)]
