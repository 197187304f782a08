"""Older editions of a form: declared beside it, read by their own layout, judged under today's keys."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from gwxl.errors import FormError
from gwxl.form.edition_mapping import Passage, passage
from gwxl.form.identity import issue_identity
from gwxl.form.layout import lay_out
from gwxl.form.loading import load_form
from gwxl.intake import check_file
from gwxl.records.cell import CellRef
from gwxl.records.finding import Severity, Verdict, render_message
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import LeftBehind, Status, Submission, Unread
from gwxl.terms import Terms
from tests.support.editions import NEW_ANSWERS, NEW_FORM, OLD_ANSWERS, OLD_FORM, RENAMED, YEAR, Desk, desk
from tests.support.submissions import make_submission

OLD_SHEET, OLD_TABLE = "填报表", "器材"


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Declare the form once for all that only read."""
    return desk(tmp_path_factory.mktemp("editions"))


@pytest.fixture(scope="module")
def way(clerk: Desk) -> Passage:
    """Return the passage from edition 1 to the current one."""
    form = clerk.rules.form
    return passage(form.older[0], form)


def list_said(receipt: Receipt) -> list[tuple[str, str | None]]:
    """Return id and key of every finding."""
    return [(one.id, one.key) for one in receipt.findings]


def read(receipt: Receipt) -> Submission:
    """Return what was read; something was."""
    assert receipt.submission is not None
    return receipt.submission


def test_a_form_knows_its_older_editions(clerk: Desk) -> None:
    """The older edition is complete, says what was renamed, and does not touch the fingerprint of the current one."""
    form = clerk.rules.form
    (older,) = form.older
    assert (form.edition, form.accepts, older.form.edition) == ("2", ("1",), "1")
    assert older.renamed == (
        ("attendants", "participants"),
        ("visit_kind.flood", "visit_kind.water"),
        ("departments.security", "departments.guards"),
        ("equipment.weight", "equipment.mass"),
        ("contact", "contact_name"),
    )
    assert older.form.fingerprint == clerk.old_rules.form.fingerprint
    assert form.fingerprint == replace(form, older=(), accepts=()).fingerprint
    assert [form.older_edition(name) for name in ("1", "2", "9")] == [older, None, None]


def test_editions_are_ordered_by_their_numbers(tmp_path: Path) -> None:
    """Edition 10 comes after edition 2, and an older file's own word on editions is passed over."""
    clerk = desk(tmp_path, form=NEW_FORM.replace('edition = "2"', 'edition = "11"', 1))
    folder = Path(clerk.form) / "editions"
    for name in ("10", "2"):
        own = OLD_FORM.replace('edition = "1"', f'edition = "{name}"\naccepts = ["nine"]', 1)
        (folder / f"{name}.toml").write_text(own + '\n[renamed.0]\nx = "y"\n', "utf-8")
    form = load_form(Path(clerk.form))
    assert [one.form.edition for one in form.older] == ["1", "2", "10"]
    assert {one.form.accepts for one in form.older} == {()}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("visit_code", "visit_code"),
        ("attendants", "participants"),
        ("leaders", None),
        ("duration", None),
        ("visit_kind.flood", "visit_kind.water"),
        ("visit_kind.storm", None),
        ("departments.security", "departments.guards"),
        ("departments.kitchen", None),
        ("equipment.weight", "equipment.mass"),
        ("equipment[3].weight", "equipment[3].mass"),
        ("equipment[3].item", "equipment[3].item"),
        ("equipment[3].color", None),
        ("contact", "contact_name"),
        ("fax", None),
    ],
)
def test_the_passage_leads_each_path(way: Passage, old: str, new: str | None) -> None:
    """Renamed paths have their new names, dropped ones and those of another kind lead nowhere."""
    assert way.to(FormPath.parse(old)) == new


def test_the_passage_names_what_was_not_asked(way: Passage) -> None:
    """New fields, choices and columns are there, and the field that changed its kind."""
    assert way.not_asked == {"evacuated", "has_plan", "duration", "departments.outside", "equipment.places"}


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("leaders", "gone"),
        ("fax", "gone"),
        ("duration", "kind"),
        ("departments.kitchen", "choice"),
        ("equipment[2].color", "column"),
    ],
)
def test_the_passage_says_why_a_path_ends(way: Passage, path: str, why: str) -> None:
    """Each reason has a word of its own."""
    assert way.why_not(FormPath.parse(path)) == why


