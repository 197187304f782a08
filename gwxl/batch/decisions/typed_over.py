"""Keep what a clerk wrote over our words in a row, which are written anew each time, as notes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gwxl.batch.decision import Choice, Decision, read_word
from gwxl.batch.decisions.table import format_cell, title_of_typed
from gwxl.characters import without_spaces
from gwxl.form.definition import Form

_LINES = ("mine", "proposal", "other", "other2", "other3")
_OTHERS = ("state", "trouble", "question", "name", *_LINES)
"""The columns of ours in which a clerk's words can be told from them; a verb in one decides nothing."""


def note_typed_over(row: Decision, case: Decision, form: Form) -> Decision:
    """Return a row with notes of what stands in it in place of our words, or around them.

    Args:
        row: as it was read.
        case: what it asks, with our words as they are now.
        form: by whose words a question is asked.
    """
    notes = dict(row.notes)
    for name, words in _find_typed_over(row, case, form):
        title = title_of_typed(name)
        notes[title] = f"{notes[title]} {words}" if title in notes else words
    return replace(row, notes=tuple(notes.items()))


def is_typed_over(row: Decision, form: Form) -> bool:
    """Tell whether the question of a case is none of ours any more: ours all end with what may be answered."""
    asked = without_spaces(row.question)
    endings = tuple(without_spaces(form.say(f"decision.choices_{one}")) for one in Choice)
    return bool(row.sha256 and asked) and not asked.endswith(endings)


def find_misplaced_verb(notes: Sequence[tuple[str, str]]) -> str:
    """Return the first note that would decide something in its own column, empty where none would."""
    titles = set(map(title_of_typed, _OTHERS))
    return next((words for title, words in notes if title in titles and read_word(words)[0]), "")


def _find_typed_over(row: Decision, case: Decision, form: Form) -> Iterator[tuple[str, str]]:
    """Yield column and words; where our question reads otherwise, another version or language of ours wrote the row."""
    asked, asks = (without_spaces(one) for one in (row.question, format_cell(case, "question", form.language)))
    if asked not in {"", asks}:
        if asks not in asked and not is_typed_over(row, form):
            return
        yield "question", row.question
    if row.name and without_spaces(row.name) != without_spaces(format_cell(case, "name", form.language)):
        yield "name", row.name
    for name in _LINES:
        ours = set(map(without_spaces, format_cell(case, name, form.language).splitlines()))
        typed = [line for line in getattr(row, name).splitlines() if without_spaces(line) not in {"", *ours}]
        if typed:
            yield name, "\n".join(typed)
