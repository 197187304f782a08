"""The table that decisions stand in, whatever kind of file holds it: its columns, its rows, and what a clerk added."""

import re
from bisect import bisect
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from gwxl.batch.decision import Decision
from gwxl.batch.decisions.unread import UnreadError
from gwxl.characters import trim
from gwxl.inert import inert, inert_line
from gwxl.wording import LANGUAGES, catalogue, text

# What a clerk reads and writes comes first, what ties the row to its case last.
COLUMNS = (
    *("state", "file", "sheet", "site", "name", "question", "mine", "proposal", "other", "other2", "other3"),
    *("decision", "reason", "who", "when", "trouble", "rule", "key", "covers", "sha256"),
)
SHOWN_WHERE_USED = frozenset({"sheet", "site", "name", "mine", "proposal", "other", "other2", "other3"})
"""The columns that are left out where no row says anything in them."""

TYPED = ("decision", "reason", "who", "when")
"""The columns a clerk writes into."""

_OURS = frozenset({"trouble", "state"})  # written anew each time
_BESIDE = frozenset({"mine", "proposal", "other", "other2", "other3"})  # several lines each
_FILLED_IN = re.compile(r"\{\w+\}")
_LONGEST = 2_000  # of our own texts; a clerk's are never cut


def names_of(head: Sequence[str]) -> tuple[str, ...]:
    """Return the column each head names, by any of its words: they are written as ``decision 决定``; else ""."""
    known = _heads()
    found = [next((known[word] for word in one.casefold().split() if word in known), "") for one in head]
    return tuple(name if name not in found[:place] else "" for place, name in enumerate(found))


@cache
def _heads() -> Mapping[str, str]:
    return {
        word: name
        for name in COLUMNS
        for language in LANGUAGES
        for word in text(f"decision.column_{name}", language).casefold().split()
    }


def head_of(name: str, language: str, *, short: bool = False) -> str:
    """Return the head of a column; a short one is in the reader's language alone."""
    words = text(f"decision.column_{name}", language)
    return words.split()[-1] if short else words


def read_table(table: Sequence[Sequence[str]], comments: Sequence[str] = ()) -> Iterator[Decision]:
    """Yield a decision for each row of a table that is not blank, but its head; ``line`` counts its first row as 1.

    Args:
        table: the cells as they show.
        comments: the comment that lies on each row, a note like any other.

    Raises:
        UnreadError: no row has the heads of the columns that tell what was decided about which case.
    """
    heads = _heads_at(table)
    for line, row in enumerate(table):
        cells = [trim(cell) for cell in row]
        if line not in heads and any(cells):
            head = table[heads[max(0, bisect(heads, line) - 1)]]
            yield replace(_read_row(head, cells, comments[line] if comments else ""), line=line + 1)


def _read_row(head: Sequence[str], cells: Sequence[str], comment: str) -> Decision:
    names = names_of(head)
    values: dict[str, Any] = {
        name: cell for name, cell in zip(names, cells, strict=False) if name and name not in _OURS
    }
    notes = _notes(head, names, cells)
    if comment:
        notes = (*notes, (text("decision.comment", LANGUAGES[0]), comment))
    # Without its rule nothing but the words of a row tells which of several questions about a file it answers.
    nameless = {"nameless": True, "rule": "", "key": "", "covers": ""} if not {"rule", "key"} <= set(names) else {}
    return replace(Decision(notes=notes), **values | nameless)


