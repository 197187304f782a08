"""What a rule says about itself: the editions it binds, and how grave its findings are."""

from dataclasses import replace

import pytest

from gwxl.records.finding import Severity
from tests.support.submissions import report_rules

RULE = report_rules().rule("B08")


@pytest.mark.parametrize(
    ("since", "edition", "bound"),
    [
        ("", "1", True),
        ("", "", True),
        ("2", "", True),
        ("2", "1", False),
        ("2", "2", True),
        ("2", "3", True),
        ("2", "10", True),
        ("10", "2", False),
        ("2.1", "2", False),
        ("2024-2", "2024-1", False),
        ("2024-2", "2024-10", True),
    ],
)
def test_the_editions_a_rule_binds(since: str, edition: str, bound: bool) -> None:  # noqa: FBT001 - an expectation
    """A rule binds from its first edition on, by the numbers in their names; where none is named it binds."""
    assert replace(RULE, since=since).binds(edition) is bound


def test_a_rule_on_trial_reports_hints() -> None:
    """On trial its findings are hints; else they are as grave as the rule."""
    assert (RULE.severity, RULE.reported) == (Severity.ERROR, Severity.ERROR)
    assert replace(RULE, trial=True).reported is Severity.HINT
