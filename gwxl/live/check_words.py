"""Everything a check cell can say, in one list from the gravest to the calmest: a row says the first that holds."""

from collections.abc import Iterator, Mapping, Sequence

from gwxl.form.definition import Form
from gwxl.live.formulas import NONE, Formula, if_, literal
from gwxl.records.finding import Severity
from gwxl.rules.rule import Rule
from gwxl.wording import text

NOTHING, WAITS = 9999, 10_000
"""Numbers beyond the list: nothing is said; a relation waits for a cell that is wrong."""

_ORDER = (Severity.ERROR, Severity.VERIFY, Severity.HINT)


class Lines:
    """The list of words with the number of each, by rule."""

    def __init__(self, form: Form, rules: Sequence[Rule]) -> None:
        """Take the form and what a sheet may say, in the order in which it is said."""
        self.language = form.language
        self._numbers: dict[tuple[str, str], int] = {}
        self.words: list[str] = []
        tables = [field for field in form.fields.values() if field.kind.is_table]
        sheets = {field.key: field.sheet or field.label for field in tables}
        self.last: Mapping[Severity, int] = dict(self._fill(rules, sheets))
        self.filled = self._add(("", "filled"), text("live.filled", self.language))

    def _fill(self, rules: Sequence[Rule], sheets: Mapping[str, str]) -> Iterator[tuple[Severity, int]]:
        """Add the words of each severity, and yield the number of its last one."""
        for severity in _ORDER:
            if severity is Severity.VERIFY:
                self.pending = self._add(("", "pending"), text("column.pending", self.language))
            for rule in (rule for rule in rules if rule.reported is severity):
                self._add((rule.id, "not_a_number"), self.not_a_number(rule))
                self._add((rule.id, "open"), self.failure_words(rule))
            for key, sheet in sheets.items():
                self._add((key, severity), text(f"live.see_table_{severity}", self.language, sheet=sheet))
            yield severity, len(self.words)
            if severity is Severity.VERIFY:
                for rule in (rule for rule in rules if rule.reported is severity):
                    self._add((rule.id, "explained"), self.explanation(rule))
                if sheets:
                    self._add(("", "explained"), text("live.table_explained", self.language))

    def _add(self, key: tuple[str, str], words: str) -> int:
        self.words.append(words)
        self._numbers[key] = len(self.words)
        return len(self.words)

    def failure_words(self, rule: Rule, title: str = "") -> str:
        """Return the words of a rule that fails."""
        return text(f"live.{rule.reported}", self.language, id=rule.id, title=title or rule.title)

    def not_a_number(self, rule: Rule) -> str:
        """Return the words of a rule on the kind of a number, where a text stands in its place."""
        return self.failure_words(rule, text("live.not_a_number", self.language))

    def explanation(self, rule: Rule) -> str:
        """Return the words of a failed rule that is explained."""
        return text("live.explained", self.language, id=rule.id)

    def number(self, rule: Rule, said: Formula, which: str = "open") -> Formula:
        """Return the number of a failed rule's words; of what is to be verified, an explanation settles it."""
        number = literal(self._numbers[rule.id, which])
        if rule.reported is not Severity.VERIFY:
            return number
        return if_(said, self._numbers[rule.id, "explained"], number)

    def of_table(self, key: str, severity: Severity, said: Formula = NONE) -> Formula:
        """Return the number of the words that send the reader to a table's sheet."""
        number = literal(self._numbers[key, severity])
        return if_(said, self._numbers["", "explained"], number) if severity is Severity.VERIFY else number
