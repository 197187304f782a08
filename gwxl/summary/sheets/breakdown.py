"""分类汇总: the form again, each field with its sum or mean, counts and spread, for all and by one choice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gwxl.form.definition import Choice, Field, Form, Section
from gwxl.form.kinds import Aggregate
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.summary.columns import plain
from gwxl.summary.page import A4, Page, Put, fits
from gwxl.summary.sites import Sites
from gwxl.totals.adding import Total, totals
from gwxl.totals.arithmetic import Number
from gwxl.totals.figure import countable

PARTS = ("value", "n", "minimum", "median", "maximum", "passed", "passed_n")
_PART_WIDTHS = (15, 9, 11, 12, 12, 15, 9)
_LABEL_WIDTHS = (6, 34, 6, 12)
_FIRST_ROW = 5


@dataclass(frozen=True, kw_only=True)
class Block:
    """The totals of one group of sites: all of them, and those that passed, with how many there are of each."""

    label: str
    of: int
    all: Mapping[Path, Total]
    passed_of: int
    passed: Mapping[Path, Total]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One row: a field, one answer of it, or a column of a table."""

    path: Path
    number: str
    label: str
    unit: str
    how: str
    note: str = ""
    decimal: bool = False
    spread: bool = False
    answer: str = ""


def write_breakdown(page: Page, sites: Sites) -> None:
    """Write the sheet: a band a section, a row an item, a block of columns a group of sites."""
    groups = tuple(blocks(page, sites))
    _heads(page, sites, groups)
    for section in sites.batch.form.sections:
        wide = len(_LABEL_WIDTHS) + len(groups) * len(PARTS)
        cells = [Put(section.number, "band"), Put(section.label, "band")]
        page.line(*cells, *(Put(None, "band") for _ in range(wide - len(cells))), height=20)
        heading = ""
        for field in section.fields:
            if field.group and field.group != heading:
                _group_line(page, section, field.group, wide)
            heading = field.group
            for item in _items(page, field):
                _line(page, item, groups)
    page.sheet.freeze_panes(_FIRST_ROW - 1, 2)
    page.sheet.set_landscape()
    page.sheet.set_paper(A4)
    page.sheet.set_v_pagebreaks([len(_LABEL_WIDTHS) + len(PARTS) * block for block in range(1, len(groups))])
    page.sheet.repeat_rows(2, _FIRST_ROW - 2)
    page.sheet.repeat_columns(0, 3)
    page.sheet.set_print_scale(70)


def blocks(page: Page, sites: Sites) -> Iterator[Block]:
    """Yield the block of all sites, then one an answer of the field that divides the summary."""
    batch = sites.batch
    yield Block(
        label=page.say("breakdown.all"),
        of=len(batch.accepted),
        all=sites.totals,
        passed_of=len(batch.passed),
        passed=sites.totals_passed,
    )
    if not batch.form.roles.by:
        return
    by = batch.form.fields[batch.form.roles.by]
    unknown = Choice(key="", label=page.say("breakdown.unknown", label=by.label))
    for choice in (*by.choices, unknown):
        members = tuple(one for one in batch.accepted if _answer(batch.form, one, by.path) == choice.key)
        if members or choice.key:
            passed = tuple(one for one in members if one.passed)
            added, added_passed = totals(batch.form, members), totals(batch.form, passed)
            yield Block(label=choice.label, of=len(members), all=added, passed_of=len(passed), passed=added_passed)


def _answer(form: Form, receipt: Receipt, path: Path) -> str:
    figure = countable(form, receipt, path)
    return str(figure.value) if figure.counts else ""


