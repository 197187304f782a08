"""What a rule says about itself, and what it allows a cell to hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gwxl.form.editions import edition_order
from gwxl.form.lists import Listed
from gwxl.records.finding import Severity


class RuleKind(StrEnum):
    """Where a rule stands: at a cell, in an expression between cells, in a named function."""

    CELL = "cell"
    RELATION = "relation"
    FUNCTION = "function"


Example = Mapping[str, Any]

UNIQUE, LISTED, WHEN = "unique", "listed", "when"
IN_TABLE, IN_FORM = "table", "form"
"""Over what a value must be unique: the table it stands in, or every return of the form."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """One rule of the list.

    Attributes:
        fields: the fields it involves, in the order it names them; an explanation beside any of them settles it.
        message: the template its findings carry.
        expected: what would be right, in a few words; may be empty.
        clerk_only: why a workbook's own formulas cannot judge it, empty when they can.
        words: texts that stand for an unreadable value under this rule (``无`` in a number).
        ok, bad: answers by field key that pass and that fail; ``_identity`` and ``_expected`` hold what a
            workbook says about itself and what its reader expects.
        trial: its findings are shown as hints, whatever its severity.
        since: the first edition it binds, empty when it binds every one.
        replaces: the id of a rule that is not asked where this one could be judged.
    """

    id: str
    title: str
    severity: Severity
    basis: str
    message: str
    kind: RuleKind
    fields: tuple[str, ...]
    expected: str = ""
    clerk_only: str = ""
    words: frozenset[str] = frozenset()
    ok: tuple[Example, ...] = ()
    bad: tuple[Example, ...] = ()
    trial: bool = False
    since: str = ""
    replaces: str = ""

    def binds(self, edition: str) -> bool:
        """Tell whether the rule was in force when an edition was filled in; always where none is named."""
        return not edition or edition_order(self.since) <= edition_order(edition)

    @property
    def reported(self) -> Severity:
        """Return the severity its findings carry."""
        return Severity.HINT if self.trial else self.severity


@dataclass(frozen=True, kw_only=True)
class Check:
    """One of the checks of an input.

    Attributes:
        id: of its rule. limits: name → bound or pattern. unless: the id of a check it is left out after.
        propose: what is proposed, with ``{value}``. excel: what a worksheet says for its pattern.
    """

    id: str
    limits: Mapping[str, Any]
    unless: str = ""
    propose: str = ""
    excel: str = ""


@dataclass(frozen=True, kw_only=True)
class InputRules:
    """What one field, or one column of a table, may hold.

    Attributes:
        ids: what an answer can break (``type``, ``required``, ``words``, a limit) → the id of the rule behind it.
        limits: those it has of ``min``, ``max``, ``minlength``, ``maxlength``, ``regex``, ``allowed``, ``forbidden``.
        formula: what a worksheet says for its ``regex``.
        entry: what the validation asks of a text as it is typed, of all the ``regex`` takes and maybe more.
        listed: the list it is chosen from, None for any other.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    formula: str = ""
    entry: str = ""
    listed: Listed | None = None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one input may hold, for the validation and the prompt beside it.

    Attributes:
        required: a blank is an error.
        pattern: a regular expression for the whole text, None for any.
        entry: a formula on ``{value}`` that is false only for what is an error; empty where there is none.
        message: one sentence for a refused entry; empty where everything is accepted.
        expected: what would be right, in a few words.
    """

    required: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    earliest: date | None = None
    latest: date | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    entry: str = ""
    message: str = ""
    expected: str = ""