def _heads_at(table: Sequence[Sequence[str]]) -> Sequence[int]:
    """Return the rows of heads, wherever they stand: a clerk may have written above one, or sorted it with the others.

    Several sheets saved in one text have one each; each holds for what is below it.
    """
    named = [{*names_of(row)} - {""} for row in table]
    heads = [at for at, names in enumerate(named) if not _find_lacking(names)]
    if heads:
        most = max(len(named[at]) for at in heads)
        return [at for at in heads if len(named[at]) > most // 2]
    missing = min((_find_lacking(names) for names in named), key=len, default=_find_lacking(()))
    raise UnreadError({language: _lacks(missing, language) for language in LANGUAGES})


def _lacks(names: Sequence[str], language: str) -> str:
    heads = ("、" if language == "zh" else ", ").join(head_of(name, language, short=True) for name in names)
    return text("decision.lacks_columns", language, columns=heads)


def _find_lacking(names: Collection[str]) -> Sequence[str]:
    """Return the columns that a row of heads lacks: a case is told by its hash, or by the file and what was asked."""
    needed = ("decision",) if "file" in names else ("decision", "rule", "key", "sha256")
    return [name for name in needed if name not in names]


def _notes(head: Sequence[str], names: Sequence[str], cells: Sequence[str]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for place, cell in enumerate(cells):
        name = names[place] if place < len(names) else ""
        if not cell or (name in _OURS and _is_ours(name, cell)) or (name and name not in _OURS):
            continue
        title = inert_line(head[place]) if place < len(head) else ""
        if name:
            title = title_of_typed(name)
        found[title] = f"{found[title]} {cell}" if title in found else cell
    return tuple(found.items())


def title_of_typed(name: str) -> str:
    """Return what the note of words is called that a clerk wrote into a column of ours."""
    return text("decision.typed_over", LANGUAGES[0], column=head_of(name, LANGUAGES[0], short=True))


def _is_ours(name: str, cell: str) -> bool:
    """Tell whether a text is one that is written into a column of ours, and none that a clerk put there."""
    return any(_is_made_of(pieces, " ".join(cell.split())) for pieces in _own_texts(name))


def _is_made_of(pieces: Sequence[str], cell: str) -> bool:
    first, *between, last = pieces if len(pieces) > 1 else (*pieces, "")
    if len(pieces) == 1:
        return cell == first
    at = len(first)
    for piece in between:
        at = cell.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return cell.startswith(first) and cell.endswith(last) and at + len(last) <= len(cell)


@cache
def _own_texts(name: str) -> Sequence[Sequence[str]]:
    """Return the texts that are written into a column of ours, each cut where something is filled in."""
    starts = ("summary.decisions.",) if name == "state" else ("decision.effect_", "decision.trouble_")
    texts = (words[language] for key, words in catalogue().items() if key.startswith(starts) for language in LANGUAGES)
    return [_FILLED_IN.split(" ".join(one.split())) for one in texts]


def columns_of(decisions: Sequence[Decision]) -> list[str]:
    """Return the columns of a table of decisions, without those in which none of them says anything."""
    return [name for name in COLUMNS if name not in SHOWN_WHERE_USED or any(getattr(one, name) for one in decisions)]


def titles_of(decisions: Sequence[Decision]) -> list[str]:
    """Return the heads of the columns that a clerk added."""
    return list(dict.fromkeys(title for one in decisions for title, _ in one.notes))


def write_rows(decisions: Sequence[Decision], language: str) -> Iterator[list[str]]:
    """Yield the head and a row for each decision, its texts harmless, the columns a clerk added last."""
    names, titles = columns_of(decisions), titles_of(decisions)
    yield [*(head_of(name, language) for name in names), *titles]
    for one in decisions:
        notes = dict(one.notes)
        cells = (format_cell(one, name, language) for name in names)
        yield [*cells, *(whole(notes.get(title, "")) for title in titles)]


def format_cell(decision: Decision, name: str, language: str) -> str:
    """Return what stands in a cell of a row: what a clerk wrote as it was typed, our own on one line."""
    if name == "state":
        return text(f"summary.decisions.{decision.state}", language)
    value = decision.answer if name == "trouble" else str(getattr(decision, name))
    return whole(value) if name in TYPED or name in _BESIDE else inert_line(value, _LONGEST)


def whole(value: str) -> str:
    """Return what a clerk wrote as it was typed, line breaks and all."""
    return inert(value.replace("\r\n", "\n").replace("\r", "\n")).strip()
