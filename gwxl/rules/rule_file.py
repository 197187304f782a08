"""Read rule files and refuse what they must not say, with file, key and reason."""

import pathlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from gwxl.errors import RuleError
from gwxl.files.declarations import Report, read_declaration, stranger, tidy_line
from gwxl.records.finding import Severity
from gwxl.records.path import Path
from gwxl.records.submission import Change, Unread
from gwxl.rules.expression import PREVIOUS
from gwxl.rules.rule import Example
from gwxl.wording import placeholders

IDENTITY = "_identity"
EXPECTED = "_expected"
LAST = PREVIOUS.removesuffix(".")
"""What stands in an example for what the site reported last year."""

_AROUND: Mapping[str, Mapping[str, Any]] = {
    IDENTITY: {name: int if name == "year" else str for name in ("form", "edition", "year", "site_code")},
    EXPECTED: {"year": int},
}

Examples = tuple[tuple[Example, ...], tuple[Example, ...]]

_LONGEST = {"title": 200, "basis": 1_000, "message": 1_000, "expected": 200}  # texts that the workbook shows

METADATA: Mapping[str, type] = {"title": str, "severity": str, "basis": str, "message": str}
"""What every rule says about itself, besides its ``ok`` and ``bad`` examples."""


class RuleFile:
    """One rule file, with its path for refusals.

    Args:
        path: the file.
        report: what is done with a mistake; where it returns, reading goes on with what is right.
    """

    def __init__(self, path: pathlib.Path, report: Report) -> None:
        self.path = path
        self.report = report

    def refuse(self, key: str, reason: object) -> RuleError:
        """Return the refusal of a key."""
        return RuleError(self.path, key, str(reason))

    def tell(self, key: str, reason: object) -> None:
        """Report the mistake at a key that reading can go on without."""
        self.report(self.refuse(key, reason))

    def load(self) -> dict[str, Any]:
        """Return the tables of the file; decimals stay exact.

        Raises:
            RuleError: it is missing, in another encoding than UTF-8, or no TOML.
        """
        return read_declaration(self.path, self.refuse, parse_float=Decimal)

    def settings(self, table: Any, place: str, needed: Mapping[str, Any], allowed: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings of a table that are known and of the right type, texts tidied, the needed ones all there.

        Raises:
            RuleError: it is no table.
        """
        if not isinstance(table, dict):
            raise self.refuse(place, "must be a table")
        known = {**needed, **allowed}
        taken = {}
        for name, value in table.items():
            if name not in known:
                self.tell(f"{place}.{name}", f"is no known setting; known are {_join_names(known)}")
            elif not isinstance(value, known[name]) or (isinstance(value, bool) and known[name] is not bool):
                self.tell(f"{place}.{name}", f"must be {_type_name(known[name])}, not {value!r}")
            else:
                taken[name] = self._text(value, f"{place}.{name}") if name in _LONGEST else value
        for name, wanted in needed.items():
            if taken.get(name, "") in ("", [], {}):
                if table.get(name, "") in ("", [], {}):
                    self.tell(f"{place}.{name}", "is missing")
                taken[name] = (list if wanted == (dict, list) else wanted)()  # no example, and not that of a blank form
        return taken

    def _text(self, value: str, place: str) -> str:
        """Return a text that the workbook shows, as one cell takes it."""
        line = tidy_line(value)
        if found := stranger(line):
            self.tell(place, f"holds {found}, which cannot stand in a workbook; remove it")
        most = _LONGEST[place.rpartition(".")[2]]
        if len(line) > most:
            self.tell(place, f"has {len(line)} characters, {most} are possible; shorten {line[:20]!r}…")
        return line

    def severity(self, table: Mapping[str, Any], place: str) -> Severity:
        """Return the severity of a rule.

        Raises:
            RuleError: there is no such severity.
        """
        try:
            return Severity(table["severity"])
        except ValueError:
            if table["severity"]:
                self.tell(f"{place}.severity", f"{table['severity']!r} is none of {', '.join(Severity)}")
            return Severity.ERROR

    def message(self, table: Mapping[str, Any], place: str, known: Iterable[str]) -> str:
        """Return the message of a rule, every name in it checked.

        Raises:
            RuleError: it names something the rule does not involve or supply.
        """
        message: str = table["message"]
        if unknown := placeholders(message) - set(known):
            reason = f"names {{{min(unknown)}}}, but only {_join_names(known)} can be shown here"
            self.tell(f"{place}.message", reason)
        return message

    def examples(self, table: Mapping[str, Any], place: str, keys: Iterable[str], last: Iterable[str] = ()) -> Examples:
        """Return the ``ok`` and ``bad`` examples of a rule, decoded.

        Raises:
            RuleError: one is missing or names a field the rule does not involve.
        """
        known, before = set(keys), set(last)
        known |= {LAST} if before else set()
        ok, bad = (tuple(self.read_examples(table[name], f"{place}.{name}", known, before)) for name in ("ok", "bad"))
        return ok, bad

    def read_examples(self, entry: Any, place: str, keys: set[str], last: set[str]) -> Iterator[Example]:
        """Yield the examples of an entry, decoded; what is wrong with one is told at its place."""
        for table in entry if isinstance(entry, list) else [entry]:
            if not isinstance(table, dict):
                self.tell(place, "must be a table, or a list of tables, of field key and value")
            elif unknown := self._unknown(table, keys, last):
                reason = f"{min(unknown)!r} is no field of this rule; its fields are {_join_names(keys)}"
                self.tell(place, reason)
            else:
                yield {key: self._read_given(key, value, f"{place}.{key}") for key, value in table.items()}

    @staticmethod
    def _unknown(table: Mapping[str, Any], keys: set[str], last: set[str]) -> set[str]:
        before = table.get(LAST, {})
        known = before.keys() - last if isinstance(before, dict) else {LAST}
        return (table.keys() - keys) | {f"{PREVIOUS}{key}" for key in known}

    def _read_given(self, key: str, value: Any, place: str) -> Any:
        return self.settings(value, place, {}, _AROUND[key]) if key in _AROUND else self._value(value, place)

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
            return Change(key=Path(""), raw=value["read"], value=str(value["as"]), kind="text_number")
        if isinstance(value, dict):
            return {key: self._value(item, f"{place}.{key}") for key, item in value.items()}
        return value


def _join_names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _type_name(wanted: Any) -> str:
    types = wanted if isinstance(wanted, tuple) else (wanted,)
    names = {str: "a text", int: "a whole number", dict: "a table", list: "a list", bool: "true or false"}
    names[date] = "a day without quotation marks"
    return " or ".join(dict.fromkeys(names.get(item, "a number") for item in types))
