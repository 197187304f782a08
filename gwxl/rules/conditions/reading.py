"""Read under which conditions a form asks its fields: refused where it cannot be, in an order in which it can be."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gwxl.errors import FormError
from gwxl.files.declarations import Report
from gwxl.form.definition import Field, Form
from gwxl.form.loading import FILE_NAME
from gwxl.records.path import Path
from gwxl.rules.expression import ExpressionError, Name, looks_back, parse, takes_codes
from gwxl.rules.expression import names as names_of
from gwxl.rules.relations import Condition, build_condition

_TAKES = (
    "a `when` takes fields of the sections that are no tables, and what an `expr` in relations.toml may say of them"
)
_ROLES = ("code", "name", "url", "sponsor", "by")

Conditions = Mapping[Path, tuple[Condition, ...]]
"""The path of a field → what must hold for it to be asked, of those alone that are not always asked."""


@dataclass(frozen=True, kw_only=True)
class _Said:
    """A ``when`` of the form: where it stands, and the fields it is about."""

    place: str
    source: str
    fields: tuple[Field, ...]


@lru_cache(maxsize=64)
def conditions_of(form: Form) -> Conditions:
    """Return the conditions of each field, every field behind those that its conditions name.

    What cannot be used, which loading the form tells, is left out.
    """
    found: dict[Path, list[Condition]] = {}
    for one in _find_said(form):
        try:
            condition = _read(one.source, form)
        except ExpressionError:
            continue
        for field in one.fields:
            found.setdefault(field.path, []).append(condition)
    return {path: tuple(found[path]) for path in _order(found)}


def tell_conditions(form: Form, report: Report) -> None:
    """Report each condition of a form that cannot be used, with its cure."""
    for key, reason in _mistakes(form):
        report(FormError(form.folder / FILE_NAME, f"{key}.when", reason))


def _find_said(form: Form) -> Iterator[_Said]:
    for section in form.sections:
        if section.when:
            yield _Said(place=section.key, source=section.when, fields=section.fields)
        for group in section.groups:
            inside = tuple(field for field in section.fields if field.group == group.key)
            if group.when:
                yield _Said(place=f"{section.key}.{group.key}", source=group.when, fields=inside)
    for field in form.fields.values():
        if field.when:
            yield _Said(place=field.key, source=field.when, fields=(field,))


def _mistakes(form: Form) -> Iterator[tuple[str, str]]:
    for field in (*form.surround.values(), *form.matrices.values()):
        if field.when:
            yield field.key, "belongs to a section, a group or a field of one that is no matrix"
    played = {getattr(form.roles, role): role for role in _ROLES}
    needed: dict[Path, list[Path]] = {}
    for one in _find_said(form):
        try:
            condition = _read(one.source, form)
        except ExpressionError as error:
            yield one.place, str(error)
            continue
        for field in one.fields:
            if field.key in played:
                yield one.place, f"{field.key} plays the role {played[field.key]}, so it is always asked; move it"
            if field.kind.is_table or field.within:
                yield one.place, f"{field.path.block} is a table or a matrix, which is always asked; move it"
            needed.setdefault(field.path, []).extend(fields_in(condition))
        if loop := _find_loop(one, needed):
            yield one.place, f"hangs on itself: {' → '.join(loop)}; let it name a field that stands outside"


def fields_in(condition: Condition) -> Sequence[Path]:
    """Return the paths of the fields that a condition names."""
    return tuple(dict.fromkeys(Path.parse(name).whole for name in condition.names))


def _read(source: str, form: Form) -> Condition:
    tree = parse(source)
    names = names_of(tree)
    reasons = [f"names {name}, {why}; {_TAKES}" for name in names if (why := _why_unfit(name, form))]
    if takes_codes(tree):
        reasons.append(f"looks into a code, which the sheet cannot; {_TAKES}")
    if isinstance(tree, Name) and (asked := form.fields.get(Path(tree.name))) and asked.choices:
        keys = " or ".join(f"{tree.name}.{choice.key}" for choice in asked.choices[:2])
        reasons.append(f"names {tree.name} and none of its answers; say which one: {keys}")
    if reasons:
        raise ExpressionError(reasons[0])
    return build_condition(tree, form)


def _why_unfit(name: str, form: Form) -> str:
    """Return why a name that a relation may have cannot stand here; empty where it can, or is unknown."""
    if looks_back([name]):
        return "which the sheet does not know"
    path = Path.read(name)
    if path is None or path.field not in {**form.fields, **form.surround}:
        return ""
    if path.field in form.surround:
        return "which stands around the form"
    return "a table" if form.fields[path.field].kind.is_table else ""


def _find_loop(one: _Said, needed: Mapping[Path, Iterable[Path]]) -> tuple[str, ...]:
    """Return how a condition comes back to a field it is about; empty where it does not."""
    for field in one.fields:
        ways: list[tuple[Path, ...]] = [(field.path,)]
        seen: set[Path] = set()
        while ways:
            way = ways.pop(0)
            for path in needed.get(way[-1], ()):
                if path == field.path:
                    return tuple(map(str, (*way, path)))
                if path not in seen:
                    seen.add(path)
                    ways.append((*way, path))
    return ()


def _order(found: Mapping[Path, Sequence[Condition]]) -> Sequence[Path]:
    done: dict[Path, None] = {}
    begun: set[Path] = set()

    def add(path: Path) -> None:
        if path in begun:
            return
        begun.add(path)
        for condition in found[path]:
            for needed in fields_in(condition):
                if needed in found:
                    add(needed)
        done[path] = None

    for path in found:
        add(path)
    return tuple(done)
