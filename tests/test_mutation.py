"""Mutants of our own modules: what is changed, what is spared, and that a sample can be drawn again."""

import ast

import pytest

from bench.mutants import draw
from tests.support.sources import modules


def changes(source: str) -> set[str]:
    """Return every change there is of a source."""
    return {mutant.change for mutant in draw(source, 1_000, "all")}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", {"a < b → a <= b", "a < b → a >= b", "a < b → pass"}),
        ("x = 0 < a <= b", {"0 < a <= b → 0 <= a <= b", "0 < a <= b → 0 >= a <= b", "0 < a <= b → 0 < a < b",
                            "0 < a <= b → 0 < a > b", "0 → 1", "0 → -1"}),
        ("x = a is None", {"a is None → a is not None"}),
        ("x = a and b", {"a and b → a or b", "a and b → a", "a and b → b"}),
        ("x = not a", {"not a → a"}),
        ("x = a * b - c", {"a * b - c → a * b + c", "a * b → a / b"}),
        ("x = a[1]", {"1 → 2", "1 → 0"}),
        ("x = f(lone=True)", {"True → False"}),
        ("x = all(a for a in b if a > c)", {
            "all((a for a in b if a > c)) → any((a for a in b if a > c))",
            "for a in b if a > c → for a in b",
            "a > c → a >= c",
            "a > c → a <= c",
        }),
        ("x = min(a, default=b)", {"min(a, default=b) → max(a, default=b)"}),
        ("x = a.startswith('b')", {"a.startswith('b') → a.endswith('b')", "'b' → ''"}),
        ("x = a in {'b', ''}", {"a in {'b', ''} → a not in {'b', ''}", "'b' → ''", "'' → '?'"}),
        ("if a:\n    b += 1", {"a → False", "a → True", "a → not a", "b += 1 → pass", "b += 1 → b -= 1",
                               "1 → 2", "1 → 0"}),
        ("for a in b:\n    continue", {"continue → break", "continue → pass"}),
        ("def f() -> str:\n    return a", {"return a → return ''"}),
        ("def f() -> bool:\n    return False", {"False → True"}),
        ("def f():\n    yield a", {"yield a → pass"}),
    ],
)  # fmt: skip
def test_faults_that_are_made(source: str, expected: set[str]) -> None:
    """Comparisons, conditions, arithmetic, numbers, calls and statements are changed, each alone."""
    assert changes(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring with 1 and True."""',
        "def f(a: int | None) -> 'str | None': pass",
        "@dataclass(frozen=True)\nclass A:\n    a: Literal[1]",
        "x = {'key': a['key']}",
        "message = 'must be 1'",
        "x = f'must be {a:03}'",
        "x = zip(a, b, strict=True)",
        "x = int | None",
        "__all__ = ['f']",
        "x = a < 1  # pragma: no mutate",
        "from a import b",
    ],
)
def test_what_is_spared(source: str) -> None:
    """Docstrings, annotations, decorators, keys, messages and what is marked so decide nothing."""
    assert changes(source) == set()


def test_a_fault_knows_where_it_stands() -> None:
    """Line and function are those of the source; the faulty module runs and differs in that one place."""
    source = (
        "def one():\n    return 1\n\nclass Two:\n    def half(self):\n        '''It.'''\n        return self.a < 2\n"
    )
    found = {(mutant.line, mutant.function, mutant.change) for mutant in draw(source, 1_000, "all")}
    assert (2, "one", "1 → 2") in found
    assert (7, "Two.half", "self.a < 2 → self.a <= 2") in found
    for mutant in draw(source, 1_000, "all"):
        lines = list(zip(ast.unparse(ast.parse(source)).splitlines(), mutant.source.splitlines(), strict=True))
        assert sum(one != other for one, other in lines) == 1, mutant.change


def test_a_sample_can_be_drawn_again() -> None:
    """One seed draws the same mutants in the same order, another seed others; none twice, never more than asked."""
    source = next(module.source for module in modules() if module.name == "gwxl.rules.functions.one_return")
    first = draw(source, 40, "1")
    assert first == draw(source, 40, "1")
    assert first[:10] == draw(source, 10, "1")
    assert {mutant.source for mutant in first} != {mutant.source for mutant in draw(source, 40, "2")}
    assert len({mutant.source for mutant in first}) == 40
    assert source not in {mutant.source for mutant in first}
    assert len(draw(source, 10_000, "1")) < 10_000
