"""Know which mail of ours a bounce is about, and note that it did not arrive."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from gwxl.campaign.mail_address import split_addresses
from gwxl.campaign.post.posting import Posting, State
from gwxl.mail.mail import Mail


def index_sent_mails(postings: Sequence[Posting]) -> Mapping[str, str]:
    """Return message id, without brackets, of each mail that was given to a server → code of its site."""
    return {_plain(one.message_id): one.code for one in postings if one.message_id}


def find_bounced(mail: Mail, postings: Collection[Posting]) -> Iterator[Posting]:
    """Yield that messages of ours did not arrive: those that came back, else those that went to the addresses named.

    Where a message went to several addresses, all of them have to be named: it reached somebody otherwise. What was
    sent once more since then is not meant.

    Args:
        mail: a bounce.
        postings: the last step of each message.
    """
    lost = set(mail.bounced)
    meant = [one for one in postings if one.state == State.SENT and _addresses(one) and _addresses(one) <= lost]
    back = [one for one in meant if _plain(one.message_id) in mail.returned]
    for one in back or [one for one in meant if mail.envelope.date >= one.time]:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        yield replace(one, state=State.BOUNCED, reply=mail.envelope.subject, time=now)


def _addresses(posting: Posting) -> set[str]:
    return {address.lower() for address in split_addresses(posting.mail)}


def _plain(message_id: str) -> str:
    return message_id.strip().strip("<>")