@pytest.mark.parametrize(
    ("where", "change", "new", "key", "reason"),
    [
        ("form", 'accepts = ["1"]', 'accepts = ["1", "0"]', "accepts", "'0' has no file in editions/; there are 1"),
        ("form", 'accepts = ["1"]', 'accepts = "1"', "accepts", "must be a list of editions"),
        ("form", 'accepts = ["1"]', "accepts = [1]", "accepts", "must be a list of editions"),
        ("form", 'edition = "2"', 'edition = "1"', "edition", "'1' is the edition of form.toml itself"),
        ("old", 'id = "visit_record"', 'id = "other"', "id", "is 'other', expected 'visit_record'"),
        ("old", 'edition = "1"', 'edition = "0"', "edition", "is '0', expected '1'"),
        ("old", 'language = "zh"', 'language = "en"', "language", "is 'en', expected 'zh'"),
        ("old", 'kind = "decimal"', 'kind = "real"', "hours", "kind 'real' is none of"),
        ("form", "[renamed.1]", "[renamed.0]", "renamed.0", "no such edition in editions/; there are 1"),
        ("bare", "accepts", 'renamed = "x"\naccepts', "renamed", "must hold a table an edition, old key = new key"),
        ("form", "attendants = ", "attendants.x = ", "renamed.1", "a dotted key stands in quotes"),
        ("form", "attendants = ", "attendees = ", "renamed.1.attendees", "edition 1 has no 'attendees'"),
        ("form", '"participants"', '"people"', "renamed.1.attendants", "the current edition has no 'people'"),
        ("form", '"visit_kind.water"', '"visit_kind.sea"', "renamed.1.visit_kind.flood", "has no 'visit_kind.sea'"),
        ("form", "[renamed.1]", '[renamed.1]\nleaders = "participants"', "renamed.1.leaders", "would both become"),
        ("form", "[renamed.1]", '[renamed.1]\nleaders = "has_plan"', "renamed.1.leaders", "are of different kinds"),
        ("form", "[renamed.1]", '[renamed.1]\nleaders = "fax_no"', "renamed.1.leaders", "has no 'fax_no'"),
        ("form", "[renamed.1]", '[renamed.1]\nfax = "visit_code"', "renamed.1.fax", "is no place for it"),
        ("form", "[renamed.1]", '[renamed.1]\nleaders = "equipment.pieces"', "renamed.1.leaders", "is no place for it"),
        (
            "form",
            '"visit_kind.water"',
            '"departments.office"',
            "renamed.1.visit_kind.flood",
            "its field is now 'visit_kind'",
        ),
        (
            "form",
            '"visit_kind.flood" = "visit_kind.water"',
            '"visit_kind.flood" = "visit_kind.fire"',
            "renamed.1.visit_kind.flood",
            "would both become 'visit_kind.fire'; 'visit_kind.fire' keeps its name",
        ),
    ],
)
def test_a_mistake_about_editions_is_refused(  # noqa: PLR0917 - one argument a parameter
    tmp_path: Path, where: str, change: str, new: str, key: str, reason: str
) -> None:
    """The refusal names the file, the key in it and the reason."""
    texts = {"form": NEW_FORM, "old": OLD_FORM, "bare": NEW_FORM.replace(RENAMED, "")}
    assert change in texts[where]
    texts[where] = texts[where].replace(change, new, 1)
    folder = Path(desk(tmp_path, form=texts["form" if where == "old" else where], old=texts["old"]).form)
    with pytest.raises(FormError) as refusal:
        load_form(folder)
    editions = where == "old" or key == "edition"
    assert refusal.value.file == str(folder / ("editions/1.toml" if editions else "form.toml"))
    assert refusal.value.key == key
    assert reason in refusal.value.reason


def test_two_fields_may_change_places(tmp_path: Path) -> None:
    """A key that is renamed away may be taken by another one."""
    swap = '[renamed.1]\nhours = "weight_total"\n'
    form = NEW_FORM.replace('key = "hours"', 'key = "weight_total"').replace("[renamed.1]\n", swap)
    changes = {'key = "duration"': 'key = "hours"', '"历时"\nkind = "count"': '"历时"\nkind = "text"'}
    for was, becomes in changes.items():
        form = form.replace(was, becomes)
    form = form.replace(swap, f'{swap}duration = "hours"\n').replace('unit = "分钟"\naggregate = "sum"\n', "")
    loaded = load_form(Path(desk(tmp_path, form=form).form))
    way = passage(loaded.older[0], loaded)
    assert (way.to(FormPath("hours")), way.to(FormPath("duration"))) == ("weight_total", "hours")


