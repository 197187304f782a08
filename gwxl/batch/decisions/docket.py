"""Match a clerk's rows to the cases they were written for, each looked up once, and say what became of every row."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from gwxl.batch.batch import DIFFERENT, NO_CORRECTION, TWO_SENDERS, site_code
from gwxl.batch.decision import FITTING, VALUED, Decision, State, Verb, resolve_yes
from gwxl.batch.decisions.typed_over import find_misplaced_verb, is_typed_over, note_typed_over
from gwxl.batch.other_returns import NAMED
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.intake.doubtful_rows import TOTAL
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source
from gwxl.wording.joining import join_words

Place = tuple[str, str, str]
"""What a case is about: sha256, sheet, and the file's name where it is no return, as one scan may be of two sites."""

_Case = tuple[Place, str, str]  # with rule and key
_WHOLE = frozenset({("", ""), (DIFFERENT, ""), (TWO_SENDERS, "")})  # what is asked about a return as a whole

_TWOFOLD = frozenset({TOTAL, TWO_SENDERS, NO_CORRECTION})  # "yes" may be said to either of two things


@dataclass(frozen=True, kw_only=True)
class _Trouble:
    """Why a row decides nothing: a key below ``decision.trouble_``, and the other rows it speaks of.

    Attributes:
        why: the key.
        others: the first of those rows. returns: how many other returns they are about, where they are many.
    """

    why: str
    others: tuple[int, ...] = ()
    returns: int = 0


@dataclass(frozen=True, kw_only=True)
class _Use:
    """What a row has decided: what that rested on, and the verb it was understood as."""

    covers: str
    verb: Verb | None


