"""Which periods a form asks about, and what is said of any other."""

from gwxl.errors import SettingsError
from gwxl.form.definition import Form
from gwxl.records.period import ANY, Period
from gwxl.wording import each


def example_period(form: Form) -> Period:
    """Return a period the form can be of, none where it asks of no time."""
    return ANY if form.span is None else Period(2026, form.span)


def refuse_period(form: Form, found: Period) -> SettingsError:
    """Return the error that a form cannot be of a period, or is of none where it needs one."""
    title = form.title
    if form.span is None:
        return SettingsError(each("failure.period_of_none", found=found.labels, title=title))
    said = {"asked": each(f"period.asked_{form.span}"), "example": example_period(form), "title": title}
    key = "failure.needs_period" if found.year is None else "failure.other_span"
    return SettingsError(each(key, found=found.labels, **said))