def test_a_return_of_an_older_edition_is_read_under_the_current_keys(clerk: Desk) -> None:
    """Values, the lines around and explanations have moved; the cells are where they stand in that file."""
    submission = read(receipt := clerk.check(clerk.write("a.xlsx", OLD_ANSWERS, explanations={"attendants": "含来宾"})))
    assert (receipt.status, receipt.reason, receipt.findings) == (Status.OK, "", ())
    assert submission.identity == issue_identity(clerk.old_rules.form, period=Period(YEAR))
    assert submission.values == {
        "visit_code": "V0001",
        "visit_kind": "water",
        "participants": 12,
        "hours": 9,
        "departments": ("office", "guards"),
        "equipment": ({"item": "绳", "mass": 2, "pieces": 3}, {"item": "梯", "mass": 7, "pieces": 1}),
    }
    assert submission.surround == {"reporting_unit": "某某局", "contact_name": "张某", "report_date": "2027-01-05"}
    assert submission.explanations == {"participants": "含来宾"}
    old = lay_out(clerk.old_rules.form).cells
    assert (
        submission.answers[FormPath("participants")].cell
        == submission.cells[FormPath("participants")]
        == old[FormPath("attendants")]
    )
    assert submission.answers[FormPath.parse("equipment[2].mass")].cell == old[FormPath.parse("equipment[2].weight")]
    assert submission.not_asked == {"evacuated", "has_plan", "duration", "departments.outside", "equipment.places"}
    assert submission.answers.keys().isdisjoint({"evacuated", "has_plan", "duration", "departments.outside"})
    assert (submission.retired, submission.left_behind) == (frozenset(), ())
    assert list(submission.answers) == sorted(submission.answers, key=clerk.rules.form.order)


def test_what_was_not_asked_is_never_blank(clerk: Desk) -> None:
    """The same blanks are faults in a return of the current edition, each under its rule."""
    moved = read(clerk.check(clerk.write("a.xlsx", OLD_ANSWERS)))
    assert clerk.rules.judge(moved) == ()
    current = replace(moved, identity=issue_identity(clerk.rules.form, period=Period(YEAR)), not_asked=frozenset())
    found = [(one.id, one.key) for one in clerk.rules.judge(current)]
    blank = ["evacuated", "duration", "has_plan", "equipment[1].places", "equipment[2].places"]
    assert [key for id_, key in found if id_ == "K01"] == blank
    assert [id_ for id_, _ in found if id_ != "K01"] == ["N01", "N04"]


def test_an_old_blank_is_still_blank(clerk: Desk) -> None:
    """What the older edition asked and the filler left out is told under its new key, at its old cell."""
    answers = {key: value for key, value in OLD_ANSWERS.items() if key not in {"attendants", "departments"}}
    receipt = clerk.check(clerk.write("blank.xlsx", answers))
    assert list_said(receipt) == [("K01", "participants"), ("N05", "participants"), ("K01", "departments")]
    assert [one.source for one in receipt.findings[:2]] == [
        lay_out(clerk.old_rules.form).cells[FormPath("attendants")]
    ] * 2


def test_a_relation_on_renamed_fields_judges(clerk: Desk) -> None:
    """It names the cell of the old file and the value there."""
    (finding,) = clerk.check(clerk.write("few.xlsx", {**OLD_ANSWERS, "attendants": 1})).findings
    assert (finding.id, finding.key, finding.value) == ("N02", "participants", "1")
    words = render_message(finding, clerk.rules.form.label, {"participants": finding.source}, "zh")  # type: ignore[dict-item]
    assert words == f"{clerk.address('attendants')}「参加人数」填 1，少于 2 人。"


@pytest.mark.parametrize(("edition", "ids"), [("2", ["N04", "N07"]), ("1", []), ("9", ["N04", "N06", "N07"])])
def test_a_rule_binds_from_its_edition_on(clerk: Desk, edition: str, ids: list[str]) -> None:
    """Who filled in an older edition could not know a rule of a later one; an unknown edition is judged as today's."""
    values = {**NEW_ANSWERS, "hours": 9, "evacuated": 21}
    submission = make_submission(clerk.rules.form, values, identity={"edition": edition})
    assert sorted(one.id for one in clerk.rules.judge(submission)) == ids


