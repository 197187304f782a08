"""The forms a returned workbook may be of: those that come with gwxl, or the one the user names."""

from functools import cache

from gwxl.files.resources import form_folder, form_ids, rules_folder
from gwxl.form.loading import load_form
from gwxl.rules.ruleset import RuleSet, load_rules


@cache
def load(form: str) -> RuleSet:
    """Load a form, by id or folder, together with its rules.

    Raises:
        ResourceError: there is no such form, or it has no rules.
        FormError, RuleError: a declaration cannot be used.
    """
    folder = form_folder(form)
    return load_rules(rules_folder(folder), load_form(folder))


def load_all(form: str | None) -> tuple[RuleSet, ...]:
    """Load the named form, or every form that comes with gwxl where none is named."""
    return tuple(load(name) for name in ((form,) if form else form_ids()))
