"""The program's own sources, parsed, for the tests that look at them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "gwxl"


@dataclass(frozen=True, kw_only=True)
class Module:
    """One module of gwxl: dotted name, file and text."""

    name: str
    file: Path
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        """Return the syntax tree."""
        return ast.parse(self.source)

    @cached_property
    def strings(self) -> tuple[ast.Constant, ...]:
        """Return the string constants, docstrings left out."""
        docstrings = {id(node) for node in _docstrings(self.tree)}
        return tuple(
            node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
        )

    @property
    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Yield every function and method."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """Return the dotted names imported anywhere in the module, ``from a import b`` as ``a.b``."""
        found = {name for node in ast.walk(self.tree) for name in (*find_imported(node), *find_imported_by_name(node))}
        return tuple(sorted(found))


def find_imported(node: ast.AST) -> tuple[str, ...]:
    """Return the dotted names a statement imports, none if it is no import."""
    if isinstance(node, ast.Import):
        return tuple(alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return tuple(f"{node.module or ''}.{alias.name}" for alias in node.names)
    return ()


def find_imported_by_name(node: ast.AST) -> tuple[str, ...]:
    """Return what ``importlib.import_module("name")`` imports: an optional extra, where it is needed."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func) != "importlib.import_module":
        return ()
    return tuple(word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str))


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of gwxl, by name."""
    return tuple(_module(file) for file in sorted(PACKAGE.rglob("*.py")))


def _module(file: Path) -> Module:
    parts = file.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name=name, file=file, source=file.read_text("utf-8"))


def _docstrings(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            yield from (part.value for part in body if isinstance(part, ast.Expr))
