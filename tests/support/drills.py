"""Returns of a small form, the record of a drill: many of them cost little."""

import random
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from gwxl.form.identity import issue_identity
from gwxl.records.period import Period
from gwxl.template import write_template
from gwxl.terms import Terms
from tests.support.submissions import FORMS

TERMS = Terms(FORMS / "drill_record", Period(2026))


def fill(path: Path, answers: Mapping[str, Any], year: int = 2026) -> Path:
    """Write a workbook with some answers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    said = {key: value for key, value in answers.items() if value is not None}
    write_template(TERMS.rules, path, identity=issue_identity(TERMS.form, period=Period(year)), answers=said)
    return path


def answers(number: int, dice: random.Random) -> dict[str, Any]:
    """Return what the site of a number says."""
    return {
        "drill_code": f"D{number:04}",
        "drill_kind": dice.choice(["flood", "network"]),
        "planned_on": "2026-05-12",
        "held_on": f"2026-05-{dice.randint(10, 20)}",
        "was_announced": dice.random() < 0.5,
        "participants": dice.randint(20, 900),
        "evacuated": dice.randint(0, 20),
        "duration_hours": Decimal(dice.randint(1, 40)) / 8,
        "departments.office": dice.random() < 0.5,
        "equipment[1].item": "灭火器",
        "equipment[1].pieces": dice.randint(1, 30),
        "equipment[1].weight": Decimal(dice.randint(1, 300)) / 10,
    }
