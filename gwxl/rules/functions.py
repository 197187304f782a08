"""General functions that no expression can say; rule files name them and give their settings.

Each is a class: its fields are the settings of the rule file, its docstring says what they mean.
A workbook's own formulas cannot judge them: they are for the clerk's machine only.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from typing import Any, ClassVar

from gwxl.form.definition import Form
from gwxl.form.kinds import KINDS
from gwxl.records.path import Path
from gwxl.rules.case import PASSED, SILENT, Case, Outcome, Result
from gwxl.rules.document import number_text
from gwxl.rules.expression import ExpressionError
from gwxl.rules.patterns import matched, naming, unusable, whole
from gwxl.rules.rule import Rule


class Function(ABC):
    """A judge of a return as a whole."""

    SUPPLIES: ClassVar[frozenset[str]] = frozenset()
    """What messages may name besides fields."""

    @abstractmethod
    def involved(self, form: Form) -> tuple[str, ...]:
        """Return the keys of the fields it looks at."""

    @abstractmethod
    def judge(self, case: Case) -> Outcome:
        """Judge a return."""

    def check(self, form: Form) -> None:
        """Check the settings against the form.

        Raises:
            ExpressionError: a setting cannot be used.
        """
        for key in self.involved(form):
            if key not in form.fields:
                message = f"names {key}, which the form does not have"
                raise ExpressionError(message)


@dataclass(frozen=True, kw_only=True)
class PrefixesAgree(Function):
    """A comparison of what the beginnings of several codes stand for.

    Codes that do not match their pattern, and beginnings without a meaning, are left out.
    The message may name ``{found}``.

    Attributes:
        patterns: field key → pattern of the whole code; its group ``prefix`` is the beginning.
        meanings: beginning → what it stands for; what it stands for may itself be used as a beginning.
    """

    SUPPLIES = frozenset({"found"})

    patterns: Mapping[str, str]
    meanings: Mapping[str, str]

    def involved(self, form: Form) -> tuple[str, ...]:
        """Return the keys of the codes, in form order."""
        return tuple(sorted(self.patterns, key=lambda key: form.order(Path(key))))

    def check(self, form: Form) -> None:
        """Check that the keys are texts of the form and each pattern has its group."""
        super().check(form)
        for key, pattern in self.patterns.items():
            if not form.fields[key].kind.is_text:
                message = f"{key} is no text"
                raise ExpressionError(message)
            if "prefix" not in _compiled(pattern).groupindex:
                message = f"the pattern of {key} has no group (?P<prefix>…)"
                raise ExpressionError(message)

    def judge(self, case: Case) -> Outcome:
        """Fail where two codes stand for different things."""
        texts = {key: case.scope.values.get(key) for key in self.involved(case.form)}
        found = {key: meaning for key, text in texts.items() if text and (meaning := self._meaning(key, text))}
        if len(found) <= 1:
            return SILENT
        if len(set(found.values())) == 1:
            return PASSED
        shown = "、".join(f"「{case.form.label(Path(key))}」{meaning}" for key, meaning in found.items())
        return Outcome(result=Result.FAILED, arguments={"found": shown}, key=next(iter(found)), operands=tuple(found))

    def _meaning(self, key: str, text: str) -> str | None:
        match = matched(self.patterns[key], text)
        prefix = match["prefix"] if match else ""
        return self.meanings.get(prefix, prefix if prefix in self.meanings.values() else None)


@dataclass(frozen=True, kw_only=True)
class IdentityMatches(Function):
    """What a workbook says about itself against what its reader expects; silent where either says nothing.

    An older edition that the form accepts is as good as the current one.

    The message may name ``{found}`` and ``{wanted}``.

    Attributes:
        part: ``year`` or ``edition``.
    """

    SUPPLIES = frozenset({"found", "wanted"})

    part: str

    def involved(self, form: Form) -> tuple[str, ...]:  # noqa: ARG002 - part of the interface
        """Return no key: the identity is no field."""
        return ()

    def check(self, form: Form) -> None:  # noqa: ARG002 - part of the interface
        """Check that the part is one of the two."""
        if self.part not in {"year", "edition"}:
            message = f"part {self.part!r} is neither year nor edition"
            raise ExpressionError(message)

    def judge(self, case: Case) -> Outcome:
        """Fail where the two differ."""
        found: object = case.identity.year if self.part == "year" else case.identity.edition
        wanted: object = case.year if self.part == "year" else case.form.edition
        if not found or not wanted:
            return SILENT
        if found == wanted or (self.part == "edition" and found in case.form.accepts):
            return PASSED
        return Outcome(result=Result.FAILED, arguments={"found": str(found), "wanted": str(wanted)})


@dataclass(frozen=True, kw_only=True)
class ShareOf(Function):
    """A limit to how many of a return's numbers may be of one sort.

    The message may name ``{number}``, ``{total}`` and ``{share}`` (in per cent).

    Attributes:
        kind: ``count`` or ``decimal``, the kind of the numbers.
        multiple_of: the sort are its multiples; 0 means the number 0 itself.
        skip_zero: leave zeros out of the counting.
        share: fails from this part on, above 0 and at most 1.
        at_least: silent where fewer numbers than these are filled in.
    """

    SUPPLIES = frozenset({"number", "total", "share"})

    kind: str
    multiple_of: int
    skip_zero: bool
    share: Decimal
    at_least: int

    def involved(self, form: Form) -> tuple[str, ...]:
        """Return the keys of every number field of the kind."""
        return tuple(key for key, asked in form.fields.items() if asked.kind is KINDS[self.kind])

    def check(self, form: Form) -> None:  # noqa: ARG002 - part of the interface
        """Check that kind and share make sense."""
        kind = KINDS.get(self.kind)
        if kind is None or not kind.is_number or not 0 < self.share <= 1 or self.multiple_of < 0 or self.at_least < 1:
            message = "kind is count or decimal, share between 0 and 1, multiple_of from 0, at_least from 1"
            raise ExpressionError(message)

    def judge(self, case: Case) -> Outcome:
        """Fail where the share is reached."""
        numbers = [case.scope.values[key] for key in self.involved(case.form) if key in case.scope.values]
        counted = [number for number in numbers if number or not self.skip_zero]
        if len(counted) < self.at_least:
            return SILENT
        hits = sum(not number if self.multiple_of == 0 else number % self.multiple_of == 0 for number in counted)
        if Decimal(hits) < self.share * len(counted):
            return PASSED
        share = number_text(Decimal(hits * 100 // len(counted)))
        arguments = {"number": str(hits), "total": str(len(counted)), "share": share}
        return Outcome(result=Result.FAILED, arguments=arguments)


FUNCTIONS: Mapping[str, type[Function]] = {
    "prefixes_agree": PrefixesAgree,
    "identity_matches": IdentityMatches,
    "share_of": ShareOf,
}

_TYPES: Mapping[Any, type] = {str: str, bool: bool, int: int, Decimal: Decimal, Mapping[str, str]: dict}


@dataclass(frozen=True, kw_only=True, eq=False)
class FunctionRule:
    """A rule that a function judges."""

    rule: Rule
    function: Function

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names it looks up in the scope."""
        return self.rule.fields

    def judge(self, case: Case) -> Outcome:
        """Judge a return; silent for one of an edition before the rule was in force.

        One that looks at no field, like the one on the edition itself, binds every return.
        """
        with naming(self.rule.id):
            return self.function.judge(case) if self.rule.binds(case.edition) or not self.rule.fields else SILENT


