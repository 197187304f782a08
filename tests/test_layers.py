"""The shape of the program: layers, homes of packages, sizes, and no knowledge of any form."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from tests.sources import ROOT, Module, imported, modules

# From the bottom up; two names in one set never import each other.
LAYERS = (
    ("form",),
    ("workbook", "rules"),
    ("live",),
    ("template", "intake"),
    ("batch",),
    ("summary",),
    ("merging", "publishing", "authoring"),
    ("returns",),
    ("migrating",),
    ("campaign",),
    ("cli",),
)
# The ground everything stands on: free among themselves, without cycles.
GROUND = frozenset(
    {
        "declarations",
        "drafts",
        "errors",
        "excel_limits",
        "findings",
        "inert",
        "outputs",
        "plain_files",
        "receipt",
        "rendering",
        "resources",
        "submission",
        "toml_bounds",
        "wording",
    }
)

# Where a package from outside may be imported: one home each, two where one noun writes two kinds of workbook.
HOMES: Mapping[str, frozenset[str]] = {
    "cerberus": frozenset({"rules"}),
    "click": frozenset({"cli"}),
    "jinja2": frozenset({"rendering"}),
    "msoffcrypto": frozenset({"workbook"}),
    "openpyxl": frozenset({"template", "summary"}),
    "rich": frozenset({"cli"}),
    "xlsxwriter": frozenset({"template", "summary"}),
}

LONGEST_MODULE = 350
LONGEST_FUNCTION = 50

# The code of a site is a role every form can have, and a name of the JSON output.
ROLE_NAMES = frozenset({"site_code"})

# Readers of what fillers write know how numbers, dates and ticks are written in Chinese; nobody is shown these words.
READERS = frozenset(
    {f"gwxl.workbook.{noun}" for noun in ("dates", "formats", "numerals", "showing", "ticks", "total_words", "values")}
)
# The name of a typeface is its name in any language.
TYPEFACES = frozenset({"宋体", "黑体", "微软雅黑", "等线"})

each_module = pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)


def layer(module: str) -> str:
    """Return the first name below gwxl, empty for gwxl itself."""
    return [*module.split("."), ""][1]


def height(name: str) -> int:
    """Return the floor of a layer, 0 for the ground."""
    return next((floor for floor, names in enumerate(LAYERS, 1) if name in names), 0)


@cache
def targets(module: Module) -> frozenset[str]:
    """Return the modules of gwxl that a module imports."""
    known = {other.name for other in modules()}
    found = set()
    for name in module.imports:
        if name.split(".")[0] == "gwxl":
            found.add(name if name in known else name.rpartition(".")[0])
    return frozenset(found - {"gwxl"})


@each_module
def test_every_module_has_a_layer(module: Module) -> None:
    """A new module is given its place here before it is used."""
    name = layer(module.name)
    assert name in GROUND or height(name) or name in {"", "__main__"}, f"{module.name}: no layer; see LAYERS and GROUND"


@each_module
def test_imports_go_down(module: Module) -> None:
    """A module imports from layers below its own, or from its own part."""
    here = layer(module.name)
    wrong = [
        other
        for other in targets(module)
        if layer(other) != here and not (height(layer(other)) < height(here) or {here, layer(other)} <= GROUND)
    ]
    if here != "__main__":
        assert wrong == []


def test_no_import_cycles() -> None:
    """Modules can be put into an order in which each imports only earlier ones."""
    waiting = {module.name: set(targets(module)) - {module.name} for module in modules()}
    while free := {name for name, others in waiting.items() if not others & waiting.keys()}:
        for name in free:
            del waiting[name]
    assert waiting == {}


@each_module
def test_packages_have_one_home(module: Module) -> None:
    """A package from outside is imported in its home only."""
    outside = {name.split(".")[0] for name in module.imports} - set(sys.stdlib_module_names) - {"gwxl"}
    wrong = sorted(package for package in outside if layer(module.name) not in HOMES.get(package, frozenset()))
    assert wrong == []


@each_module
def test_imports_stand_at_the_top(module: Module) -> None:
    """No function imports; the command line loads a command by its name, not by a statement."""
    inside = [name for function in module.functions for node in ast.walk(function) for name in imported(node)]
    assert inside == []


@each_module
def test_sizes(module: Module) -> None:
    """Modules and functions stay small enough to be read."""
    assert len(module.source.splitlines()) <= LONGEST_MODULE
    long = {function.name: length(function) for function in module.functions if length(function) > LONGEST_FUNCTION}
    assert long == {}


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function, decorators left out."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


@each_module
def test_a_module_is_named_after_a_noun(module: Module) -> None:
    """There is no drawer for the rest."""
    drawers = {"util", "utils", "helper", "helpers", "common", "misc", "tools"}
    assert not drawers & set(module.name.split("."))


@each_module
def test_no_chinese_text_in_code(module: Module) -> None:
    """Texts stand in the wording catalogue, in form files and in rule files."""
    texts = {str(node.value) for node in module.strings} - TYPEFACES
    found = sorted(string for string in texts if re.search(r"[\u4e00-\u9fff]", string))
    assert found == [] or module.name in READERS


@each_module
def test_no_module_knows_a_form(module: Module) -> None:
    """No key, label or rule id of a form that comes along stands in the code."""
    known = form_words() - ROLE_NAMES
    words = {word for node in module.strings for word in re.findall(r"\w+", str(node.value))}
    names = {name for node in ast.walk(module.tree) for name in identifiers(node)}
    assert sorted(known & (words | names)) == []


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
