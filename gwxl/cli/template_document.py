"""The JSON document of ``gwxl template``."""

from collections.abc import Mapping

from gwxl.cli.documents import Document
from gwxl.submission import CellRef
from gwxl.template import Template


def template_document(template: Template) -> Document:
    """Return ``gwxl.template/1``."""
    return {
        "schema": "gwxl.template/1",
        "file": str(template.path),
        "form": template.form,
        "edition": template.edition,
        "year": template.year,
        "fingerprint": template.fingerprint,
        "cells": _cells(template.cells),
        "explanations": _cells(template.explanations),
        "checks": _cells(template.checks),
    }


def _cells(cells: Mapping[str, CellRef]) -> Document:
    return {path: {"sheet": cell.sheet, "cell": cell.address} for path, cell in cells.items()}
