"""What one hostile case is: files made into a folder, and what has to become of them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from gwxl.form.identity import issue_identity
from gwxl.form.layout import lay_out
from gwxl.intake import check_file
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status, Unread
from gwxl.rules.available_forms import load
from gwxl.rules.ruleset import RuleSet
from gwxl.terms import Terms
from tests.support.clients.typed import draw
from tests.support.workbooks import unzip, zip_parts
from tests.support.written import write_template

YEAR = 2026
LAYOUT = lay_out(load("website_annual_report").form)
NAME, KIND, VISITORS, WATCHED = (
    LAYOUT.cells[FormPath.parse(key)].address
    for key in ("site_name", "site_type", "site_unique_visitors", "has_security_monitoring")
)
TICK = LAYOUT.cells[FormPath.parse("innovations.other")].address
FORM_SHEET, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"

_SIGNAL = re.compile("[LTW][0-9]{2}")
"""What the reader notices; what the form's own rules say of an answer is no matter here."""

Build = Callable[[Path, bytes], None]
"""Make the files of a case in an empty folder out of a good return."""

Parts = dict[str, bytes | str]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case.

    Attributes:
        name: what is done, as the table calls it. group: the heading it stands under.
        build: makes the files.
        outcome: what becomes of each file: a refusal's id, ``read right``, or ``read`` where the case typed another
            answer; why an answer cannot be read, and what the reader noticed, follow.
        answers: path → value that has to be read. fate: what tells what became of the files, where they are no returns.
    """

    group: str
    name: str
    build: Build
    outcome: str
    answers: Mapping[str, object] = field(default_factory=dict)
    fate: Callable[[Path], str] | None = None


def make_good(folder: Path) -> bytes:
    """Return a filled return that breaks no rule, written into a folder."""
    form, path = load("website_annual_report"), folder / "return.xlsx"
    identity = issue_identity(form.form, period=Period(YEAR))
    write_template(form, path, identity=identity, answers=draw(form.form, 3).values)
    return path.read_bytes()


def one(data: Callable[[bytes], bytes], name: str = "return.xlsx") -> Build:
    """Return the build of a single file, its bytes made from those of a good return."""

    def build(folder: Path, base: bytes) -> None:
        (folder / name).write_bytes(data(base))

    return build


def parts(change: Callable[[dict[str, bytes]], Mapping[str, bytes | str]], *, method: int = 8) -> Build:
    """Return the build of a return with parts replaced or added; ``method`` 0 stores, 8 deflates."""
    return one(lambda base: zip_parts({**(contents := unzip(base)), **change(contents)}, method))


def edit(part: str, old: str, new: str, *, method: int = 8) -> Build:
    """Return the build of a return with one text of a part replaced, which has to be there."""

    def change(contents: dict[str, bytes]) -> Mapping[str, bytes | str]:
        text = contents[part].decode("utf-8")
        assert old in text, f"{old!r} is not in {part}"
        return {part: text.replace(old, new, 1)}

    return parts(change, method=method)


def type_value(address: str, text: str, sheet: str, kind: str = "str") -> str:
    """Return the XML of a sheet with another value stored in one of its cells."""
    return _replace_cell(address, f"<v>{escape(text)}</v>", sheet, kind)


def _replace_cell(address: str, inside: str, sheet: str, kind: str) -> str:
    cell = re.compile(rf'<c r="{address}"( s="\d+")(?:[^>]*/>|[^>]*>.*?</c>)')
    assert cell.search(sheet), address
    return cell.sub(lambda match: f'<c r="{address}"{match[1]} t="{kind}">{inside}</c>', sheet)


def add_inside(address: str, xml: str) -> Build:
    """Return the build of a return with something more in one cell of its form sheet, before what stands there."""

    def change(kept: dict[str, bytes]) -> Mapping[str, bytes | str]:
        cell = re.compile(rf'<c r="{address}"[^>]*[^/]>')
        sheet = kept[FORM_SHEET].decode()
        assert cell.search(sheet), address
        return {FORM_SHEET: cell.sub(lambda match: match[0] + xml, sheet)}

    return parts(change)


def replace_inside(address: str, inside: str, kind: str) -> Build:
    """Return the build of a return with other elements inside one cell of its form sheet."""
    return parts(lambda kept: {FORM_SHEET: _replace_cell(address, inside, kept[FORM_SHEET].decode(), kind)})


def retype(address: str, text: str, kind: str = "str") -> Build:
    """Return the build of a return with something else in one cell of its form sheet."""
    return parts(lambda kept: {FORM_SHEET: type_value(address, text, kept[FORM_SHEET].decode(), kind)})


def receipts(folder: Path, forms: RuleSet) -> tuple[Receipt, ...]:
    """Return what intake makes of every entry of a folder."""
    entries = sorted(folder.iterdir())
    return tuple(
        receipt for path in entries for receipt in check_file(path, path.name, Terms(forms, period=Period(YEAR)))
    )


def outcome(found: tuple[Receipt, ...], good: Receipt) -> str:
    """Return what became of files, each different fate once."""
    return "; ".join(sorted({_fate(receipt, good) for receipt in found}))


def _fate(receipt: Receipt, good: Receipt) -> str:
    if receipt.status is Status.REFUSED:
        return receipt.findings[0].id
    if receipt.submission is None or good.submission is None:
        return receipt.status
    ids = sorted({finding.id for finding in receipt.findings if _SIGNAL.fullmatch(finding.id)})
    answers = receipt.submission.answers.values()
    unread = sorted({answer.value.kind for answer in answers if isinstance(answer.value, Unread)})
    right = receipt.submission.values == good.submission.values and not receipt.submission.changes
    held = ["held"] if receipt.status is Status.HELD else []
    return ", ".join([*held, "read right" if right else "read", *unread, *ids])
