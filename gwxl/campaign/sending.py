"""Mail prepared messages, each at most once, as fast and on the days that the settings say; a later run goes on."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import make_msgid
from enum import StrEnum
from functools import partial

from gwxl.campaign.journal import Journal
from gwxl.campaign.post.connection import Answer, Connection, Stage
from gwxl.campaign.post.message import Letter, Message, read_letter
from gwxl.campaign.post.posting import Ledger, Posting, State, busy
from gwxl.campaign.post.replies import Verdict, ends_connection, explain_reply, is_unwanted, judge
from gwxl.campaign.settings import Campaign
from gwxl.errors import CampaignError, SettingsError
from gwxl.files.folder_lock import wait_for_others
from gwxl.files.outputs import make_folder
from gwxl.wording import LANGUAGES, each

Progress = Callable[[int, int], None]

# In the time that one message takes by the settings, so that a slow sender is a patient one.
_BEFORE_PASSES = (0, 40, 80)
_BEFORE_CONNECTIONS = (0, 1, 2, 4, 8, 16)
_LONGEST_PAUSE = 300.0  # seconds
_MOST_UNANSWERED = 3  # in a row: what a server does to each message, it would do to all of them
_MINUTE = 60.0
_AN_HOUR = timedelta(hours=1)


class Fate(StrEnum):
    """What became of a message: in this run, or in an earlier one (EARLIER, REFUSED, UNKNOWN, BOUNCED)."""

    SENT = "sent"
    EARLIER = "sent_before"
    WAITING = "waiting"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    BOUNCED = "bounced"
    FAULTY = "faulty"


_SETTLED = {
    State.SENT: Fate.EARLIER,
    State.SENDING: Fate.UNKNOWN,
    State.REFUSED: Fate.REFUSED,
    State.BOUNCED: Fate.BOUNCED,
}
"""What is not given to a server again."""
_WAITING = frozenset({Fate.WAITING, Fate.DEFERRED})


@dataclass(frozen=True, kw_only=True)
class Posted:
    """One message and what became of it.

    Attributes:
        why: what the server said, or what is wrong with the draft, language → text; empty where there is nothing.
    """

    message: Message
    fate: Fate
    why: Mapping[str, str]

    @property
    def done(self) -> bool:
        """Tell whether nobody has to do anything about it."""
        return self.fate in {Fate.SENT, Fate.EARLIER} and not self.why


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What became of messages.

    Attributes:
        posted: each of them, in their order.
        halt: why the run ended before all were tried, language → text; None where it did not.
        resumes: when it may go on, None where nothing waits.
        plan: the days on which what waits may go, and how many on each.
    """

    posted: tuple[Posted, ...]
    halt: Mapping[str, str] | None = None
    resumes: datetime | None = None
    plan: tuple[tuple[date, int], ...] = ()

    def of(self, *fates: Fate) -> tuple[Posted, ...]:
        """Return those with a fate."""
        return tuple(one for one in self.posted if one.fate in fates)


