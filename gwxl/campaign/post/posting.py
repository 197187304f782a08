"""What the journal says of messages that were given to the post, and how it says it before and after."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from gwxl.campaign.journal import Entry, Journal
from gwxl.campaign.post.message import Message
from gwxl.errors import OutputError
from gwxl.wording import each

_ONE = ("kind", "code", "round", "attempt", "state")
"""What tells one entry from every other."""


class State(StrEnum):
    """What became of a message; one that is ``sending`` when its run has ended may have arrived or not."""

    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    BOUNCED = "bounced"


@dataclass(frozen=True, kw_only=True)
class Posting(Entry):
    """A step of a message; the last one of a message is its state.

    Attributes:
        kind, code, round: tell the message (:class:`gwxl.campaign.post.message.Message`).
        attempt: the how manieth time it was given to the server. state: one of :class:`State`.
        mail: whom it went to, divided by ``;``. file: its draft. message_id: by which a bounce names it.
        reply: what the server said. time: ISO 8601, in UTC.
    """

    kind: str
    code: str
    round: int
    attempt: int
    state: str
    mail: str
    file: str
    message_id: str
    reply: str
    time: str


class Ledger:
    """What became of the messages of a campaign, as its journal says; what it is told goes into the journal at once."""

    def __init__(self, journal: Journal) -> None:
        """Read the journal.

        Raises:
            SettingsError: it cannot be used.
        """
        self._journal = journal
        self._last: dict[tuple[str, str, int], Posting] = {}
        self._begun: Counter[date] = Counter()
        self.newest: Posting | None = None
        for entry in journal.entries(Posting):
            self._take(entry)

    def last(self, message: Message) -> Posting | None:
        """Return the last step of a message, None where it was never given to a server."""
        return self._last.get(message.key)

    def count_begun(self, day: date) -> int:
        """Return how many messages were given to the server on a day of this machine's calendar."""
        return self._begun[day]

    def begin(self, message: Message, message_id: str) -> None:
        """Note that a message is about to be sent.

        Raises:
            OutputError: another process has noted so meanwhile.
            SettingsError: the journal cannot be used.
        """
        last = self.last(message)
        entry = _entry(message, State.SENDING, attempt=last.attempt + 1 if last else 1, message_id=message_id)
        if not self._journal.claim(entry, _ONE):
            raise OutputError(busy(entry))
        self._take(entry)

    def end(self, message: Message, state: State, reply: str = "") -> None:
        """Note what became of a message.

        Raises:
            SettingsError: the journal cannot be used.
        """
        last = self.last(message)
        if last and last.state == State.SENDING:
            entry = replace(last, state=state, reply=reply, time=_now())
        else:
            entry = _entry(message, state, attempt=last.attempt + 1 if last else 1, reply=reply)
        self._journal.note([entry])
        self._take(entry)

    def _take(self, entry: Posting) -> None:
        self._last[entry.kind, entry.code, entry.round] = self.newest = entry
        if entry.state == State.SENDING:
            self._begun[datetime.fromisoformat(entry.time).astimezone().date()] += 1


def busy(newest: Posting | None) -> Mapping[str, str]:
    """Return what is said while another process sends, with its last step: language → text."""
    if newest is None:
        return each("post.busy")
    time = datetime.fromisoformat(newest.time).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    return each("post.busy_with", code=newest.code, time=time)


def _entry(message: Message, state: State, **values: Any) -> Posting:
    whose: dict[str, Any] = {"kind": message.kind, "code": message.code, "round": message.round}
    known: dict[str, Any] = {"mail": "; ".join(message.to), "file": message.draft.name if message.draft else ""}
    return Posting(**whose, **known, state=state, time=_now(), **{"message_id": "", "reply": "", **values})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
