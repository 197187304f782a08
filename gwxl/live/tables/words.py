"""The words of a table's cells that its rows know: what says nothing, and what answers."""

from collections.abc import Iterable, Iterator
from itertools import product

from gwxl.characters import ROW_SPACES
from gwxl.live.calculation import Rank, Scalar, rank_of
from gwxl.live.formulas import Formula, literal
from gwxl.live.helper_cells import spell
from gwxl.live.tables.faults import TableColumn

BLANKS = (
    *("".join(chars) for count in (1, 2, 3) for chars in product(ROW_SPACES, repeat=count)),
    *("'", "＇"),
)


def make_constant(word: Scalar) -> Formula | Scalar:
    """Return what puts a word into a cell; a logical and an empty text stand there as formulas."""
    return Formula('""', "") if word == "" else literal(word) if isinstance(word, bool) else word


def list_answers(column: TableColumn) -> Iterator[Scalar]:
    """Yield what a cell may hold that answers yes, no or a choice; the figures 1 and 0 and logicals as they are."""
    seen: set[Rank] = set()
    sorting = column.sorting
    listed = (*(choice.label for choice in column.item.choices), *(spelling for spelling, _ in sorting.answers))
    spelled = (form for spelling in listed for form in (spelling, *spell((spelling,))))
    figures = (int(spelling) for spelling, _ in sorting.answers if spelling.isdecimal() and spelling.isascii())
    for answer in (*spelled, *figures, *((True, False) if sorting.kind.is_yes_no else ())):
        if rank_of(answer) not in seen:
            seen.add(rank_of(answer))
            yield answer


def list_spellings(words: Iterable[str]) -> Iterator[str]:
    """Yield words in ASCII and in full width, with a leading apostrophe or without."""
    for form in spell(words):
        yield from (form, f"'{form}")
