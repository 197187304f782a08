"""The settings of a campaign: campaign.toml, found from any folder below it, with every mistake told at once."""

import difflib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

from gwxl.campaign import mailbox
from gwxl.campaign.mail_address import is_address
from gwxl.campaign.mailbox import Mailbox
from gwxl.campaign.mistakes import refuse_mistakes
from gwxl.campaign.post import service
from gwxl.campaign.post.service import MailService
from gwxl.errors import CampaignError, GwxlError, SettingsError
from gwxl.files.declarations import read_declaration, stranger, tidy_line
from gwxl.files.resources import form_ids
from gwxl.form.loading import FILE_NAME as FORM_FILE
from gwxl.mail.imap import Server
from gwxl.records.period import Period
from gwxl.terms import Notice
from gwxl.values import dates
from gwxl.wording import LANGUAGES, each, placeholders

FILE_NAME = "campaign.toml"
NAMED = frozenset({"code", "name", "title", "year", "period"})
"""What a pattern for names of files may hold."""

NO_PERIOD = "none"
"""What stands for the period of a form that asks of no time."""

_TABLE = re.compile(r"\s*\[([A-Za-z0-9_]+)\]")
_SETTING = re.compile(r"\s*([A-Za-z0-9_]+)\s*=")
_AT_LINE = re.compile(r"\(at line ([0-9]+), column ([0-9]+)")
_REASONS = {
    "Cannot overwrite a value": "campaign.unreadable_again",
    "(at end of document)": "campaign.unreadable_end",
    "is in GBK": "campaign.in_gbk",
    "is in UTF-16": "campaign.in_utf_16",
    "is no UTF-8": "campaign.no_utf_8",
    "is no plain file": "campaign.no_plain_file",
    "is a link": "campaign.no_plain_file",
    "has more than": "campaign.too_long",
    "is in UTF-32": "campaign.no_utf_8",
}
"""Words in the reason why a declaration cannot be read → what is said of the settings."""


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """One round of collecting, as its campaign.toml says.

    Attributes:
        folder: where the file stands; every path below begins with it.
        form: id or folder of the form.
        period: what is asked about.
        office, phone: who collects, and whom to call; sender: whose mailbox it is sent from.
        return_to: where returns are mailed to.
        deadline: the last day, None where none is named.
        roster, summary: the files. key: the file of the key, None where nothing is signed.
        file_name: the pattern of a personal workbook's name, without its suffix.
        service: who takes the mails.
        mailbox: where returns come in.
    """

    folder: Path
    form: str
    period: Period
    office: str
    sender: str
    phone: str
    return_to: str
    deadline: date | None
    roster: Path
    summary: Path
    key: Path | None
    file_name: str
    service: MailService
    mailbox: Mailbox

    @property
    def inbox(self) -> Path:
        """Return the folder for what comes in."""
        return self.folder / "inbox"

    @property
    def outbox(self) -> Path:
        """Return the folder of what is sent out."""
        return self.folder / "outbox"

    @property
    def returns(self) -> Path:
        """Return the folder of what is sent back."""
        return self.folder / "returns"

    @property
    def incoming(self) -> Server:
        """Return the server that returns come into, and who logs in there.

        Raises:
            SettingsError: a setting is missing or unfit, or the file of the code cannot be read.
        """
        code = self.service.code() if self.mailbox.imap_host else ""  # what is not set is told first
        return self.mailbox.server(self.service.user or self.sender, code)

    @property
    def notice(self) -> Notice:
        """Return what the sheet says on top."""
        return Notice(deadline=self.deadline, return_to=self.return_to, phone=self.phone, office=self.office)


def find_campaign(start: Path) -> Campaign | None:
    """Return the campaign that a folder belongs to: that of the nearest folder, from it upwards, with a campaign.toml.

    Its paths are whole where the folder's is; else they are as seen from the working folder, as people name them.

    Raises:
        CampaignError: the file cannot be used.
    """
    home = start.resolve()
    folders = (folder for folder in (home, *home.parents) if os.path.lexists(folder / FILE_NAME))
    folder = next(folders, None)
    if folder is None:
        return None
    return load_campaign(folder if start.is_absolute() else Path(os.path.relpath(folder)))


def load_campaign(folder: Path) -> Campaign:
    """Return the campaign of a folder.

    Raises:
        CampaignError: campaign.toml is not there, is no TOML, or says what cannot work; each mistake has line and key.
    """
    file = folder / FILE_NAME
    try:
        table = read_declaration(file, partial(_unreadable, file))
    except SettingsError as error:
        raise CampaignError([_tell(error)]) from error
    loader = _Loader(file, table)
    values = dict(loader.values())
    refuse_mistakes(file, [mistake for _, mistake in sorted(loader.mistakes, key=itemgetter(0))])
    values["return_to"] = values["return_to"] or values["sender"]
    post = MailService(**{one.name: values.pop(one.name) for one in fields(MailService)})
    received = Mailbox(**{one.name: values.pop(one.name) for one in fields(Mailbox)})
    return Campaign(folder=folder, service=post, mailbox=received, **values)


