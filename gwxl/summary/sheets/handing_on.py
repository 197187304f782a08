"""The sheet that nobody sees, of what a summary hands to the next level: text in pieces, its digest and signature."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from hashlib import sha256

from gwxl.form.signature import CampaignKey
from gwxl.summary.page import Page, Put
from gwxl.summary.sheets.lists import KEY_ROW

FIRST_ROW = KEY_ROW + 1
LEVEL, DIGEST, SIGNATURE = "#level", "#digest", "#signature"

_PIECE = 30_000
_MARK = "."  # in front of each piece: none begins as a formula or a number does


def write_level(page: Page, data: bytes, key: CampaignKey | None) -> None:
    """Write the sheet and hide it so that no program offers to show it."""
    digest = digest_of(data)
    page.line(Put(page.say("level.title"), "key"))
    page.line(Put(LEVEL, "key"), Put(DIGEST, "key"), Put(SIGNATURE, "key"))
    for row, piece in enumerate(_pieces(data)):
        beside = [Put(digest, "key"), Put(key.sign_digest(digest) if key else None, "key")] if row == 0 else []
        page.line(Put(piece, "key"), *beside)
    page.sheet.very_hidden()


def _pieces(data: bytes) -> Iterable[str]:
    words = b64encode(data).decode("ascii")
    return (_MARK + words[start : start + _PIECE] for start in range(0, len(words), _PIECE))


def join_pieces(pieces: Iterable[str]) -> bytes:
    """Return what stands in pieces.

    Raises:
        ValueError: it is none of ours.
    """
    return b64decode("".join(piece.removeprefix(_MARK) for piece in pieces), validate=True)


def digest_of(data: bytes) -> str:
    """Return the digest of what is handed on."""
    return sha256(data).hexdigest()
