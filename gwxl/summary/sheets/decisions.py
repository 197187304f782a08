"""待决事项: what a clerk has decided, and what still waits for a decision."""

from gwxl.batch.decision import Decision, State
from gwxl.records.path import Path
from gwxl.summary.page import Page
from gwxl.summary.sheets.lists import Head, write_list
from gwxl.summary.sites import Sites

_HEADS = (
    Head(key="decision_state", width=9, style="centre"),
    Head(key="question", width=46),
    Head(key="decision", width=12, style="centre"),
    Head(key="decision_reason", width=30),
    Head(key="who", width=10),
    Head(key="when", width=13, style="code"),
    Head(key="code", width=13, style="code"),
    Head(key="rule", width=11, style="centre"),
    Head(key="item", width=24),
    Head(key="file", width=30, style="small"),
    Head(key="sheet", width=14, style="small"),
    Head(key="sha256", width=68, style="small"),
)


_ORDER = tuple(State)  # what is open comes first


def write_decisions(page: Page, sites: Sites) -> None:
    """Write the sheet: open cases first, then the decided ones, each in the order of the file of decisions."""
    ordered = sorted(enumerate(sites.batch.decisions, 2), key=lambda item: _ORDER.index(item[1].state))
    rows = [_row(page, sites, decision, line) for line, decision in ordered]
    title = page.say("decisions.title", heading=sites.heading)
    write_list(page, title, _HEADS, rows, empty=page.say("empty.decisions"), frozen=1)


def _row(page: Page, sites: Sites, decision: Decision, line: int) -> list[str]:
    trouble = page.say("decisions.in_vain", line=line, trouble=decision.trouble) if decision.trouble else ""
    return [
        page.say(f"decisions.{decision.state}"),
        decision.question + trouble,
        decision.decision,
        decision.reason,
        decision.who,
        decision.when,
        decision.site,
        decision.rule,
        _item(sites, decision.key),
        decision.file,
        decision.sheet,
        decision.sha256,
    ]


def _item(sites: Sites, key: str) -> str:
    path = Path.read(key)
    try:
        return sites.batch.form.label(path) if path else key
    except (KeyError, StopIteration):
        return key  # the clerk's own text
