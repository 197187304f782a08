"""Work out every total and every other calculated field of a return anew, whatever stands in the workbook."""

from collections.abc import Container, Mapping
from decimal import Decimal

from gwxl.form.definition import Field, Form
from gwxl.records.path import Path
from gwxl.rules.computed.reading import calculations_of, columns_of

Worked = int | Decimal | None


def work_out(form: Form, values: Mapping[Path, object], required: Container[Path]) -> dict[Path, Worked]:
    """Return path → what each total and each field that is worked out comes to; None where it cannot be told.

    Args:
        form: the form.
        values: path → value of what is filled in; of a field that is calculated nothing is taken.
        required: the paths whose blank is an error.
    """
    known = {path: value for path, value in values.items() if not form.field_of(path).is_calculated}
    found: dict[Path, Worked] = {}
    half_known: set[Path] = set()
    for asked, one in calculations_of(form):
        path = asked.path
        found[path] = _add_up(asked, known, required, half_known) if one is None else one.value(known)
        if one and found[path] is None and any(known.get(part) is not None or part in half_known for part in one.needs):
            half_known.add(path)
        if asked.is_calculated and found[path] is not None:
            known[path] = found[path]
    return found


def work_out_rows(form: Form, values: Mapping[Path, object], whole: Mapping[Path, object]) -> dict[Path, Worked]:
    """Return path → what each cell of a table that is worked out comes to.

    Args:
        form: the form.
        values: path → value of every cell in the started rows.
        whole: path → value of the fields, those that are calculated among them.
    """
    rows: dict[Path, dict[Path, object]] = {}
    for path, value in values.items():
        if path.row is not None and path.field in columns_of(form):
            rows.setdefault(Path(path.field, row=path.row), {})[path.of_every_row] = value
    found: dict[Path, Worked] = {}
    for row, held in rows.items():
        for one in columns_of(form)[row.field]:
            held[one.path] = one.value({**{path: whole.get(path) for path in one.needs}, **held})
            found[one.path.in_row(row.number)] = held[one.path]  # type: ignore[assignment]  # what it comes to
    return found


def _add_up(
    asked: Field, known: Mapping[Path, object], required: Container[Path], half_known: Container[Path]
) -> Worked:
    """Return what the cells of a total come to.

    None where one of them cannot be read, is worked out from others of which only some are known, or must still be
    filled in, and where none is filled in.
    """
    found = {path: known.get(path) for path in asked.sums}
    if any(path in half_known or (value is None and path in required) for path, value in found.items()):
        return None
    filled = [value for value in found.values() if value is not None]
    numbers = [value for value in filled if isinstance(value, int | Decimal) and not isinstance(value, bool)]
    if not numbers or len(numbers) < len(filled):
        return None
    total = sum(map(Decimal, numbers), Decimal())
    return int(total) if total == total.to_integral_value() else total
