"""What everything that a rule file names and gives settings is asked."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from gwxl.form.definition import Form
from gwxl.form.kinds import KINDS
from gwxl.records.path import Path
from gwxl.rules.case import Case, Outcome
from gwxl.rules.expression import ExpressionError


class Named(ABC):
    """A judge that rule files name."""

    SUPPLIES: ClassVar[frozenset[str]] = frozenset()
    """What messages may name besides fields."""

    @abstractmethod
    def keys_involved(self, form: Form) -> tuple[str, ...]:
        """Return the keys of the fields it looks at."""

    def check(self, form: Form) -> None:
        """Check the settings against the form.

        Raises:
            ExpressionError: a setting cannot be used.
        """
        for key in self.keys_involved(form):
            if key not in form.fields:
                message = f"names {key}, which the form does not have"
                raise ExpressionError(message)


class Function(Named):
    """A judge of a return as a whole."""

    LOOKS_BACK: ClassVar[bool] = False
    """It holds the values of its fields against last year's."""

    @abstractmethod
    def judge(self, case: Case) -> Outcome:
        """Judge a return."""


def sort_keys(form: Form, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of fields as the form has them one below the other."""
    return tuple(sorted(keys, key=lambda key: form.order(Path(key))))


def number_fields(form: Form, kind: str) -> tuple[str, ...]:
    """Return the keys of every number field of a kind, ``count`` or ``decimal``, in form order."""
    return tuple(key for key, asked in form.fields.items() if asked.kind is KINDS[kind])


def is_number(kind: str) -> bool:
    """Tell whether a setting names a kind of numbers."""
    return kind in KINDS and KINDS[kind].is_number
