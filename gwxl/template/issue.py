"""What one workbook is written from: form, rules, year, notice, identity and answers, laid out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from gwxl.form.definition import Form
from gwxl.form.identity import marker_line
from gwxl.form.layout import Layout
from gwxl.rules.ruleset import RuleSet
from gwxl.submission import Identity, Scalar
from gwxl.template.inputs import Input, inputs_of
from gwxl.wording import text


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Say by when, where to and with whose help a form is returned; each may be empty."""

    deadline: str = ""
    return_to: str = ""
    phone: str = ""
    office: str = ""


@dataclass(frozen=True, kw_only=True)
class Issue:
    """Hold everything that goes into one workbook; answers are scalars by path, explanations texts."""

    form: Form
    rules: RuleSet
    layout: Layout
    identity: Identity
    notice: Notice
    answers: Mapping[str, Scalar]
    explanations: Mapping[str, str] = field(default_factory=dict)

    @property
    def year(self) -> int:
        """Return the year the form asks about."""
        return self.identity.year or 0

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """Return every input of the workbook."""
        return inputs_of(self.layout, self.rules)

    @property
    def marker(self) -> str:
        """Return the marker line."""
        return marker_line(self.identity)

    @property
    def title(self) -> str:
        """Return the form's title with the year."""
        return text("template.title", self.form.language, title=self.form.title, year=self.year)

    @property
    def guidance(self) -> tuple[str, str]:
        """Return the two lines of guidance beside the head: when and who, where to and which number."""
        return self._line("deadline", "office"), self._line("return_to", "phone")

    def _line(self, *names: str) -> str:
        language = self.form.language
        values = {name: getattr(self.notice, name) for name in names}
        parts = [text(f"template.{name}", language, **{name: value}) for name, value in values.items() if value]
        return text("template.separator", language).join(parts)
