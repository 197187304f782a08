"""Bind a workbook to the site it is issued to: its code stands in it, and no other one comes back."""

from collections.abc import Mapping

from gwxl.errors import SettingsError
from gwxl.form.identity import can_bear
from gwxl.inert import inert_line
from gwxl.records.path import Path
from gwxl.records.submission import Identity, Source, Submission
from gwxl.rules.ruleset import RuleSet
from gwxl.wording import each


def site_answers(rules: RuleSet, code: str) -> Mapping[Path, str]:
    """Return what a workbook that is issued to a site starts with: its code.

    Args:
        rules: the form and its rules.
        code: the code of the site, as the form asks for it.

    Raises:
        SettingsError: the form asks for no code, or this is none.
    """
    form, role = rules.form, rules.form.roles.code
    if not role:
        raise SettingsError(each("failure.site_role", form=form.id))
    identity = Identity(form=form.id, edition=form.edition, fingerprint=form.fingerprint)
    alone = Submission(identity=identity, source=Source(file=""), answers={}, values={role: code} if code else {})
    faults = [finding for finding in rules.narrow({role}).judge(alone) if finding.open]
    if faults or not can_bear(code):
        expected = faults[0].expected if faults else "A-Z a-z 0-9 _ . -"
        values = {"found": inert_line(code), "label": form.label(Path(role)), "expected": expected}
        raise SettingsError(each("failure.site_pattern", **values))
    return {Path(role): code}
