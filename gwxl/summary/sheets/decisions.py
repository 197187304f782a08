"""待决事项: what a clerk has decided, and what still waits for a decision."""

from gwxl.batch.decision import Decision, State
from gwxl.records.path import Path
from gwxl.summary.page import Page
from gwxl.summary.sheets.lists import Head, write_list
from gwxl.summary.sites import Sites

_HEADS = (
    Head(key="decision_state", width=9, style="centre"),
    Head(key="question", width=64),
    Head(key="decision", width=13, style="centre"),
    Head(key="decision_effect", width=16, most=36),
    Head(key="decision_reason", width=16, most=40),
    Head(key="who", width=10, most=20),
    Head(key="when", width=13, style="code"),
    Head(key="file", width=20, most=40),
    Head(key="code", width=13, most=24, style="code"),
    Head(key="item", width=16, most=34),
    Head(key="sheet", width=10, most=20, style="small"),
    Head(key="rule", width=8, style="small"),
    Head(key="sha256", width=12, style="digest"),
)


_ORDER = tuple(State)  # what is open comes first


def write_decisions(page: Page, sites: Sites) -> None:
    """Write the sheet: open cases first, then the decided ones, each in the order of the file of decisions."""
    ordered = sorted(sites.batch.decisions, key=lambda one: _ORDER.index(one.state))
    rows = [_row(page, sites, decision) for decision in ordered]
    title = page.say("decisions.title", heading=sites.heading)
    write_list(page, title, _HEADS, rows, empty=page.say("empty.decisions"), frozen=1)


def _row(page: Page, sites: Sites, decision: Decision) -> list[str]:
    return [
        page.say(f"decisions.{decision.state}"),
        decision.question,
        decision.decision,
        decision.answer,
        decision.reason,
        decision.who,
        decision.when,
        decision.file,
        decision.site,
        _item(sites, decision.key),
        decision.sheet,
        decision.rule,
        decision.sha256,
    ]


def _item(sites: Sites, key: str) -> str:
    path = Path.read(key)
    try:
        return sites.batch.form.label(path) if path else key
    except (KeyError, StopIteration):
        return key  # the clerk's own text
