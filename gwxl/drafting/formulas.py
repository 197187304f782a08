"""What the formulas of an office's form add up, and how form.toml says them."""

import re
from collections.abc import Iterator, Mapping

from gwxl.drafting.grid import Place, Spot
from gwxl.spreadsheets.address import read_area

_SUM = re.compile(r"SUM\(([^()]*)\)", re.IGNORECASE)
_CELL = re.compile(r"\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?")
_MOST_CELLS = 5_000
_ROUNDED = re.compile(r"ROUND\((.*),(\d)\)", re.IGNORECASE)
_SAID = re.compile(r"[a-z0-9_+\-*/(). \[\]]+")
_LONGEST = 400


def find_added(spot: Spot | None) -> frozenset[Place]:
    """Return the cells of its own sheet that a formula adds up; none where it does anything else."""
    if spot is None or not spot.formula:
        return frozenset()
    terms = _SUM.sub(lambda found: found[1].replace(",", "+"), spot.formula.replace(" ", ""))
    parts = terms.split("+")
    if not all(_CELL.fullmatch(part) for part in parts):
        return frozenset()
    return frozenset(place for part in parts for place in _expand(part))


def _expand(reference: str) -> Iterator[Place]:
    area = read_area(reference)
    if area is None:
        return
    top, left, bottom, right = area
    if (right - left + 1) * (bottom - top + 1) <= _MOST_CELLS:
        yield from ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def say_formula(formula: str, keys: Mapping[Place, str]) -> tuple[str, int | None] | None:
    """Return a formula as form.toml says it, and the decimals it is rounded to, None where it does not say.

    None where it takes anything but inputs of its sheet, numbers, + - * / and SUM.

    Args:
        formula: without ``=``.
        keys: the first cell of an input → its path.
    """
    plain = formula[:_LONGEST].replace(" ", "").replace("$", "")
    rounded = _ROUNDED.fullmatch(plain)
    plain, decimals = (rounded[1], int(rounded[2])) if rounded else (plain, None)
    try:
        plain = _SUM.sub(lambda found: _add(found[1], keys), plain)
        said = _CELL.sub(lambda found: " + ".join(keys[place] for place in _expand(found[0])), plain)
    except KeyError:
        return None
    said = re.sub(r" ?([+*/]) ?|(?<=[\w)\]])-", lambda found: f" {(found[1] or '-')} ", said)
    known = keys.values() and _SAID.fullmatch(said) and len(said) <= _LONGEST
    return (said, decimals) if known else None


def _add(arguments: str, keys: Mapping[Place, str]) -> str:
    places = [place for part in arguments.split(",") for place in _expand(part)]
    if not places:
        raise KeyError(arguments)
    return "(" + "+".join(keys[place] for place in places) + ")"
