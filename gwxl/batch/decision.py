"""A clerk's decision: one row, and what may be written into it; whatever file the rows stand in."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from gwxl.characters import FILLERS, SPACES, bare_words, without_spaces
from gwxl.wording import LANGUAGES, text


class Verb(StrEnum):
    """What a clerk can decide; its words stand below ``decision.verb_`` in the wording catalogue."""

    ACCEPT = "accept"
    REJECT = "reject"
    USE = "use"
    TAKE = "take"
    SETTLE = "settle"
    RECODE = "recode"
    ATTACH = "attach"
    RETURN = "return"
    """Send the return back, whatever was asked about it."""
    DEFER = "defer"
    """Leave the case open, and say so."""
    AGREE = "agree"
    """What "yes" means depends on the case: the one verb that says so there, where there is one."""


VALUED = frozenset({Verb.RECODE, Verb.ATTACH})
"""The verbs that take a value in brackets: ``改标识码（0000000031）``."""


class Choice(StrEnum):
    """Which verbs a case leaves; its words stand below ``decision.choices_``."""

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


_SAYS_YES = frozenset({Verb.ACCEPT, Verb.USE, Verb.TAKE, Verb.SETTLE})

_FITTING: Mapping[Choice, tuple[Verb, ...]] = {
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

FITTING: Mapping[Choice, tuple[Verb, ...]] = {
    choice: (*verbs, Verb.DEFER) if choice is Choice.SCAN else (*verbs, Verb.RETURN, Verb.DEFER)
    for choice, verbs in _FITTING.items()
}
"""What a clerk can write into a row; a scan holds nothing that could be sent back."""


def resolve_yes(verbs: Collection[Verb]) -> Verb | None:
    """Return what "yes" says where some verbs may be written: the one of them that says yes, None where several do."""
    found = [verb for verb in verbs if verb in _SAYS_YES]
    return found[0] if len(found) == 1 else None


class State(StrEnum):
    """What became of a row; its words stand below ``summary.decisions.``."""

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
    """One row; what a clerk writes (decision, reason, who, when, notes) is as written.

    Attributes:
        file, sheet, site, name, question: what was asked, for a reader.
        mine, proposal, other, other2, other3: what stands in the return, and beside it what is proposed, or stands in
            the others; a line each, alike in all.
        decision: what stands there, understood by :attr:`verb` and :attr:`value`; empty while nobody has answered.
        rule, key: the case, both empty for a return that is held as a whole.
        covers: a digest of what the question rests on beside the return itself: the other returns of the code, the
            reason it is held for; empty where it rests on the return alone.
        sha256: of the file, of the member inside an archive.
        notes: head → text of the columns that a clerk added.
        line: the row's number in the file it was read from, 0 for a new one.
        choice: what may be filled in, None where that is not known.
        nameless: its rule and key are not known, as their columns were deleted.
        meant: what "yes" was understood as.
        by: the summary it came with, as it was named; empty where it was made here.
        state, effect, trouble: what became of it, what it does, and why it decides nothing, in the form's language.
    """

    file: str = ""
    sheet: str = ""
    site: str = ""
    name: str = ""
    question: str = ""
    mine: str = ""
    proposal: str = ""
    other: str = ""
    other2: str = ""
    other3: str = ""
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
    nameless: bool = False
    meant: Verb | None = None
    by: str = ""
    state: State = State.OPEN
    effect: str = ""
    trouble: str = ""

    @property
    def verb(self) -> Verb | None:
        """Return the verb that stands there, None where nothing does that is understood."""
        return self.meant or read_word(self.decision)[0]

    @property
    def value(self) -> str:
        """Return what stands in brackets behind the verb."""
        return read_word(self.decision)[1]

    @property
    def answer(self) -> str:
        """Return what the clerk is told of what she wrote: why it decides nothing, else what it does."""
        return self.trouble or self.effect

    @property
    def typed(self) -> tuple[object, ...]:
        """Return the case and what a clerk wrote of it, as they stand in the file."""
        case = (self.sha256, self.rule, self.key, self.covers)
        return (*case, self.decision, self.reason, self.who, self.when, self.notes)

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
    """Return each word of a verb, a blank between two in the catalogue, and the verb's own."""
    said = ((word, verb) for verb in Verb for language in LANGUAGES for word in _verb_words(verb, language))
    return {word.casefold(): verb for word, verb in said} | {verb: verb for verb in Verb}


def _verb_words(verb: Verb, language: str) -> list[str]:
    return text(f"decision.verb_{verb}", language).split()


def word_of(verb: Verb, language: str) -> str:
    """Return the word a verb is offered as; one that takes a value has brackets for it."""
    word = _verb_words(verb, language)[0]
    return f"{word}{text('decision.brackets', language)}" if verb in VALUED else word