class Docket:
    """The rows of one inbox by what they are about, and what became of them."""

    def __init__(self, form: Form, decisions: Sequence[Decision], receipts: Sequence[Receipt]) -> None:
        self._form = form
        read = all(row.line for row in decisions)  # else they were made here
        numbered = ((row.line if read else number, row) for number, row in enumerate(decisions, 2))
        self._rows = {line: replace(row, line=line) for line, row in numbered}
        self._places = _Places(form, receipts)
        self._met: dict[int, Place] = {}
        self._asked: dict[Place, dict[tuple[str, str], list[int]]] = {}
        self._used: dict[int, _Use] = {}
        self._troubles: dict[int, _Trouble] = {}
        for line, row in self._rows.items():
            self._enter(line, row)

    def _enter(self, line: int, row: Decision) -> None:
        place = self._places.find_place(row)
        if isinstance(place, str):
            self._troubles[line] = _Trouble(why=place)
            return
        self._met[line] = place
        if row.verb in VALUED and not row.value:
            self._troubles[line] = _Trouble(why="valueless")
        elif row.verb not in {None, Verb.DEFER}:
            self._asked.setdefault(place, {}).setdefault((row.rule, row.key), []).append(line)

    def place(self, receipt: Receipt) -> Place:
        """Return what the cases of a receipt are about."""
        return self._places.of[receipt.source]

    def find_cases(self, receipt: Receipt) -> Sequence[tuple[str, str]]:
        """Return rule and key of each case of a receipt that somebody decided, in the order of the rows."""
        return tuple(self._asked.get(self.place(receipt), ()))

    def find(
        self, receipt: Receipt, rule: str, key: str, verbs: Collection[Verb], covers: str | None = None
    ) -> Decision | None:
        """Return the row that decides a case, None where none does or two contradict each other.

        Args:
            receipt: what the case is about.
            rule: with ``key``, the case.
            key: as above.
            verbs: what may be decided here; another verb may still fit elsewhere.
            covers: what the question rests on beside the return; a row that rests on anything else is passed over.
                None takes any, the newest of those that were asked at different times.
        """
        asked: dict[str, list[Decision]] = {}
        for line in self._asked.get(self.place(receipt), {}).get((rule, key), ()):
            row = _interpret(self._rows[line], verbs)
            if covers is None or row.covers in {"", covers}:
                asked.setdefault(row.covers or covers or "", []).append(row)
        agreed = [one for rows in asked.values() if (one := self._find_agreed(rows)) is not None and one.verb in verbs]
        return agreed[-1] if agreed else None

    def _find_agreed(self, rows: Sequence[Decision]) -> Decision | None:
        """Return the first of the rows that answer one question, None where they contradict each other."""
        if len({(row.verb, row.value) for row in rows}) > 1:
            self.contradict(rows)
        for row in rows[1:]:
            self._troubles.setdefault(row.line, _Trouble(why="repeated", others=(rows[0].line,)))
        return None if rows[0].line in self._troubles else rows[0]

    def use(self, row: Decision, covers: str = "") -> None:
        """Note that a row has decided its case, and what that rested on."""
        self._used[row.line] = _Use(covers=covers, verb=row.verb)

    def find_sent_back(self, receipt: Receipt) -> Sequence[Decision]:
        """Return the rows that say that a return goes back, whatever each was asked; those contradicted by none."""
        asked: dict[tuple[str, str, str], list[Decision]] = {}
        for row in (self._rows[line] for lines in self._asked.get(self.place(receipt), {}).values() for line in lines):
            asked.setdefault((row.rule, row.key, row.covers), []).append(row)
        found = [self._find_agreed(rows) for rows in asked.values() if any(row.verb is Verb.RETURN for row in rows)]
        return [row for row in found if row is not None]

    def refuse(self, row: Decision, why: str) -> None:
        """Note that a row decides nothing, for a reason below ``decision.trouble_``."""
        self._troubles[row.line] = _Trouble(why=why)

    def contradict(self, rows: Iterable[Decision]) -> None:
        """Note that rows contradict each other: none of them decides anything."""
        lines = tuple(dict.fromkeys(row.line for row in rows))
        returns = len({self._met[line] for line in lines}) - 1
        for line in lines:
            others = tuple(islice((one for one in lines if one != line), NAMED))
            self._troubles[line] = _Trouble(why="contradiction", others=others, returns=returns)

    def rows(self, cases: Iterable[tuple[Receipt, Decision]]) -> tuple[Decision, ...]:
        """Return every row in the order it was written, those of open cases renewed, then the cases not asked yet.

        Args:
            cases: what is still open, the receipt each is about and the row to fill in.
        """
        asked: dict[_Case, Decision] = {}
        for receipt, case in cases:
            asked.setdefault((self.place(receipt), case.rule, case.key), case)
        decided = {
            self._about(row): self._used[line].covers for line, row in self._rows.items() if self._is_decided(line)
        }
        waiting = {about: case for about, case in asked.items() if decided.get(about) != case.covers}
        found: list[Decision] = []
        seen: set[_Case | None] = set()
        for line, row in self._rows.items():
            about = self._about(row)
            asking = waiting.get(about) if about is not None and not self._is_decided(line) else None
            if asking is not None and row.covers in {"", asking.covers}:
                found += [self._renew(row, asking)] if row.written or about not in seen else []
                seen.add(about)
            elif row.written or is_typed_over(row, self._form):
                found.append(self._keep(row, anew=asking is not None, answered=about in decided))
        found += [case for about, case in waiting.items() if about not in seen]
        return tuple(self._tell_trouble(row) for row in found)

    def _about(self, row: Decision) -> _Case | None:
        place = self._met.get(row.line)
        return None if place is None else (place, row.rule, row.key)

    def _is_decided(self, line: int) -> bool:
        return line in self._used and line not in self._troubles

    def _renew(self, row: Decision, case: Decision) -> Decision:
        """Return the row of an open case with what the clerk has written so far."""
        row = note_typed_over(row, case, self._form)
        words = {name: getattr(row, name) for name in ("decision", "reason", "who", "when", "notes", "line")}
        renewed = replace(case, **words)
        if not row.decision:
            if find_misplaced_verb(row.notes):
                self._troubles[row.line] = _Trouble(why="misplaced")
            return renewed
        if row.verb is Verb.DEFER:
            return replace(renewed, state=State.OPEN, effect=self._form.say("decision.effect_defer"))
        fits = case.choice is not None and row.verb in {*FITTING[case.choice], Verb.AGREE}
        if row.line not in self._troubles or (row.verb in VALUED and not fits):
            self._troubles[row.line] = _Trouble(why="unknown" if row.verb is None else "unfit")
        return replace(renewed, state=State.OPEN)

    def _keep(self, row: Decision, *, answered: bool, anew: bool) -> Decision:
        """Return a row of which no case is open."""
        if self._is_decided(row.line):
            sha256, sheet, _ = self._met[row.line]
            used = self._used[row.line]
            met = replace(row, sha256=sha256, sheet=sheet, covers=row.covers or used.covers)
            return replace(met, meant=used.verb, effect=self._effect(row, used.verb), state=State.DECIDED)
        trouble = self._troubles.get(row.line)
        if trouble is not None and trouble.why == "gone":
            return replace(row, state=State.GONE)
        past = bool(row.covers) and (row.rule, row.key) in _WHOLE  # a question that nothing asks any more
        if trouble is None and row.decision and not answered and (anew or not past):
            self._troubles[row.line] = _Trouble(why="anew" if anew else "nothing")
        return replace(row, state=State.VOID)

    def _effect(self, row: Decision, verb: Verb | None) -> str:
        of_row = row.rule == TOTAL and verb in {Verb.SETTLE, Verb.REJECT}
        return self._form.say(
            f"decision.effect_row_{verb}" if of_row else f"decision.effect_{verb}", value=inert_line(row.value, 40)
        )

    def _tell_trouble(self, row: Decision) -> Decision:
        """Return a row with the reason where it decides nothing."""
        trouble = self._troubles.get(row.line)
        if trouble is None or not (row.decision or trouble.why == "misplaced"):
            return replace(row, trouble="")
        choices = self._form.say(f"decision.choices_{row.choice}") if row.choice else ""
        others = dict.fromkeys(self._name_row(self._rows[line], row) for line in trouble.others)
        more = self._form.say("batch.more", count=trouble.returns) if trouble.returns > NAMED else ""
        word = row.decision or find_misplaced_verb(row.notes)
        values = {
            "word": inert_line(word, 40),
            "choices": choices,
            "others": join_words(others, self._form.language) + more,
        }
        return replace(row, trouble=self._form.say(f"decision.trouble_{trouble.why}", **values))

    def _name_row(self, other: Decision, row: Decision) -> str:
        """Return how a row is spoken of beside another: by its file, which a clerk who sorts the rows finds again."""
        if (other.file, other.sheet) == (row.file, row.sheet):
            return self._form.say("decision.same_file")
        sheet = f"｜{other.sheet}" if other.file == row.file else ""
        return f"“{inert_line(other.file)}{inert_line(sheet)}”"


