"""What the sheets of a summary share: the batch in its language, the columns, the totals, words for a receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from gwxl.batch.batch import Batch, file_order
from gwxl.records.delivery import Delivery
from gwxl.records.finding import Finding, Severity, render_message
from gwxl.records.path import Path
from gwxl.records.previous import Previous
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.rules.ruleset import RuleSet
from gwxl.summary.columns import Column, columns, decimal_format
from gwxl.summary.groups import Block, make_block
from gwxl.summary.standing.asked import Asked
from gwxl.summary.standing.joining import Standings, join
from gwxl.summary.standing.received import arrivals_of
from gwxl.totals.adding import Total
from gwxl.totals.comparing import Both, Compared, compare_fields
from gwxl.wording import catalogue, text

_STATE_STYLES: Mapping[Status, str] = {
    Status.HELD: Severity.VERIFY,
    Status.REJECTED: Severity.ERROR,
    Status.REFUSED: Severity.ERROR,
    Status.SUPERSEDED: Severity.HINT,
    Status.IGNORED: Severity.HINT,
}
_MOST_DECIMALS = 8


def _decimals(total: Total) -> int:
    numbers = [one.value for one in total.addends if isinstance(one.value, Decimal)]
    exponents = [number.normalize().as_tuple().exponent for number in numbers]
    return min(max([1, *(-one for one in exponents if isinstance(one, int))]), _MOST_DECIMALS)


@dataclass(frozen=True, kw_only=True)
class Sites:
    """A batch as every sheet needs it.

    Attributes:
        known: the sha256 of the files an earlier summary listed, None if there was none.
        day: the day of merging, None where none is named.
        last: what the sites reported a period earlier, None where that is not known.
        asked: who was asked to report, None where that is not known.
        came: file → by which mail it came, None where that is not known of any.
    """

    batch: Batch
    rules: RuleSet
    known: frozenset[str] | None = None
    day: date | None = None
    last: Previous | None = None
    asked: Asked | None = None
    came: Mapping[str, Delivery] | None = None

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
        return self.batch.totals

    @cached_property
    def totals_passed(self) -> Mapping[Path, Total]:
        """Return the totals over the sites that passed."""
        return self.batch.totals_passed

    @cached_property
    def pairs(self) -> tuple[Both, ...]:
        """Return the accepted returns of which it is known what their site reported a period earlier, with that."""
        found = (
            (one, self.last.of(self.batch.site(one), self.batch.period)) for one in self.batch.accepted if self.last
        )
        return tuple((one, last) for one, last in found if last is not None)

    @cached_property
    def compared(self) -> Mapping[Path, Compared]:
        """Return this period beside the earlier one, over the sites that are in both."""
        return compare_fields(self.batch.form, self.pairs, len(self.batch.accepted))

    @cached_property
    def rule_titles(self) -> Mapping[str, str]:
        """Return rule id → title."""
        return {rule.id: rule.title for rule in self.rules.rules}

    @cached_property
    def decimals(self) -> Mapping[Path, int]:
        """Return path of a field or column of decimals → the decimals its answers have, one at least."""
        asked = {path: self.batch.form.question_at(path).kind for path in self.totals}
        return {path: _decimals(self.totals[path]) for path, kind in asked.items() if kind.has_fractions}

    def number_format(self, path: Path) -> str:
        """Return the number format of a field or column of decimals; empty for any other."""
        return decimal_format(self.decimals[path]) if path in self.decimals else ""

    @cached_property
    def groups(self) -> tuple[tuple[str, tuple[Receipt, ...]], ...]:
        """Return the sites by the field that divides the summary: label of each answer, with its receipts.

        Those whose answer is not known come last, if there are any; nothing where no field divides it.
        """
        form = self.batch.form
        if not form.roles.by:
            return ()
        by = form.fields[form.roles.by]
        labels = {choice.key: choice.label for choice in by.choices}
        unknown = text("summary.breakdown.unknown", self.language, label=by.label)
        return tuple((labels.get(key, unknown), some) for key, some in self.batch.kinds)

    @cached_property
    def standings(self) -> Standings:
        """Return how each one that was asked stands; nobody where it is not known who was."""
        return join(self.asked or Asked(sites=()), arrivals_of(self.batch), self.day)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Return the totals of all sites, then those of each group."""
        every = Block(
            label=text("summary.breakdown.all", self.language),
            of=len(self.batch.accepted),
            all=self.totals,
            passed_of=len(self.batch.passed),
            passed=self.totals_passed,
        )
        return every, *map(make_block, self.groups, self.batch.totals_of_kinds)

    @cached_property
    def listed(self) -> tuple[Receipt, ...]:
        """Return every receipt in the order of the list of files."""
        return tuple(sorted(self.batch.receipts, key=file_order))

    @cached_property
    def _entries(self) -> Mapping[int, str]:
        return {id(receipt): str(number) for number, receipt in enumerate(self.listed, 1)}

    def entry(self, receipt: Receipt) -> str:
        """Return the number of a receipt in the list of files, which joins its findings to it."""
        return self._entries[id(receipt)]

    def title(self, name: str) -> str:
        """Return the title of one of the sheets that every summary has."""
        return text(f"summary.sheet.{name}", self.language)

    @cached_property
    def heading(self) -> str:
        """Return form title and period as one line."""
        return self.batch.period.entitle(self.batch.form.title, self.language)

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

    def state_style(self, receipt: Receipt) -> str:
        """Return the style of the word for what became of a receipt: the colours of 问题清单."""
        if receipt.status in _STATE_STYLES:
            return _STATE_STYLES[receipt.status]
        return Severity.ERROR if receipt.has_errors else Severity.VERIFY if receipt.has_verifies else "fine"

    def message(self, receipt: Receipt, finding: Finding) -> str:
        """Return the message of a finding with the cells of the returned file."""
        cells = receipt.submission.cells if receipt.submission else {}
        return render_message(finding, self.batch.form.label, cells, self.language)

    def rule_title(self, rule: str) -> str:
        """Return the title of a rule of the form, or of one of the batch's own; empty where none is declared."""
        own = f"{rule}.title"
        return self.rule_titles.get(rule) or (self.batch.form.say(own) if own in catalogue() else "")

    def reason(self, why: str, rule: str) -> str:
        """Return in words why a figure is not counted; it never holds the mark that divides a note."""
        words = text(f"summary.uncounted.{why}", self.language, rule=rule, title=self.rule_title(rule))
        return words.replace("｜", "|")
