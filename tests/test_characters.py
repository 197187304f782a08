"""One table of what prints as nothing: reader, rules, formulas and stored values take the same for nothing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any
from unicodedata import category

import openpyxl
import pytest

from gwxl import characters
from gwxl.characters import (
    CONTROLS,
    DIGIT_SPACES,
    DIRECTIONS,
    FILLERS,
    FORMULA_NOTHING,
    FORMULA_SPACES,
    JOINERS,
    ROW_SPACES,
    SPACES,
    STYLES,
    TAGS,
    ZERO_WIDTH,
    is_blank,
    is_blank_char,
    trim,
)
from gwxl.form import kinds
from gwxl.form.identity import issue_identity
from gwxl.form.layout import LIVE_SHEET, lay_out
from gwxl.intake import check_file
from gwxl.live.helper_cells import CellClass
from gwxl.live.sheet import At
from gwxl.records.cell import column_letters
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.rules.document import plain
from gwxl.rules.reporting import read_explanation
from gwxl.terms import Terms
from tests.support.clients import gnumeric as office
from tests.support.clients.libreoffice import LibreOffice
from tests.support.sources import ROOT
from tests.support.submissions import GOOD, good_submission, report_form, report_rules
from tests.support.written import write_template

FORMULAS = FORMULA_SPACES + FORMULA_NOTHING
WRITTEN = FORMULAS.replace("\r", "")
"""Gnumeric does not read how a file writes a carriage return."""
NAMED = ("\u3164", "\u200c", "\u2800", "\u00ad")
"""What once settled a verify."""

BLANKS = (
    *(made for char in WRITTEN for made in (char, char * 2, f" {char}\u3000{char}\u00a0")),
    *(made for pair in combinations(NAMED, 2) for made in ("".join(pair), " ".join(pair) * 2)),
    "".join(NAMED) + "\u3000\u00a0 ",
    WRITTEN,
)


# The groups


@pytest.mark.parametrize("name", ["CONTROLS", "SPACES", "FILLERS", "JOINERS", "STYLES", "ZERO_WIDTH", "DIRECTIONS"])
def test_every_character_of_a_group_is_blank(name: str) -> None:
    """To the reader each of them, and each but the controls to a formula, is nothing."""
    group = getattr(characters, name)
    assert [f"{ord(char):x}" for char in group if not is_blank_char(char)] == []
    assert name == "CONTROLS" or set(group) - set(FORMULAS) <= {" "}


def test_no_two_groups_share_a_character() -> None:
    """Each stands in the table once."""
    groups = CONTROLS + SPACES + FILLERS + JOINERS + STYLES + ZERO_WIDTH + DIRECTIONS + TAGS
    assert len(set(groups)) == len(groups)
    assert set(ROW_SPACES) | set(DIGIT_SPACES) <= set(SPACES)


def test_what_the_reader_knows_beyond_the_groups_prints() -> None:
    """All blanks of Unicode are in the table; the format characters that are not belong to scripts, and print."""
    known = set(CONTROLS + SPACES + FILLERS + JOINERS + STYLES + ZERO_WIDTH + DIRECTIONS + TAGS)
    others = [char for char in map(chr, range(0x110000)) if is_blank_char(char) and char not in known]
    assert {category(char) for char in others} == {"Cf", "Cs"}
    assert [char for char in others if category(char) == "Cf" and "\u2000" <= char <= "\uffff"] == []


def test_no_other_module_lists_them() -> None:
    """What is blank is asked of the table; others name the ends of lines, and what a row shows that is not started."""
    escape = re.compile(r"\\u(?:00a0|00ad|115f|1160|180e|2800|200[0-9a-f]|202[0-9a-f]|20[56][0-9a-f]|3000|3164|feff)")
    found = {
        str(path.relative_to(ROOT)): escape.findall(path.read_text("utf-8").lower())
        for path in (ROOT / "gwxl").rglob("*.py")
        if path.name != "characters.py"
    }
    assert {path: listed for path, listed in found.items() if listed} == {
        "gwxl/files/declarations.py": [r"\u2028", r"\u2029"],
        "gwxl/inert.py": [r"\u2028", r"\u2029"],
        "gwxl/live/tables/rows.py": [r"\u00a0"],
    }


# The rules


@pytest.mark.parametrize("blank", [*NAMED, "".join(NAMED)])
def test_rules_see_words_without_them(blank: str) -> None:
    """Around a word they go, as a whole there is no word, and two of them explain nothing."""
    assert plain(f"{blank} 无\u3000{blank}") == plain(f"'{blank}无") == "无"
    assert plain(blank) == trim(blank) == ""
    assert is_blank(f"{blank}'{blank}")
    assert read_explanation(blank * 2) is read_explanation(f"{blank}说{blank}") is None
    assert read_explanation(f"{blank}说明{blank}") == "说明"


@pytest.mark.parametrize("blank", [*NAMED, "".join(NAMED)])
def test_an_explanation_of_blanks_settles_nothing(blank: str) -> None:
    """A verify stays open, whatever invisible characters stand beside it."""
    submission = good_submission(report_form(), messages_received=400)
    (found,) = report_rules().judge(replace(submission, explanations={FormPath("messages_resolved"): blank * 2}))
    assert (found.id, found.settled, found.explanation, found.open) == ("B13", False, None, True)


# All four


def make(
    path: Path,
    answers: Mapping[str, Any] | Mapping[FormPath, Any],
    explanations: Mapping[str, str] | Mapping[FormPath, str],
) -> Path:
    """Write the report filled in."""
    rules = report_rules()
    identity = issue_identity(rules.form, period=Period(2026))
    write_template(rules, path, identity=identity, answers=answers, explanations=explanations)
    return path


def receive(path: Path) -> Receipt:
    """Return what the checker makes of a file."""
    (receipt,) = check_file(path, path.name, Terms(report_rules()))
    return receipt


class Sheets:
    """What each program says the live sheet holds: the stored values, LibreOffice and Gnumeric."""

    def __init__(self, office_suite: LibreOffice, path: Path) -> None:
        """Have the formulas of a workbook calculated anew."""
        stored = openpyxl.load_workbook(path, data_only=True)[LIVE_SHEET]
        other = office.recalculate(path, path.with_suffix(".gnumeric.xlsx"))
        with office_suite.open(path) as document:
            document.recalculate()
            area = f"A1:{column_letters(At.STATE + 10)}{stored.max_row}"
            self._libreoffice = document.values(LIVE_SHEET, area)
        self._books = {"stored": stored, "gnumeric": openpyxl.load_workbook(other, data_only=True)[LIVE_SHEET]}

    def at(self, row: int, column: int) -> Mapping[str, Any]:
        """Return program → value of a cell, an empty text for a blank."""
        values = {name: sheet.cell(row, column).value for name, sheet in self._books.items()}
        values["libreoffice"] = self._libreoffice[row - 1][column - 1]
        return {name: "" if value is None else value for name, value in values.items()}


def same(value: object) -> Mapping[str, object]:
    """Return program → value where all say the same."""
    return dict.fromkeys(("stored", "gnumeric", "libreoffice"), value)


def rows() -> Sequence[tuple[int, FormPath]]:
    """Return the row on the live sheet and the path of each input of the report."""
    layout = lay_out(report_form())
    asked = [row for row in layout.rows if row.about in layout.checks]
    return [(number, row.path) for number, row in enumerate(asked, 1) if row.path]


def batches(cases: Sequence[str]) -> Iterator[dict[int, tuple[FormPath, str]]]:
    """Yield row on the live sheet → path and case, until every case had a row."""
    places = rows()
    for start in range(0, len(cases), len(places)):
        part = cases[start : start + len(places)]
        yield {number: (path, case) for (number, path), case in zip(places, part, strict=False)}


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
@pytest.mark.usefixtures("gnumeric")
def test_all_four_take_them_for_nothing(soffice: LibreOffice, tmp_path: Path) -> None:
    """Alone, doubled, mixed and with blanks they are no answer and no explanation, to checker and sheet."""
    for part in batches(BLANKS):
        texts = dict(part.values())
        path = make(tmp_path / "blank.xlsx", texts, texts)
        submission = receive(path).submission
        assert submission is not None
        sheets = Sheets(soffice, path)
        for number, (key, case) in part.items():
            assert submission.answers[key].value is None, ascii(case)
            assert read_explanation(submission.explanations.get(key, "")) is None, ascii(case)
            assert sheets.at(number, At.CLASS) == same(CellClass.BLANK), ascii(case)
            assert sheets.at(number, At.SAID) == same(0), ascii(case)
        path.unlink()


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
@pytest.mark.usefixtures("gnumeric")
def test_all_four_see_an_answer_through_them(soffice: LibreOffice, tmp_path: Path) -> None:
    """Around an answer they go, and two letters among them explain."""
    form = report_form()
    for part in batches([f"{char} {{}} {char}{char}" for char in WRITTEN]):
        words = {path: "是" if form.question_at(path).kind is kinds.YES_NO else "示例" for path, _ in part.values()}
        texts = {path: case.format(words[path]) for path, case in part.values()}
        path = make(tmp_path / "around.xlsx", texts, {path: case.format("甲乙") for path, case in part.values()})
        submission = receive(path).submission
        assert submission is not None
        sheets = Sheets(soffice, path)
        for number, (key, case) in part.items():
            answer = submission.answers[key]
            read = {kinds.YES_NO: True, kinds.TEXT: "示例"}.get(form.question_at(key).kind)
            assert read is None or answer.value == read, ascii(case)
            assert submission.explanations[key] == "甲乙", ascii(case)
            assert sheets.at(number, At.PLAIN) == same(words[key]), ascii(case)
            assert sheets.at(number, At.SAID) == same(1), ascii(case)
        path.unlink()


def test_the_sheet_asks_on_where_an_explanation_is_blank(soffice: LibreOffice, tmp_path: Path) -> None:
    """The row of a verify says 核实, not 已说明, and the checker agrees about the file that was saved."""
    blanks = [made for char in NAMED for made in (char, char * 2)]
    blanks += ["".join(NAMED), f" {NAMED[0]}\u3000{NAMED[3]}\u00a0"]
    layout = lay_out(report_form())
    beside, check = layout.explanations[FormPath("messages_resolved")], layout.checks[FormPath("messages_received")]
    with soffice.open(make(tmp_path / "a.xlsx", {**GOOD, "messages_received": 400}, {})) as document:
        for words in blanks:
            document.fill(layout.sheet, {beside.address: words})
            document.recalculate()
            shown = document.read(layout.sheet, check.address)["text"]
            found = {one.id: one.settled for one in receive(document.save(tmp_path / "b.xlsx")).findings}
            assert (shown, found["B13"]) == ("! 核实 办结留言一般不超过收到留言 B13", False), ascii(words)
        document.fill(layout.sheet, {beside.address: "\u3164结转\u00ad"})
        document.recalculate()
        assert document.read(layout.sheet, check.address)["text"] == "✓ 已说明 B13"
        found = {one.id: one.settled for one in receive(document.save(tmp_path / "b.xlsx")).findings}
        assert found["B13"] is True
