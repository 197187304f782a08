"""What one hostile case is: files made into a folder, and what has to become of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gwxl.intake import check_file
from gwxl.receipt import Receipt
from gwxl.rules.ruleset import RuleSet
from gwxl.submission import Status
from tests.workbooks import unzipped, zipped

YEAR = 2026
FORM_SHEET, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"

Build = Callable[[Path, bytes], None]
"""Make the files of a case in an empty folder out of a good return."""

Parts = dict[str, bytes | str]


@dataclass(frozen=True, kw_only=True)
class Case:
    """Hold one case.

    Attributes:
        name: what is done, as the table calls it. group: the heading it stands under.
        build: makes the files.
        outcome: what becomes of each file: a refusal's id, ``read right``, or ``read, `` and ids of findings.
    """

    group: str
    name: str
    build: Build
    outcome: str


def one(data: Callable[[bytes], bytes], name: str = "return.xlsx") -> Build:
    """Return the build of a single file, its bytes made from those of a good return."""

    def build(folder: Path, base: bytes) -> None:
        (folder / name).write_bytes(data(base))

    return build


def parts(change: Callable[[dict[str, bytes]], Mapping[str, bytes | str]], *, method: int = 8) -> Build:
    """Return the build of a return with parts replaced or added; ``method`` 0 stores, 8 deflates."""
    return one(lambda base: zipped({**(contents := unzipped(base)), **change(contents)}, method))


def edited(part: str, old: str, new: str, *, method: int = 8) -> Build:
    """Return the build of a return with one text of a part replaced, which has to be there."""

    def change(contents: dict[str, bytes]) -> Mapping[str, bytes | str]:
        text = contents[part].decode("utf-8")
        assert old in text, f"{old!r} is not in {part}"
        return {part: text.replace(old, new, 1)}

    return parts(change, method=method)


def receipts(folder: Path, forms: RuleSet) -> tuple[Receipt, ...]:
    """Return what intake makes of every entry of a folder."""
    entries = sorted(folder.iterdir())
    return tuple(receipt for path in entries for receipt in check_file(path, path.name, [forms], year=YEAR))


def outcome(found: tuple[Receipt, ...], good: Receipt) -> str:
    """Return what became of files, each different fate once."""
    return "; ".join(sorted({_fate(receipt, good) for receipt in found}))


def _fate(receipt: Receipt, good: Receipt) -> str:
    if receipt.status is Status.REFUSED:
        return receipt.findings[0].id
    if receipt.submission is None or good.submission is None:
        return receipt.status
    ids = sorted({finding.id for finding in receipt.findings})
    right = receipt.submission.values == good.submission.values and not receipt.submission.changes
    told = f", {' '.join(ids)}" if ids else ""
    held = "held, " if receipt.status is Status.HELD else ""
    return f"{held}{'read right' if right else 'read'}{told}"
