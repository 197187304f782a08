"""What one workbook is written from: form, rules, year, notice, identity and answers, laid out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from gwxl.errors import WorkbookError
from gwxl.form.definition import Form
from gwxl.form.identity import marker_line
from gwxl.form.layout import Layout
from gwxl.live.calculated_answers import required_paths
from gwxl.live.inputs import Input, inputs_of
from gwxl.records.path import Path
from gwxl.records.period import Period
from gwxl.records.submission import Identity, Scalar, Value
from gwxl.rules.ruleset import RuleSet
from gwxl.template.review import Review, Reviewed
from gwxl.template.validation import Validation, validation_of
from gwxl.template.values import as_number, value_to_store
from gwxl.terms import Notice

_EXAMPLE_YEAR = 2026  # of a date in words, where a form asks of no time


@dataclass(frozen=True, kw_only=True)
class Issue:
    """Everything that goes into one workbook.

    Attributes:
        answers: path → what its input starts with.
        explanations: path → what its explanation cell starts with.
        review: what is said of the return this workbook answers, None for any other workbook.
        beside: path of an input → what stands in 上年数 beside it; empty where nothing is known of that period.
        fixed: the paths whose inputs are locked with their answers.
    """

    form: Form
    rules: RuleSet
    layout: Layout
    identity: Identity
    notice: Notice
    answers: Mapping[Path, Scalar]
    explanations: Mapping[Path, str] = field(default_factory=dict)
    review: Review | None = None
    beside: Mapping[Path, Decimal | str] = field(default_factory=dict)
    fixed: frozenset[Path] = frozenset()

    @property
    def period(self) -> Period:
        """Return the period the form asks about."""
        return self.identity.period

    @property
    def year(self) -> int:
        """Return the year the form asks about, that of an example where it asks of no time."""
        return self.period.year or _EXAMPLE_YEAR

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """Return every input of the workbook."""
        return inputs_of(self.layout, self.rules)

    @cached_property
    def required(self) -> frozenset[Path]:
        """Return the paths whose blank leaves what is calculated unknown."""
        return required_paths(self.rules)

    @cached_property
    def reviewed(self) -> Reviewed | None:
        """Return the review in words, None where there is none."""
        return Reviewed(self.review, self.layout) if self.review else None

    @cached_property
    def validations(self) -> Mapping[Path, Validation]:
        """Return the data validation of each input by its path."""
        return {item.path: validation_of(self.form, item, self.year) for item in self.inputs}

    @cached_property
    def stored(self) -> Mapping[Path, str | float]:
        """Return path → what its cell stores, days as their numbers; empty cells are left out."""
        items = {item.path: item for item in self.inputs}
        found = {}
        for path, answer in self.answers.items():
            item = items[path.in_row(1) if path.number else path]
            found[path] = as_number(value_to_store(item, self.form, answer))
        return found

    @property
    def marker(self) -> str:
        """Return the marker line."""
        return marker_line(self.identity)

    @property
    def title(self) -> str:
        """Return the form's title with the period."""
        return self.form.entitle(self.period)

    @property
    def guidance(self) -> tuple[str, str]:
        """Return the two lines of guidance: when and who, where to and which number."""
        return self._line("deadline", "office"), self._line("return_to", "phone")

    @property
    def notice_line(self) -> str:
        """Return the guidance in one line; empty where there is none."""
        return self.form.say("template.separator").join(filter(None, self.guidance))

    def _line(self, *names: str) -> str:
        shown = self.notice.show(self.form.language)
        parts = [self.form.say(f"template.{name}", **{name: shown[name]}) for name in names if shown[name]]
        return self.form.say("template.separator").join(parts)


def check_paths(issue: Issue) -> None:
    """Refuse answers and explanations that have no cell.

    Raises:
        WorkbookError: a path is not of the form.
    """
    strangers = [path for path in issue.answers if path not in issue.layout.cells]
    strangers += [path for path in issue.explanations if path not in issue.layout.explanations]
    if strangers:
        message = f"no cell for {', '.join(strangers[:5])}: not an input of {issue.form.id}"
        raise WorkbookError(message)


def show_last(form: Form, inputs: Iterable[Input], last: Mapping[Path, Value]) -> Mapping[Path, Decimal | str]:
    """Return what stands in 上年数 beside each input: a number or words, a dash where its site reported nothing.

    Args:
        form: the form.
        inputs: of the workbook.
        last: path of a field → what the site reported a period earlier; empty where that is not known.
    """
    return {item.path: _show_last(form, item, last.get(item.path.whole)) for item in inputs} if last else {}


def _show_last(form: Form, item: Input, value: Value | None) -> Decimal | str:
    scalar = (item.path.part in value or None) if isinstance(value, tuple) else value
    if scalar is None:
        return form.say("template.nothing_last")
    stored = value_to_store(item, form, scalar)
    return stored.isoformat() if isinstance(stored, date) else stored
