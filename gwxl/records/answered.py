"""What a return is known by once it was sent back: how the workbook names it that answers it, and a digest of that."""

import hashlib

from gwxl.records.submission import Answered, Source

_SHEET, _DIGEST = 16, 16  # hex digits that tell a few sheets, or the returns of a campaign, apart


def name_answered(source: Source) -> Answered:
    """Return how the workbook that answers a return names it; what is written there holds no text of a filler."""
    title = _digest(source.sheet or "", _SHEET)
    return Answered(sha256=source.sha256, sheet=title)


def digest_answered(source: Source) -> str:
    """Return a digest of a file and its form sheet; of one that was not read at all, of its name and size."""
    return digest_of(name_answered(source) if source.sha256 else Answered(sha256=f"{source.name}/{source.size}"))


def digest_of(answered: Answered) -> str:
    """Return a digest of a return that a workbook names."""
    return _digest(f"{answered.sha256}/{answered.sheet}", _DIGEST)


def _digest(words: str, length: int) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:length]
