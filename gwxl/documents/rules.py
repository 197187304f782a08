"""The JSON document of ``gwxl rules``."""

from gwxl.documents.checked import Document
from gwxl.rules.ruleset import RuleSet


def rules_document(rules: RuleSet) -> Document:
    """Return ``gwxl.rules/1``: in the order of the rule files, texts in the language of the form."""
    return {
        "schema": "gwxl.rules/1",
        "form": rules.form.id,
        "edition": rules.form.edition,
        "rules": [
            {
                "id": rule.id,
                "severity": rule.severity.value,
                "title": rule.title,
                "basis": rule.basis,
                "fields": list(rule.fields),
                "message": rule.message,
                "expected": rule.expected,
                "clerk_only": rule.clerk_only or None,
                "trial": rule.trial,
            }
            for rule in rules.rules
        ],
    }
