"""The functions by their names in rule files, and a rule that one of them judges."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from typing import Any, TypeVar

from gwxl.form.definition import Form
from gwxl.rules.case import SILENT, Case, Outcome
from gwxl.rules.expression import PREVIOUS, ExpressionError
from gwxl.rules.functions.function import Function, Named
from gwxl.rules.functions.looking_back import NoPowerOfTen, ShareAsBefore, WithinFactor
from gwxl.rules.functions.one_return import IdentityMatches, PrefixesAgree, ShareOf
from gwxl.rules.patterns import blame_rule
from gwxl.rules.rule import Rule

Judge = TypeVar("Judge", bound=Named)

FUNCTIONS: Mapping[str, type[Function]] = {
    "prefixes_agree": PrefixesAgree,
    "identity_matches": IdentityMatches,
    "share_of": ShareOf,
    "within_factor": WithinFactor,
    "no_power_of_ten": NoPowerOfTen,
    "share_as_before": ShareAsBefore,
}

_TYPES: Mapping[Any, type] = {
    str: str,
    bool: bool,
    int: int,
    Decimal: Decimal,
    Mapping[str, str]: dict,
    tuple[str, ...]: list,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class FunctionRule:
    """A rule that a function judges."""

    rule: Rule
    function: Function

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names it looks up in the scope."""
        last = (f"{PREVIOUS}{key}" for key in self.rule.fields if self.function.LOOKS_BACK)
        return (*self.rule.fields, *last)

    def judge_all(self, case: Case) -> tuple[Outcome, ...]:
        """Judge a return, once."""
        return (self.judge(case),)

    def judge(self, case: Case) -> Outcome:
        """Judge a return; silent for one of an edition before the rule was in force.

        One that looks at no field, like the one on the edition itself, binds every return.
        """
        with blame_rule(self.rule.id):
            return self.function.judge(case) if self.rule.binds(case.edition) or not self.rule.fields else SILENT


def build_function(name: str, settings: Mapping[str, Any], form: Form) -> Function:
    """Return a function with its settings, checked against the form.

    Raises:
        ExpressionError: there is no such function, or a setting is unknown, missing or of the wrong kind.
    """
    return build(name, settings, form, FUNCTIONS)


def build(name: str, settings: Mapping[str, Any], form: Form, among: Mapping[str, type[Judge]]) -> Judge:
    """Return one of some judges, as :func:`build_function` does.

    Raises:
        ExpressionError: as there.
    """
    if name not in among:
        message = f"{name!r} is no function; known are {', '.join(among)}"
        raise ExpressionError(message)
    noun: Any = among[name]
    known = {item.name: item for item in fields(noun)}
    for setting, value in settings.items():
        _check_setting(setting, value, known)
    missing = [item.name for item in known.values() if item.default is MISSING and item.name not in settings]
    if missing:
        message = f"{name} needs {', '.join(missing)}"
        raise ExpressionError(message)
    judge: Judge = noun(**settings)
    judge.check(form)
    return judge


def _check_setting(setting: str, value: Any, known: Mapping[str, Any]) -> None:
    if setting not in known:
        message = f"{setting!r} is no setting of it; known are {', '.join(known)}"
        raise ExpressionError(message)
    wanted = _TYPES[known[setting].type]
    number_for_decimal = wanted is Decimal and type(value) is int
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    texts = all(isinstance(item, str) for item in inner)
    if (type(value) is not wanted and not number_for_decimal) or not texts:
        message = f"{setting} must be {wanted.__name__}, not {value!r}"
        raise ExpressionError(message)
