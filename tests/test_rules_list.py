"""Every rule of every form: its own examples, run through the validator, and its message, rendered."""

from collections.abc import Mapping
from typing import Any

from gwxl.form.layout import lay_out
from gwxl.records.finding import Finding, Severity, Verdict, render_message
from gwxl.records.path import Path
from gwxl.records.period import Period
from gwxl.rules.rule import Rule, RuleKind
from gwxl.rules.rule_file import EXPECTED, IDENTITY, LAST
from gwxl.rules.ruleset import RuleSet
from gwxl.wording import text
from tests.support.submissions import drill_rules, make_submission, report_rules

LISTED = [f"A{number:02}" for number in range(1, 13)] + [f"B{number:02}" for number in range(1, 28)]
LISTED += [*(f"C{number:02}" for number in range(1, 9)), "D24", "D25", "D27"]


BETWEEN = {one.rule.id for one in report_rules().neighbours}
"""The rules between returns, whose examples are several returns each; proving runs them."""
RULES = [(rules, rule) for rules in (report_rules(), drill_rules()) for rule in rules.rules if rule.id not in BETWEEN]


def find_failed(rules: RuleSet, rule: Rule, example: Mapping[str, Any]) -> list[Finding]:
    """Return the findings a rule makes of an example."""
    values = {key: value for key, value in example.items() if key not in {IDENTITY, EXPECTED, LAST}}
    submission = make_submission(rules.form, values, identity=example.get(IDENTITY))
    last = {Path(key): value for key, value in example.get(LAST, {}).items()}
    found = rules.judge(submission, period=Period(example.get(EXPECTED, {}).get("year")), last=last)
    return [finding for finding in found if finding.id == rule.id and finding.verdict is Verdict.FAILED]


def keys_of(found: list[Finding]) -> set[str]:
    """Return the fields that findings stand at."""
    return {finding.key.field for finding in found if finding.key is not None}


def test_ok_passes() -> None:
    """No good example fails; the blanks around it are another matter."""
    assert [rule.id for _, rule in RULES if not rule.ok] == []
    wrong = []
    for rules, rule in RULES:
        for example in rule.ok:
            found = find_failed(rules, rule, example)
            if rule.kind is RuleKind.CELL:
                found = [finding for finding in found if finding.key and finding.key.field in example]
            wrong += [(rule.id, finding.key, example) for finding in found]
    assert wrong == []


def test_bad_fails_at_its_own_cell() -> None:
    """Every bad example fails under this id, once a cell, at a field the rule names, with its severity."""
    assert [rule.id for _, rule in RULES if not rule.bad] == []
    for rules, rule in RULES:
        for example in rule.bad:
            found = find_failed(rules, rule, example)
            assert found, (rule.id, example)
            assert len({finding.key for finding in found}) == len(found), (rule.id, example)
            assert {finding.severity for finding in found} == {rule.reported}, (rule.id, example)
            assert keys_of(found) <= set(rule.fields), (rule.id, example)
            if rule.kind is RuleKind.CELL and example:
                assert keys_of(found) & example.keys(), (rule.id, example)
            if rule.kind is RuleKind.RELATION:
                assert len(found) == 1, (rule.id, example)


def test_messages_are_complete() -> None:
    """A message shows the cell and what was written, and nothing in braces is left."""
    wrong = []
    for rules, rule in RULES:
        layout = lay_out(rules.form)
        for finding in (finding for example in rule.bad for finding in find_failed(rules, rule, example)):
            message = render_message(finding, rules.form.label, {**layout.anchors, **layout.cells}, "zh")
            whole = message.endswith(("。", "！", "？")) and "{" not in message and "（未找到）" not in message
            wrong += [] if whole and finding.expected else [(rule.id, message)]
    assert wrong == []


def test_a_blank_form_fails_only_what_must_be_filled() -> None:
    """Between blanks nothing is wrong; at a cell only a rule with a blank example speaks."""
    speak = {rule.id for rules, rule in RULES if find_failed(rules, rule, {})}
    assert speak == {rule.id for _, rule in RULES if {} in rule.bad}
    assert speak <= {rule.id for _, rule in RULES if rule.kind is RuleKind.CELL}


def test_every_rule_says_what_it_is() -> None:
    """Title and basis stand there, the title is short; only patterns, functions and last year are the clerk's alone."""
    assert [rule.id for _, rule in RULES if not 0 < len(rule.title) <= 30] == []
    assert [rule.id for _, rule in RULES if not rule.basis] == []
    assert [rule.id for rules, rule in RULES if rules.rule(rule.id) is not rule] == []
    assert [rule.id for _, rule in RULES if rule.kind is RuleKind.FUNCTION and not rule.clerk_only] == []
    back = {rule.id for rules, rule in RULES if rule.id in rules.looking_back}
    alone = {rule.id for _, rule in RULES if rule.kind is RuleKind.RELATION and rule.clerk_only}
    assert alone == back - {"C03a", "C03b", "C04", "C05"}
    reasons = {rule.clerk_only for _, rule in RULES if rule.id in back}
    assert reasons == {report_rules().form.say("clerk_only.previous")}


def test_the_list_is_complete() -> None:
    """Each line of the list has its entries, in order."""
    ids = [rule.id for rule in report_rules().rules]
    assert ids == sorted(ids)
    assert [line for line in LISTED if not any(id_.startswith(line) for id_ in ids)] == []


def test_severities_follow_the_list() -> None:
    """Errors, verifies and hints are those of the list."""
    by_severity = {
        severity: " ".join(rule.id for rule in report_rules().rules if rule.severity is severity)
        for severity in Severity
    }
    assert by_severity[Severity.ERROR] == (
        "A01 A01b A02 A03 A04 A05 A06 A07 A09 A09b A09d A10 A10b A10c A11 A11b A12 A12b B01a B01b "
        "B06a B06b B06b2 B06b3 B08 B09a B09b B09c B18 B20 B21 B22a B22b B26a B26b B26c"
    )
    assert by_severity[Severity.VERIFY] == (
        "A02b A06b A06c A07b A07c A09c A11c B03a B03b B03c B05 B06c B10 B11 B13 B14a B15a B15b B16a B16b "
        "B17a B17b B17c B19 B22c B22d B23 B25 C02a C04 C05 C06"
    )
    assert by_severity[Severity.HINT] == (
        "A02c A02d A03b A07d A08 A09t A11d B02a B02b B04 B07 B12a B12b B14b B21a B21b B21c B24a B24b B27a B27b B27c "
        "C01a C01b C01c C01d C02b C02c C03a C03b C07a C07b C08a C08b C08c C08d C08e D24 D25 D27"
    )


def test_what_only_the_clerks_machine_can_judge() -> None:
    """Rules that no formula can say give the reason that is theirs; what a formula says gives none."""
    reasons: dict[str, list[str]] = {}
    for rule in (*report_rules().rules, *drill_rules().rules):
        if rule.kind is RuleKind.CELL:
            reasons.setdefault(rule.clerk_only, []).append(rule.id)
    by_pattern, read = text("clerk_only.pattern", "zh"), text("clerk_only.read", "zh")
    assert reasons.keys() == {"", by_pattern, read}
    assert reasons[by_pattern] == ["A01b", "A02", "A02b", "A02c", "A02d", "A06c", "A07c", "A07d", "K02"]
    assert reasons[read] == ["A09t"]