def _heads(page: Page, sites: Sites, groups: tuple[Block, ...]) -> None:
    page.widths(*_LABEL_WIDTHS, *(_PART_WIDTHS * len(groups)))
    page.line(Put(page.say("breakdown.title", heading=sites.heading), "title"), height=26)
    page.line(Put(page.say("breakdown.note"), "note"))
    bands = [Put(name, "band") for block in groups for name in (_sized(page, block), *[""] * (len(PARTS) - 1))]
    page.line(*(Put(None, "band") for _ in _LABEL_WIDTHS), *bands, height=20)
    names = [page.say(f"head.{name}") for name in ("number", "item", "unit", "how")]
    names += [page.say(f"part.{part}") for part in PARTS] * len(groups)
    page.line(*(Put(name, "head") for name in names), height=34)


def _sized(page: Page, block: Block) -> str:
    return page.say("breakdown.block", label=block.label, of=block.of, passed=block.passed_of)


def _group_line(page: Page, section: Section, key: str, wide: int) -> None:
    group = section.group(key)
    cells = [Put(group.number, "group"), Put(group.label, "group")]
    page.line(*cells, *(Put(None, "group") for _ in range(wide - len(cells))))


def _items(page: Page, field: Field) -> Iterator[Item]:
    how = page.say(f"how.{field.aggregate if field.kind.is_written else field.kind}")
    base = Item(path=field.path, number=field.number, label=field.label, unit=field.unit, how=how, note=field.note)
    if field.kind.has_choices and field.aggregate is not Aggregate.NONE:
        yield replace(base, how="", answer="#")
        for choice in field.choices:
            yield replace(base, number="", label=f"　{choice.label}", how=how, note="", answer=choice.key)
    elif field.kind.is_table:
        yield replace(base, unit=page.say("table.rows"))
        for column in field.columns:
            if column.aggregate is not Aggregate.NONE:
                yield _column_item(page, field, column.key)
    elif field.kind.is_yes_no:
        yield replace(base, answer="true")
    elif field.aggregate is not Aggregate.NONE:
        yield replace(base, decimal=field.kind.has_fractions, spread=field.kind.is_number)


def _column_item(page: Page, field: Field, key: str) -> Item:
    column = field.column(key)
    return Item(
        path=Path(field.key, key),
        number="",
        label=f"　{column.label}",
        unit=column.unit,
        how=page.say(f"how.{column.aggregate}"),
        note=column.note,
        decimal=column.kind.has_fractions,
        spread=True,
    )


def _line(page: Page, item: Item, groups: tuple[Block, ...]) -> None:
    label = item.label + (page.say("note_line", note=item.note) if item.note else "")
    cells = [Put(item.number, "centre"), Put(label, "text"), Put(item.unit, "centre"), Put(item.how, "centre")]
    for block in groups:
        cells += _block_cells(page, item, block)
    page.line(*cells)


def _block_cells(page: Page, item: Item, block: Block) -> list[Put]:
    total, passed = block.all[item.path], block.passed[item.path]
    spread = [total.minimum, total.median, total.maximum] if item.spread else [None] * 3
    return [
        _number(page, item, _value(item, total), strong=True),
        Put(_counted(item, total), "of"),
        *(_number(page, item, one) for one in spread),
        _number(page, item, _value(item, passed), strong=True),
        Put(_counted(item, passed), "of"),
    ]


def _counted(item: Item, total: Total) -> str | None:
    """Return how many of how many sites count; an answer says so only where it is not what its question says."""
    n, of = total.choices.get(item.answer, (total.n, total.of))
    if item.answer in {"", "#", "true"} or of != total.of:
        return f"{n} / {of}"
    return None


def _value(item: Item, total: Total) -> Number | None:
    return total.value if isinstance(total.value, Number | None) else total.value.get(item.answer)


def _number(page: Page, item: Item, value: Number | None, *, strong: bool = False) -> Put:
    prefix = "total" if strong else ""
    if value is None:
        return Put(None, prefix or "number")
    if not fits(value) and not item.decimal and isinstance(value, int):
        return Put(page.say("long_number", value=plain(value)), "total_exact" if strong else "exact")
    kind = "mean" if item.decimal else "number" if isinstance(value, int) else "measure"
    return Put(value, f"{prefix}_{kind}".replace("_number", "").strip("_") if strong else kind)
