"""Write a document as JSON: numbers as numbers, and every text in it inert."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from gwxl.inert import inert


def write_document(document: Mapping[str, Any], *, indent: int | None = None) -> str:
    """Return a document as text."""
    return json.dumps(_make_inert(document), ensure_ascii=False, indent=indent)


def _make_inert(value: Any) -> Any:
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {name: _make_inert(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_make_inert(item) for item in value]
    return value
