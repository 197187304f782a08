"""The page of a summary: its values as the template names them."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from math import inf
from operator import itemgetter
from pathlib import Path as File

from gwxl.form.definition import Form
from gwxl.form.headlines import headlines
from gwxl.inert import inert_line
from gwxl.records.path import Path
from gwxl.rendering import render
from gwxl.reporting.distribution import Range, ranges
from gwxl.reporting.numbers import Values, bar_of, format_number, format_percent, read_decimal
from gwxl.reporting.replies import describe_replies, join_standings
from gwxl.summary.record import Asked, Part
from gwxl.summary.sheets.comparison import name_comparison
from gwxl.summary.stored.account import SEVERITIES, Account, Grown, StandingOut

TEMPLATE = "summary_report.html.j2"
SORTING = "sorting.js"
_STATES = ("passed", "errors", "verify", "held", "rejected", "superseded", "refused", "ignored")
_OPEN = ("errors", "verify", "held", "rejected", "refused")
_ACCEPTED = ("passed", "errors", "verify")
_MOST_OUTLIERS = 20
_MOST_GROUPS = 12  # of which each figure is shown beside the other


@dataclass(frozen=True, kw_only=True)
class About:
    """What a page says of itself.

    Attributes:
        summary: name of the file it was made of. sha256: hex digest of its bytes. day: of making it, None for none.
        publisher: who reports, empty where nobody is named. deadline: of replies, None where none is named.
    """

    summary: str
    sha256: str
    day: date | None = None
    publisher: str = ""
    deadline: date | None = None


def columns_of(form: Form) -> tuple[Path, ...]:
    """Return the paths whose figures of each site the page shows the spread of."""
    return tuple(path for path in headlines(form) if form.question_at(path).kind.is_number and not path.part)


def summary_page(form: Form, account: Account, about: About) -> str:
    """Return the page as HTML: self-contained, nothing loaded from elsewhere, every text escaped."""
    script = (File(__file__).parent / SORTING).read_text("utf-8")
    return _Page(form, account).html(about, script)


class _Page:
    """A maker of the parts of one page."""

    def __init__(self, form: Form, account: Account) -> None:
        self._form = form
        self._account = account
        self._say = form.say
        self._grown = {one.key: one for one in account.grown}
        self._states = [one.state for one in account.listing.returns]
        self._asked = [(path, account.asked[path]) for path in headlines(form) if path in account.asked]

    def html(self, about: About, script: str) -> str:
        form = self._form
        heading = form.entitle(self._account.listing.period)
        return render(
            TEMPLATE,
            form.folder,
            language=form.language,
            say={name: self._say(f"report.{name}") for name in _WORDS},
            title=self._say("report.title", heading=heading),
            about=self._about(about),
            script=script,
            script_hash=b64encode(sha256(script.encode()).digest()).decode(),
            marks=list(self._marks()),
            replies=describe_replies(form, self._account, about.deadline),
            states=list(self._state_rows()),
            figures=[self._figure(path, asked) for path, asked in self._asked],
            kinds=self._kinds(),
            findings=list(self._findings()),
            spreads=list(self._spreads()),
            grown=[self._show_growth(one) for one in self._account.grown if one.this],
            outliers=[self._outlier(one) for one in self._find_outliers()],
            more_outliers=self._more(),
        )

    # what came

    def _about(self, about: About) -> list[Values]:
        values = {
            "publisher": inert_line(about.publisher),
            "day": about.day.isoformat() if about.day else "",
            "summary": inert_line(about.summary),
            "sha256": about.sha256,
        }
        return [{"label": self._say(f"report.about.{name}"), "value": value} for name, value in values.items() if value]

    def _count(self, names: Sequence[str]) -> int:
        return sum(self._states.count(name) for name in names)

    def _marks(self) -> Iterator[Values]:
        standings = join_standings(self._account)
        asked = {"asked": len(standings.sites), "reported": standings.reported} if standings else {}
        counts = {
            **asked,
            "received": len(self._states),
            "accepted": self._count(_ACCEPTED),
            "passed": self._count(("passed",)),
            "open": self._count(_OPEN),
        }
        for name, number in counts.items():
            yield {
                "label": self._say(f"report.head.{name}" if name in asked else f"summary.mark.{name}"),
                "value": f"{number:,}",
                "open": name == "open" and number,
            }

    def _state_rows(self) -> Iterator[Values]:
        for name in _STATES:
            number = self._count((name,))
            yield {
                "label": self._say(f"summary.state.{name}"),
                "meaning": self._say(f"summary.meaning.{name}"),
                "value": f"{number:,}",
                "bar": bar_of(number, len(self._states)),
            }

    # the main figures

    def _figure(self, path: Path, asked: Asked) -> Values:
        part, field = asked.parts[0], self._form.question_at(path)
        grown = self._grown.get(path)
        return {
            "label": self._label(path),
            "unit": self._unit(path),
            "value": self._number(path, part.value),
            "counted": self._say("report.counted", counted=part.counted),
            "passed": self._say("report.passed_value", value=self._number(path, part.passed)),
            "note": field.note,
            "change": self._change(grown) if grown and grown.share else "",
        }

    def _label(self, path: Path) -> str:
        """Return what a figure is called: a choice by the question and its answer."""
        label = self._form.label(path.whole if self._form.field_of(path).kind.is_choice else path)
        answers = {one.key: one.label for one in self._form.field_of(path).choices}
        return f"{label}·{answers[path.part]}" if path.part in answers and path.part else label

    def _unit(self, path: Path) -> str:
        field = self._form.field_of(path)
        if field.kind.is_table and not path.part:
            return self._say("summary.table.rows")
        return self._form.question_at(path).unit

    def _number(self, path: Path, words: str) -> str:
        return format_number(words, fractions=self._form.question_at(path).kind.has_fractions)

    def _change(self, one: Grown) -> str:
        return self._say("report.change", share=format_percent(one.share), counted=one.counted)

    # by kind of site

    def _kinds(self) -> Values | None:
        """Return the main figures of each kind of site; None where none divides them."""
        groups = [part.group for part in self._asked[0][1].parts[1:]] if self._asked else []
        if not groups or not self._account.by or len(groups) > _MOST_GROUPS:
            return None
        number = self._account.keys.index(self._account.by)
        of = [
            [one for one in self._account.sites if self._group(one.fact(number).shown, groups) == group]
            for group in groups
        ]
        return {
            "label": self._form.fields[self._account.by].label,
            "groups": groups,
            "sites": [f"{len(members):,}" for members in of],
            "passed": [f"{sum(one.passed for one in members):,}" for members in of],
            "rows": [self._kind_row(path, asked.parts[1:]) for path, asked in self._asked],
        }

    def _group(self, shown: str, groups: Sequence[str]) -> str:
        return shown if shown in groups else groups[-1]

    def _kind_row(self, path: Path, parts: Sequence[Part]) -> Values:
        numbers = [read_decimal(part.value) or Decimal(0) for part in parts]
        total = sum(numbers)
        starts = [sum(numbers[:place]) for place in range(len(numbers))]
        added = total > 0 and min(numbers) >= 0 and not self._form.question_at(path).kind.has_fractions
        return {
            "label": self._label(path),
            "unit": self._unit(path),
            "values": [self._number(path, part.value) for part in parts],
            "bars": [
                {"x": bar_of(start, total), "width": bar_of(number, total)}
                for start, number in zip(starts, numbers, strict=True)
            ]
            if added
            else [],
        }

    # what is wrong

    def _findings(self) -> Iterator[Values]:
        of = self._count(_ACCEPTED)
        for one in self._account.findings:
            yield {
                "severity": one.severity,
                "severity_label": self._say(f"summary.severity.{one.severity}"),
                "title": one.title,
                "rule": one.rule,
                "returns": f"{one.returns:,}",
                "share": f"{one.returns / of:.1%}" if of else "",
                "bar": bar_of(one.returns, of),
            }

    # how the figures are spread

    def _spreads(self) -> Iterator[Values]:
        for path in columns_of(self._form):
            if path not in self._account.keys or path not in self._account.asked:
                continue
            number, part = self._account.keys.index(path), self._account.asked[path].parts[0]
            facts = [site.fact(number) for site in self._account.sites]
            figures = [one for fact in facts if not fact.why and (one := read_decimal(fact.shown)) is not None]
            most = max((one.count for one in ranges(figures)), default=0)
            yield {
                "label": self._label(path),
                "unit": self._unit(path),
                "ranges": [self._range(path, one, most) for one in ranges(figures)],
                "spread": [
                    {"label": self._say(f"summary.part.{name}"), "value": self._number(path, getattr(part, name))}
                    for name in ("minimum", "median", "maximum")
                ],
            }

    def _range(self, path: Path, one: Range, most: int) -> Values:
        least, end = format_number(str(one.least)), format_number(str(one.end))
        if self._form.question_at(path).kind.has_fractions:
            label = self._say("report.range_below", least=least, end=end)
        else:
            last = format_number(str(one.end - 1))
            label = least if last == least else self._say("report.range", least=least, most=last)
        return {"label": label, "count": f"{one.count:,}", "bar": bar_of(one.count, most)}

    # beside the earlier period

    def _show_growth(self, one: Grown) -> Values:
        return {
            "label": one.label,
            "unit": one.unit,
            "this": self._number(Path.parse(one.key), one.this),
            "last": self._number(Path.parse(one.key), one.last),
            "change": self._number(Path.parse(one.key), one.change),
            "share": format_percent(one.share),
            "counted": one.counted,
        }

    def _find_outliers(self) -> Sequence[StandingOut]:
        """Return the gravest, and of these those that changed most."""
        severities = [self._say(f"summary.severity.{one}") for one in SEVERITIES]
        order = [(severities.index(one.severity), -_times(one), one) for one in self._account.outliers]
        return [one for _, _, one in sorted(order, key=itemgetter(0, 1))[:_MOST_OUTLIERS]]

    def _outlier(self, one: StandingOut) -> Values:
        return {
            "code": one.code,
            "label": one.label,
            "severity": one.severity,
            "this": format_number(one.this, fractions=True),
            "last": format_number(one.last, fractions=True),
            "share": format_percent(one.share),
            "rules": one.rules,
        }

    def _more(self) -> str:
        left = len(self._account.outliers) - _MOST_OUTLIERS
        sheet = self._say(f"summary.sheet.{name_comparison(self._form.span)}")
        return self._say("report.more_outliers", count=left, sheet=sheet) if left > 0 else ""


_WORDS = (
    "replies",
    "by_parent",
    "by_day",
    "day_note",
    "missing",
    "head.asked",
    "head.reported",
    "head.parent",
    "head.day",
    "head.total",
    "figures",
    "kinds",
    "findings",
    "spreads",
    "grown",
    "outliers",
    "states",
    "nothing_wrong",
    "gap",
    "no_figures",
    "head.item",
    "head.sites",
    "head.passed",
    "head.problem",
    "head.severity",
    "head.rule",
    "head.returns",
    "head.share",
    "head.this",
    "head.last",
    "head.change",
    "head.comparable",
    "head.code",
    "head.state",
    "head.count",
    "head.meaning",
    "skip",
    "contents",
    "spread_note",
    "finding_note",
    "source_note",
)


def _times(one: StandingOut) -> float:
    """Return how many times as large a figure is as the other period's, whichever is larger; most where one is 0."""
    this, last = (abs(float(number)) for number in (one.this, one.last))
    return max(this, last) / min(this, last) if this and last else inf
