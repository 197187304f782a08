"""What is calculated in a form: which of its parts must be known, and answers with all of it worked out."""

from collections.abc import Mapping

from gwxl.form.definition import Form
from gwxl.records.path import Path
from gwxl.records.submission import Scalar
from gwxl.rules.computed.reading import calculations_of
from gwxl.rules.computed.working import work_out, work_out_rows
from gwxl.rules.ruleset import RuleSet


def with_totals(rules: RuleSet, answers: Mapping[Path, Scalar]) -> dict[Path, Scalar]:
    """Return answers with all that is calculated as it comes of them, whatever they say of it."""
    form = rules.form
    strange = {path: value for path, value in answers.items() if not _is_asked(form, path)}  # told where it is written
    given = {
        path: value
        for path, value in answers.items()
        if path not in strange and not form.question_at(path).is_calculated
    }
    totals = work_out(form, given, required_paths(rules))
    found = {**totals, **work_out_rows(form, given, {**given, **totals})}
    calculated = ((path, value) for path, value in found.items() if form.question_at(path).is_calculated)
    return strange | given | {path: value for path, value in calculated if value is not None}


def _is_asked(form: Form, path: Path) -> bool:
    try:
        form.question_at(path)
    except (LookupError, StopIteration):
        return False
    return True


def required_paths(rules: RuleSet) -> frozenset[Path]:
    """Return the parts of what is calculated whose blank is an error, or that hang on one."""
    form, found = rules.form, set[Path]()
    for asked, one in calculations_of(form):
        parts = asked.sums if one is None else one.needs
        plain = {path for path in parts if not form.fields[path.field].is_calculated}
        found |= {path for path in plain if rules.limits(path).required}
        if one is not None and not found.isdisjoint(parts):
            found.add(asked.path)
    return frozenset(found)
