"""Issue a campaign: a personal workbook and the draft of a mail for each site of the roster, each written once."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

from gwxl.campaign.journal import Journal, Prepared
from gwxl.campaign.lost_journal import begin_journal
from gwxl.campaign.mail_draft import MailDraft
from gwxl.campaign.personal import PersonalWorkbooks
from gwxl.campaign.roster.reading import read_roster
from gwxl.campaign.roster.sites import Roster, Site
from gwxl.campaign.settings import Campaign
from gwxl.errors import SettingsError
from gwxl.files.folder_lock import wait_for_others
from gwxl.files.outputs import fill_folder, make_folder, refuse_nothing, refuse_standing
from gwxl.form.rendering_view import show_form
from gwxl.inert import file_stem
from gwxl.rendering import render
from gwxl.terms import Terms
from gwxl.wording import each, fill
from gwxl.wording.joining import each_list

MAIL = "mail.j2"
_NOTED_TOGETHER = 20  # a commit waits for the disk
_LONGEST_NAME = 200  # bytes of a file's name, without its ending; systems take 255

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which sites are issued to: every one that was not yet, but for what is said here.

    Attributes:
        only: no others than these codes. again: these too, though they were issued to before.
        new: those alone that the roster got since the last time.
        anew: begin the journal anew that was lost; nobody who was issued to is written to again.
    """

    only: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    new: bool = False
    anew: bool = False


EVERY = Wanted()


@dataclass(frozen=True, kw_only=True)
class Issued:
    """What was prepared, or would be.

    Attributes:
        folder: the outbox. wanted: the sites that were asked for, in the order of the roster.
        sites: those of them it was prepared for, the others were before. files: of each, the workbook's name.
    """

    folder: Path
    wanted: tuple[Site, ...]
    sites: tuple[Site, ...]
    files: tuple[str, ...]

    @property
    def earlier(self) -> int:
        """Return for how many of those that are wanted it was prepared before."""
        return len(self.wanted) - len(self.sites)

    @property
    def unaddressed(self) -> tuple[Site, ...]:
        """Return the sites whose mail the roster does not say."""
        return tuple(site for site in self.sites if not site.mail)


