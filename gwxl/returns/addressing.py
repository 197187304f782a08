"""Know whom a return goes back to: by what it says of its sender, or by the name of a file that cannot be read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from gwxl.batch.batch import ACCEPTED, site_code
from gwxl.batch.file_names import UNKNOWN, Commonplace, drop_stamp
from gwxl.batch.owners import Owners
from gwxl.batch.senders import fold_words
from gwxl.form.definition import Form
from gwxl.form.layout import lay_out
from gwxl.inert import inert_line
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.returns.output_names import fit_name, stem_of, strip_round
from gwxl.rules.patterns import match_whole
from gwxl.rules.ruleset import RuleSet
from gwxl.wording import text

_CODE = 64  # characters of a code in a name
_TEXTS = frozenset({"docx", "image"})
_NO_TABLES = frozenset({".doc", ".docx", ".docm", ".rtf", ".wps", ".ppt", ".pptx", ".dps"})
_NO_TABLES |= {".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic"}
_WORDS = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """The one something goes back to, each part empty where it is unknown.

    Attributes:
        code, name: of the site, as the return says or its workbook was issued. unit: who filled it in.
        base: what files that go to it are called, without the round.
    """

    code: str = ""
    name: str = ""
    unit: str = ""
    base: str

    def words(self, language: str) -> str:
        """Return whom a letter is addressed to: the unit, and its site; empty where neither is known."""
        if self.unit and self.name and self.unit != self.name:
            return text("review.to", language, unit=self.unit, name=self.name)
        return self.unit or self.name


def addressee_of(form: Form, receipt: Receipt, names: Mapping[str, str] | None = None) -> Addressee:
    """Return whom a return that was read goes back to.

    Args:
        form: the form it is of.
        receipt: the return.
        names: code of a site → its name in the workbook that was issued to it; what does not count is of no other one.
    """
    roles, submission = form.roles, receipt.submission
    name, unit = (inert_line(submission.text_of(key)) if submission and key else "" for key in (roles.name, roles.unit))
    own = (names or {}).get(find_issued(receipt), "") if receipt.status not in ACCEPTED else ""
    if own and fold_words(own) != fold_words(name):
        name, unit = own, ""
    code = inert_line(_code_of(form, receipt), _CODE)
    parts = [part for part in (code, name or (unit if not code else "")) if part]
    base = fit_name("-".join(parts)) if parts else strip_round(stem_of(receipt.source))
    return Addressee(code=code, name=name, unit=unit, base=base)


def find_issued(receipt: Receipt) -> str:
    """Return the code of the site that the workbook of a return was issued to, empty where it was to none."""
    return (receipt.submission.identity.site_code or "") if receipt.submission else ""


def _code_of(form: Form, receipt: Receipt) -> str:
    """Return whose return it is; of one that does not count, the site its workbook was issued to comes first."""
    issued, said = find_issued(receipt), site_code(form, receipt)
    return said if receipt.status in ACCEPTED or not issued else issued


def _is_no_table(receipt: Receipt) -> bool:
    """Tell whether a file is a text, slides or a picture, by its content or by its name."""
    name = receipt.source.member or receipt.source.file
    return PurePosixPath(name).suffix.lower() in _NO_TABLES or any(one.id in _TEXTS for one in receipt.findings)


class Unread:
    """The files that could not be read, and whom to ask for another one.

    Args:
        rules: of the form they should have been.
        receipts: all that was read; who has sent a workbook needs no blank one for what came beside it.
        places: the folders that were read; their own names say nothing.
        names: code of a site → its name in the workbook that was issued to it.
    """

    def __init__(
        self,
        rules: RuleSet,
        receipts: Sequence[Receipt],
        places: Sequence[str],
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._form = rules.form
        known = [*(names or {}).values(), rules.form.title, lay_out(rules.form).sheet]
        self._known = tuple(fold_words(one) for one in known if one)
        self._owners = Owners(rules.form, receipts)
        self._commonplace = Commonplace(rules.form)
        self._places = sorted((f"{place.rstrip('/')}/" for place in places), key=len, reverse=True)
        code = rules.form.roles.code
        self._code = str(rules.cells.at(Path(code)).limits.get("regex", "")) if code else ""

    def workbook_of(self, receipt: Receipt) -> Receipt | None:
        """Return a workbook that came from the same sender, None where none is known."""
        owner = self._owners.owner(receipt.source)
        return owner if owner is not receipt else None

    def addressee(self, receipt: Receipt) -> Addressee | None:
        """Return whom a file came from: whom the blank was issued to, else as file or folder are called.

        A text, slides or a picture are called after what they tell: its own name counts with a known one in it.
        """
        issued = find_issued(receipt)
        *folders, stem = self._steps(receipt)
        idle = _is_no_table(receipt) and not any(one in fold_words(stem) for one in self._known)
        for words in (stem, *reversed(folders)):
            code = self._code_in(words) or issued
            speaks = not self._commonplace.says_nothing(words) and not (idle and words is stem)
            if code or speaks:
                name = inert_line(words) if speaks else ""
                inside = code and code in name
                base = fit_name("-".join(filter(None, ("" if inside else code, name))))
                return Addressee(code=code, name="" if inside else name, base=base)
        return None

    def _steps(self, receipt: Receipt) -> list[str]:
        """Return the folders and archive a file came in, from the inbox down, and its own name without the ending."""
        file = receipt.source.file.replace("\\", "/")
        root = next((place for place in self._places if file.startswith(place)), "")
        inside = PurePosixPath(file.removeprefix(root))
        *folders, name = [step for step in inside.parts if step not in {"/", ".", ".."}] or [""]
        folders = folders[folders[:1] == [UNKNOWN] :]
        steps = folders if root or not self._places else []  # where a file lies that was named by itself says nothing
        if receipt.source.member:
            *within, last = receipt.source.member.replace("\\", "/").split("/")
            return [*steps, drop_stamp(PurePosixPath(name).stem), *within, PurePosixPath(last).stem]
        return [*steps, strip_round(stem_of(receipt.source))]

    def _code_in(self, words: str) -> str:
        """Return the one code in a name, empty where there is none or several."""
        if not self._code:
            return ""
        found = {part for part in _WORDS.findall(words) if match_whole(self._code, part)}
        return found.pop() if len(found) == 1 else ""
