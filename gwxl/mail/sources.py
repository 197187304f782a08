"""Where mails are kept: single files, mailboxes (mbox), archives (zip); each mail is read from there by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from gwxl.containers.limits import Limits
from gwxl.containers.zips import Package, Sliceable
from gwxl.errors import RefusedError
from gwxl.mail.mail import LIMITS
from gwxl.mail.reading import OLE
from gwxl.spreadsheets.admission.door import parts_of

_BLOCK = 4 << 20
_ZIP = b"PK\3\4"
# A mailbox may hold lines that begin so in a text: what follows has to be a header.
_FROM = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{1,300}\r?\n(?=[!-9;-~]{1,80}:)")
_LONGEST_FROM = 500
_HEADER = re.compile(rb"(?:[!-9;-~]{1,80}:[^\r\n]{0,20000}\r?\n|[ \t][^\r\n]{0,20000}\r?\n)")
_NAMES = re.compile(
    rb"^(?:from|to|subject|date|received|message-id|mime-version|return-path|x-[a-z\-]{1,40}|content-type):",
    re.IGNORECASE | re.MULTILINE,
)
_BEGINNING = 4_000
_MEGABYTE = 1 << 20
_BOX = Limits(file_bytes=8 << 30)  # a mailbox is read mail by mail
_ARCHIVE = Limits(
    file_bytes=256 * _MEGABYTE,  # it is held in memory while its mails are read
    parts=20_000,
    part_bytes=LIMITS.mail_bytes,
    total_bytes=4 << 30,
)


@dataclass(frozen=True, kw_only=True)
class Original:
    """Where one mail, or several, are kept.

    Attributes:
        path: the file. name: as it is called when it is spoken of.
        start, end: of a mail in a mailbox. member: of one in an archive.
    """

    path: Path
    name: str
    start: int = 0
    end: int | None = None
    member: str | None = None


def holds_several(path: Path) -> bool:
    """Tell whether a file may hold several mails: an archive or a mailbox.

    Raises:
        RefusedError: it cannot be read.
    """
    with parts_of(path, _BOX) as data:
        return data[: len(_ZIP)] == _ZIP or _FROM.match(data[:_BEGINNING]) is not None


def mails_in(original: Original) -> tuple[Original, ...]:
    """Return where each mail of an archive or a mailbox lies.

    Raises:
        RefusedError: ``mail_none``: it holds none; ``mail_archive``; or it cannot be read.
    """
    with parts_of(original.path, _BOX) as data:
        if data[: len(_ZIP)] != _ZIP:
            return tuple(_of_mailbox(original, data))
    return _of_archive(original)


def open_original(original: Original) -> bytes:
    """Return the bytes of a mail.

    Raises:
        RefusedError: ``mail_none``: it is none; ``mail_large``; or it cannot be read.
    """
    if original.member is not None:
        return _archive(original.path).read(original.member)
    with parts_of(original.path, _BOX) as data:
        if original.end is not None:
            return _slice(data, original.start, original.end)
        begins = data[:_BEGINNING]
        if not (begins.startswith(OLE) or looks_like_mail(begins)):
            raise RefusedError("mail_none")
        return _slice(data, 0, len(data))


def looks_like_mail(begins: bytes) -> bool:
    """Tell whether bytes begin as the headers of a mail do."""
    found = _HEADER.match(begins.removeprefix(b"\xef\xbb\xbf"))
    return found is not None and bool(_NAMES.search(begins.removeprefix(b"\xef\xbb\xbf")))


def _slice(data: Sliceable, start: int, end: int) -> bytes:
    if end - start > LIMITS.mail_bytes:
        raise RefusedError("mail_large", limit=LIMITS.mail_bytes >> 20)
    return data[start:end]


class _Archive:
    """The files of an archive."""

    def __init__(self, path: Path) -> None:
        with parts_of(path, _BOX) as data:
            if len(data) > _ARCHIVE.file_bytes:
                raise RefusedError("mail_archive", limit=_ARCHIVE.file_bytes // _MEGABYTE)
            self._package = Package(data[:], _ARCHIVE)
        self.files = self._package.files

    def read(self, stored: str) -> bytes:
        """Return the bytes of a mail."""
        found = self._package.unpack(self.files[stored])
        if not (found.startswith(OLE) or looks_like_mail(found[:_BEGINNING])):
            raise RefusedError("mail_none")
        return found


@lru_cache(maxsize=1)  # its mails come one after the other: it is read once
def _open(path: Path, size: int, changed: int) -> _Archive:
    del size, changed  # by which an archive is known for the same
    return _Archive(path)


def _archive(path: Path) -> _Archive:
    status = path.lstat()
    return _open(path, status.st_size, status.st_mtime_ns)


def _of_archive(original: Original) -> tuple[Original, ...]:
    """Return the members of an archive; a workbook is an archive too, and none that holds mails."""
    files = _archive(original.path).files
    if not files or "[Content_Types].xml" in files or "mimetype" in files:
        raise RefusedError("mail_none")
    return tuple(
        replace(original, name=f"{original.name}/{same[0].name}", member=stored) for stored, same in files.items()
    )


def _of_mailbox(original: Original, data: Sliceable) -> Iterator[Original]:
    """Yield the mails of a mailbox, each from behind its line ``From `` to the next one."""
    starts = [*_starts(data)]
    ends = [before for before, _ in starts[1:]] + [len(data)]
    for number, ((_, start), end) in enumerate(zip(starts, ends, strict=True), 1):
        yield replace(original, name=f"{original.name}#{number}", start=start, end=end)


def _starts(data: Sliceable) -> Iterator[tuple[int, int]]:
    """Yield where each line ``From `` begins and ends."""
    reached = 0
    for at in range(0, len(data), _BLOCK):
        first = max(0, at - _LONGEST_FROM)
        for found in _FROM.finditer(data[first : at + _BLOCK + _LONGEST_FROM]):
            start = first + found.start()
            if start >= reached and (start == 0 or found.start() > 0):
                reached = first + found.end()
                yield start, reached
