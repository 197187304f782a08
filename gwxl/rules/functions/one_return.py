"""The functions that look at a return alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from gwxl.form.definition import Form
from gwxl.records.path import Path
from gwxl.rules.case import PASSED, SILENT, Case, Outcome, Result
from gwxl.rules.document import number_text
from gwxl.rules.expression import ExpressionError
from gwxl.rules.functions.function import Function, is_number, number_fields, sort_keys
from gwxl.rules.patterns import match_whole, unusable, whole
from gwxl.wording.joining import join_words, quote_label


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

    def keys_involved(self, form: Form) -> tuple[str, ...]:
        """Return the keys of the codes, in form order."""
        return sort_keys(form, self.patterns)

    def check(self, form: Form) -> None:
        """Check that the keys are texts of the form and each pattern has its group."""
        super().check(form)
        for key, pattern in self.patterns.items():
            if not form.fields[key].kind.is_text:
                message = f"{key} is no text"
                raise ExpressionError(message)
            if "prefix" not in _compile(pattern).groupindex:
                message = f"the pattern of {key} has no group (?P<prefix>…)"
                raise ExpressionError(message)

    def judge(self, case: Case) -> Outcome:
        """Fail where two codes stand for different things."""
        texts = {key: case.scope.values.get(key) for key in self.keys_involved(case.form)}
        found = {key: meaning for key, text in texts.items() if text and (meaning := self._meaning(key, text))}
        if len(found) <= 1:
            return SILENT
        if len(set(found.values())) == 1:
            return PASSED
        language, labels = case.form.language, {key: case.form.label(Path(key)) for key in found}
        quoted = (quote_label(labels[key], language) + meaning for key, meaning in found.items())
        shown = join_words(quoted, language)
        return Outcome(result=Result.FAILED, arguments={"found": shown}, key=next(iter(found)), operands=tuple(found))

    def _meaning(self, key: str, text: str) -> str | None:
        match = match_whole(self.patterns[key], text)
        prefix = match["prefix"] if match else ""
        return self.meanings.get(prefix, prefix if prefix in self.meanings.values() else None)


@dataclass(frozen=True, kw_only=True)
class IdentityMatches(Function):
    """What a workbook says about itself against what its reader expects; silent where either says nothing.

    An older edition that the form accepts is as good as the current one.

    The message may name ``{found}`` and ``{wanted}``.

    Attributes:
        part: ``year``, which is the period, or ``edition``.
    """

    SUPPLIES = frozenset({"found", "wanted"})

    part: str

    def keys_involved(self, form: Form) -> tuple[str, ...]:  # noqa: ARG002 - part of the interface
        """Return no key: the identity is no field."""
        return ()

    def check(self, form: Form) -> None:  # noqa: ARG002 - part of the interface
        """Check that the part is one of the two."""
        if self.part not in {"year", "edition"}:
            message = f"part {self.part!r} is neither year nor edition"
            raise ExpressionError(message)

    def judge(self, case: Case) -> Outcome:
        """Fail where the two differ."""
        found: object = case.identity.edition if self.part == "edition" else case.identity.period
        wanted: object = case.form.edition if self.part == "edition" else case.period
        if not str(found) or not str(wanted):
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

    def keys_involved(self, form: Form) -> tuple[str, ...]:
        """Return the keys of every number field of the kind."""
        return number_fields(form, self.kind)

    def check(self, form: Form) -> None:  # noqa: ARG002 - part of the interface
        """Check that kind and share make sense."""
        if not is_number(self.kind) or not 0 < self.share <= 1 or self.multiple_of < 0 or self.at_least < 1:
            message = "kind is count or decimal, share between 0 and 1, multiple_of from 0, at_least from 1"
            raise ExpressionError(message)

    def judge(self, case: Case) -> Outcome:
        """Fail where the share is reached."""
        numbers = [case.scope.values[key] for key in self.keys_involved(case.form) if key in case.scope.values]
        counted = [number for number in numbers if number or not self.skip_zero]
        if len(counted) < self.at_least:
            return SILENT
        hits = sum(not number if self.multiple_of == 0 else number % self.multiple_of == 0 for number in counted)
        if Decimal(hits) < self.share * len(counted):
            return PASSED
        share = number_text(Decimal(hits * 100 // len(counted)))
        arguments = {"number": str(hits), "total": str(len(counted)), "share": share}
        return Outcome(result=Result.FAILED, arguments=arguments)


def _compile(pattern: str) -> re.Pattern[str]:
    if reason := unusable(pattern):
        raise ExpressionError(reason)
    return whole(pattern)
