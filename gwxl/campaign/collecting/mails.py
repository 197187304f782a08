"""Collect what comes in by mail: each file once into the inbox, filed by site, each mail noted in the journal."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from gwxl.batch.file_names import UNKNOWN, stamp
from gwxl.campaign.collecting.collection import Collection, Filed, Taken
from gwxl.campaign.collecting.entries import OWN, REFUSED, Collected, Fetched, Message
from gwxl.campaign.collecting.filing import Filing, Place
from gwxl.campaign.collecting.letterbox import Progress, Read, read_paths, read_server
from gwxl.campaign.collecting.returned import find_bounced, index_sent_mails
from gwxl.campaign.journal import Entry, Journal, Prepared
from gwxl.campaign.post.posting import Posting
from gwxl.campaign.roster.reading import read_roster
from gwxl.campaign.settings import Campaign
from gwxl.errors import OutputError
from gwxl.files.drafts import draft_folder
from gwxl.files.folder_lock import wait_for_others
from gwxl.files.outputs import make_folder, refuse_standing, replace_file
from gwxl.inert import file_stem
from gwxl.mail.mail import Attachment, Envelope, Kind, Mail
from gwxl.terms import Terms
from gwxl.wording import each, text
from gwxl.wording.system import system_words

_LONGEST_NAME = 160  # bytes of a file's name behind time and hash; systems take 255
_RETRIED = frozenset({"mail_died", "mail_extra"})
"""Why a mail is not read that may be the next time."""


def collect_mails(
    terms: Terms,
    campaign: Campaign,
    sources: Sequence[Path],
    *,
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Collection:
    """Put the files that came by mail into the inbox, and note in the journal each mail and each file.

    Without a source the mailbox of the campaign is read by IMAP; nothing is changed there.

    A mail that was seen before is passed over; a run that was broken off goes on where it was.

    Args:
        terms: the form, by whose rules the roster is read.
        campaign: whose roster, inbox and journal.
        sources: files and folders that hold mails, none for the mailbox that the settings name.
        dry_run: write nothing.
        progress: called with (files done, files in all).

    Raises:
        SettingsError: a folder cannot be read, the journal cannot be used, or the mailbox cannot be reached.
        CampaignError: the roster cannot be read, or holds mistakes.
        OutputError: the inbox cannot be written.
    """
    roster = read_roster(terms, campaign.roster)
    server = None if sources else campaign.incoming
    with wait_for_others(campaign.folder):
        postings = Journal(campaign.folder).entries(Posting)
        filing = Filing(terms.rules.form, roster, index_sent_mails(postings))
        collector = _Collector(campaign, filing, postings, terms.language, dry_run=dry_run)
        if server is None:
            return collector.collect(read_paths(sources, collector.seen, progress))
        with _spool(campaign.folder) as spool:
            return collector.collect(read_server(server, collector.fetched, collector.seen, spool, progress))


@contextmanager
def _spool(folder: Path) -> Iterator[Path]:
    """Give a folder for mails on their way; it goes with this run, even one that was killed."""
    try:
        with draft_folder(folder) as spool:
            yield spool
    except OSError as error:
        raise OutputError(each("failure.unwritable", path=folder, reason=system_words(error))) from error


class _Collector:
    """A writer of files into the inbox of a campaign, and of what is noted of them."""

    def __init__(
        self, campaign: Campaign, filing: Filing, postings: Sequence[Posting], language: str, *, dry_run: bool
    ) -> None:
        self._inbox = campaign.inbox
        self._journal = Journal(campaign.folder)
        self._filing = filing
        self._postings = {(one.kind, one.code, one.round): one for one in postings}
        self._sender = campaign.sender.lower()
        self._issued = frozenset(one.sha256 for one in self._journal.entries(Prepared))
        self._nameless = text("collect.nameless", language)
        self._dry_run = dry_run
        self._files = {(one.code, one.sha256): one.file for one in self._journal.entries(Collected)}
        self.seen = {one.sha256 for one in self._journal.entries(Message)} - {""}
        self.fetched = self._journal.entries(Fetched)

    def collect(self, mails: Iterable[Read]) -> Collection:
        """File what mails bring, each as soon as it was read."""
        taken: list[Taken] = []
        known = 0
        for read in mails:
            if read.sha256 in self.seen:
                known += 1
                self._note(read, [])
            else:
                taken.append(self._take(read))
        return Collection(inbox=self._inbox, taken=tuple(taken), known=known)

    def _take(self, read: Read) -> Taken:
        taken = self._refuse(read) if read.mail is None else self._take_mail(read, read.mail)
        if not any(one.reason in _RETRIED for one in taken.problems):
            if read.sha256:
                self.seen.add(read.sha256)
            # A file that is no mail is told each time; what stays on a server is told once.
            self._note(read, [*_entries(taken), *self._find_bounced(read)] if taken.sha256 or read.fetched else [])
        return taken

    def _refuse(self, read: Read) -> Taken:
        problems = (read.refusal,) if read.refusal else ()
        return Taken(source=read.source, sha256=read.sha256, kind=REFUSED, problems=problems)

    def _take_mail(self, read: Read, mail: Mail) -> Taken:
        if self._is_ours(mail):
            return Taken(source=read.source, sha256=read.sha256, envelope=mail.envelope, kind=OWN)
        placed = zip(mail.attachments, self._filing.places(mail.attachments, mail.envelope), strict=True)
        files = tuple(self._file(one, mail.envelope, place) for one, place in placed)
        codes = {one.code for one in files} or {self._filing.sender(mail.envelope)}
        known = {address: self._filing.at(address) for address in mail.bounced}
        return Taken(
            source=read.source,
            sha256=read.sha256,
            envelope=mail.envelope,
            kind=mail.kind,
            code=next(iter(codes)) if len(codes) == 1 else "",
            files=files,
            bounced={address: sites for address, sites in known.items() if sites or not any(known.values())},
            links=mail.links,
            problems=mail.unread,
        )

    def _find_bounced(self, read: Read) -> list[Posting]:
        """Return what a bounce says of messages of ours."""
        if read.mail is None or read.mail.kind != Kind.BOUNCE:
            return []
        found = [*find_bounced(read.mail, self._postings.values())]
        self._postings |= {(one.kind, one.code, one.round): one for one in found}
        return found

    def _is_ours(self, mail: Mail) -> bool:
        """Tell whether a mail is one that went out: by its id, or from our mailbox with nothing but what was issued."""
        brought = {sha256(one.data).hexdigest() for one in mail.attachments}
        sent = bool(self._sender) and mail.envelope.sender == self._sender and bool(brought)
        return self._filing.is_ours(mail.envelope) or (sent and brought <= self._issued)

    def _file(self, attachment: Attachment, outer: Envelope, place: Place) -> Filed:
        """Put a file in place, where the same bytes of the same site do not lie in the inbox already."""
        envelope = _nearest(attachment, outer)
        digest = sha256(attachment.data).hexdigest()
        key = place.code, digest
        earlier = self._files.get(key, "")
        again = bool(earlier) and (self._dry_run or (self._inbox / earlier).exists())
        if not again:
            folder = file_stem(place.code) if place.code else UNKNOWN
            self._files[key] = f"{folder}/{_file_name(attachment.name or self._nameless, envelope, digest)}"
            self._write(self._inbox / self._files[key], attachment.data)
        return Filed(
            name=attachment.name,
            file=self._files[key],
            sha256=digest,
            code=place.code,
            envelope=envelope,
            again=again,
            stranger=place.stranger,
        )

    def _write(self, path: Path, data: bytes) -> None:
        if self._dry_run or (path.is_file() and path.read_bytes() == data):  # a run that was broken off wrote it
            return
        make_folder(path.parent)
        with replace_file(path, refuse_standing) as draft:
            draft.write_bytes(data)

    def _note(self, read: Read, entries: Sequence[Entry]) -> None:
        every = [*([replace(read.fetched, mail=read.sha256)] if read.fetched else []), *entries]
        if every and not self._dry_run:
            self._journal.note(every)


def _nearest(attachment: Attachment, outer: Envelope) -> Envelope:
    """Return the mail that a file lay in; it is dated as it came where it has no date, or a later one."""
    inner = attachment.forwarded[-1] if attachment.forwarded else outer
    later = bool(outer.date) and not "" < inner.date <= outer.date
    return replace(inner, date=outer.date) if later else inner


def _file_name(name: str, envelope: Envelope, digest: str) -> str:
    """Return what a file is called in the inbox, its ending whole."""
    stem, dot, ending = file_stem(name).rpartition(".")
    room = _LONGEST_NAME - len((dot + ending).encode())
    fitting = stem.encode()[:room].decode("utf-8", "ignore") + dot + ending
    return stamp(fitting, envelope.date, digest)


def _entries(taken: Taken) -> list[Entry]:
    """Return what is noted of a mail."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    told = taken.envelope
    message = Message(
        sha256=taken.sha256,
        message_id=told.message_id,
        sender=told.sender,
        date=told.date,
        subject=told.subject,
        kind=str(taken.kind),
        code=taken.code,
        bounced=" ".join(taken.bounced),
        problem=" ".join(one.reason for one in taken.problems),
        source=taken.source,
        time=now,
    )
    return [message, *(_make_entry(taken.sha256, one, now) for one in taken.files)]


def _make_entry(mail: str, one: Filed, now: str) -> Collected:
    return Collected(
        mail=mail,
        message_id=one.envelope.message_id,
        sender=one.envelope.sender,
        date=one.envelope.date,
        subject=one.envelope.subject,
        code=one.code,
        file=one.file,
        name=one.name,
        sha256=one.sha256,
        time=now,
    )