def _interpret(row: Decision, verbs: Collection[Verb]) -> Decision:
    """Return a row with what "yes" means where some verbs may be written."""
    if row.verb is not Verb.AGREE or row.rule in _TWOFOLD:
        return row
    return replace(row, meant=resolve_yes(verbs) or Verb.AGREE)


class _Places:
    """What rows are about, by the file's hash, and by the sheet where a workbook has several."""

    def __init__(self, form: Form, receipts: Sequence[Receipt]) -> None:
        self.of: dict[Source, Place] = {}
        self._sheets: dict[str, dict[Place, str]] = {}
        self._scans: dict[str, set[Place]] = {}
        titles: dict[tuple[str, str], list[str]] = {}
        for receipt in receipts:
            source = receipt.source
            digest, title = source.sha256.casefold(), inert_line(source.sheet or "")
            alike = titles.setdefault((digest, title), [])
            if (source.sheet or "") not in alike:
                alike.append(source.sheet or "")
            number = alike.index(source.sheet or "")  # two titles that look alike are told apart by their order
            sheet = f"{title} #{number + 1}" if number else title
            place = (digest, sheet, "" if receipt.submission else inert_line(source.name, 2_000))
            self.of[source] = place
            if receipt.submission:
                self._sheets.setdefault(digest, {})[place] = site_code(form, receipt)
            else:
                self._scans.setdefault(digest, set()).add(place)

    def find_place(self, row: Decision) -> Place | str:
        """Return what a row is about, or why that cannot be told: a key below ``decision.trouble_``."""
        if row.nameless:
            return "nothing"
        digest = row.sha256.casefold()
        sheets, scans = self._sheets.get(digest, {}), self._scans.get(digest, set())
        if not digest or not (sheets or scans):
            return "gone" if digest else "nothing"
        for exact in ((digest, row.sheet, ""), (digest, row.sheet, row.file)):
            if exact in sheets or exact in scans:
                return exact
        if len(sheets) + len(scans) == 1:
            return next(iter(sheets or scans))  # moved or renamed, or written before there was a column for the sheet
        if row.sheet or not sheets:
            return "nothing" if sheets else "gone"
        found = [place for place, site in sheets.items() if site == row.site]
        return found[0] if len(found) == 1 else "ambiguous"