def send_messages(
    campaign: Campaign,
    messages: Sequence[Message],
    *,
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Sending:
    """Mail messages that lie prepared, each at most once, whatever breaks a run off.

    One that was being handed over when a run ended is not sent again. What is refused for now is tried again, in this
    run and in later ones, those that were never tried first.

    Args:
        campaign: its server, sender, journal.
        messages: of any kind.
        dry_run: send nothing.
        progress: called with (messages settled, messages to be sent).

    Raises:
        SettingsError: no server can be used as it is set, or the journal cannot.
        OutputError: another process is sending.
    """
    campaign.service.refuse_unfit(campaign.sender)
    ledger = Ledger(Journal(campaign.folder))
    if dry_run:
        return _Run(campaign, ledger, messages, progress).preview()
    code = campaign.service.code()
    make_folder(campaign.outbox)
    with wait_for_others(campaign.outbox, busy(ledger.newest), patience=0):
        run = _Run(campaign, Ledger(Journal(campaign.folder)), messages, progress)
        return run.send(Connection(campaign.service, campaign.service.user or campaign.sender, code))


class _Run:
    """One run over messages."""

    def __init__(self, campaign: Campaign, ledger: Ledger, messages: Sequence[Message], progress: Progress) -> None:
        self._office, self._sender, self._calendar = campaign.office, campaign.sender, campaign.service.calendar
        self._interval = _MINUTE / campaign.service.per_minute
        self._ledger, self._messages, self._progress = ledger, messages, progress
        self._turn, self._done, self._unanswered = time.monotonic(), 0, 0
        self._halt: Mapping[str, str] | None = None
        self._enough = timedelta()
        self._posted: dict[tuple[str, str, int], Posted] = {}
        for message in messages:
            last = ledger.last(message)
            fate = _SETTLED.get(State(last.state), Fate.DEFERRED) if last else Fate.WAITING
            self._note(message, fate, _tell_last(last) if last and fate is not Fate.EARLIER else {})
        untried = [message for message in messages if ledger.last(message) is None]
        self._pending = untried + [one.message for one in self._posted.values() if one.fate is Fate.DEFERRED]

    def preview(self) -> Sending:
        """Return what would be sent, and when."""
        for message in self._pending:
            if message.draft is not None:
                self._letter(message)
        return self._result()

    def send(self, connection: Connection) -> Sending:
        """Send what may be sent now, and return what became of it."""
        todo = self._pending
        try:
            if todo and self._is_time():
                connection.open()
            for pause in _BEFORE_PASSES:
                if todo and self._halt is None:
                    self._sleep(pause)
                    todo = [message for message in todo if not self._is_settled(connection, message)]
        finally:
            connection.close()
        return self._result()

    def _result(self) -> Sending:
        posted = tuple(self._posted[message.key] for message in self._messages)
        now, gone = self._now()
        waiting = sum(one.fate in _WAITING for one in posted)
        return Sending(
            posted=posted,
            halt=self._halt,
            resumes=self._calendar.resumes(now + self._enough, gone) if waiting else None,
            plan=tuple(self._calendar.plan(waiting, now + self._enough, gone)),
        )

    def _note(self, message: Message, fate: Fate, why: Mapping[str, str]) -> None:
        self._posted[message.key] = Posted(message=message, fate=fate, why=why)

    def _now(self) -> tuple[datetime, int]:
        """Return the time here, and how many messages went today."""
        now = datetime.now(UTC).astimezone()
        return now, self._ledger.count_begun(now.date())

    def _is_time(self) -> bool:
        """Tell whether one more may go now, and end the run where none may."""
        now, gone = self._now()
        if not self._calendar.room(now, gone):
            self._halt = each("post.over", count=gone)
        return self._halt is None

    def _is_settled(self, connection: Connection, message: Message) -> bool:
        """Send a message, and tell whether this run has nothing more to do about it."""
        if self._halt is not None or not self._is_time():
            return False
        letter = self._letter(message)
        answer = self._hand_over(connection, message, letter) if letter else None
        settled = letter is None or (answer is not None and self._is_judged(connection, message, answer))
        if settled:
            self._done += 1
            self._progress(self._done, len(self._pending))
        return settled

    def _letter(self, message: Message) -> Letter | None:
        """Return the draft of a message; what is wrong with it is what became of the message."""
        try:
            return read_letter(message, self._sender, self._office)
        except CampaignError as error:
            self._note(message, Fate.FAULTY, {language: error.line(language) for language in LANGUAGES})
            return None

    def _hand_over(self, connection: Connection, message: Message, letter: Letter) -> Answer | None:
        """Return what the server says of a message, None where it cannot be reached any more, which ends the run."""
        why: Mapping[str, str] = {}
        for pause in _BEFORE_CONNECTIONS:
            self._sleep(pause)
            try:
                connection.open()
            except SettingsError as error:
                why = {language: error.line(language) for language in LANGUAGES}
                continue
            time.sleep(max(0.0, self._turn - time.monotonic()))
            message_id = make_msgid(domain=self._sender.rpartition("@")[2])
            data, begin = letter.data(message_id, self._now()[0]), partial(self._ledger.begin, message, message_id)
            answer = connection.deliver(self._sender, message.to, data, begin)
            self._turn = time.monotonic() + self._interval
            if answer.code or answer.stage is Stage.BODY:
                return answer
            why = explain_reply(answer.reply)
            if answer.stage is Stage.DATA:  # which was not answered: the message itself was not begun
                self._ledger.end(message, State.DEFERRED, answer.reply)
        self._halt = each("post.lost", reason=why)
        return None

    def _is_judged(self, connection: Connection, message: Message, answer: Answer) -> bool:
        """Note what an answer means, and tell whether it is the last word of this run."""
        self._unanswered = 0 if answer.code else self._unanswered + 1
        if answer.taken:
            self._ledger.end(message, State.SENT, "; ".join(answer.left_out.values()))
            self._note(message, Fate.SENT, _tell_left_out(message, answer))
            return True
        if not answer.code:
            why = explain_reply(answer.reply)
            self._note(message, Fate.UNKNOWN, why)
            if self._unanswered == _MOST_UNANSWERED:
                self._halt = each("post.unanswered", count=_MOST_UNANSWERED, reason=why)
            return True
        verdict = judge(answer.code, answer.reply)
        if verdict is Verdict.NEVER and answer.stage is Stage.SENDER:
            self._halt = each("post.sender_refused", sender=self._sender, reply=answer.reply)
            return False
        never = verdict is Verdict.NEVER
        self._ledger.end(message, State.REFUSED if never else State.DEFERRED, answer.reply)
        self._note(message, Fate.REFUSED if never else Fate.DEFERRED, explain_reply(answer.reply))
        if verdict is Verdict.ENOUGH:
            key = "post.unwanted" if is_unwanted(answer.reply) else "post.enough"
            self._halt, self._enough = each(key, reply=answer.reply), _AN_HOUR
        elif ends_connection(answer.code, answer.reply):
            connection.close()
        return never

    def _sleep(self, messages: int) -> None:
        """Wait for as long as some messages take."""
        time.sleep(min(messages * self._interval, _LONGEST_PAUSE))


def _tell_left_out(message: Message, answer: Answer) -> Mapping[str, str]:
    said = {address: explain_reply(reply) for address, reply in answer.left_out.items()}
    told = {one: "; ".join(f"{address}: {words[one]}" for address, words in said.items()) for one in LANGUAGES}
    return each("post.left_out", told=told, place=message.place) if said else {}


def _tell_last(last: Posting) -> Mapping[str, str]:
    """Return why a message is where an earlier run left it; of a bounce its subject."""
    if last.state == State.BOUNCED:
        return each("post.bounced", subject=last.reply) if last.reply else {}
    return explain_reply(last.reply)
