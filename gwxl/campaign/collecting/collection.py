"""What became of the mails that were collected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gwxl.campaign.collecting.entries import REFUSED
from gwxl.campaign.roster.sites import Site
from gwxl.errors import RefusedError
from gwxl.mail.mail import Envelope, Kind


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A file that was put into the inbox.

    Attributes:
        name: as its sender called it. file: its path below the inbox. sha256: hex digest of its bytes.
        code: of its site, empty where that is not known. envelope: of the mail it lay in.
        again: the same bytes of this site lay there already. stranger: nobody sent it whom the roster names for it.
    """

    name: str
    file: str
    sha256: str
    code: str
    envelope: Envelope
    again: bool
    stranger: bool


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a mail.

    Attributes:
        source: where it was read. sha256: hex digest of its bytes, empty where they could not be had.
        envelope: what its headers say. kind: of :class:`gwxl.mail.mail.Kind`, ``own`` or ``refused``.
        code: the site it is from, empty where that is not known. files: what it brought.
        bounced: address → the sites whose mails go there. links: services at which its files lie instead.
        problems: why it, or something in it, was not read.
    """

    source: str
    sha256: str = ""
    envelope: Envelope = field(default_factory=Envelope)
    kind: str
    code: str = ""
    files: tuple[Filed, ...] = ()
    bounced: Mapping[str, tuple[Site, ...]] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    problems: tuple[RefusedError, ...] = ()

    @property
    def acted(self) -> bool:
        """Tell whether somebody has to do something about it."""
        return bool(self.problems or self.links or self.kind == Kind.BOUNCE)


@dataclass(frozen=True, kw_only=True)
class Collection:
    """What was collected, or would be.

    Attributes:
        inbox: the folder. taken: the mails that had not been seen, as they were read. known: how many had.
    """

    inbox: Path
    taken: tuple[Taken, ...]
    known: int

    @property
    def mails(self) -> int:
        """Return how many mails were read."""
        return sum(1 for one in self.taken if one.kind != REFUSED)

    @property
    def files(self) -> tuple[Filed, ...]:
        """Return the files that were put into the inbox."""
        return tuple(file for one in self.taken for file in one.files if not file.again)

    @property
    def acted(self) -> tuple[Taken, ...]:
        """Return the mails about which somebody has to do something."""
        return tuple(one for one in self.taken if one.acted)
