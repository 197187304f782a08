"""汇总表: a row a site, a column a field, totals as live formulas above."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from gwxl.form.kinds import Aggregate
from gwxl.records.cell import column_letters
from gwxl.records.receipt import Receipt
from gwxl.summary.columns import TICK, WEIGHED, Column, plain, put_of
from gwxl.summary.page import A3, Formula, Page, Put, fits
from gwxl.summary.sites import Sites
from gwxl.totals.adding import Total
from gwxl.totals.arithmetic import Number
from gwxl.wording import text

KEY_ROW, BAND_ROW, HEAD_ROW, TOTAL_ROW, PASSED_ROW, OF_ROW, FIRST_ROW = range(2, 9)
LEAD = ("code", "name", "state", "passed", "file", "id")
PASSED_COLUMN = column_letters(LEAD.index("passed") + 1)
_LEAD_WIDTHS = (13, 26, 9, 6, 30, 5)
_WIDTH, _NOTED_WIDTH, _TEXT_WIDTH, _TICK_WIDTH = 14, 26, 20, 9


def write_table(page: Page, sites: Sites) -> None:
    """Write the sheet: title, hidden keys, heads, totals, then the sites by code."""
    title = page.say("table.title", heading=sites.heading)
    write_heads(page, sites, title, page.say("table.note"))
    _totals_line(page, sites, passed=False)
    _totals_line(page, sites, passed=True)
    _of_line(page, sites)
    for receipt in sites.batch.accepted:
        figures = [put_of(column, sites.batch.form, receipt)[0] for column in sites.columns]
        page.line(*lead(page, sites, receipt), *figures)
    finish(page, sites)


def write_heads(page: Page, sites: Sites, title: str, note: str, *, extra: Sequence[str] = ()) -> None:
    """Write the rows above the totals: title, hidden keys, bands and heads; widths too."""
    form = sites.batch.form
    page.widths(*_LEAD_WIDTHS, *(_width(column) for column in sites.columns))
    page.hide(len(LEAD))
    page.line(Put(title, "title"), None, None, None, Put(note, "note"), height=26)
    keys = [
        *(f"#{name}" for name in LEAD),
        *(_key(column) for column in sites.columns),
        *(f"#{name}" for name in extra),
    ]
    page.line(*(Put(key, "key") for key in keys), hidden=True)
    bands = [None] * len(LEAD) + [column.section for column in sites.columns]
    runs = zip_longest(bands, [None, *bands[:-1]])
    names = ["" if not here or here is before else f"{here.number}、{here.label}" for here, before in runs]
    page.line(*(Put(name, "band") for name in (*names, *("" for _ in extra))), height=20)
    heads = [column.head(form, sites.language) for column in sites.columns]
    names = [page.say(f"head.{name}") for name in (*LEAD, *extra)]
    page.line(*(Put(head, "head") for head in (*names[: len(LEAD)], *heads, *names[len(LEAD) :])))


def _key(column: Column) -> str:
    weight = column.field.weight
    return f"{column.path}{WEIGHED}{weight}" if weight else column.path


def _width(column: Column) -> int:
    if column.choice:
        return _TICK_WIDTH
    if column.field.note:
        return _NOTED_WIDTH
    return _WIDTH if column.added else _TEXT_WIDTH


def lead(page: Page, sites: Sites, receipt: Receipt) -> list[Put]:
    """Return the cells that name a site: code, name, state, whether it passed, file, hidden number."""
    passed = text("answer.yes" if receipt.passed else "answer.no", page.language)
    return [
        Put(sites.batch.site(receipt), "code"),
        Put(sites.name(receipt), "line"),
        Put(sites.state(receipt), "centre"),
        Put(passed, "centre"),
        Put(receipt.source.name, "small"),
        Put(sites.id(receipt), "key"),
    ]


def finish(page: Page, sites: Sites) -> None:
    """Say so when there is no row, freeze code and name, set filter and print."""
    if not sites.batch.accepted:
        page.line(Put(page.say("empty.table"), "note"))
    page.offer_filter(OF_ROW, _last(sites), len(LEAD) + len(sites.columns), frozen=2, paper=A3)
    page.sheet.repeat_rows(BAND_ROW - 1, PASSED_ROW - 1)
    page.sheet.repeat_columns(0, 1)
    page.sheet.fit_to_pages(0, 0)
    page.sheet.set_print_scale(70)


def _last(sites: Sites) -> int:
    return FIRST_ROW - 1 + max(1, len(sites.batch.accepted))


def _of_line(page: Page, sites: Sites) -> None:
    counted = [column.coverage(sites.totals[column.field.path]) for column in sites.columns]
    cells = [Put(f"{n} / {of}", "of") for n, of in counted]
    page.line(Put(page.say("table.of"), "of"), *(Put(None, "of") for _ in LEAD[1:]), *cells)


def _totals_line(page: Page, sites: Sites, *, passed: bool) -> None:
    totals = sites.totals_passed if passed else sites.totals
    count = len(sites.batch.passed if passed else sites.batch.accepted)
    label = page.say("table.passed" if passed else "table.all", count=count)
    cells = [
        _total_put(page, sites, column, totals[column.field.path], number, passed=passed)
        for number, column in enumerate(sites.columns, len(LEAD) + 1)
    ]
    page.line(Put(label, "total_label"), *(Put(None, "total_label") for _ in LEAD[1:]), *cells)


def _total_put(page: Page, sites: Sites, column: Column, total: Total, number: int, *, passed: bool) -> Put:
    value = total_number(column, total)
    if value is None:
        return Put(_tally(column, total), "total_label")
    if needs_text(column, total):
        return Put(page.say("long_number", value=plain(value)), "total_exact")
    return Put(Formula(_formula(page, sites, column, number, passed=passed), value), _style(column))


def _tally(column: Column, total: Total) -> str | None:
    if not isinstance(total.value, Mapping):
        return None
    return "；".join(f"{choice.label} {total.value[choice.key]}" for choice in column.field.choices)


def needs_text(column: Column, total: Total) -> bool:
    """Tell whether a total holds more digits than a formula keeps, in itself or in what it adds up."""
    if column.field.aggregate not in {Aggregate.SUM, Aggregate.MEAN}:
        return False
    parts = [part for one in total.addends for part in (one.value, one.weight)]
    if column.field.aggregate is Aggregate.SUM and isinstance(total.value, Number):
        parts.append(total.value)
    return not all(fits(part) for part in parts if isinstance(part, Number))


def total_number(column: Column, total: Total) -> Number | None:
    """Return the one number that stands below a column: the sum, mean, rows, or how many said yes or ticked."""
    if not isinstance(total.value, Number | None):
        yes = "true" if column.field.kind.is_yes_no else ""
        return total.value.get(column.choice.key if column.choice else yes)
    return total.value


def _style(column: Column) -> str:
    if column.field.aggregate is Aggregate.MEAN:
        return "total_mean"
    return "total_measure" if column.field.kind.has_fractions else "total"


def _formula(page: Page, sites: Sites, column: Column, number: int, *, passed: bool) -> str:
    cells, flags = _range(sites, column_letters(number)), _range(sites, PASSED_COLUMN)
    yes = text("answer.yes", page.language)
    if column.field.aggregate is Aggregate.MEAN:
        return _mean(sites, column, cells, f'--({flags}="{yes}"),' if passed else "")
    if column.field.kind.is_yes_no or column.field.kind.is_choices:
        wanted = TICK if column.choice else yes
        return f'=COUNTIFS({cells},"{wanted}",{flags},"{yes}")' if passed else f'=COUNTIF({cells},"{wanted}")'
    return f'=SUMIFS({cells},{flags},"{yes}")' if passed else f"=SUM({cells})"


def _mean(sites: Sites, column: Column, cells: str, only: str) -> str:
    place = next(n for n, other in enumerate(sites.columns, len(LEAD) + 1) if other.path == column.field.weight)
    weights = _range(sites, column_letters(place))
    read = f"--ISNUMBER({cells}),--ISNUMBER({weights}),"
    return f'=IFERROR(SUMPRODUCT({only}{cells},{weights})/SUMPRODUCT({only}{read}{weights}),"")'


def _range(sites: Sites, letters: str) -> str:
    return f"{letters}${FIRST_ROW}:{letters}${_last(sites)}"
