"""What came in, as far as it says whose it is and what became of it."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from gwxl.records.submission import Source

ACCEPTED = frozenset({"passed", "errors", "verify"})
IGNORED = "ignored"
GONE = frozenset({"superseded", IGNORED})
"""States of what stands for nobody: another return does, or it is no return."""
STATES = ACCEPTED | GONE | {"held", "rejected", "refused"}

_WORDS = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A file or return that came in.

    Attributes:
        source: the file, member and sheet. state: what became of it, a key below ``summary.state.``.
        code: of the site as the return says, or as a clerk corrected it. issued: of the site its workbook was issued
            to. Each is empty where it is not known.
        entry: its number in the list of files.
        clerks: it counts, and all that is open about it compares it with others, which is no filler's to mend.
    """

    source: Source
    state: str
    code: str = ""
    issued: str = ""
    entry: str = ""
    clerks: bool = False

    @property
    def accepted(self) -> bool:
        """Tell whether it counts."""
        return self.state in ACCEPTED

    @property
    def names_another(self) -> bool:
        """Tell whether it was sent in under another code than its workbook was issued to, and nobody has settled it."""
        apart = bool(self.code and self.issued) and self.code.casefold() != self.issued.casefold()
        return apart and not self.accepted

    def whose(self, codes: Collection[str]) -> str:
        """Return the code of the site it is of, folded, among some folded ones; empty where it is of none of them.

        What counts is of the site it names. Of what does not count that is less sure than the site the workbook was
        issued to, and a file that says nothing may lie in the site's folder or bear its code in its name.
        """
        said = (self.code,) if self.accepted else (self.issued, self.code)
        found = next((folded for one in said if (folded := one.casefold()) in codes), "")
        return found if found or any(said) else self._find_named(codes)

    def _find_named(self, codes: Collection[str]) -> str:
        words = {word.casefold() for word in _WORDS.findall(f"{self.source.file}/{self.source.member or ''}")}
        found = [word for word in words if word in codes]
        return found[0] if len(found) == 1 else ""