def _unreadable(file: Path, key: str, reason: str) -> GwxlError:
    place = _AT_LINE.search(reason)
    values = {"line": place[1], "column": place[2]} if place else {}
    known = "campaign.unreadable_key" if key else "campaign.unreadable_line" if place else "campaign.unreadable"
    name = next((name for words, name in _REASONS.items() if not key and words in reason), known)
    return SettingsError(each(name, file=file, setting=key, reason=reason, **values))


def _tell(error: GwxlError) -> Mapping[str, str]:
    return {language: error.line(language) for language in LANGUAGES}


class _Loader:
    """A reader of settings that goes on after a mistake."""

    def __init__(self, file: Path, table: Mapping[str, Any]) -> None:
        self.file = file
        self.mistakes: list[tuple[int, Mapping[str, str]]] = []
        self._lines = _lines(file.read_text("utf-8-sig"))
        self._given = {
            name: value for path, inner in table.items() for name, value in _flat(path, inner, inside=path == "mail")
        }

    def values(self) -> Iterator[tuple[str, Any]]:
        """Yield name and value of each setting that is right, and note every mistake."""
        for path in self._given:
            if path not in SETTINGS:
                near = difflib.get_close_matches(path, SETTINGS, n=1)
                key = "campaign.unknown_near" if near else "campaign.unknown"
                self._note(path, each(key, near="".join(near), known=", ".join(SETTINGS)))
        for path, read in SETTINGS.items():
            name = path.rpartition(".")[2]
            if path not in self._given and path in _NEEDED:
                self.mistakes.append((0, each("campaign.missing", setting=path)))
            try:
                yield name, read(self._text(path), self.file.parent)
            except GwxlError as error:
                if path in self._given:
                    self._note(path, _tell(error))

    def _text(self, path: str) -> str:
        value = self._given.get(path, _DEFAULTS.get(path, ""))
        if isinstance(value, date | int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise SettingsError(each("campaign.no_text", found=value))
        text = tidy_line(value)
        if found := stranger(text):
            raise SettingsError(each("campaign.stranger", found=found))
        return text

    def _note(self, path: str, reason: Mapping[str, str]) -> None:
        line = self._lines.get(path, 1)
        self.mistakes.append((line, each("campaign.mistake", line=line, setting=path, reason=reason)))


def _flat(path: str, value: Any, *, inside: bool) -> Iterator[tuple[str, Any]]:
    if inside and isinstance(value, Mapping):
        yield from ((f"{path}.{name}", inner) for name, inner in value.items())
    else:
        yield path, value


def _lines(text: str) -> Mapping[str, int]:
    """Return path → line of each setting of a TOML text."""
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if head := _TABLE.match(line):
            table = f"{head[1]}."
            found.setdefault(head[1], number)
        elif setting := _SETTING.match(line):
            found.setdefault(table + setting[1], number)
    return found


def _form(text: str, folder: Path) -> str:
    if text in form_ids():
        return text
    place = folder / text
    if not os.path.lexists(place / FORM_FILE):
        near = difflib.get_close_matches(text, form_ids(), n=1)
        raise SettingsError(each("campaign.no_form", found=text, known=", ".join(near or form_ids())))
    return str(place)


def _period(text: str, _folder: Path) -> Period:
    period = Period.read(text)
    if period.year is None and text != NO_PERIOD:
        raise SettingsError(each("campaign.no_period", found=text))
    return period


def _words(text: str, _folder: Path) -> str:
    return text


def _address(text: str, _folder: Path) -> str:
    if text and not is_address(text):
        raise SettingsError(each("campaign.no_address", found=text))
    return text


def _day(text: str, _folder: Path) -> date | None:
    day = dates.from_text(text)
    if text and day is None:
        raise SettingsError(each("campaign.no_day", found=text))
    return date.fromisoformat(day) if day else None


def _file(text: str, folder: Path) -> Path:
    if not text:
        raise SettingsError(each("campaign.no_file"))
    return folder / text


def _key(text: str, folder: Path) -> Path | None:
    return folder / text if text else None


def _pattern(text: str, _folder: Path) -> str:
    if "code" not in placeholders(text) or not placeholders(text) <= NAMED:
        known = " ".join(f"{{{name}}}" for name in sorted(NAMED))
        raise SettingsError(each("campaign.no_pattern", found=text, known=known, code="{code}"))
    return text


SETTINGS: Mapping[str, Callable[[str, Path], Any]] = {
    "form": _form,
    "period": _period,
    "office": _words,
    "phone": _words,
    "deadline": _day,
    "sender": _address,
    "roster": _file,
    "summary": _file,
    "key": _key,
    "mail.return_to": _address,
    "mail.file_name": _pattern,
    **service.SETTINGS,
    **mailbox.SETTINGS,
}
"""Path of each setting, in the order they are written → what reads it."""

_NEEDED = frozenset({"form", "period"})
_DEFAULTS: Mapping[str, str] = {
    "roster": "roster.xlsx",
    "summary": "summary.xlsx",
    "mail.file_name": "{code}",
    **service.DEFAULTS,
    **mailbox.DEFAULTS,
}