STUCK = {
    **OLD_ANSWERS,
    "visit_kind": "storm",
    "leaders": 2,
    "duration": "一天",
    "departments": ("kitchen",),
    "equipment": ({"color": "红"}, {"item": "绳", "pieces": 1, "weight": 2}),
    "fax": "010-0000",
}


def test_what_could_not_move_is_told_once_with_its_cells(clerk: Desk) -> None:
    """One hint lists label, cell and words of all of it; nothing of it is a fault of the filler."""
    receipt = clerk.check(clerk.write("stuck.xlsx", STUCK, explanations={"leaders": "两位局长"}))
    submission = read(receipt)
    form, old = clerk.old_rules.form, lay_out(clerk.old_rules.form)
    remark = old.explanations[FormPath("leaders")]
    assert submission.left_behind == (
        LeftBehind(
            key=FormPath("visit_kind"),
            label="类型",
            raw="防台走访",
            cell=old.cells[FormPath("visit_kind")],
            why="choice",
        ),
        LeftBehind(key=FormPath("leaders"), label="带队人数", raw="2", cell=old.cells[FormPath("leaders")], why="gone"),
        LeftBehind(key=FormPath("leaders"), label="带队人数", raw="两位局长", cell=remark, why="explanation"),
        LeftBehind(
            key=FormPath("duration"), label="历时", raw="一天", cell=old.cells[FormPath("duration")], why="kind"
        ),
        LeftBehind(
            key=FormPath.parse("departments.kitchen"),
            label="部门·食堂",
            raw="√",
            cell=old.cells[FormPath.parse("departments.kitchen")],
            why="choice",
        ),
        LeftBehind(
            key=FormPath.parse("equipment[1].color"),
            label="器材[1]·颜色",
            raw="红",
            cell=old.cells[FormPath.parse("equipment[1].color")],
            why="column",
        ),
        LeftBehind(key=FormPath("fax"), label="传真", raw="010-0000", cell=old.cells[FormPath("fax")], why="gone"),
    )
    (finding,) = receipt.findings
    assert (finding.id, finding.severity, finding.key, finding.open) == ("E01", Severity.HINT, None, False)
    at = clerk.address
    assert render_message(finding, form.label, {}, "zh") == (
        "本表按第 1 版填报，其中 7 处内容在现行版本中没有对应的位置，未采用："
        f"{at('visit_kind')}「类型」填 防台走访；{at('leaders')}「带队人数」填 2；"
        f"情况说明 {remark.address}「带队人数」填 两位局长；{at('duration')}「历时」填 一天；"
        f"{at('departments.kitchen')}「部门·食堂」填 √；{at('equipment[1].color')}「器材[1]·颜色」填 红；"
        f"{at('fax')}「传真」填 010-0000。"
    )


def test_an_answer_that_is_no_choice_any_more_is_neither_taken_nor_blank(clerk: Desk) -> None:
    """Fields whose answer was retired have no value, are not required, and rules that need them are silent."""
    submission = read(clerk.check(clerk.write("stuck.xlsx", STUCK)))
    assert submission.retired == {"visit_kind", "departments"}
    assert submission.values.keys() == {"visit_code", "participants", "hours", "equipment"}
    assert (submission.answers[FormPath("visit_kind")].raw, submission.answers[FormPath("visit_kind")].value) == (
        "防台走访",
        None,
    )
    assert submission.values["equipment"] == ({"item": "绳", "mass": 2, "pieces": 1},)
    assert (
        submission.answers[FormPath.parse("equipment[1].item")].cell
        == lay_out(clerk.old_rules.form).cells[FormPath.parse("equipment[2].item")]
    )


def test_a_choice_that_stays_beside_a_retired_one_counts(clerk: Desk) -> None:
    """Of several ticks only the retired one is left behind."""
    submission = read(clerk.check(clerk.write("some.xlsx", {**OLD_ANSWERS, "departments": ("office", "kitchen")})))
    assert submission.values["departments"] == ("office",)
    assert [one.key for one in submission.left_behind] == ["departments.kitchen"]


