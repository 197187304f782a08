"""What a cell takes: its data validation with prompt and error message, made of form and rules."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gwxl.files import excel_limits as limits
from gwxl.form import kinds
from gwxl.form.definition import Form
from gwxl.form.kinds import Kind
from gwxl.live.calculation import day_number
from gwxl.live.inputs import Input
from gwxl.rendering import render
from gwxl.rules.cells_file import FORMULA_VALUE

_FIRST_DAY = "1"  # Excel's day 1, 1900-01-01
_LAST_DAY = "73050"  # 2099-12-31
_MOST_OF_LABEL, _MOST_OF_CHOICES = 80, 120  # units of the error message, which takes 255
_MOST_COUNT = "999999999999999"  # 15 digits: a cell stores no more


@dataclass(frozen=True, kw_only=True)
class Validation:
    """One data validation.

    Attributes:
        type: as in the file: ``whole``, ``decimal``, ``date``, ``textLength``, ``list``, ``custom``, ``none``.
        operator: ``between``, ``greaterThanOrEqual`` or ``lessThanOrEqual``; empty for list, custom and none.
        first, second: the formulas as stored. stop: refuses a wrong value; else it only warns.
    """

    type: str
    operator: str = ""
    first: str = ""
    second: str = ""
    stop: bool = True
    title: str = ""
    prompt: str = ""
    error_title: str = ""
    error: str = ""

    def options(self) -> Mapping[str, Any]:
        """Return the arguments of XlsxWriter's data_validation."""
        options: dict[str, Any] = {
            "validate": {"none": "any", "textLength": "length"}.get(self.type, self.type),
            "input_title": self.title,
            "input_message": self.prompt,
            "error_type": "stop" if self.stop else "warning",
        }
        if self.error:
            options |= {"error_title": self.error_title, "error_message": self.error}
        if self.type == "list":
            inline = self.first.startswith('"')
            options["source"] = self.first.strip('"').split(",") if inline else f"={self.first}"
        elif self.type == "custom":
            options["value"] = f"={self.first}"
        elif self.operator:
            options["criteria"] = _CRITERIA[self.operator]
            options |= {"minimum": self.first, "maximum": self.second} if self.second else {"value": self.first}
        return options


_CRITERIA = {"between": "between", "greaterThanOrEqual": ">=", "lessThanOrEqual": "<="}


def validation_of(form: Form, item: Input, year: int) -> Validation:
    """Return the data validation of an input.

    Raises:
        WorkbookError: a text, list or formula breaks a limit of Excel.
    """
    place = str(item.cell)
    bare = Validation(type="none") if item.calculated else _validate(form, item)
    error = _error(form, item, year, bare.type) if bare.type != "none" else ""
    checked = Validation(
        type=bare.type,
        operator=bare.operator,
        first=limits.check_length(f"{place}: validation formula", bare.first, limits.VALIDATION_FORMULA + 2),
        second=limits.check_length(f"{place}: validation formula", bare.second, limits.VALIDATION_FORMULA),
        stop=bare.stop,
        title=shorten(item.label, limits.PROMPT_TITLE),
        prompt=prompt_text(form, item, year),
        error_title=form.say("template.error_title") if error else "",
        error=limits.check_length(f"{place}: error message", error, limits.PROMPT),
    )
    limits.check_length(f"{place}: error title", checked.error_title, limits.PROMPT_TITLE)
    return checked


def yes_no(form: Form) -> tuple[str, str]:
    """Return the two answers of a yes-or-no cell, in the form's language."""
    return form.say("answer.yes"), form.say("answer.no")


def _validate(form: Form, item: Input) -> Validation:
    return _validate_listed(item) or _validate_entry(item) or _BUILDERS[item.kind](form, item)


def _list(items: tuple[str, ...], place: str) -> Validation:
    return Validation(type="list", first=f'"{limits.check_list(place, items)}"')


def _yes_no(form: Form, item: Input) -> Validation:
    return _list(yes_no(form), str(item.cell))


def _choice(_form: Form, item: Input) -> Validation:
    if item.list_name:
        return Validation(type="list", first=item.list_name)
    return _list(tuple(choice.label for choice in item.choices), str(item.cell))


def _choices(form: Form, item: Input) -> Validation:
    return _list((form.say("template.tick"),), str(item.cell))


def _count(_form: Form, item: Input) -> Validation:
    low, high = _bounds(item)
    return _validate_range("whole", low or f"-{_MOST_COUNT}", high)


def _decimal(_form: Form, item: Input) -> Validation:
    low, high = _bounds(item)
    return _validate_range("decimal", low or f"-{_MOST_COUNT}", high)


def _date(_form: Form, item: Input) -> Validation:
    earliest, latest = (item.limits.earliest, item.limits.latest) if item.limits else (None, None)
    low = str(day_number(earliest)) if earliest else _FIRST_DAY
    return _validate_range("date", low, str(day_number(latest)) if latest else _LAST_DAY)


