"""The shape of the program: its contracts, homes of packages, sizes, and no knowledge of any form."""

import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from importlinter.cli import lint_imports

from tests.support.sources import ROOT, Module, find_imported, modules

# Where a package from outside may be imported: one home each, two where one noun writes two kinds of workbook.
HOMES: Mapping[str, frozenset[str]] = {
    "cerberus": frozenset({"rules"}),
    "click": frozenset({"cli"}),
    "flufl": frozenset({"mail"}),
    "imap_tools": frozenset({"mail"}),
    "jinja2": frozenset({"rendering"}),
    "msoffcrypto": frozenset({"spreadsheets"}),
    "olefile": frozenset({"mail"}),
    "openpyxl": frozenset({"drafting", "template", "summary"}),
    "oxmsg": frozenset({"mail"}),
    "pyarrow": frozenset({"exporting"}),
    "rich": frozenset({"cli"}),
    "tnefparse": frozenset({"mail"}),
    "xlsxwriter": frozenset({"writer"}),
}

LONGEST_MODULE = 350
LONGEST_FUNCTION = 50

# The code of a site is a role every form can have, and a name of the JSON output.
ROLE_NAMES = frozenset({"site_code"})

# Readers of what fillers and offices write know how numbers, dates and labels are written in Chinese; nobody is shown
# these words.
READERS = frozenset(
    {
        "gwxl.drafting.drafting",
        "gwxl.drafting.words",
        "gwxl.intake.total_words",
        "gwxl.spreadsheets.number_formats",
        *(f"gwxl.values.{noun}" for noun in ("dates", "numerals", "shown", "ticks", "value")),
    }
)
# The name of a typeface is its name in any language.
TYPEFACES = frozenset({"宋体", "黑体", "微软雅黑", "等线"})

# What a class could be said to do; a function may be.
IMPERATIVE = re.compile(
    r"(Account|Add|Ask|Bound|Call|Carry|Collect|Compare|Count|Declare|Describe|Draw|End|Fill|Find|Give|Head|"
    r"Hold|Index|Join|Judge|Keep|Know|Lead|Limit|Log|Look|Make|Name|Note|Number|Offer|Pair|Parse|Place|Print|"
    r"Put|Read|Refuse|Report|Represent|Run|Say|Share|Stand|Stop|Store|Take|Tell|Turn|Walk|Word|Write) "
)

MOST_MODULES = 20
"""Of one package, those of its own packages left out."""
GREATEST_SHARE = 0.16
"""Of the lines of the program, the largest package."""


def package(module: Module) -> str:
    """Return the first name below gwxl, empty for gwxl itself."""
    return [*module.name.split("."), ""][1]


def offenders(broken: Callable[[Module], object]) -> dict[str, object]:
    """Return module → what is wrong with it, of those with which something is."""
    return {module.name: found for module in modules() if (found := broken(module))}


def test_the_contracts_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """Imports go down, without a cycle; every package has its storey in pyproject.toml."""
    assert lint_imports(str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True) == 0, capsys.readouterr().out


def test_packages_have_one_home() -> None:
    """A package from outside is imported in its home only."""

    def strangers(module: Module) -> list[str]:
        outside = {name.split(".")[0] for name in module.imports} - set(sys.stdlib_module_names) - {"gwxl"}
        return sorted(name for name in outside if package(module) not in HOMES.get(name, frozenset()))

    assert offenders(strangers) == {}


def test_imports_stand_at_the_top() -> None:
    """No function imports; the command line loads a command by its name, not by a statement."""

    def find_inside(module: Module) -> list[str]:
        return [name for function in module.functions for node in ast.walk(function) for name in find_imported(node)]

    assert offenders(find_inside) == {}


def test_sizes() -> None:
    """Modules and functions stay small enough to be read."""

    def long(module: Module) -> dict[str, int]:
        found = {function.name: length(function) for function in module.functions}
        lines = {"the module": len(module.source.splitlines())}
        return {name: count for name, count in found.items() if count > LONGEST_FUNCTION} | {
            name: count for name, count in lines.items() if count > LONGEST_MODULE
        }

    assert offenders(long) == {}


