"""Read mails from wherever they are kept, each within its limits in a worker process."""

import posixpath
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

from gwxl.batch.files import Found, is_leftover, list_files
from gwxl.campaign.collecting.entries import Fetched
from gwxl.engines.engine import run
from gwxl.errors import RefusedError, SettingsError
from gwxl.inert import inert_line
from gwxl.mail.imap import Numbered, Server, fetch_new
from gwxl.mail.mail import Mail
from gwxl.mail.reading import read_mail
from gwxl.mail.sources import Original, holds_several, mails_in, open_original
from gwxl.wording import each

_BATCH, _BATCH_BYTES = 200, 64 << 20  # mails of a server that are read together

DEADLINE = 30.0  # seconds of processor time that a mail may take; an honest one takes some hundredths

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Read:
    """A mail that was read, or why it was not.

    Attributes:
        source: where it is kept. sha256: hex digest of its bytes, empty where they could not be had.
        mail: None where it was not read: it is refused, or was seen before.
        fetched: what a server knows it by.
    """

    source: str
    sha256: str = ""
    mail: Mail | None = None
    refusal: RefusedError | None = None
    fetched: Fetched | None = None


def read_paths(paths: Sequence[Path], seen: Collection[str], progress: Progress) -> Iterator[Read]:
    """Yield every mail that files and folders hold, and every file that is none.

    Args:
        paths: single mails, mailboxes, archives; a folder stands for every file below it.
        seen: sha256 of mails that need not be read.
        progress: called with (mails done, mails in all).

    Raises:
        SettingsError: a folder cannot be read, or nothing lies there.
    """
    found = [one for path in paths for one in _find_files(path)]
    if not found:
        raise SettingsError(each("collect.nothing", place=" ".join(map(str, paths))))
    places = [*_places(found)]
    results = read_originals([one for one in places if isinstance(one, Original)], seen)
    for done, one in enumerate(places, 1):
        if isinstance(one, Read):
            yield one
        else:
            yield from next(results)
        progress(done, len(places))


def _places(found: Sequence[Found]) -> Iterator[Original | Read]:
    """Yield where each mail lies, and why a file holds none; what holds several is looked into by a worker."""
    looked = [_look_at(one) for one in found]
    several = [one.original for one in looked if isinstance(one, _Several)]
    opened = run(_open, several, _refuse_archive, deadline=DEADLINE)
    for one in looked:
        if isinstance(one, _Several):
            yield from (place for places in next(opened) for place in places)
        else:
            yield one


@dataclass(frozen=True)
class _Several:
    """A file that may hold several mails."""

    original: Original


def _look_at(one: Found) -> Original | Read | _Several:
    original = Original(path=one.path, name=one.name)
    try:
        if one.refusal is not None:
            raise one.refusal
        return _Several(original) if holds_several(one.path) else original
    except RefusedError as error:
        return Read(source=one.name, refusal=error)


def _open(original: Original) -> tuple[Original | Read, ...]:
    try:
        return tuple(one for one in mails_in(original) if not (one.member and is_leftover(one.member)))
    except MemoryError:
        raise  # the worker's limit, which ends it
    except RefusedError as error:
        return _refuse_archive(original, error)
    except Exception as error:  # noqa: BLE001 - as below
        return _refuse_archive(original, _make_refusal(error))


def _refuse_archive(original: Original, refusal: RefusedError) -> tuple[Original | Read, ...]:
    return (Read(source=original.name, refusal=refusal),)


def _find_files(path: Path) -> Iterator[Found]:
    """Yield a file that is named, or those of a folder: what programs leave there, and a server's own, are no mails."""
    if not path.is_dir():
        yield Found(path=path, name=str(path))
        return
    for one in list_files(path):
        if not one.leftover and not _is_of_the_server(one.path):
            yield replace(one, name=posixpath.join(path.as_posix(), one.name))


