"""A clerk's decision: one row, what may be written into it, and its cells; whatever file the rows stand in."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any

from gwxl.characters import FILLERS, SPACES, bare_words, trim, without_spaces
from gwxl.inert import inert, inert_line
from gwxl.wording import LANGUAGES, text


class Verb(StrEnum):
    """Say what a clerk can decide; its words stand below ``decision.verb_`` in the wording catalogue."""

    ACCEPT = "accept"
    REJECT = "reject"
    USE = "use"
    TAKE = "take"
    SETTLE = "settle"
    RECODE = "recode"
    ATTACH = "attach"


VALUED = frozenset({Verb.RECODE, Verb.ATTACH})
"""The verbs that take a value in brackets: ``改标识码（0000000031）``."""


class Choice(StrEnum):
    """Say which verbs a case leaves; its words stand below ``decision.choices_``."""

    HELD = "held"
    USE = "use"
    LATER = "later"
    SENDER = "sender"
    ROW = "row"
    TAKE = "take"
    SETTLE = "settle"
    CORRECTION = "correction"
    TAKE_OR_SETTLE = "take_or_settle"
    SCAN = "scan"


FITTING: Mapping[Choice, tuple[Verb, ...]] = {
    Choice.HELD: (Verb.ACCEPT, Verb.REJECT),
    Choice.USE: (Verb.USE,),
    Choice.LATER: (Verb.USE, Verb.SETTLE),
    Choice.SENDER: (Verb.USE, Verb.REJECT, Verb.RECODE),
    Choice.ROW: (Verb.REJECT, Verb.SETTLE),
    Choice.TAKE: (Verb.TAKE,),
    Choice.SETTLE: (Verb.SETTLE,),
    Choice.CORRECTION: (Verb.SETTLE, Verb.REJECT),
    Choice.TAKE_OR_SETTLE: (Verb.TAKE, Verb.SETTLE),
    Choice.SCAN: (Verb.ATTACH,),
}


class State(StrEnum):
    """Say what became of a row; its words stand below ``summary.decisions.``."""

    OPEN = "open"
    DEFAULT = "default"
    """Something counts until the clerk says otherwise."""
    DECIDED = "decided"
    VOID = "void"
    """It decides nothing (any more), and is kept for what stands in it."""
    GONE = "gone"
    """Its file is not in the inbox."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Hold one row; what a clerk writes (decision, reason, who, when, notes) is as written.

    Attributes:
        file, sheet, site, question: what was asked, for a reader.
        decision: what stands there, understood by :attr:`verb` and :attr:`value`; empty while nobody has answered.
        rule, key: the case, both empty for a return that is held as a whole.
        covers: a digest of what the question rests on beside the return itself: the other returns of the code, the
            reason it is held for; empty where it rests on the return alone.
        sha256: of the file, of the member inside an archive.
        notes: head → text of the columns that a clerk added.
        line: the row's number in the file it was read from, 0 for a new one.
        choice: what may be filled in, None where that is not known.
        state, trouble: what became of it, and why it decides nothing, in the form's language.
    """

    file: str = ""
    sheet: str = ""
    site: str = ""
    question: str = ""
    decision: str = ""
    reason: str = ""
    who: str = ""
    when: str = ""
    rule: str = ""
    key: str = ""
    covers: str = ""
    sha256: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    line: int = 0
    choice: Choice | None = None
    state: State = State.OPEN
    trouble: str = ""

    @property
    def verb(self) -> Verb | None:
        """Return the verb that stands there, None where nothing does that is understood."""
        return read_word(self.decision)[0]

    @property
    def value(self) -> str:
        """Return what stands in brackets behind the verb."""
        return read_word(self.decision)[1]

    @property
    def written(self) -> bool:
        """Tell whether a clerk wrote anything into the row."""
        own = (self.question, self.file, self.site) if not self.sha256 else ()  # a row of the clerk's own
        return any((self.decision, self.reason, self.who, self.when, self.notes, *own))


_AROUND = f"{SPACES}{FILLERS}\t。.,;!、·…'\"“”‘’「」『』"
_VALUED = re.compile(r"([^(:\s]{1,40})\s{0,9}(?:[(:]\s{0,9}|\s)([^()]{0,200})\)?")


@cache
def read_word(written: str) -> tuple[Verb | None, str]:
    """Return the verb and value a clerk wrote, whatever width, case, blanks and full stops; None where unknown."""
    words = bare_words(written).strip(_AROUND)
    verb = _words().get(without_spaces(words).strip("():").casefold())
    if verb is not None:
        return verb, ""
    found = _VALUED.fullmatch(words)
    verb = _words().get(found[1].casefold()) if found else None
    return (verb, found[2].strip(_AROUND)) if found and verb in VALUED else (None, "")


@cache
def _words() -> Mapping[str, Verb]:
    said = {text(f"decision.verb_{verb}", language): verb for verb in Verb for language in LANGUAGES}
    return {"".join(words.split()).casefold(): verb for words, verb in said.items()} | {verb: verb for verb in Verb}


# What a clerk reads and writes comes first, what ties the row to its case last.
COLUMNS = (
    *("file", "sheet", "site", "question", "decision", "reason", "who", "when", "trouble"),
    *("rule", "key", "covers", "sha256"),
)
NEEDED = ("decision", "rule", "key", "sha256")
_OURS = frozenset({"trouble"})  # written anew each time
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


def read_rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Decision]:
    """Yield a decision for each row below a head that is not blank; ``line`` counts the head as 1."""
    names = names_of(head)
    for line, row in enumerate(rows, 2):
        cells = [trim(cell) for cell in row]
        if any(cells):
            values: dict[str, Any] = {
                name: cell for name, cell in zip(names, cells, strict=False) if name and name not in _OURS
            }
            yield replace(Decision(notes=_notes(head, names, cells), line=line), **values)


def _notes(head: Sequence[str], names: Sequence[str], cells: Sequence[str]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for place, cell in enumerate(cells):
        if cell and (place >= len(names) or not names[place]):
            title = inert_line(head[place]) if place < len(head) else ""
            found[title] = f"{found[title]} {cell}" if title in found else cell
    return tuple(found.items())


def write_rows(decisions: Sequence[Decision], language: str) -> Iterator[list[str]]:
    """Yield the head and a row for each decision, its texts harmless, the columns a clerk added last."""
    titles = list(dict.fromkeys(title for one in decisions for title, _ in one.notes))
    yield [*(text(f"decision.column_{name}", language) for name in COLUMNS), *titles]
    for one in decisions:
        notes = dict(one.notes)
        yield [*(_shown(one, name) for name in COLUMNS), *(_whole(notes.get(title, "")) for title in titles)]


def _shown(decision: Decision, name: str) -> str:
    value = str(getattr(decision, name))
    return _whole(value) if name in {"decision", "reason", "who", "when"} else inert_line(value, _LONGEST)


def _whole(value: str) -> str:
    """Return what a clerk wrote as it was typed, line breaks and all."""
    return inert(value.replace("\r\n", "\n").replace("\r", "\n")).strip()