def build_function(name: str, settings: Mapping[str, Any], form: Form) -> Function:
    """Return a function with its settings, checked against the form.

    Raises:
        ExpressionError: there is no such function, or a setting is unknown, missing or of the wrong kind.
    """
    if name not in FUNCTIONS:
        message = f"{name!r} is no function; known are {', '.join(FUNCTIONS)}"
        raise ExpressionError(message)
    noun: Any = FUNCTIONS[name]
    known = {item.name: item for item in fields(noun)}
    for setting, value in settings.items():
        _check_setting(setting, value, known)
    missing = [item.name for item in known.values() if item.default is MISSING and item.name not in settings]
    if missing:
        message = f"{name} needs {', '.join(missing)}"
        raise ExpressionError(message)
    function: Function = noun(**settings)
    function.check(form)
    return function


def _check_setting(setting: str, value: Any, known: Mapping[str, Any]) -> None:
    if setting not in known:
        message = f"{setting!r} is no setting of it; known are {', '.join(known)}"
        raise ExpressionError(message)
    wanted = _TYPES[known[setting].type]
    number_for_decimal = wanted is Decimal and type(value) is int
    texts = not isinstance(value, dict) or all(isinstance(item, str) for item in value.values())
    if (type(value) is not wanted and not number_for_decimal) or not texts:
        message = f"{setting} must be {wanted.__name__}, not {value!r}"
        raise ExpressionError(message)


def _compiled(pattern: str) -> re.Pattern[str]:
    if reason := unusable(pattern):
        raise ExpressionError(reason)
    return whole(pattern)