def read_originals(originals: Sequence[Original], seen: Collection[str]) -> Iterator[tuple[Read, ...]]:
    """Yield what became of each mail."""
    return run(partial(_read, seen=frozenset(seen)), originals, _refuse, deadline=DEADLINE)


def read_server(
    server: Server, known: Collection[Fetched], seen: Collection[str], spool: Path, progress: Progress
) -> Iterator[Read]:
    """Yield every mail of a server that was not fetched before.

    Args:
        server: where, and who asks.
        known: what was fetched before, of any server.
        seen: sha256 of mails that need not be read.
        spool: a folder in which they lie until they are read.
        progress: called with (mails done, mails in all).

    Raises:
        SettingsError: the server cannot be reached, or lets nobody in.
    """
    numbers = {(one.validity, one.uid) for one in known if one.mailbox == server.name}
    for batch in _batches(fetch_new(server, numbers)):
        originals = [_spool(server, one, spool) for one in batch if one.data is not None]
        results = read_originals(originals, seen)
        for one in batch:
            fetched = Fetched(mailbox=server.name, validity=one.validity, uid=one.uid, mail="")
            if one.data is None:
                yield Read(source=_source(server, one), refusal=one.refusal, fetched=fetched)
            else:
                yield from (replace(read, fetched=fetched) for read in next(results))
            progress(one.number, one.of)
        for original in originals:
            original.path.unlink()


def _batches(mails: Iterator[Numbered]) -> Iterator[list[Numbered]]:
    """Yield mails in batches that fit into memory."""
    batch: list[Numbered] = []
    for one in mails:
        batch.append(one)
        if len(batch) == _BATCH or sum(len(other.data or b"") for other in batch) >= _BATCH_BYTES:
            yield batch
            batch = []
    if batch:
        yield batch


def _source(server: Server, one: Numbered) -> str:
    return f"{server.name};UIDVALIDITY={one.validity};UID={one.uid}"


def _spool(server: Server, one: Numbered, spool: Path) -> Original:
    """Put a mail where a worker can read it."""
    data = one.data or b""
    path = spool / f"{one.uid}.eml"
    path.write_bytes(data)
    return Original(path=path, name=_source(server, one), end=len(data))


def _read(original: Original, *, seen: frozenset[str]) -> Read:
    digest = ""
    try:
        data = open_original(original)
        digest = sha256(data).hexdigest()
        mail = None if digest in seen else read_mail(data)
    except MemoryError:
        raise  # the worker's limit, which ends it
    except RefusedError as error:
        return Read(source=original.name, sha256=digest, refusal=error)
    except Exception as error:  # noqa: BLE001 - the last net: no mail may stop the others, and none may vanish
        return Read(source=original.name, sha256=digest, refusal=_make_refusal(error))
    return Read(source=original.name, sha256=digest, mail=mail)


def _make_refusal(error: Exception) -> RefusedError:
    return RefusedError("mail_unexpected", error=f"{type(error).__name__}: {inert_line(str(error), 80)}")


_OF_WORKERS = {"too_slow": "mail_slow", "too_hungry": "mail_hungry", "reader_died": "mail_died"}
"""Why a worker gave up → what is said of a mail."""


def _refuse(original: Original, refusal: RefusedError) -> Read:
    """Return that a mail was not read to its end; its bytes alone cost nothing."""
    digest = ""
    with suppress(RefusedError):
        digest = sha256(open_original(original)).hexdigest()
    told = RefusedError(_OF_WORKERS.get(refusal.reason, refusal.reason), **refusal.details)
    return Read(source=original.name, sha256=digest, refusal=told)


def _is_of_the_server(path: Path) -> bool:
    """Tell whether a file lies in a Maildir and is no mail: the server's own, or one that is still arriving."""
    return path.parent.name not in {"cur", "new"} and (
        _is_maildir(path.parent) or (path.parent.name == "tmp" and _is_maildir(path.parent.parent))
    )


@cache
def _is_maildir(folder: Path) -> bool:
    return (folder / "cur").is_dir() and (folder / "new").is_dir()
