"""Put the draft of a reminder into the outbox."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from gwxl.campaign.journal import Entry
from gwxl.campaign.mail_draft import MailDraft
from gwxl.campaign.reminding.due import About, Reminder
from gwxl.campaign.roster.sites import Roster, Site
from gwxl.campaign.settings import Campaign
from gwxl.files.outputs import make_folder, refuse_nothing, refuse_standing, replace_file
from gwxl.form.rendering_view import show_form
from gwxl.inert import file_stem
from gwxl.records.path import Path as FormPath
from gwxl.records.period import day_in_words
from gwxl.rendering import render
from gwxl.summary.stored.open_items import OpenItem
from gwxl.terms import Terms

MAIL = "remind.j2"
_LONGEST_NAME = 150  # bytes of a file's name, before what it is about; systems take 255


@dataclass(frozen=True, kw_only=True)
class Reminded(Entry):
    """A reminder that was prepared.

    Attributes:
        code, name: of the site, or the superior, it goes to. mail: where it is to be mailed to, divided by ``;``.
        about: one of :class:`~gwxl.campaign.reminding.due.About`. file: its name in the outbox.
        sha256: hex digest of its bytes. day: on which, ISO 8601. time: ISO 8601, in UTC.
    """

    code: str
    name: str
    mail: str
    about: str
    file: str
    sha256: str
    day: str
    time: str


class Drafts:
    """The drafts of a campaign's reminders on one day."""

    def __init__(self, terms: Terms, campaign: Campaign, roster: Roster, day: date) -> None:
        """Take the form, whose reminders they are, and the day."""
        self._terms = terms
        self._campaign = campaign
        self._roster = roster
        self._day = day

    def name(self, one: Reminder) -> str:
        """Return what the file of a reminder is called."""
        stem = file_stem(f"{one.to.code}-{one.to.name}").encode()[:_LONGEST_NAME].decode("utf-8", "ignore").strip()
        key = "remind.file_name_below" if one.about is About.BELOW else "remind.file_name"
        return self._terms.form.say(key, stem=stem, day=self._day.isoformat())

    def write(self, one: Reminder, *, again: bool) -> Reminded:
        """Put a reminder in place, and return what is noted of it; again: in place of that of the same day."""
        name, data = self.name(one), self._mail(one)
        make_folder(self._campaign.outbox)
        path = self._campaign.outbox / name
        same = path.is_file() and path.read_bytes() == data  # of a run that was broken off
        with replace_file(path, refuse_nothing if again or same else refuse_standing) as draft:
            draft.write_bytes(data)
        return Reminded(
            code=one.to.code,
            name=one.to.name,
            mail="; ".join(one.to.mail),
            about=one.about.value,
            file=name,
            sha256=sha256(data).hexdigest(),
            day=self._day.isoformat(),
            time=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _mail(self, one: Reminder) -> bytes:
        subject, _, text = self._words(one).strip().partition("\n")
        draft = MailDraft(
            office=self._campaign.office,
            sender=self._campaign.sender,
            to=one.to.mail,
            subject=subject.strip(),
            text=text.strip() + "\n",
            file=one.attached.name if one.attached else "",
            attachment=one.attached.read_bytes() if one.attached else b"",
        )
        return draft.data()

    def _words(self, one: Reminder) -> str:
        form, period, folder = self._terms.form, self._terms.period, self._campaign.folder
        deadline = self._campaign.deadline
        return render(
            MAIL,
            folder if os.path.lexists(folder / MAIL) else form.folder,
            form=show_form(form),
            title=form.entitle(period),
            year=period.year,
            period=period.label(form.language),
            language=form.language,
            about=one.about.value,
            late=deadline is not None and self._day > deadline,
            site=self._site(one.to),
            since=self._in_words(one.since),
            items=[self._item(item) for item in one.items],
            sites=[
                {**self._site(each.to), "about": each.about.value, "since": self._in_words(each.since)}
                for each in one.below
            ],
            file=one.attached.name if one.attached else "",
            blank=one.blank,
            notice=self._terms.notice.show(form.language),
        )

    def _site(self, site: Site) -> dict[str, Any]:
        parent = self._roster.by_code.get(site.parent)
        return {"code": site.code, "name": site.name, "parent": parent.name if parent else ""}

    def _in_words(self, day: str) -> str:
        return day_in_words(date.fromisoformat(day), self._terms.language) if day else ""

    def _item(self, item: OpenItem) -> dict[str, str]:
        path, form = FormPath.read(item.path), self._terms.form
        try:
            label = form.label(path) if path else ""
        except (KeyError, StopIteration):  # of an older edition
            label = ""
        return {"cell": item.cell, "label": label, "problem": item.title or form.say("remind.see_attached")}
