"""The JSON documents of ``gwxl forms``: those there are, and what is wrong with one."""

from collections.abc import Sequence

from gwxl.authoring import Checked
from gwxl.documents.checked import Document
from gwxl.rules.ruleset import RuleSet


def forms_document(checked: Checked) -> Document:
    """Return ``gwxl.forms/1``."""
    return {
        "schema": "gwxl.forms/1",
        "folder": str(checked.folder),
        "form": checked.form.id if checked.form else None,
        "mistakes": [
            {"file": one.file, "line": line, "key": one.key, "reason": one.reason}
            for one, line in zip(checked.mistakes, checked.lines, strict=True)
        ],
        "blank": {"size": blank.size, "pages": dict(blank.pages)} if (blank := checked.blank) else None,
    }


def form_list_document(forms: Sequence[RuleSet]) -> Document:
    """Return ``gwxl.form_list/1``."""
    return {"schema": "gwxl.form_list/1", "forms": [_summarise(rules) for rules in forms]}


def _summarise(rules: RuleSet) -> Document:
    form = rules.form
    older = [one.form.edition for one in form.older]
    return {
        "id": form.id,
        "title": form.title,
        "edition": form.edition,
        "older": [{"edition": name, "accepted": name in form.accepts} for name in older],
        "fields": form.questions,
        "rules": len(rules.rules),
    }
