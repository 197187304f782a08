"""What a return holds, as it compares with what was written into a workbook: every answer, types told."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal

from gwxl.records.path import Path
from gwxl.records.submission import Scalar, Submission, Unread

Values = dict[Path, tuple[type, Scalar | Unread]]


def contents(submission: Submission) -> Values:
    """Return path → kind and value of everything filled in; yes is not 1."""
    answers = [*submission.answers.values(), *submission.unread]
    found = {one.key: one.value for one in answers if one.value is not None}
    found |= {Path(key): value for key, value in submission.surround.items()}
    return {path: (bool if isinstance(value, bool) else object, value) for path, value in found.items()}


def digest(values: Values, explanations: Mapping[Path, str]) -> str:
    """Return the sha256 of contents and explanations; what is equal has the same one."""
    said = sorted([path, *_plain(value)] for path, (_, value) in values.items())
    message = json.dumps([said, sorted(explanations.items())], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(message.encode("ascii")).hexdigest()


def _plain(value: Scalar | Unread) -> tuple[str, str]:
    if isinstance(value, Unread):
        return "unread", value.raw
    if isinstance(value, bool | str):
        return type(value).__name__, str(value)
    return "number", f"{Decimal(value).normalize():f}"
