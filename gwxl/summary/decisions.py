"""待决事项: what a clerk has decided, and what still waits for a decision."""

from gwxl.batch.batch import Decision
from gwxl.summary.lists import Head, write_list
from gwxl.summary.page import Page
from gwxl.summary.sites import Sites
from gwxl.wording import catalogue, text

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
    Head(key="sha256", width=68, style="small"),
)


def write_decisions(page: Page, sites: Sites) -> None:
    """Write the sheet: open cases first, then the decided ones, each in the order of decisions.csv."""
    ordered = sorted(sites.batch.decisions, key=lambda one: bool(one.decision))
    rows = [_row(page, sites, decision) for decision in ordered]
    title = page.say("decisions.title", heading=sites.heading)
    write_list(page, title, _HEADS, rows, empty=page.say("empty.decisions"), frozen=1)


def _row(page: Page, sites: Sites, decision: Decision) -> list[str]:
    verb = f"decision.verb_{decision.decision}"
    return [
        page.say("decisions.decided" if decision.decision else "decisions.open"),
        decision.question,
        text(verb, sites.language) if verb in catalogue() else decision.decision,
        decision.reason,
        decision.who,
        decision.when,
        decision.site,
        decision.rule,
        _item(sites, decision.key),
        decision.file,
        decision.sha256,
    ]


def _item(sites: Sites, key: str) -> str:
    try:
        return sites.batch.form.label(key) if key else ""
    except (KeyError, StopIteration):
        return key  # the clerk's own text
