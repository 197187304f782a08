"""What is wrong with a return, as data: a finding is yielded and collected, never raised."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gwxl.records.cell import CellRef
from gwxl.records.path import Path
from gwxl.wording import fill, placeholders, text


class Severity(StrEnum):
    """How much a finding weighs: it goes back, needs a word, or is only shown."""

    ERROR = "error"
    VERIFY = "verify"
    HINT = "hint"

    @property
    def rank(self) -> int:
        """Return 0 for the gravest, so that sorting puts errors first."""
        return list(Severity).index(self)


class Verdict(StrEnum):
    """Whether a rule failed or had to wait for a value that cannot be judged."""

    FAILED = "failed"
    UNJUDGED = "unjudged"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One fault found in a return.

    Attributes:
        id: the rule's id, e.g. ``B08``.
        message: a template; ``{a_key}`` names an operand, ``{field}`` the key itself, others ``arguments``.
        key: the path it is shown at, None for the whole file.
        operands: the paths of every field it involves, ``key`` included, in form order.
        shown: each operand's value as the filler wrote it; an absent one is blank.
        value: the raw text found at ``key``.
        expected: what would be right, in a few words.
        proposal: the value to take instead, only ever taken by the clerk's decision.
        settled: True when an explanation or a decision answers it.
        explanation: the words that settled it.
        source: the cell it was found in, in the returned file.

    An unjudged finding is always a hint: it tells that a rule waits, and counts for nothing.
    """

    id: str
    severity: Severity
    message: str
    verdict: Verdict = Verdict.FAILED
    settled: bool = False
    explanation: str | None = None
    key: Path | None = None
    operands: tuple[Path, ...] = ()
    arguments: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[Path, str] = field(default_factory=dict)
    value: str | None = None
    expected: str = ""
    proposal: str | None = None
    source: CellRef | None = None

    @property
    def open(self) -> bool:
        """Tell whether somebody still has to act: a failed error or verify that nothing has settled."""
        return self.verdict is Verdict.FAILED and self.severity is not Severity.HINT and not self.settled


def render_message(
    finding: Finding,
    label: Callable[[Path], str],
    cells: Mapping[Path, CellRef],
    language: str,
) -> str:
    """Return the message of a finding for the workbook whose cell map is given.

    ``{field}`` in a message stands for the finding's own key.

    Args:
        finding: the finding.
        label: path → label, for every path of the form.
        cells: path → cell in the workbook the reader of the message has open.
        language: ``zh`` or ``en``.

    Raises:
        WordingError: the message names neither an operand nor an argument.
    """
    values: dict[str, object] = dict(finding.arguments)
    paths: dict[str, Path | None] = {path: path for path in (finding.key, *finding.operands) if path is not None}
    paths["field"] = finding.key
    for name in placeholders(finding.message) - values.keys():
        if path := paths.get(name):
            values[name] = field_text(finding, path, label(path), cells, language)
    return fill(finding.message, values)


def field_text(
    finding: Finding,
    path: Path,
    label: str,
    cells: Mapping[Path, CellRef],
    language: str,
) -> str:
    """Return how a field shows inside the message of a finding: its cell, its label and what stands there."""
    cell = cells[path].address if path in cells else text("finding.nowhere", language)
    shown = finding.shown.get(path, "")
    if not shown:
        return text("finding.field_blank", language, cell=cell, label=label)
    return text("finding.field", language, cell=cell, label=label, value=shown)