def _validate_listed(item: Input) -> Validation | None:
    """Return the list an input is chosen from; one that is narrowed shows what goes with what stands beside it."""
    if item.listed is None:
        return None
    name, groups = item.list_name, item.groups_name
    if not groups:
        return Validation(type="list", first=name)
    beside = item.beside
    part = f"OFFSET({name},MATCH({beside},{groups},0)-1,0,COUNTIF({groups},{beside}),1)"
    return Validation(type="list", first=f'IF({beside}="",{name},{part})')


def _validate_entry(item: Input) -> Validation | None:
    if item.limits is None or not item.limits.entry:
        return None
    return Validation(type="custom", first=item.limits.entry.replace(FORMULA_VALUE, item.cell.address))


def _text(_form: Form, item: Input) -> Validation:
    if item.limits is None or (item.limits.min_length is None and item.limits.max_length is None):
        return Validation(type="none")
    low = "" if item.limits.min_length is None else str(item.limits.min_length)
    high = "" if item.limits.max_length is None else str(item.limits.max_length)
    bare = _validate_range("textLength", low, high)
    return Validation(type=bare.type, operator=bare.operator, first=bare.first, second=bare.second, stop=False)


def _url(_form: Form, item: Input) -> Validation:
    return Validation(type="custom", first=f'ISERROR(FIND(" ",TRIM({item.cell.address})))', stop=False)


def _code(form: Form, item: Input) -> Validation:
    by_length = _text(form, item)
    return by_length if by_length.type != "none" else Validation(type="custom", first=f"ISTEXT({item.cell.address})")


def _validate_range(kind: str, low: str, high: str) -> Validation:
    if low and high:
        return Validation(type=kind, operator="between", first=low, second=high)
    if low:
        return Validation(type=kind, operator="greaterThanOrEqual", first=low)
    return Validation(type=kind, operator="lessThanOrEqual", first=high)


def _bounds(item: Input) -> tuple[str, str]:
    if item.limits is None:
        return "", ""
    return _plain(item.limits.minimum), _plain(item.limits.maximum)


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}"


_BUILDERS: Mapping[Kind, Callable[[Form, Input], Validation]] = {
    kinds.TEXT: _text,
    kinds.URL: _url,
    kinds.CODE: _code,
    kinds.DATE: _date,
    kinds.COUNT: _count,
    kinds.DECIMAL: _decimal,
    kinds.YES_NO: _yes_no,
    kinds.CHOICE: _choice,
    kinds.CHOICES: _choices,
}


def _error(form: Form, item: Input, year: int, type_: str) -> str:
    if item.limits is not None and item.limits.message:
        return item.limits.message
    key = kinds.TEXT if type_ == "textLength" else item.kind
    choices = form.say("template.units_joined").join(choice.label for choice in item.choices)
    values = {
        "label": shorten(item.label, _MOST_OF_LABEL),
        "range": _range(form, item),
        "choices": shorten(choices, _MOST_OF_CHOICES),
        "year": year,
    }
    return form.say(f"template.error.{key}", **values)


def _range(form: Form, item: Input) -> str:
    low, high = _bounds(item)
    if not item.kind.is_number and item.limits is not None:
        low = "" if item.limits.min_length is None else str(item.limits.min_length)
        high = "" if item.limits.max_length is None else str(item.limits.max_length)
    key = {(True, True): "between", (True, False): "at_least", (False, True): "at_most"}.get((bool(low), bool(high)))
    return form.say(f"template.{key or 'any_number'}", minimum=low, maximum=high)


def prompt_text(form: Form, item: Input, year: int) -> str:
    """Return the input prompt of an input, its clause shortened until Excel takes it."""
    longest = item.limits.max_length if item.limits is not None else None
    key = f"{item.kind}_longest" if item.kind.is_long and longest else str(item.kind)
    label = shorten(item.label, limits.PROMPT_TITLE)
    told = key == "text" and item.clause  # of a text its clause alone says what is wanted
    hint = "" if told else form.say(f"template.hint.{key}", longest=longest, year=year, label=label)
    expected = item.limits.expected if item.limits is not None else ""
    asked = {"kind": item.kind.name, "listed": not item.kind.is_written, "label": item.label, "unit": item.unit}
    prompt = ""
    for clause in _shorter(item.clause):
        values = {**asked, "clause": clause, "hint": hint, "expected": expected, "caution": item.caution}
        prompt = render("prompt.j2", form.folder, language=form.language, **values).strip()
        if limits.units(prompt) <= limits.PROMPT:
            break
    return limits.check_length(f"{item.cell}: input prompt", prompt, limits.PROMPT)


def _shorter(clause: str) -> Iterator[str]:
    yield clause
    for length in range(len(clause) - 1, 0, -1):
        yield clause[:length].rstrip("，、；,;") + "……"
    yield ""


def shorten(value: str, most: int) -> str:
    """Return a text cut to a number of Excel's units, with … where something was cut."""
    if limits.units(value) <= most:
        return value
    while limits.units(value) > most - 1:
        value = value[:-1]
    return value + "…"
