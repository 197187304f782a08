"""Read what sites reported a period earlier: from the summary of that period, or from the folder of its returns."""

import pathlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from gwxl.batch.corrections import Trust
from gwxl.batch.inbox import Inbox, Progress, refuse_empty
from gwxl.batch.judging import judge_batch
from gwxl.errors import SettingsError
from gwxl.form.definition import Field, Form
from gwxl.form.edition_mapping import Passage, passage
from gwxl.inert import inert_line
from gwxl.records.path import Path
from gwxl.records.period import ANY, Period, Span
from gwxl.records.previous import Previous
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Scalar, Value
from gwxl.rules.ruleset import RuleSet
from gwxl.summary.columns import TICK
from gwxl.summary.levels.taking import name_form
from gwxl.summary.places import decisions_on
from gwxl.summary.record import is_cut, shorten_text
from gwxl.summary.stored.own_process import run_aside
from gwxl.summary.stored.past import Past, read_past
from gwxl.terms import Terms
from gwxl.totals.figure import Figure, Why, countable
from gwxl.wording import each, text

Reported = tuple[str, Mapping[Path, Value]]
"""The code of a site, and what it reported."""


def read_previous(terms: Terms, place: pathlib.Path, *, progress: Progress = lambda _done, _all: None) -> Previous:
    """Read what sites reported a period earlier.

    Args:
        terms: the form, that of what is read where none is named, and the key that signed what lies in a folder.
        place: a summary that gwxl wrote, of which its own record is read; or a folder of returns, which is read and
            judged as a merge does, with the decisions beside it.
        progress: called with (files done, files in all) of a folder.

    Raises:
        SettingsError: several forms are named, the form asks for no code, the file is no summary, or
            what is there is of another form, of an unknown edition, or of no period.
    """
    terms = Inbox(place, terms).choose_form() if place.is_dir() else name_form(terms, [place])
    form = terms.form
    if not form.roles.code:
        raise SettingsError(each("failure.site_role", form=form.id))
    return _read_folder(terms, place, progress) if place.is_dir() else _read_summary(form, place)


def _read_folder(terms: Terms, folder: pathlib.Path, progress: Progress) -> Previous:
    rules, form = terms.rules, terms.form
    accepting = replace(form, accepts=tuple(one.form.edition for one in form.older))  # what was right then counts
    named = RuleSet(accepting, rules.cells, rules.relations, rules.neighbours)
    terms = replace(terms, named=named, period=_period_before(terms), signed=False, previous=None)
    decisions = decisions_on(folder, terms.language)
    receipts = Inbox(folder, terms, ours=(decisions.path,)).read(progress)
    refuse_empty(receipts, str(folder))
    batch = judge_batch(terms, receipts, decisions.read_whole(), Trust(key=terms.key))
    sites = ((batch.site(one), _collect_reported(form, one)) for one in batch.accepted)
    return _previous(form, batch.period, sites, folder)


def _period_before(terms: Terms) -> Period:
    """Return the period to read of a folder: that of most returns for years, as each has its own folder."""
    return terms.period.previous if terms.form.asks_of(terms.period) and terms.form.span is not Span.YEAR else ANY


def _collect_reported(form: Form, receipt: Receipt) -> Mapping[Path, Value]:
    paths = (path for field in form.fields.values() if not field.kind.is_table for path in field.paths)
    figures = {path: countable(form, receipt, path) for path in paths}
    return _whole({path: value for path, one in figures.items() if (value := _value_counted(path, one)) is not None})


def _value_counted(path: Path, figure: Figure) -> Scalar | None:
    if path.part and figure.why is Why.BLANK:
        return False  # nothing was ticked
    return figure.value if figure.counts and not isinstance(figure.value, tuple) else None


def _whole(parts: Mapping[Path, Scalar]) -> Mapping[Path, Value]:
    """Return the values of fields, from those of their inputs: the ticks of a field as the keys of its choices."""
    found: dict[Path, Value] = {}
    for path, value in parts.items():
        if path.part:
            ticked = found.get(path.whole, ())
            found[path.whole] = (*ticked, path.part) if value and isinstance(ticked, tuple) else ticked
        else:
            found[path] = value
    return found


def _read_summary(form: Form, summary: pathlib.Path) -> Previous:
    past = run_aside(read_past, summary)
    if past.form != form.id:
        found = inert_line(past.form)
        raise SettingsError(each("failure.previous_form", place=summary, found=found, form=form.id))
    older = form.older_edition(past.edition)
    if older is None and past.edition != form.edition:
        found = inert_line(past.edition)
        raise SettingsError(each("failure.previous_edition", place=summary, found=found))
    decoder = _Decoder(form, passage(older, form) if older else None)
    return _previous(form, past.period, decoder.sites(past), summary)


def _previous(form: Form, period: Period, sites: Iterable[Reported], place: pathlib.Path) -> Previous:
    if period.year is None:
        raise SettingsError(each("failure.no_previous_period", place=place))
    listed = list(sites)
    codes = Counter(code for code, _ in listed)
    known = {code: reported for code, reported in listed if code and codes[code] == 1}
    return Previous(form=form.id, period=period, sites=known, unused=len(listed) - len(known), place=place)


class _Decoder:
    """A reader of what a summary remembers, under the paths of the edition it was made with."""

    def __init__(self, form: Form, way: Passage | None) -> None:
        self._way = way
        self._old = way.old if way else form

    def sites(self, past: Past) -> Iterator[Reported]:
        """Yield what each site reported, under the paths of the current edition."""
        for code, shown in past.sites:
            yield code, _whole(dict(self._values(shown)))

    def _values(self, shown: Mapping[str, str]) -> Iterator[tuple[Path, Scalar]]:
        for field in self._old.fields.values():
            for path in field.paths if not field.kind.is_table else ():
                place = self._to(path)
                value = self._value(field, path, shown)
                if place is not None and value is not None:
                    yield place, value

    def _to(self, path: Path) -> Path | None:
        return self._way.to(path) if self._way else path

    def _value(self, field: Field, path: Path, shown: Mapping[str, str]) -> Scalar | None:
        """Return a value; None where there was none that counts, or more than was remembered of it."""
        words, kind = shown.get(path, ""), field.kind
        if kind.is_choices:
            return words == TICK if path in shown else None
        if not words:
            return None
        if kind.is_yes_no:
            return words == text("answer.yes", self._old.language)
        if kind.is_choice:
            keys = (one.key for one in field.choices if shorten_text(one.label) == words)
            there = self._to(Path(field.key, next(keys, "")))
            return there.part if there and there.part else None
        if kind.is_number:
            return _number(words, whole=kind.is_whole)
        return None if is_cut(words) else words


def _number(words: str, *, whole: bool) -> int | Decimal | None:
    try:
        number = Decimal(words)
    except InvalidOperation:
        return None  # one of more digits than a cell keeps was written as a text
    return int(number) if whole else number
