"""What a summary on disk gives account of: what came, the figures of each site and group, findings, last year."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gwxl.errors import SettingsError
from gwxl.records.period import Span
from gwxl.spreadsheets.book import Sheet
from gwxl.summary.record import Asked, SiteRecord
from gwxl.summary.sheets import comparison, lists
from gwxl.summary.stored.keeping import cells_of
from gwxl.summary.stored.listing import Listing, listing_of
from gwxl.summary.stored.looking import Looked, open_summary
from gwxl.summary.stored.recognising import seal_of
from gwxl.summary.stored.remembered import Record
from gwxl.summary.stored.stood import Stood, read_stood
from gwxl.wording import each, text

SEVERITIES = ("error", "verify", "hint")
_COUNTED = frozenset({"passed", "errors", "verify"})


@dataclass(frozen=True, kw_only=True)
class Told:
    """How many returns a rule is open in.

    Attributes:
        rule, title: of the rule. severity: one of ``SEVERITIES``. returns: how many of those that count.
    """

    rule: str
    title: str
    severity: str
    returns: int


@dataclass(frozen=True, kw_only=True)
class Grown:
    """A figure beside that of the earlier period, each as a plain number or empty; ``counted`` is ``n / of``."""

    key: str
    label: str
    unit: str
    this: str
    last: str
    change: str
    share: str
    counted: str


@dataclass(frozen=True, kw_only=True)
class StandingOut:
    """A number of a site that a rule on the earlier period names."""

    code: str
    label: str
    severity: str
    this: str
    last: str
    change: str
    share: str
    rules: str


@dataclass(frozen=True, kw_only=True)
class Account:
    """What a summary gives account of.

    Attributes:
        listing: every file, and what became of it. by: the key that divides the sites, empty where none does.
        asked: key → label, and the figures over all sites and each group.
        keys: those of the columns of 汇总表. sites: those that count, with the figures of the columns that were wanted.
        findings: rules, the ones open in most returns first within a severity.
        grown, outliers: beside the earlier period; empty where the summary knows none.
        stood: who was asked and what came of them, None where no roster was at hand.
        days: of each site of which a return came by mail, the day the first was sent.
    """

    listing: Listing
    by: str
    asked: Mapping[str, Asked]
    keys: tuple[str, ...]
    sites: tuple[SiteRecord, ...]
    findings: tuple[Told, ...]
    grown: tuple[Grown, ...]
    outliers: tuple[StandingOut, ...]
    stood: Stood | None = None
    days: tuple[date, ...] = ()


def refuse_edited(path: Path) -> None:
    """Refuse a summary in which something was changed since it was written.

    Raises:
        SettingsError: something was, or it has no seal.
    """
    seal = seal_of(path)
    if not seal.untouched and (not seal.cells or cells_of(path) != seal.cells):
        raise SettingsError(each("report.edited", path=path))


def read_account(columns: Iterable[str], path: Path) -> Account:
    """Read what a summary gives account of.

    Args:
        columns: paths whose figures of each site are wanted; those that the summary has no column for are left out.
        path: the summary.

    Raises:
        SettingsError: the file is no summary that gwxl wrote, or its record was changed.
    """
    with open_summary(path) as looked:
        record = Record(path, looked)
        keys = record.head.keys
        title = next(filter(looked.has, map(looked.title, ("comparison", "comparison_short"))), "")
        rows = list(_rows(looked.whole(title))) if title else []
        return Account(
            listing=listing_of(path, looked),
            by=record.head.by,
            asked=record.head.asked,
            keys=keys,
            sites=record.sites(key for key in (*columns, record.head.by) if key in keys),
            findings=tuple(_findings(looked)),
            grown=tuple(_read_growth(rows)),
            outliers=tuple(_outliers(rows, looked.language)),
            stood=read_stood(path),
            days=tuple(_list_days(looked)),
        )


def _findings(looked: Looked) -> Iterator[Told]:
    """Yield the rules that are open in returns that count, by severity and frequency."""
    keys = {name: f"#{name}" for name in ("severity", "rule", "rule_title", "settled", "state", "id")}
    grid = looked.grid(looked.title("problems"), lists.FIRST_ROW, keys.values())
    words = {text(f"summary.severity.{one}", looked.language): one for one in SEVERITIES}
    states = {text(f"summary.state.{one}", looked.language) for one in _COUNTED}
    settled = text("summary.problems.settled", looked.language, words="")
    rows = [{name: grid.text(row, key) for name, key in keys.items()} for row in grid.rows]
    open_ = [one for one in rows if one["state"] in states and not one["settled"].startswith(settled)]
    found = {
        (words[one["severity"]], one["rule"], one["rule_title"], one["id"]) for one in open_ if one["severity"] in words
    }
    counts = Counter((severity, rule, title) for severity, rule, title, _ in found)
    order = sorted(counts.items(), key=lambda one: (SEVERITIES.index(one[0][0]), -one[1], one[0][1]))
    for (severity, rule, title), count in order:
        yield Told(rule=rule, title=title or rule, severity=severity, returns=count)


def _rows(sheet: Sheet) -> Iterator[list[str]]:
    """Yield the texts of each row of a small sheet, a blank for each empty cell."""
    wide = max((column for _, column in sheet.cells), default=0)
    for row in range(comparison.FIRST_ROW, max((row for row, _ in sheet.cells), default=0) + 1):
        cells = [sheet.cells.get((row, column)) for column in range(1, wide + 1)]
        yield [cell.text if cell else "" for cell in cells]


def _read_growth(rows: Iterable[list[str]]) -> Iterator[Grown]:
    width = len(comparison.HEADS)
    for row in rows:
        if len(row) > width and row[width]:
            _, label, unit, this, last, change, share, counted = row[:width]
            yield Grown(
                key=row[width],
                label=label,
                unit=unit,
                this=this,
                last=last,
                change=change,
                share=share,
                counted=counted,
            )


def _outliers(rows: list[list[str]], language: str) -> Iterator[StandingOut]:
    bands = {text("summary.comparison.outliers", language, **span.words) for span in Span}
    start = next((number for number, row in enumerate(rows) if not bands.isdisjoint(row)), len(rows))
    for row in rows[start + 2 :]:
        code, label, severity, this, last, change, share, rules = row[: len(comparison.STANDING_OUT)]
        if rules:
            yield StandingOut(
                code=code,
                label=label,
                severity=severity,
                this=this,
                last=last,
                change=change,
                share=share,
                rules=rules,
            )


def _list_days(looked: Looked) -> Iterator[date]:
    """Yield of each site of which a return came by mail the day, here, on which the first was sent."""
    grid = looked.grid(looked.title("files"), lists.FIRST_ROW, ("#came", "#code"))
    first: dict[str, date] = {}
    for code, told in ((grid.text(row, "#code"), grid.text(row, "#came")) for row in grid.rows):
        with suppress(ValueError):
            day = date.fromisoformat(told.partition(" ")[0])
            if code:
                first[code] = min(day, first.get(code, day))
    yield from first.values()