def test_packages_can_be_seen_at_a_glance() -> None:
    """No package holds more modules than fit, and none too great a part of the program."""
    folders = Counter(module.file.parent for module in modules() if module.file.name != "__init__.py")
    assert {folder.name: count for folder, count in folders.items() if count > MOST_MODULES} == {}
    lines: Counter[str] = Counter()
    for module in modules():
        lines[package(module)] += len(module.source.splitlines())
    assert {name: count for name, count in lines.items() if count > GREATEST_SHARE * lines.total()} == {}


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function, decorators left out."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_a_module_is_named_after_a_noun() -> None:
    """There is no drawer for the rest."""
    drawers = {"util", "utils", "helper", "helpers", "common", "misc", "tools"}
    assert offenders(lambda module: drawers & set(module.name.split("."))) == {}


def test_a_class_is_described_by_a_noun() -> None:
    """What a class is, or holds, stands first; what is done is said of functions."""

    def imperatives(module: Module) -> list[str]:
        classes = [node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
        return [node.name for node in classes if IMPERATIVE.match(ast.get_docstring(node) or "")]

    assert offenders(imperatives) == {}


def test_no_chinese_text_in_code() -> None:
    """Texts stand in the wording catalogue, in form files and in rule files."""

    def texts(module: Module) -> list[str]:
        found = {str(node.value) for node in module.strings} - TYPEFACES
        return sorted(one for one in found if module.name not in READERS and re.search(r"[\u4e00-\u9fff]", one))

    assert offenders(texts) == {}


def test_no_module_knows_a_form() -> None:
    """No key, label or rule id of a form that comes along stands in the code."""
    known = form_words() - ROLE_NAMES

    def form_told(module: Module) -> list[str]:
        words = {word for node in module.strings for word in re.findall(r"\w+", str(node.value))}
        return sorted(known & (words | {name for node in ast.walk(module.tree) for name in identifiers(node)}))

    assert offenders(form_told) == {}


def test_no_test_imports_a_test() -> None:
    """What tests share stands in tests/support."""
    trees = {file.name: ast.parse(file.read_bytes()) for file in (ROOT / "tests").rglob("*.py")}
    names = {file: {name for node in ast.walk(tree) for name in find_imported(node)} for file, tree in trees.items()}
    assert {file: found for file, every in names.items() if (found := {n for n in every if ".test_" in n})} == {}


def identifiers(node: ast.AST) -> Iterator[str]:
    """Yield the names a node writes down."""
    for attribute in ("id", "attr", "arg", "name"):
        name = getattr(node, attribute, None)
        if isinstance(name, str):
            yield name


@cache
def form_words() -> frozenset[str]:
    """Return the field keys, rule ids and labels of four characters and more of the forms that come along."""
    words: set[str] = set()
    for file in sorted((ROOT / "templates").rglob("form.toml")):
        words |= {entry["key"] for entry in fields(tomllib.loads(file.read_text("utf-8")))}
        words |= {entry["label"] for entry in tables(tomllib.loads(file.read_text("utf-8"))) if long_label(entry)}
    for file in sorted((ROOT / "rules").rglob("*.toml")):
        words |= {entry["id"] for entry in tables(tomllib.loads(file.read_text("utf-8"))) if "id" in entry}
    return frozenset(words)


def fields(form: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the fields of a form file; a key of one word says nothing."""
    for section in form["section"]:
        yield from (field for field in section["field"] if "_" in field["key"])


def long_label(entry: Mapping[str, Any]) -> bool:
    """Tell whether an entry has a label that can be told from everyday words."""
    return len(re.findall(r"[\u4e00-\u9fff]", str(entry.get("label", "")))) >= 4


def tables(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield every table inside a value, itself included."""
    if isinstance(value, Mapping):
        yield value
        for part in value.values():
            yield from tables(part)
    elif isinstance(value, list):
        for part in value:
            yield from tables(part)


def test_the_words_looked_for_are_found() -> None:
    """The list of words is not empty by mistake."""
    assert {"service_items_online", "网站总访问量"} <= form_words()
