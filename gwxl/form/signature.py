"""Sign what a workbook says of itself with a campaign's key, and tell whether a signature is the campaign's own.

Signed are the identity of a workbook and, in one that is sent back, its round; never the answers. Signed is also the
digest of what a summary hands to the next level.
"""

import codecs
import hmac
import json
import math
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from gwxl.errors import SettingsError
from gwxl.records.period import Span
from gwxl.records.submission import Identity, Round
from gwxl.wording import each
from gwxl.wording.system import system_words

SIGNED = ("form", "edition", "year", "site_code", "fingerprint")
"""The parts of an identity that are signed, in the order they are."""

LEAST_BYTES = 32
_MOST_BYTES = 4_096
_LEAST_DISTINCT = 8
_LEAST_BITS = 60  # of the block a key repeats; 32 hex digits at random have about 115
_HASH = "sha256"
_ID_LENGTH = 8
_DIVIDER = "-"
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class Standing(StrEnum):
    """What a signature is worth to a campaign.

    ``unsigned`` and ``other``, another campaign's, prove nothing either way; ``refuted``: made with this
    campaign's key, and for another identity.
    """

    GENUINE = "genuine"
    UNSIGNED = "unsigned"
    OTHER = "other"
    REFUTED = "refuted"


@dataclass(frozen=True, kw_only=True)
class CampaignKey:
    """The secret of one campaign; it is never shown.

    A signature is the key's id, ``-``, and the HMAC-SHA256 (RFC 2104) of the signed parts as a JSON list, in hex.

    Attributes:
        secret: its bytes.
    """

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Return eight hex digits that tell one campaign's signatures from another's, and nothing of the secret."""
        return self._digest("campaign")[:_ID_LENGTH]

    def sign(self, identity: Identity) -> Identity:
        """Return the identity with its signature."""
        return replace(identity, signature=self._signature(*_identity_parts(identity)))

    def judge_identity(self, identity: Identity) -> Standing:
        """Tell what the signature of an identity is worth."""
        return self._judge(identity.signature, self._signature(*_identity_parts(identity)))

    def sign_round(self, sent: Round) -> Round:
        """Return the round with its signature."""
        return replace(sent, signature=self._signature(*_round_parts(sent)))

    def judge_round(self, sent: Round) -> Standing:
        """Tell what the signature of a round is worth."""
        return self._judge(sent.signature, self._signature(*_round_parts(sent)))

    def sign_digest(self, digest: str) -> str:
        """Return the signature of what a summary hands to the next level."""
        return self._signature("level", digest)

    def digest_standing(self, found: str | None, digest: str) -> Standing:
        """Tell what such a signature is worth."""
        return self._judge(found, self._signature("level", digest))

    def _judge(self, found: str | None, expected: str) -> Standing:
        if not found:
            return Standing.UNSIGNED
        if hmac.compare_digest(found.encode(), expected.encode()):
            return Standing.GENUINE
        # Either half alone shows that the signature was ours before somebody changed it, if only what stands between.
        ours = found.startswith(self.id) or found.endswith(expected.partition(_DIVIDER)[2])
        return Standing.REFUTED if ours else Standing.OTHER

    def _signature(self, *parts: object) -> str:
        return f"{self.id}{_DIVIDER}{self._digest(*parts)}"

    def _digest(self, *parts: object) -> str:
        message = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
        return hmac.new(self.secret, message.encode("ascii"), _HASH).hexdigest()


def _identity_parts(identity: Identity) -> tuple[object, ...]:
    # What is called the year is the period, and one that is a year is signed as the number it was before others were.
    period = identity.period.year if identity.period.span is Span.YEAR else str(identity.period)
    return tuple(period if name == "year" else getattr(identity, name) for name in SIGNED)


def _round_parts(sent: Round) -> tuple[object, ...]:
    answers = [[one.sha256, one.sheet] for one in sent.answers]
    return "round", sent.number, sent.site, answers, sent.contents, sent.faults


def read_key(path: Path) -> CampaignKey:
    """Read a campaign's key from a file: its bytes, without blanks, line ends and byte order mark around them.

    Raises:
        SettingsError: the file cannot be read, holds less than 32 bytes or more than 4,096, or bytes that are easily
            guessed.
    """
    try:
        with path.open("rb") as file:
            secret = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise SettingsError(each("failure.key_unreadable", path=path, reason=system_words(error))) from error
    plain = _plain(secret).strip()
    if not (len(plain) >= LEAST_BYTES and len(secret) <= _MOST_BYTES):
        raise SettingsError(each("failure.key_size", path=path, least=LEAST_BYTES, most=_MOST_BYTES))
    if is_weak(plain):
        raise SettingsError(each("failure.key_weak", path=path))
    return CampaignKey(secret=plain)


def is_weak(secret: bytes) -> bool:
    """Tell whether a key is none that was drawn at random: few different bytes, or a short block again and again."""
    period = next(size for size in range(1, len(secret) + 1) if secret.startswith(secret[size:]))
    counts = Counter(secret[:period])
    bits = -sum(count * math.log2(count / period) for count in counts.values())
    return len(counts) < _LEAST_DISTINCT or bits < _LEAST_BITS


def _plain(secret: bytes) -> bytes:
    """Return a key that a Windows program saved as text as the bytes it was made of."""
    for mark, encoding in _MARKS.items():
        if secret.startswith(mark):
            return secret.decode(encoding, "replace").encode("utf-8")
    return secret
