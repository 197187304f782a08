"""Judge the cells of one return with Cerberus."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from cerberus import Validator  # type: ignore[import-untyped]  # ships no types
from cerberus.errors import BaseErrorHandler, ErrorDefinition, ValidationError  # type: ignore[import-untyped]
from cerberus.schema import SchemaError  # type: ignore[import-untyped]
from cerberus.utils import TypeDefinition  # type: ignore[import-untyped]

from gwxl.form.kinds import KINDS
from gwxl.form.lists import Listed
from gwxl.records.path import Path
from gwxl.rules.patterns import blame_rule, is_free_of, match_whole

__all__ = ["Fault", "ReturnValidator", "SchemaError", "build_validator", "check_holds"]

# Bits 0x80, 0x60 and 0x10 would make it a group, normalisation or logic error in Cerberus' eyes.
_CHECK_FAILED = ErrorDefinition(0x100, "checks")
_NOT_LISTED = ErrorDefinition(0x101, "listed")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One error as Cerberus found it.

    Attributes:
        path: field key; in a table followed by the row's place, counted from 0, and the column's key.
        rule: the Cerberus rule that failed, empty where none stands behind it.
        value: what was judged, None for a blank.
        check: which of the cell's checks failed, counted from 0; None where it was a limit.
        other: the path of the cell that says the same and must not.
    """

    path: tuple[Any, ...]
    rule: str
    value: Any
    check: int | None = None
    other: Path | None = None


TYPES: Mapping[str, Callable[[object], bool]] = {
    **{name: kind.holds for name, kind in KINDS.items()},
    "dict": lambda value: isinstance(value, Mapping),
}
"""Name of a type → what tells whether a value is of it."""

_CHECKS: Mapping[str, Callable[[Any, Any], bool]] = {
    "pattern": lambda limit, value: match_whole(limit, value) is not None,
    "avoid": is_free_of,
    "min": lambda limit, value: value >= limit,
    "max": lambda limit, value: value <= limit,
    "min_length": lambda limit, value: len(value) >= limit,
    "max_length": lambda limit, value: len(value) <= limit,
}


def check_holds(check: Mapping[str, Any], value: Any) -> bool:
    """Tell whether a value passes every limit of one check."""
    return all(_CHECKS[name](limit, value) for name, limit in check.items() if name in _CHECKS)


def _leaves(error: ValidationError) -> Iterator[Fault]:
    """Yield an error, or those a group consists of; unknown codes included, so that none vanishes."""
    if error.is_group_error:
        for child in error.child_errors:
            yield from _leaves(child)
    else:
        check = error.info[0] if error.rule == "checks" else None
        yield Fault(path=error.document_path, rule=error.rule or "", value=error.value, check=check)


class ReturnValidator(Validator):  # type: ignore[misc]  # ships no types
    """A Cerberus validator with our types, and checks of any severity on one cell."""

    types_mapping = {  # noqa: RUF012 - Cerberus' way to add types
        **Validator.types_mapping,
        **{name: TypeDefinition(name, (object,), ()) for name in TYPES},
    }

    def judge(self, values: Mapping[str, Any]) -> tuple[Fault, ...]:
        """Judge the values of one return."""
        self.validate(values, normalize=False)
        return tuple(fault for error in self._errors for fault in _leaves(error))

    def _validate_type(self, data_type: str, field: Any, value: Any) -> None:
        """{'type': 'string', 'check_with': 'type'}"""  # noqa: D400, D415 - the schema of its argument
        if not TYPES[data_type](value):
            self._error(field, ErrorDefinition(0x24, "type"))
            self._drop_remaining_rules()

    def _validate_regex(self, pattern: str, field: Any, value: Any) -> None:
        """{'type': 'string'}"""  # noqa: D400, D415 - the schema of its argument
        with blame_rule(self.schema[field].get("meta", {}).get("regex", field)):
            fits = match_whole(pattern, value) is not None
        if not fits:
            self._error(field, ErrorDefinition(0x41, "regex"))

    def _validate_listed(self, listed: Listed, field: Any, value: Any) -> None:
        """{'nullable': False}"""  # noqa: D400, D415 - the schema of its argument
        beside = self.document.get(listed.where, self.root_document.get(listed.where))
        if not listed.allows(value, beside):
            self._error(field, _NOT_LISTED)

    def _validate_checks(self, checks: Sequence[Mapping[str, Any]], field: Any, value: Any) -> None:
        """{'type': 'list', 'minlength': 1, 'schema': {'type': 'dict', 'schema': {
            'id': {'type': 'string', 'required': True},
            'pattern': {'type': 'string'},
            'avoid': {'type': 'string'},
            'min': {'nullable': False},
            'max': {'nullable': False},
            'min_length': {'type': 'integer'},
            'max_length': {'type': 'integer'},
            'unless': {'type': 'string'},
            'propose': {'type': 'string'},
            'excel': {'type': 'string'},
        }}}"""  # noqa: D205, D209, D400, D415 - the schema of its argument
        if any(error.document_path[-1] == field for error in self._errors):
            return  # the cell is already wrong: one fault is not told twice
        failed: set[str] = set()
        for number, check in enumerate(checks):
            with blame_rule(check["id"]):
                holds = check.get("unless") in failed or check_holds(check, value)
            if not holds:
                failed.add(check["id"])
                self._error(field, _CHECK_FAILED, number)


def build_validator(schema: Mapping[str, Any]) -> ReturnValidator:
    """Return the validator of a form's cells; build it once, it is slow to build.

    Raises:
        SchemaError: a rule or a setting is unknown.
    """
    return ReturnValidator(deepcopy(dict(schema)), error_handler=BaseErrorHandler)
