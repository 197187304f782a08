"""The JSON document of ``gwxl template``."""

from collections.abc import Mapping

from gwxl.documents.checked import Document
from gwxl.records.cell import CellRef
from gwxl.records.path import Path
from gwxl.template import Template


def template_document(template: Template) -> Document:
    """Return ``gwxl.template/1``."""
    return {
        "schema": "gwxl.template/1",
        "file": str(template.path),
        "form": template.identity.form,
        "edition": template.identity.edition,
        "year": template.identity.period.year,
        "period": str(template.identity.period),
        "fingerprint": template.identity.fingerprint,
        "cells": _cells(template.layout.cells),
        "explanations": _cells(template.layout.explanations),
        "checks": _cells(template.layout.checks),
    }


def _cells(cells: Mapping[Path, CellRef]) -> Document:
    return {path: {"sheet": cell.sheet, "cell": cell.address} for path, cell in cells.items()}