def test_long_lists_are_cut_and_say_so(clerk: Desk) -> None:
    """The hint names twenty items, each cut short; the submission holds them whole."""
    words = "很长的颜色" * 40
    rows = tuple({"item": f"第{number}件", "color": words} for number in range(1, 5))
    explanations = dict.fromkeys(("leaders", "duration", "departments.kitchen"), "说明")
    receipt = clerk.check(
        clerk.write("long.xlsx", {**STUCK, "equipment": rows}, raw={"leaders": words}, explanations=explanations)
    )
    left = read(receipt).left_behind
    (told,) = [one for one in receipt.findings if one.id == "E01"]
    assert {one.raw for one in left if one.key.startswith("equipment")} == {words}
    assert len(left) == 12
    assert told.arguments["items"].count("…") == 5
    assert len(told.arguments["items"]) < 700


def test_an_unreadable_answer_moves_as_what_it_is(clerk: Desk) -> None:
    """It is reported by the rule of its new key, with the proposal, at its old cell."""
    receipt = clerk.check(clerk.write("about.xlsx", OLD_ANSWERS, raw={"attendants": "约20"}))
    finding, *waiting = receipt.findings
    assert [(one.id, one.verdict) for one in waiting] == [("N02", Verdict.UNJUDGED), ("N05", Verdict.UNJUDGED)]
    assert (finding.id, finding.key, finding.value, finding.proposal) == ("K02", "participants", "约20", "20")
    assert str(finding.source) == f"{OLD_SHEET}!{clerk.address('attendants')}"


def test_a_proposed_choice_has_its_new_key(clerk: Desk) -> None:
    """A proposal that is no choice any more is none; the words stay to be judged."""
    for words, proposal in (("防洪", "water"), ("防台", None)):
        path = clerk.write("near.xlsx", OLD_ANSWERS, raw={"visit_kind": words})
        unread = Unread(raw=words, kind="not_a_choice", proposal=proposal)
        assert read(clerk.check(path)).values["visit_kind"] == unread


def test_what_was_noticed_moves_too(clerk: Desk) -> None:
    """A note on a value has the new key; on a dropped field it has none, and its words still name the old label."""
    path = clerk.write("digits.xlsx", OLD_ANSWERS)
    book = openpyxl.load_workbook(path)
    for key in ("attendants", "leaders"):
        book[OLD_SHEET][clerk.address(key)] = 12345678901234567  # saved by openpyxl with an exponent
    book.save(path)
    receipt = clerk.check(path)
    notes = [one for one in receipt.findings if one.id == "W03"]
    assert [(one.key, one.operands, one.severity) for one in notes] == [
        (None, (), Severity.VERIFY),
        ("participants", ("participants",), Severity.VERIFY),
    ]
    label, cells = clerk.rules.form.label, read(receipt).cells
    told = [render_message(one, label, cells, "zh").partition("，")[0] for one in notes]
    at = clerk.address
    assert told == [
        f"{at('leaders')}「带队人数」填 1.234567890123457e+16",
        f"{at('attendants')}「参加人数」填 1.234567890123457e+16",
    ]


def test_a_note_on_a_dropped_field_is_one_on_the_whole_file(clerk: Desk) -> None:
    """Its key is gone, and its words need none."""
    path = clerk.write("unit.xlsx", {**OLD_ANSWERS, "leaders": 3})
    book = openpyxl.load_workbook(path)
    row = lay_out(clerk.old_rules.form).cells[FormPath("leaders")].row
    book[OLD_SHEET].cell(row, 5).value = "位"
    book.save(path)
    (finding,) = [one for one in clerk.check(path).findings if one.id == "T03"]
    assert (finding.key, finding.operands, finding.source) == (None, (), CellRef(OLD_SHEET, row, 5))
    assert "带队人数" in render_message(finding, clerk.rules.form.label, {}, "zh")


def test_a_tampered_return_of_an_older_edition_is_held(clerk: Desk) -> None:
    """A changed label holds it, compared with the words of its own edition, whatever became of the item since."""
    for key in ("attendants", "leaders"):
        path = clerk.write("label.xlsx", OLD_ANSWERS)
        book = openpyxl.load_workbook(path)
        book[OLD_SHEET].cell(lay_out(clerk.old_rules.form).cells[FormPath.parse(key)].row, 3).value = "别的项目"
        book.save(path)
        receipt = clerk.check(path)
        assert (receipt.status, receipt.reason) == (Status.HELD, "项目名称被改动，暂不计入，请确认后再定。")
        assert "L05" in [one.id for one in receipt.findings]


