"""Keep what was read of a file, and what the rules made of it, under the digests of all that either hangs on.

Three records a part: what it answers, on what grounds it is judged, and the verdict. The first two hang on the bytes,
the form and the program; the third on the rules, the key and the period as well. So no bytes are read twice, and once a
rule has changed they are judged again from what is kept. What was locked with a password is never kept.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gwxl.intake.checking import Member
from gwxl.intake.judging import judge_reading, pass_verdict, still_holds, verdict_of
from gwxl.records.codec import coder
from gwxl.records.reading import Grounds, Reading, Verdict
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Submission
from gwxl.store.fingerprint import digest_of, program_digest
from gwxl.store.store import Store
from gwxl.terms import Terms

_LARGEST = 64 << 20  # bytes of a record unpacked


@dataclass(frozen=True, kw_only=True)
class Part:
    """A file, or one member of a zip: ``sha256`` is that of the file, or of the zip the member is in."""

    sha256: str
    name: str
    member: str | None = None


@dataclass(frozen=True, kw_only=True)
class Packed:
    """The records of one part; no grounds and no verdict where its receipt hangs on no rule."""

    part: Part
    said: bytes
    grounds: bytes = b""
    verdict: bytes = b""


def pack_members(part: Part, names: Sequence[str]) -> Packed:
    """Return the record of a zip."""
    return Packed(part=part, said=_pack({"members": names}))


def pack_part(part: Part, read: Sequence[Reading | Receipt], receipts: Sequence[Receipt], terms: Terms) -> Packed:
    """Return the records of what was read of a part, and of its receipts."""
    readings = [one for one in read if isinstance(one, Reading)]
    if len(readings) < len(read):
        return Packed(part=part, said=_pack({"receipts": [_RECEIPT.pack(one) for one in receipts]}))
    judged = zip(readings, receipts, strict=True)
    verdicts = [_VERDICT.pack(verdict_of(reading, receipt, terms)) for reading, receipt in judged]
    return Packed(
        part=part,
        said=_pack({"answers": [_SUBMISSION.pack(one.submission) for one in readings]}),
        grounds=_pack([_GROUNDS.pack(one.grounds) for one in readings]),
        verdict=_pack(verdicts),
    )


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is kept of a part and can be judged: sent to another process, its records go along."""

    part: Part
    said: bytes
    grounds: bytes

    def judge(self, terms: Terms) -> tuple[tuple[Receipt, ...], Packed]:
        """Judge it anew, and return the records with the new verdict."""
        submissions = _name(_unpack(self.said)["answers"], self.part)
        grounds = map(_GROUNDS.unpack, _unpack(self.grounds))
        pairs = zip(submissions, grounds, strict=True)
        readings = [Reading(submission=one, grounds=other) for one, other in pairs]
        receipts = tuple(judge_reading(one, terms) for one in readings)
        verdicts = [_VERDICT.pack(verdict_of(*pair, terms)) for pair in zip(readings, receipts, strict=True)]
        return receipts, Packed(part=self.part, said=b"", verdict=_pack(verdicts))


class Keeper:
    """What a store holds for some terms."""

    def __init__(self, store: Store, terms: Terms) -> None:
        self._store, self._terms = store, terms
        forms = [(one.form, one.cells.blanks) for one in terms.forms]
        self._read_by = digest_of([program_digest(), forms])
        key = terms.key.secret if terms.key else b""
        last = terms.previous
        judged_by = [terms.forms, key, terms.signed, terms.period, last and [last.form, last.period, last.sites]]
        self._judged_by = digest_of([self._read_by, judged_by])
        self._found: tuple[Part, Mapping[str, Any] | None] | None = None
        """What was found last: whoever plans asks of a part more than once."""

    def is_judged(self, part: Part) -> bool:
        """Tell whether all is kept that the receipts of a part are made of, and its verdict is the same today."""
        said = self._find(part)
        if said is None or "answers" not in said:
            return said is not None
        verdict = self._get(self._id(part, "verdict", self._judged_by))
        return verdict is not None and all(still_holds(_VERDICT.unpack(one), self._terms) for one in _unpack(verdict))

    def members(self, part: Part) -> Sequence[Member]:
        """Return what is in a zip that is kept; nothing where the part is none."""
        said = self._find(part) or {}
        return [Member(name=name, archive=part.sha256) for name in said.get("members", ())]

    def receipts(self, part: Part) -> tuple[Receipt, ...] | None:
        """Return the receipts of a part; None where it is not all kept."""
        said = self._find(part)
        if said is None:
            return None
        if "answers" not in said:
            return tuple(map(_RECEIPT.unpack, said["receipts"]))
        verdicts = self._get(self._id(part, "verdict", self._judged_by))
        if verdicts is None:
            return None
        pairs = zip(_name(said["answers"], part), map(_VERDICT.unpack, _unpack(verdicts)), strict=True)
        return tuple(pass_verdict(*pair) for pair in pairs)

    def kept(self, part: Part) -> Kept | None:
        """Return what is kept of a part whose verdict is not; None where it has to be read."""
        said = self._get(self._id(part, "said", self._read_by))
        grounds = self._get(self._id(part, "grounds", self._read_by)) if said is not None else None
        return None if said is None or grounds is None else Kept(part=part, said=said, grounds=grounds)

    def keep(self, packed: Packed) -> None:
        """Keep the records of a part."""
        self._found = None
        named = not packed.verdict and not packed.grounds
        self._put(self._id(packed.part, "said", self._read_by, named=named), packed.said)
        self._put(self._id(packed.part, "grounds", self._read_by), packed.grounds)
        self._put(self._id(packed.part, "verdict", self._judged_by), packed.verdict)

    def _find(self, part: Part) -> Mapping[str, Any] | None:
        if self._found is None or self._found[0] != part:
            records = (self._get(self._id(part, "said", self._read_by, named=named)) for named in (False, True))
            said = next((one for one in records if one is not None), None)
            self._found = part, None if said is None else _unpack(said)
        return self._found[1]

    def _id(self, part: Part, what: str, by: str, *, named: bool = False) -> bytes | None:
        """Return the id of a record; only why a file was refused hangs on its name."""
        name = ascii(part.name) if named else ""
        return self._store.make_id(what, by, part.sha256, ascii(part.member), name)

    def _get(self, id_: bytes | None) -> bytes | None:
        return None if id_ is None else self._store.get(id_)

    def _put(self, id_: bytes | None, data: bytes) -> None:
        if id_ is not None and data:
            self._store.put(id_, data)


_SUBMISSION, _GROUNDS, _VERDICT, _RECEIPT = map(coder, (Submission, Grounds, Verdict, Receipt))


def _pack(value: object) -> bytes:
    """Return a value packed."""
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode("ascii"), 1)


def _unpack(data: bytes) -> Any:
    return json.loads(zlib.decompressobj().decompress(data, _LARGEST))


def _name(packed: Sequence[Any], part: Part) -> list[Submission]:
    """Return submissions as those of the file that is called so now."""
    found = map(_SUBMISSION.unpack, packed)
    return [replace(one, source=replace(one.source, file=part.name, member=part.member)) for one in found]
