"""Tell which site a file is from that came by mail; what is in it, the merge looks at."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import PurePath

from gwxl.batch.file_names import Commonplace
from gwxl.batch.mentions import Mentions
from gwxl.campaign.roster.sites import Roster, Site
from gwxl.form.definition import Form
from gwxl.mail.mail import Attachment, Envelope

_SCANS = frozenset({".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif", ".heic", ".doc", ".docx"})
"""What comes with a workbook, and is none."""

Evidence = AbstractSet[str] | None
"""The codes of the sites that something may mean, none where it contradicts itself; None where it says nothing."""


def reply_to(answers: Iterable[str], sent: Mapping[str, str]) -> str:
    """Return the code of the site whose mail is answered, the nearest first; empty where none of ours is.

    Args:
        answers: message ids that a mail answers.
        sent: message id of each mail of ours, without brackets → code of its site.
    """
    return next((sent[one] for one in answers if one in sent), "")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a file belongs.

    Attributes:
        code: of its site, empty where that is not known. stranger: nobody sent it whom the roster names for the site.
        silent: nothing says whose it is.
    """

    code: str
    stranger: bool = False
    silent: bool = False


class Filing:
    """An index of the sites of a roster by all that a mail may say of one."""

    def __init__(self, form: Form, roster: Roster, sent: Mapping[str, str]) -> None:
        """Take the form, whose own words mean no site, the roster, and message id → code of what was sent."""
        self._sites = roster.by_code
        self._sent = sent
        self._mentions = Mentions(Commonplace(form))
        self._addresses: dict[str, list[Site]] = {}
        for site in roster.sites:
            self._mentions.add(site.code, site.code, iter([site.name]))
            for address in site.mail:
                self._addresses.setdefault(address.lower(), []).append(site)

    def places(self, attachments: Sequence[Attachment], outer: Envelope) -> Iterator[Place]:
        """Yield where each file of a mail belongs; a scan of which nothing says that, where the others beside it do."""
        places = [self.place(one, outer) for one in attachments]
        for scan, place in zip(attachments, places, strict=True):
            pairs = zip(attachments, places, strict=True)
            beside = {other for one, other in pairs if other.code and one.forwarded == scan.forwarded}
            alone = beside if place.silent and PurePath(scan.name).suffix.lower() in _SCANS else frozenset()
            yield next(iter(alone)) if len(alone) == 1 else place

    def place(self, attachment: Attachment, outer: Envelope) -> Place:
        """Return where a file belongs: by its name, then by the mail it lay in: what it answers, subject, sender.

        Of a mail that forwards another the subject alone says whose file it is: who forwards answers for many.
        """
        inner = attachment.forwarded[::-1]
        nearest = inner[0] if inner else outer
        told = [self._mentions.of(attachment.name), *self._collect_evidence(nearest)]
        told += [self._mentions.of(one.subject) for one in [*inner, outer] if one is not nearest]
        code = _first(told)
        senders = {one.sender for one in (*inner, outer)}
        stranger = bool(code) and self._contacts(code).isdisjoint(senders)
        return Place(code=code, stranger=stranger, silent=all(one is None for one in told))

    def sender(self, envelope: Envelope) -> str:
        """Return the code of the site that a mail is from, empty where that is not known."""
        return _first(self._collect_evidence(envelope))

    def is_ours(self, envelope: Envelope) -> bool:
        """Tell whether a mail is one of ours."""
        return envelope.message_id in self._sent

    def at(self, address: str) -> tuple[Site, ...]:
        """Return the sites whose mails go to an address."""
        return tuple(self._addresses.get(address.lower(), ()))

    def _collect_evidence(self, envelope: Envelope) -> list[Evidence]:
        answered = reply_to(envelope.answers, self._sent)
        owners = {site.code for site in self.at(envelope.sender)}
        return [{answered} if answered else None, self._mentions.of(envelope.subject), owners or None]

    def _contacts(self, code: str) -> AbstractSet[str]:
        """Return the addresses of a site, and of those above it."""
        return {address.lower() for site in self._above(code) for address in site.mail}

    def _above(self, code: str) -> Iterator[Site]:
        seen: set[str] = set()
        while code in self._sites and code not in seen:
            seen.add(code)
            yield self._sites[code]
            code = self._sites[code].parent


def _first(told: Iterable[Evidence]) -> str:
    """Return the one code that the first evidence means; empty where it means several, or there is none."""
    found = next((one for one in told if one is not None), frozenset[str]())
    return next(iter(found)) if len(found) == 1 else ""