def test_the_fingerprint_is_that_of_the_edition_it_names(clerk: Desk) -> None:
    """An old workbook that bears the current fingerprint is no form anybody issued."""
    identity = replace(
        issue_identity(clerk.old_rules.form, period=Period(YEAR)), fingerprint=clerk.rules.form.fingerprint
    )
    receipt = clerk.check(clerk.write("finger.xlsx", OLD_ANSWERS, identity=identity))
    assert (receipt.status, list_said(receipt)) == (Status.HELD, [("T02", None)])


def test_a_known_edition_that_is_not_accepted_is_read_right_and_goes_back(tmp_path: Path) -> None:
    """Its answers stand under today's keys, nothing is a blank, and the rule on editions fails."""
    clerk = desk(tmp_path, form=NEW_FORM.replace('accepts = ["1"]', ""))
    receipt = clerk.check(clerk.write("a.xlsx", OLD_ANSWERS))
    (finding,) = receipt.findings
    assert (finding.id, finding.severity, finding.open) == ("N06", Severity.ERROR, True)
    assert finding.arguments == {"found": "1", "wanted": "2"}
    assert read(receipt).values["participants"] == 12


def test_an_unknown_edition_goes_on_as_the_current_one(clerk: Desk) -> None:
    """It is looked for by the current layout, and the rule on editions says what it is."""
    identity = replace(issue_identity(clerk.rules.form, period=Period(YEAR)), edition="7")
    receipt = clerk.check(clerk.write("b.xlsx", NEW_ANSWERS, edition="2", identity=identity))
    assert list_said(receipt) == [("N06", None)]
    assert (read(receipt).identity.edition, read(receipt).not_asked) == ("7", frozenset())


def test_a_return_of_the_current_edition_is_not_touched(clerk: Desk) -> None:
    """Everything in it was asked."""
    receipt = clerk.check(clerk.write("b.xlsx", NEW_ANSWERS, edition="2"))
    assert (receipt.status, receipt.findings) == (Status.OK, ())
    assert (read(receipt).not_asked, read(receipt).left_behind) == (frozenset(), ())


def test_only_the_marker_line_tells_the_edition(clerk: Desk) -> None:
    """A form sheet copied into a bare workbook is still read as the edition it was issued as."""
    path = clerk.write("a.xlsx", OLD_ANSWERS)
    book = openpyxl.load_workbook(path)
    del book["gwxl_map"]
    for name in [prop.name for prop in vars(book)["custom_doc_props"].props]:
        del vars(book)["custom_doc_props"][name]
    book.save(path)
    submission = read(clerk.check(path))
    assert (submission.identity.edition, submission.values["participants"]) == ("1", 12)


def test_two_sheets_of_two_editions_are_each_read_as_their_own(clerk: Desk) -> None:
    """One workbook that holds a form sheet of either edition gives two returns, in the order of the sheets."""
    book = openpyxl.load_workbook(clerk.write("b.xlsx", NEW_ANSWERS, edition="2"))
    other = openpyxl.load_workbook(clerk.write("a.xlsx", OLD_ANSWERS))[OLD_SHEET]
    added = book.create_sheet("旧表")
    for cells in other.iter_rows():
        for cell in cells:
            added.cell(cell.row, cell.column, cell.value)
    book.save(clerk.folder / "two.xlsx")
    receipts = check_file(clerk.folder / "two.xlsx", "two.xlsx", Terms(clerk.rules))
    assert [(one.source.sheet, read(one).identity.edition) for one in receipts] == [(OLD_SHEET, "2"), ("旧表", "1")]
    assert [read(one).values["participants"] for one in receipts] == [30, 12]


def test_a_submission_tells_what_was_asked(clerk: Desk) -> None:
    """Rows of a table do not matter, and a submission of the current edition was asked everything."""
    submission = read(clerk.check(clerk.write("a.xlsx", OLD_ANSWERS)))
    paths = ("participants", "evacuated", "departments.outside", "equipment[7].places", "equipment[7].mass")
    assert [submission.was_asked(FormPath.parse(path)) for path in paths] == [True, False, False, False, True]
    assert all(make_submission(clerk.rules.form, NEW_ANSWERS).was_asked(FormPath.parse(path)) for path in paths)
