"""What a run goes by besides its flags: the campaign it is run in, secrets of the environment, and the day."""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

import gwxl
from gwxl import Campaign, find_campaign
from gwxl.batch.files import find_paths
from gwxl.cli.console import console
from gwxl.cli.language import language, say
from gwxl.errors import SettingsError
from gwxl.files.plain_files import is_shared
from gwxl.form.definition import Form
from gwxl.form.signature import CampaignKey, read_key
from gwxl.records.period import ANY, Period, Span, day_in_words
from gwxl.rules.available_forms import find_form, find_only_form
from gwxl.store.store import Store
from gwxl.terms import Notice, Terms
from gwxl.wording import each

KEY_FILE = "GWXL_KEY_FILE"
DAY = "GWXL_TODAY"

_YEAR_TURNS = 7

NO_NOTICE = Notice()

_store: list[Store] = []


def terms_of(
    form: str | None,
    *,
    period: Period = ANY,
    signed: bool = False,
    notice: Notice = NO_NOTICE,
    day: date | None = None,
) -> Terms:
    """Return the terms of a run: what its flags say, and what they leave open as the campaign of the folder says."""
    found, key = campaign(), campaign_key(signed=signed)
    same: dict[str, Any] = {"key": key, "signed": signed, "today": day, "store": store_of_run()}
    if found is None:
        return Terms(form, period=period, notice=notice, **same)
    said = {name: value for name, value in vars(notice).items() if value}
    period = found.period if period.year is None else period
    notice = replace(found.notice, **said)
    return Terms(form or found.form, period=period, notice=notice, **same)


def set_store(folder: Path | None) -> None:
    """Set where this run keeps what it reads; nowhere where that is None."""
    _store[:] = [] if folder is None else [Store(folder)]


def store_of_run() -> Store | None:
    """Return the store of this run, None where it has none."""
    return _store[0] if _store else None


def form_of(form: str | None, places: Iterable[Path] = ()) -> str | None:
    """Return the form of a run that is about one: what is named, that of the campaign, what most files are of.

    Args:
        form: what is named.
        places: files, and folders with files.
    """
    found = campaign()
    return form or (found.form if found else find_form(find_paths(places)))


def form_of_all(form: str | None, places: Iterable[Path]) -> str | None:
    """Return the form of a run that may be about several: None where the files are not all of one."""
    found = campaign()
    return form or (found.form if found else find_only_form(find_paths(places)))


def campaign() -> Campaign | None:
    """Return the campaign whose folder the command is run in, or below; None outside of any.

    Raises:
        CampaignError: its settings cannot be used.
    """
    try:
        Path.cwd()
    except OSError:  # somebody removed it
        return None
    return find_campaign(Path())


def of_campaign(name: str) -> Path | None:
    """Return a file or folder of the campaign as seen from here, None outside of any."""
    place: Path | None = getattr(campaign(), name, None)
    return place


def summary_of_campaign() -> Path | None:
    """Return the summary of the campaign as seen from here, None outside of any.

    Raises:
        click.UsageError: nothing was merged there yet.
    """
    place = of_campaign("summary")
    if place is not None and not place.exists():
        raise click.UsageError(say("no_summary", summary=place))
    return place


def or_of_campaign(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Return the callback of an argument or option that stands for a place of the campaign where it is left out.

    Outside of a campaign it is missing.
    """

    def take(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        if value:
            return value
        place = summary_of_campaign() if name == "summary" else of_campaign(name)
        if place is None:
            raise click.MissingParameter(say("or_campaign"), ctx=ctx, param=param)
        found = param.type.convert(place, param, ctx)
        return [found] if param.nargs < 0 else found

    return take


def add_previous(
    terms: Terms, previous: Path | None, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Terms:
    """Return terms that know what the sites reported a period earlier, where somebody says where that stands."""
    if previous is None:
        return terms
    return replace(terms, previous=gwxl.read_previous(terms, previous, progress=progress))


def campaign_key(*, signed: bool) -> CampaignKey | None:
    """Return the key in the file that ``GWXL_KEY_FILE`` names, else that of the campaign; None where neither does.

    Raises:
        SettingsError: the file cannot be read, holds no key or one that is easily guessed, or others may read it; or
            signatures are demanded and no key is named.
    """
    path = os.environ.get(KEY_FILE)
    found = None if path else campaign()
    place = Path(path) if path else found.key if found else None
    if place is None and signed:
        raise SettingsError(each("failure.no_key", name=KEY_FILE))
    return _own_key(place) if place else None


def _own_key(path: Path) -> CampaignKey:
    key = read_key(path)
    if is_shared(path):
        raise SettingsError(each("failure.key_shared", path=path))
    return key


def today() -> date:
    """Return the day by the clock of whoever runs the command, or the one that ``GWXL_TODAY`` names.

    With the day named, the same inputs give the same outputs in any year.

    Raises:
        SettingsError: ``GWXL_TODAY`` is no day.
    """
    told = os.environ.get(DAY)
    try:
        return date.fromisoformat(told) if told else datetime.now(UTC).astimezone().date()
    except ValueError:
        raise SettingsError(each("failure.no_day", name=DAY, found=told)) from None


def tell_late(terms: Terms) -> None:
    """Say that the deadline has passed, where letters are written that speak of it."""
    if terms.late:
        day = day_in_words(terms.notice.deadline, language())
        console().line(say("deadline_past", day=day), style="verify")


def period_to_report(form: Form) -> Period:
    """Return what a form asks about now: the period that has ended, or from July on the running year."""
    day = today()
    if form.span is None:
        return ANY
    if form.span is Span.YEAR:
        return Period(day.year if day.month >= _YEAR_TURNS else day.year - 1)
    return Period(day.year, form.span, (day.month - 1) // form.span.months + 1).previous
