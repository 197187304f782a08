"""Read rule files and refuse what they must not say, with file, key and reason."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from gwxl.declaration import read_declaration
from gwxl.errors import RuleError
from gwxl.findings import Severity
from gwxl.rules.rule import Example
from gwxl.submission import Change, Unread
from gwxl.wording import placeholders

IDENTITY = "_identity"
EXPECTED = "_expected"

Examples = tuple[tuple[Example, ...], tuple[Example, ...]]

METADATA: Mapping[str, type] = {"title": str, "severity": str, "basis": str, "message": str}
"""What every rule says about itself, besides its ``ok`` and ``bad`` examples."""


class RuleFile:
    """Hold one rule file, knowing its path for refusals."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def refuse(self, key: str, reason: object) -> RuleError:
        """Return the refusal of a key."""
        return RuleError(self.path, key, str(reason))

    def load(self) -> dict[str, Any]:
        """Return the tables of the file; decimals stay exact.

        Raises:
            RuleError: it is missing, in another encoding than UTF-8, or no TOML.
        """
        return read_declaration(self.path, partial(self.refuse, ""), parse_float=Decimal)

    def settings(self, table: Any, place: str, needed: Mapping[str, Any], allowed: Mapping[str, Any]) -> dict[str, Any]:
        """Return a table whose settings are all known, of the right type, the needed ones present.

        Raises:
            RuleError: a setting is unknown, missing, empty or of another type.
        """
        if not isinstance(table, dict):
            raise self.refuse(place, "must be a table")
        for name, value in table.items():
            wanted = needed.get(name, allowed.get(name))
            if wanted is None:
                raise self.refuse(f"{place}.{name}", f"is no known setting; known are {_listed({**needed, **allowed})}")
            if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
                raise self.refuse(f"{place}.{name}", f"must be {_type_name(wanted)}, not {value!r}")
        for name in needed:
            if table.get(name, "") in ("", [], {}):
                raise self.refuse(f"{place}.{name}", "is missing")
        return table

    def severity(self, table: Mapping[str, Any], place: str) -> Severity:
        """Return the severity of a rule.

        Raises:
            RuleError: there is no such severity.
        """
        try:
            return Severity(table["severity"])
        except ValueError:
            reason = f"{table['severity']!r} is none of {', '.join(Severity)}"
            raise self.refuse(f"{place}.severity", reason) from None

    def message(self, table: Mapping[str, Any], place: str, known: Iterable[str]) -> str:
        """Return the message of a rule, every name in it checked.

        Raises:
            RuleError: it names something the rule does not involve or supply.
        """
        message: str = table["message"]
        if unknown := placeholders(message) - set(known):
            reason = f"names {{{min(unknown)}}}, but only {_listed(known)} can be shown here"
            raise self.refuse(f"{place}.message", reason)
        return message

    def examples(self, table: Mapping[str, Any], place: str, keys: Iterable[str]) -> Examples:
        """Return the ``ok`` and ``bad`` examples of a rule, decoded.

        Raises:
            RuleError: one is missing or names a field the rule does not involve.
        """
        known = set(keys)
        return self._examples(table["ok"], f"{place}.ok", known), self._examples(table["bad"], f"{place}.bad", known)

    def _examples(self, entry: Any, place: str, keys: set[str]) -> tuple[Example, ...]:
        tables = entry if isinstance(entry, list) else [entry]
        for table in tables:
            if not isinstance(table, dict):
                raise self.refuse(place, "must be a table, or a list of tables, of field key and value")
            if unknown := table.keys() - keys:
                reason = f"{min(unknown)!r} is no field of this rule; its fields are {_listed(keys)}"
                raise self.refuse(place, reason)
        return tuple({key: self._value(value, f"{place}.{key}") for key, value in table.items()} for table in tables)

    def _value(self, value: Any, place: str) -> Any:
        if isinstance(value, list):
            return tuple(self._value(item, place) for item in value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, dict) and "unread" in value:
            self.settings(value, place, {"unread": str, "kind": str}, {"proposal": (str, int, Decimal, bool)})
            return Unread(raw=value["unread"], kind=value["kind"], proposal=value.get("proposal"))
        if isinstance(value, dict) and "read" in value:
            self.settings(value, place, {"read": str, "as": int}, {})
            return Change(key="", raw=value["read"], value=str(value["as"]), kind="text_number")
        if isinstance(value, dict):
            return {key: self._value(item, f"{place}.{key}") for key, item in value.items()}
        return value


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _type_name(wanted: Any) -> str:
    types = wanted if isinstance(wanted, tuple) else (wanted,)
    return " or ".join(
        {str: "a text", int: "a whole number", dict: "a table", list: "a list", bool: "true or false"}.get(
            item, "a number"
        )
        for item in types
    )