def issue_workbooks(
    terms: Terms,
    campaign: Campaign,
    wanted: Wanted = EVERY,
    *,
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Issued:
    """Write workbook and mail of each site into the outbox, and note in the journal what was prepared for whom.

    A run that was broken off goes on where it was: what is noted is not made again, what lies there as it would be
    written is only noted, and nothing else is replaced but for a site that is issued to again.

    Args:
        terms: the form, the year, the key that signs, and what the sheet says on top.
        campaign: whose roster, outbox and journal.
        wanted: which sites.
        dry_run: write nothing.
        progress: called with (sites done, sites in all).

    Raises:
        SettingsError: a code is not in the roster, two sites get one file name, nothing was issued before where the new
            ones are wanted, or the journal was lost or cannot be used.
        CampaignError: the roster cannot be read, or holds mistakes.
        OutputError: another file stands in the outbox under a name, or it cannot be written.
        WorkbookError, FormError, RuleError: the form, or the template of the mail, cannot be used.
    """
    terms.prove_rules()
    writer = _Writer(terms, campaign, read_roster(terms, campaign.roster))
    with wait_for_others(campaign.folder):
        journal = Journal(campaign.folder)
        adopted = begin_journal(campaign, writer.names, writer.roster.by_code, anew=wanted.anew, dry_run=dry_run)
        before = adopted.union(entry.code for entry in journal.entries(Prepared))
        chosen = _choose_sites(writer.roster, wanted, before)
        sites = tuple(site for site in chosen if site.code not in before or site.code in wanted.again)
        names = tuple(writer.names[site.code] for site in sites)
        if not dry_run:
            make_folder(campaign.outbox)
            with _note_together(journal) as written:
                for done, site in enumerate(sites, 1):
                    written(writer.write(site, again=site.code in wanted.again))
                    progress(done, len(sites))
    return Issued(folder=campaign.outbox, wanted=tuple(chosen), sites=sites, files=names)


@contextmanager
def _note_together(journal: Journal) -> Iterator[Callable[[Prepared], None]]:
    """Yield what notes entries, several at a time; what a kill leaves unnoted lies there, and the next run finds it."""
    entries: list[Prepared] = []

    def note(entry: Prepared) -> None:
        entries.append(entry)
        if len(entries) >= _NOTED_TOGETHER:
            journal.note(entries)
            entries.clear()

    try:
        yield note
    finally:
        if entries:
            journal.note(entries)


def _choose_sites(roster: Roster, wanted: Wanted, before: frozenset[str]) -> list[Site]:
    named = wanted.only | wanted.again
    roster.refuse_strangers(named)
    if wanted.new and not before:
        raise SettingsError(each("issue.nothing_before"))
    limited = wanted.only or (wanted.again and not wanted.new)
    return [site for site in roster.sites if not limited or site.code in named]


class _Writer:
    """A writer of what is sent to the sites of one roster.

    Attributes:
        names: code → the name of the workbook of each site.
    """

    def __init__(self, terms: Terms, campaign: Campaign, roster: Roster) -> None:
        self._terms = terms
        self._campaign = campaign
        self.roster = roster
        self._workbooks = PersonalWorkbooks(terms)
        self.names = {site.code: f"{self._stem(site)}.xlsx" for site in roster.sites}
        twice = [name for name, count in Counter(map(str.casefold, self.names.values())).items() if count > 1]
        if twice:
            codes = [code for code, name in self.names.items() if name.casefold() == twice[0]]
            raise SettingsError(each("issue.one_name", file=self.names[codes[0]], codes=each_list(codes)))

    def _stem(self, site: Site) -> str:
        named = {"title": self._terms.form.title, "year": self._terms.year, "period": self._terms.period}
        values = {"code": site.code, "name": site.name, **named}
        stem = file_stem(fill(self._campaign.file_name, values))
        return stem.encode()[:_LONGEST_NAME].decode("utf-8", "ignore").strip()

    def write(self, site: Site, *, again: bool) -> Prepared:
        """Put workbook and mail of a site in place, and return what is noted of it."""
        name = self.names[site.code]
        mail = draft_name(name)
        fresh: dict[str, bytes] = {}
        refuse = refuse_nothing if again else partial(_refuse_others, fresh)
        with fill_folder(self._campaign.outbox, (name, mail), refuse) as draft:
            self._workbooks.draft(site, draft / name)
            fresh[name] = (draft / name).read_bytes()
            fresh[mail] = self._mail(site, fresh[name])
            (draft / mail).write_bytes(fresh[mail])
        return Prepared(
            code=site.code,
            name=site.name,
            mail="; ".join(site.mail),
            file=name,
            sha256=sha256(fresh[name]).hexdigest(),
            time=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _mail(self, site: Site, workbook: bytes) -> bytes:
        subject, _, text = self._words(site).strip().partition("\n")
        draft = MailDraft(
            office=self._campaign.office,
            sender=self._campaign.sender,
            to=site.mail,
            subject=subject.strip(),
            text=text.strip() + "\n",
            file=self.names[site.code],
            attachment=workbook,
        )
        return draft.data()

    def _words(self, site: Site) -> str:
        form, period, folder = self._terms.form, self._terms.period, self._campaign.folder
        parent = self.roster.by_code.get(site.parent)
        return render(
            MAIL,
            folder if os.path.lexists(folder / MAIL) else form.folder,
            form=show_form(form),
            title=form.entitle(period),
            year=period.year,
            period=period.label(form.language),
            language=form.language,
            file=self.names[site.code],
            site={"code": site.code, "name": site.name, "parent": parent.name if parent else ""},
            notice=self._terms.notice.show(form.language),
            late=self._terms.late,
        )


def draft_name(workbook: str) -> str:
    """Return the name of the draft of the mail that a workbook is attached to."""
    return f"{workbook.removesuffix('.xlsx')}.eml"


def _refuse_others(fresh: Mapping[str, bytes], path: Path) -> None:
    """Refuse what stands at a path, unless a run that was broken off has written it: it is as it would be now."""
    if fresh and not (path.is_file() and path.read_bytes() == fresh[path.name]):
        refuse_standing(path)
