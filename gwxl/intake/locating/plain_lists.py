"""Lists on workbooks of somebody's own: a sheet with the heads of a list form, without keys and without identity."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gwxl.characters import is_blank
from gwxl.form.definition import Form
from gwxl.form.headings import heading_key
from gwxl.form.labels import normalise_label
from gwxl.form.layout import Layout
from gwxl.intake.locating.defined_names import Names
from gwxl.intake.locating.landmarks import Captions
from gwxl.intake.locating.tables import TablePlacing
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.signals import signal

_SHARE = 2 / 3  # of the heads
_NEAR = 4  # columns right of a label in which its answer stands
_COLONS = ("：", ":")
_EXPECTED = frozenset({"L22"})  # a list of one's own has no row that ends it


def find_plain_list(captions: Captions, layout: Layout) -> TablePlacing | None:
    """Return the placing of a list on a sheet that bears its heads and none of its keys, None for any other sheet."""
    if not layout.form.is_list:
        return None
    (area,) = layout.tables
    table = TablePlacing(
        area=area, captions=captions, names=Names(cells={}, lost=frozenset()), language=layout.form.language
    )
    heads = table.heads_found
    ours = heading_key(area.field.key) in captions.plain.values()
    return table if not ours and heads > 1 and heads >= _SHARE * len(area.field.columns) else None


def place_plain_list(table: TablePlacing, form: Form) -> tuple[Mapping[Path, CellRef], Sequence[Finding]]:
    """Return the cells of a list and of what is written above it, and what was noticed."""
    table.place()
    around = dict(_find_around(table, form))
    say = signal("L42", form.language, sheet=table.sheet.title, rows=len({path.row for path in table.cells}))
    found = [one for one in table.findings if one.id not in _EXPECTED]
    told = [replace(one, source=one.source or CellRef(table.sheet.title, table.head_row, 1)) for one in (say, *found)]
    return {**around, **table.cells}, told


def _find_around(table: TablePlacing, form: Form) -> Iterator[tuple[Path, CellRef]]:
    """Yield where the fields around the form are answered: in the cell of their label, or right of it."""
    above = {place: words for place, words in table.captions.plain.items() if place[0] < table.head_row}
    for field in form.surround.values():
        label = normalise_label(field.label)
        for (row, column), words in sorted(above.items()):
            head, _, answer = _split(words)
            if normalise_label(head) == label:
                right = () if answer.strip() else range(column + 1, column + 1 + _NEAR)
                filled = (at for at in right if _is_filled(table, row, at))
                yield field.path, CellRef(table.sheet.title, row, next(filled, column + (not answer.strip())))
                break


def _split(words: str) -> tuple[str, str, str]:
    place = min((at for colon in _COLONS if (at := words.find(colon)) >= 0), default=len(words))
    return words[:place], words[place : place + 1], words[place + 1 :]


def _is_filled(table: TablePlacing, row: int, column: int) -> bool:
    cell = table.sheet.cells.get((row, column))
    return cell is not None and not is_blank(cell.text)
