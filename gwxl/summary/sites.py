"""What the sheets of a summary share: the batch in its language, the columns, the totals, words for a receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gwxl.batch.batch import Batch
from gwxl.records.finding import Finding, render_message
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.rules.ruleset import RuleSet
from gwxl.summary.columns import Column, columns
from gwxl.totals.adding import Total, totals
from gwxl.wording import catalogue, text


@dataclass(frozen=True, kw_only=True)
class Sites:
    """A batch as every sheet needs it.

    Attributes:
        previous: the sha256 of the files an earlier summary listed, None if there was none.
    """

    batch: Batch
    rules: RuleSet
    previous: frozenset[str] | None = None

    @property
    def language(self) -> str:
        """Return the language of the form."""
        return self.batch.form.language

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Return the columns of figures."""
        return columns(self.batch.form)

    @cached_property
    def totals(self) -> Mapping[Path, Total]:
        """Return the totals over all accepted sites."""
        return totals(self.batch.form, self.batch.accepted)

    @cached_property
    def totals_passed(self) -> Mapping[Path, Total]:
        """Return the totals over the sites that passed."""
        return totals(self.batch.form, self.batch.passed)

    @cached_property
    def rule_titles(self) -> Mapping[str, str]:
        """Return rule id → title."""
        return {rule.id: rule.title for rule in self.rules.rules}

    @cached_property
    def heading(self) -> str:
        """Return form title and year as one line."""
        form, year = self.batch.form, self.batch.year
        return form.title if year is None else text("summary.form_year", self.language, form=form.title, year=year)

    @cached_property
    def _ids(self) -> Mapping[int, str]:
        return {id(receipt): str(number) for number, receipt in enumerate(self.batch.accepted, 1)}

    def id(self, receipt: Receipt) -> str:
        """Return the number of an accepted receipt; it joins rows even after somebody sorted a sheet."""
        return self._ids[id(receipt)]

    def name(self, receipt: Receipt) -> str:
        """Return the name of a receipt's site, empty when unknown."""
        return receipt.submission.text_of(self.batch.form.roles.name) if receipt.submission else ""

    def surround(self, receipt: Receipt) -> Sequence[str]:
        """Return what stands in each field around the form, as typed where it cannot be read; empty when blank."""
        found: dict[str, str] = {}
        if receipt.submission is not None:
            found |= {answer.key: answer.raw for answer in receipt.submission.unread}
            found |= {key: str(value) for key, value in receipt.submission.surround.items()}
        return [found.get(key, "") for key in self.batch.form.surround]

    def state(self, receipt: Receipt) -> str:
        """Return in a word what became of a receipt."""
        return text(f"summary.state.{receipt.state}", self.language)

    def message(self, receipt: Receipt, finding: Finding) -> str:
        """Return the message of a finding with the cells of the returned file."""
        cells = receipt.submission.cells if receipt.submission else {}
        return render_message(finding, self.batch.form.label, cells, self.language)

    def rule_title(self, rule: str) -> str:
        """Return the title of a rule of the form, or of one of the batch's own; empty where none is declared."""
        own = f"{rule}.title"
        return self.rule_titles.get(rule) or (text(own, self.language) if own in catalogue() else "")

    def reason(self, why: str, rule: str) -> str:
        """Return in words why a figure is not counted; it never holds the mark that divides a note."""
        words = text(f"summary.uncounted.{why}", self.language, rule=rule, title=self.rule_title(rule))
        return words.replace("｜", "|")
