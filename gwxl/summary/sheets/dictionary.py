"""字段说明: what every column means and how it is added up."""

from collections.abc import Iterator

from gwxl.form.definition import Field, Section
from gwxl.form.kinds import Aggregate
from gwxl.records.path import Path
from gwxl.summary.page import Page
from gwxl.summary.sheets.breakdown import say_how
from gwxl.summary.sheets.lists import Head, write_list
from gwxl.summary.sites import Sites
from gwxl.wording import text

_HEADS = (
    Head(key="section", width=16),
    Head(key="group", width=16),
    Head(key="number", width=8, style="centre"),
    Head(key="item", width=30),
    Head(key="unit", width=8, style="centre"),
    Head(key="kind", width=10, style="centre"),
    Head(key="how", width=16),
    Head(key="note_head", width=26),
    Head(key="instruction", width=70),
    Head(key="key", width=30, style="small"),
)


def write_dictionary(page: Page, sites: Sites) -> None:
    """Write the sheet: one row a field, a choice and a column of a table."""
    form = sites.batch.form
    rows = [row for section in form.sections for field in section.fields for row in _rows(page, sites, section, field)]
    write_list(page, page.say("dictionary.title", heading=form.title), _HEADS, rows, empty="", frozen=0)


def _rows(page: Page, sites: Sites, section: Section, field: Field) -> Iterator[list[str]]:
    form = sites.batch.form
    group = section.group(field.group) if field.group else None
    start = [
        text("form.section", form.language, number=section.number, label=section.label),
        f"{group.number}. {group.label}" if group else "",
    ]
    kind = page.say(f"kind.{field.kind}")
    how, indent = _how(page, sites, field), text("mark.indent", page.language)
    yield [*start, field.number, field.label, field.unit, kind, how, field.note, field.instruction, field.key]
    for choice in field.choices:
        label, path = indent + choice.label, Path(field.key, choice.key)
        yield [*start, "", label, "", page.say("dictionary.answer"), "", "", choice.instruction, path]
    for column in field.columns:
        kind, how = page.say(f"kind.{column.kind}"), page.say(say_how(column))
        path = Path(field.key, column.key)
        yield [*start, "", indent + column.label, column.unit, kind, how, column.note, "", path]


def _how(page: Page, sites: Sites, field: Field) -> str:
    if field.aggregate is Aggregate.MEAN:
        return page.say("dictionary.mean", weight=sites.batch.form.label(Path(field.weight)))
    return page.say(f"how.{field.aggregate if field.columns == () else field.kind}")
