"""The program's own texts: complete in both languages, each one asked for, and no one asked for in vain."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from gwxl.errors import WordingError
from gwxl.wording import LANGUAGES, catalogue, fill, placeholders, text
from tests.support.sources import ROOT, modules


def test_every_text_has_both_languages() -> None:
    """Chinese and English stand there, neither is empty, and both name the same values."""
    assert [key for key, entry in catalogue().items() if sorted(entry) != sorted(LANGUAGES)] == []
    assert [key for key, entry in catalogue().items() if not all(entry.values())] == []
    assert [key for key, entry in catalogue().items() if len(set(map(placeholders, entry.values()))) != 1] == []


def test_every_text_is_used() -> None:
    """A text is named in the code, whole, or in parts that the code puts together."""
    assert [key for key in catalogue() if not is_written(key)] == []


def test_every_text_asked_for_exists() -> None:
    """No literal key is called that is not in the catalogue."""
    assert sorted(set(literals("text", 0)) - catalogue().keys()) == []


def test_every_text_asked_for_through_a_speaker_exists() -> None:
    """A function that adds the area to a key is called with keys of that area."""
    missing = {
        f"{name}({literal!r})"
        for (name, place), areas in speakers().items()
        for literal in literals(name, place)
        if not any(area + literal in catalogue() for area in areas)
    }
    assert sorted(missing) == []


def test_what_a_form_calls_its_code_is_said_by_a_form() -> None:
    """A text with that name in it is asked of a form, never of the catalogue alone."""
    named = {key for key, entry in catalogue().items() if "code_label" in placeholders(entry["zh"])}
    asked = {start for name in ("text", "each") for start in beginnings(name) if start}
    assert len(named) > 20
    assert sorted(key for key in named if any(key.startswith(start) for start in asked)) == []


def beginnings(name: str) -> Iterator[str]:
    """Yield how the first argument of each call of a function begins, as far as it is written there."""
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name and node.args:
                first = node.args[0].values[0] if isinstance(node.args[0], ast.JoinedStr) else node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def test_every_reason_of_refusal_exists() -> None:
    """A file is refused for reasons that have a text."""
    assert sorted({f"refused.{reason}" for reason in literals("RefusedError", 0)} - catalogue().keys()) == []


def test_text_is_filled() -> None:
    """The values of a text take their places."""
    assert text("finding.field_blank", "en", cell="D41", label="Total") == "D41 “Total” is blank"
    assert text("finding.field_blank", "zh", cell="D41", label="总数") == "D41「总数」未填"


def test_values_are_not_looked_into() -> None:
    """A value that looks like a place is shown as it is."""
    assert fill("{a} {b}", {"a": "{b}", "b": "x"}) == "{b} x"


@pytest.mark.parametrize(
    ("key", "language", "values"),
    [("no.such", "zh", {}), ("finding.nowhere", "fr", {}), ("finding.field_blank", "zh", {"cell": "D41"})],
)
def test_mistakes_are_told(key: str, language: str, values: dict[str, str]) -> None:
    """A missing key, language or value is an error of ours."""
    with pytest.raises(WordingError, match="wording"):
        text(key, language, **values)


def literals(function: str, place: int) -> Iterator[str]:
    """Yield the argument at a place of every call of a function, where it is a plain string."""
    for node in calls(function):
        argument = node.args[place] if place < len(node.args) else None
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def calls(function: str) -> Iterator[ast.Call]:
    """Yield every call of a function or method of that name."""
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and name_of_call(node) == function:
                yield node


def name_of_call(node: ast.Call) -> str:
    """Return the name of what is called; ``form.say`` is ``text`` in the language of a form."""
    if isinstance(node.func, ast.Attribute):
        of_form = ast.unparse(node.func.value).rpartition(".")[2] in {"form", "_form", "current"}
        return "text" if of_form and node.func.attr == "say" else node.func.attr
    return getattr(node.func, "id", "")


@cache
def speakers() -> Mapping[tuple[str, int], frozenset[str]]:
    """Return the functions that call ``text(f"area.{key}")`` for an argument: name and its place → areas."""
    found: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for module in modules():
        for function in module.functions:
            names = [argument.arg for argument in function.args.args if argument.arg not in {"self", "cls"}]
            for area, name in find_spoken(function):
                if name in names:
                    found[function.name, names.index(name)].add(area)
    return {speaker: frozenset(areas) for speaker, areas in found.items()}


def find_spoken(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, str]]:
    """Yield start and variable of every ``text(f"start{variable}")`` in a function."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and name_of_call(node) == "text":
            match node.args[:1]:
                case [ast.JoinedStr(values=[ast.Constant(value=start), ast.FormattedValue(value=ast.Name(id=name))])]:
                    yield str(start), name


def is_written(key: str) -> bool:
    """Tell whether a key, or the parts of an f-string that makes it, stand in the code."""
    if key in words():
        return True
    matches = (pattern.fullmatch(key) for pattern in patterns())
    return any(match and all(is_written(part) for part in match.groups()) for match in matches)


@cache
def words() -> frozenset[str]:
    """Return every string and function name of the code, and what templates, rules and the page's sources name."""
    found = {str(node.value) for module in modules() for node in module.strings}
    found |= {function.name for module in modules() for function in module.functions}
    page = (file for suffix in ("js", "html") for file in (ROOT / "page").glob(f"*.{suffix}"))
    for file in sorted((*(ROOT / "templates").rglob("*.j2"), *(ROOT / "rules").rglob("*.toml"), *page)):
        found |= set(re.findall(r"[\"']([\w.]+)[\"']", file.read_text("utf-8")))
    return frozenset(found)


@cache
def patterns() -> frozenset[re.Pattern[str]]:
    """Return the f-strings of the code that could make a key; one without a fixed word makes none."""
    strings = (node for module in modules() for node in ast.walk(module.tree) if isinstance(node, ast.JoinedStr))
    parts = ([part.value if isinstance(part, ast.Constant) else None for part in node.values] for node in strings)
    return frozenset(
        re.compile("".join(r"([\w.]+)" if part is None else re.escape(str(part)) for part in whole))
        for whole in parts
        if re.fullmatch(r"[\w.]*[a-z]+[\w.]*", "".join(str(part) for part in whole if part is not None))
    )


def test_whatever_is_listed_has_words() -> None:
    """Each signal of a reader and each rule of a batch is called something short where findings are listed."""
    ids = {key.removeprefix("signal.") for key in catalogue() if key.startswith("signal.")}
    ids |= {key.removesuffix(".title") for key in catalogue() if re.fullmatch(r"[A-Z][0-9]{2}\.title", key)}
    assert {"W08", "T07", "L41", "D01", "D07"} < ids
    for id_ in sorted(ids):
        assert len(text(f"{id_}.title", "zh", code_label="标识码")) <= 16, id_
        assert len(text(f"{id_}.title", "en", code_label="code")) <= 60, id_
