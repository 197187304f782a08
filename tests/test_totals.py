"""What counts, and what it adds up to."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwxl.records.finding import Severity, Verdict
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Unread
from gwxl.totals.adding import find_asked, row_count, totals
from gwxl.totals.arithmetic import as_number, exact_sum, weighted_mean
from gwxl.totals.figure import Figure, Why, countable
from tests.support.batches import Cell, finding, receipt, refuse, report_form

COUNT = Path("site_page_views")
MEAN, WEIGHT = "messages_average_days", "messages_resolved"
POSTS = Path.parse("other_media.posts")


def of(*cells: Cell) -> list[Receipt]:
    """Build one receipt for each value of a count."""
    return [receipt(number, {COUNT: value}) for number, value in enumerate(cells, 1)]


def means(*pairs: tuple[Cell, Cell]) -> list[Receipt]:
    """Build one receipt for each (mean, weight)."""
    return [receipt(number, {MEAN: value, WEIGHT: weight}) for number, (value, weight) in enumerate(pairs, 1)]


def test_a_sum_is_exact_and_says_how_many_count() -> None:
    """Blank and unread cells are left out of the sum and of n, and stay in N."""
    total = totals(report_form(), of(5, None, 7, Unread(raw="约300", kind="approximate", proposal=300)))[COUNT]
    assert (total.value, total.n, total.of) == (12, 2, 4)


def test_every_field_and_column_has_a_total() -> None:
    """The keys are those of the form, a table's columns after their table."""
    form = report_form()
    columns = {f"{field.key}.{column.key}" for field in form.fields.values() for column in field.columns}
    assert totals(form, []).keys() == form.fields.keys() | columns


def test_no_receipt_adds_up_to_nothing() -> None:
    """Sums are 0, means and spreads are absent, counts are 0."""
    found = totals(report_form(), [])
    assert (found[COUNT].value, found[COUNT].minimum, found[Path.parse(MEAN)].value) == (0, None, None)
    assert found[Path("site_type")].value == {"portal": 0, "department": 0, "special": 0}
    assert found[Path("has_new_media")].value == {"true": 0, "false": 0}


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (finding("A09", COUNT), Why.RULE),
        (finding("A09", COUNT, verdict=Verdict.UNJUDGED), None),
        (finding("A09", COUNT, Severity.VERIFY), None),
        (finding("A09", COUNT, Severity.HINT), None),
        (finding("B01", COUNT, Severity.ERROR, "site_unique_visitors"), None),
        (finding("A09", "site_unique_visitors"), None),
    ],
)
def test_only_a_broken_cell_rule_takes_a_value_out(one: object, why: Why | None) -> None:
    """An error of the cell alone does; a relation, a doubt or another cell's error does not."""
    figure = countable(report_form(), receipt(1, {COUNT: 5}, findings=[one]), COUNT)  # type: ignore[list-item]
    assert (figure.value, figure.why, figure.counts) == (5, why, why is None)
    assert figure.rule == ("A09" if why else "")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (None, Why.BLANK),
        (Unread(raw="无", kind="dash_or_none"), Why.UNREAD),
        (True, Why.UNREAD),
        ("12", Why.UNREAD),
        (10**60, Why.SIZE),
        (Decimal("1E+999999"), Why.SIZE),
        (Decimal("1E-999999"), Why.SIZE),
        (Decimal("NaN"), Why.SIZE),
    ],
)
def test_what_does_not_count(value: Cell, why: Why) -> None:
    """A blank, an unread cell, a value of another kind and a monstrous number say why they do not count."""
    receipts = [receipt(1, {COUNT: value}), receipt(2, {COUNT: 3})]
    assert countable(report_form(), receipts[0], COUNT).why is why
    total = totals(report_form(), receipts)[COUNT]
    assert (total.value, total.n, total.of) == (3, 1, 2)


@pytest.mark.parametrize(
    ("value", "counts"),
    [
        (10**60 - 1, True),
        (10**60, False),
        (1 - 10**60, True),
        (-(10**60), False),
        (Decimal("9E+59"), True),
        (Decimal("1E+60"), False),
        (Decimal("1E-60"), True),
        (Decimal("1E-61"), False),
    ],
)
def test_sixty_places_count(value: int | Decimal, counts: bool) -> None:  # noqa: FBT001 - an expectation
    """A number of sixty places before or after the point counts, whole or not; one more place is nobody's answer."""
    figure = countable(report_form(), receipt(1, {COUNT: value}), COUNT)
    assert (figure.counts, figure.value) == (counts, value if counts else None)


def test_what_does_not_count_shows_what_was_written() -> None:
    """The words of the filler and the cell stay beside a figure that is left out."""
    unread = Unread(raw="约300", kind="approximate", proposal=300)
    assert countable(report_form(), receipt(1, {COUNT: unread}), COUNT) == Figure(
        value=None, raw="约300", cell=countable(report_form(), receipt(1), COUNT).cell, why=Why.UNREAD
    )
    assert countable(report_form(), receipt(1, {COUNT: True}, raws={COUNT: ""}), COUNT).raw == "True"
    assert countable(report_form(), receipt(1, {COUNT: 10**60}, raws={COUNT: "1E+60"}), COUNT).raw == "1E+60"
    assert countable(report_form(), receipt(1), Path("innovations")).raw == ""  # it has a cell for each of its choices


def change_submission(one: Receipt, **changes: Any) -> Receipt:
    """Return a receipt whose submission says something else of what was asked."""
    assert one.submission is not None
    return replace(one, submission=replace(one.submission, **changes))


def test_what_was_not_asked_is_no_blank() -> None:
    """A field, column or choice of a later edition lowers N; a retired answer is told apart from a blank."""
    form = report_form()
    paths = frozenset({COUNT, POSTS, "innovations.other"})
    old = change_submission(
        receipt(3, {COUNT: 9, "other_media[1].posts": 8, "innovations.other": True}), not_asked=paths
    )
    for path in (COUNT, "other_media[1].posts", "innovations.other"):
        assert countable(form, old, Path.parse(path)) == Figure(value=None, why=Why.NOT_ASKED)
    found = totals(form, [old, receipt(2, {COUNT: 4})])
    assert (found[COUNT].value, found[COUNT].n, found[COUNT].of) == (4, 1, 1)
    assert (found[Path("site_name")].n, found[Path("site_name")].of) == (2, 2)
    assert found[POSTS].of == 1
    assert [found[Path("innovations")].choices[key][1] for key in ("accessible", "other")] == [2, 1]
    assert [one.source.file for one in find_asked([old, refuse("坏.xlsx"), receipt(2)], COUNT)] == [
        "坏.xlsx",
        "0000000002.xlsx",
    ]
    retired = change_submission(receipt(1, {"site_type": None}), retired=frozenset({"site_type"}))
    assert countable(form, retired, Path("site_type")).why is Why.RETIRED
    assert countable(form, receipt(1, {"site_type": None}), Path("site_type")).why is Why.BLANK


def test_a_row_that_is_left_out() -> None:
    """A row that looks like a total counts nowhere, keeps its place, and is no blank; a blank in it is one."""
    full = receipt(3, table_cells([10, 20]) | {"other_media[2].product_name": None})
    assert full.submission is not None
    rows = full.submission.values["other_media"]
    assert isinstance(rows, tuple)
    answers = {
        path: replace(answer, left_out=path.startswith("other_media[2]"))
        for path, answer in full.submission.answers.items()
    }
    left = change_submission(full, answers=answers, values={**full.submission.values, "other_media": (rows[0], {})})
    form = report_form()
    assert countable(form, left, Path.parse("other_media[2].posts")).why is Why.ROW
    assert countable(form, left, Path.parse("other_media[2].posts")).raw == "20"
    assert countable(form, left, Path.parse("other_media[2].product_name")).why is Why.BLANK
    assert countable(form, left, Path.parse("other_media[1].posts")).value == 10
    found = totals(form, [left])
    assert (found[POSTS].value, found[POSTS].n, found[Path("other_media")].value) == (10, 1, 1)
    none = change_submission(left, values={**full.submission.values, "other_media": ({}, {})})
    assert countable(form, none, Path("other_media")).why is Why.BLANK
    assert totals(form, [none])[Path("other_media")].n == 0


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        ("site_type", "portal", None),
        ("site_type", "stranger", Why.UNREAD),
        ("site_type", 1, Why.UNREAD),
        ("has_new_media", False, None),
        ("has_new_media", 0, Why.UNREAD),
        ("site_name", "某某网", None),
        ("site_name", ("某某网",), Why.UNREAD),
        (MEAN, 3, None),
        (MEAN, "3", Why.UNREAD),
        ("other_media[1].posts", 3, None),
        ("other_media[1].posts", "3", Why.UNREAD),
        ("other_media[1].product_name", "某某通", None),
        ("innovations.other", True, None),
    ],
)
def test_only_values_of_the_kind_that_was_asked(path: str, value: Any, why: Why | None) -> None:
    """A choice the form does not have, a number for a yes, a list for a text do not count."""
    one = receipt(1, {path: value})
    assert one.submission is not None
    if "[" not in path and "." not in path:
        one = change_submission(one, values={**one.submission.values, path: value})
    assert countable(report_form(), one, Path.parse(path)).why is why


def test_ticks_are_yes_or_no() -> None:
    """A box left empty among others is a no that counts; where none is ticked nothing was answered."""
    ticked = receipt(1, {path: path.endswith("other") for path in TICKS})
    assert countable(report_form(), ticked, Path.parse("innovations.other")).value is True
    assert countable(report_form(), ticked, Path.parse("innovations.accessible")).value is False
    nothing = receipt(1, dict.fromkeys(TICKS))
    assert countable(report_form(), nothing, Path.parse("innovations.other")).why is Why.BLANK
    assert totals(report_form(), [ticked, nothing])[Path("innovations")].n == 1


TICKS = [f"innovations.{choice.key}" for choice in report_form().fields["innovations"].choices]


def test_an_error_of_a_whole_field_takes_its_parts_out() -> None:
    """What breaks a table or a choice field as such breaks each cell of it; a settled error breaks none."""
    table_wrong = finding("A09", "other_media", operands=("other_media",))
    one = receipt(3, table_cells([10]), findings=[table_wrong])
    assert countable(report_form(), one, Path.parse("other_media[1].posts")).rule == "A09"
    assert countable(report_form(), one, COUNT).rule == ""
    ticks_wrong = finding("A09d", "innovations", operands=("innovations",))
    ticked = receipt(1, dict.fromkeys(TICKS, True), findings=[ticks_wrong])
    assert countable(report_form(), ticked, Path.parse("innovations.other")).why is Why.RULE


def test_a_refused_file_says_nothing() -> None:
    """A receipt without a submission is blank everywhere."""
    assert countable(report_form(), refuse("坏.xlsx"), COUNT).why is Why.BLANK


def test_a_figure_knows_its_cell_and_raw_text() -> None:
    """The place in the returned file and the words of the filler come with the value."""
    figure = countable(report_form(), receipt(1, {COUNT: 12}, raws={COUNT: "１２"}), COUNT)
    assert (str(figure.cell), figure.raw, figure.value) == ("填报表!D15", "１２", 12)


def test_a_mean_is_weighted() -> None:
    """Σ value·weight / Σ weight over the sites that say both."""
    pairs = means((Decimal(2), 10), (Decimal(5), 20), (Decimal(9), None), (None, 50), (Decimal("0.5"), 0))
    total = totals(report_form(), pairs)[Path.parse(MEAN)]
    assert (total.value, total.n, total.of) == (Decimal(4), 3, 5)
    assert [(addend.value, addend.weight) for addend in total.addends] == [(2, 10), (5, 20), (Decimal("0.5"), 0)]


def test_a_value_of_nothing_has_its_weight() -> None:
    """A site that answered 0 days pulls the mean down as any other figure does."""
    total = totals(report_form(), means((Decimal(0), 10), (Decimal(6), 20), (0, 10)))[Path.parse(MEAN)]
    assert (total.value, total.n, total.minimum) == (3, 3, 0)


@pytest.mark.parametrize("key", ["site_name", "site_type", "site_code", "site_page_views", "has_new_media"])
def test_what_could_not_be_read_counts_in_no_field(key: str) -> None:
    """Whatever was asked: the words stand there, and no value."""
    one = receipt(1, {key: Unread(raw="#REF!", kind="error_cell")})
    figure = countable(report_form(), one, Path(key))
    assert (figure.value, figure.raw, figure.why, figure.counts) == (None, "#REF!", Why.UNREAD, False)


def test_a_choice_that_was_not_ticked_beside_one_that_was_is_a_no() -> None:
    """Where something was ticked, each of the others counts as not ticked; where nothing could be read, none counts."""
    ticks = {str(path): None for path in report_form().fields["innovations"].paths}
    one = receipt(1, {**ticks, "innovations.accessible": True})
    found = [countable(report_form(), one, Path.parse(f"innovations.{key}")) for key in ("accessible", "other")]
    assert [(figure.value, figure.why) for figure in found] == [(True, None), (False, None)]
    doubtful = receipt(1, {**ticks, "innovations.other": Unread(raw="√?", kind="not_a_tick")})
    found = [countable(report_form(), doubtful, Path.parse(f"innovations.{key}")) for key in ("accessible", "other")]
    assert [(figure.value, figure.why) for figure in found] == [(None, Why.BLANK), (None, Why.UNREAD)]


def test_what_is_no_value_of_its_kind_is_told_as_written() -> None:
    """A text where a count belongs does not count; the cell's own words are told, the value where there are none."""
    for raw, told in (("约十二", "约十二"), ("", "十二")):
        one = receipt(1, {COUNT: "十二"}, raws={COUNT: raw})
        assert countable(report_form(), one, COUNT) == Figure(
            value=None, raw=told, cell=one.submission.cells[COUNT] if one.submission else None, why=Why.UNREAD
        )


def test_a_mean_without_weight_is_absent() -> None:
    """Weights that sum to 0 give no mean, and no division by zero."""
    total = totals(report_form(), means((Decimal(3), 0)))[Path.parse(MEAN)]
    assert (total.value, total.n) == (None, 1)


def test_answers_are_counted() -> None:
    """Yes and no, the one choice and each tick have their number."""
    receipts = [
        receipt(1, {"has_new_media": True, "site_type": "portal", "innovations.other": True}),
        receipt(2, {"has_new_media": False, "site_type": "portal", "innovations.other": None}),
        receipt(3, {"has_new_media": None, "site_type": None}),
        receipt(4, {"has_new_media": True, "site_type": None}),
    ]
    found = totals(report_form(), receipts)
    assert (found[Path("has_new_media")].value, found[Path("has_new_media")].n) == ({"true": 2, "false": 1}, 3)
    assert (found[Path("site_type")].value, found[Path("site_type")].n) == (
        {"portal": 2, "department": 0, "special": 0},
        2,
    )
    ticks = found[Path("innovations")].value
    assert isinstance(ticks, dict)
    drawn = [one.submission.values.get("innovations", ()) for one in receipts[2:] if one.submission]
    assert ticks["other"] == 1 + sum(isinstance(each, tuple) and "other" in each for each in drawn)


def test_an_unreadable_tick_is_left_out_alone() -> None:
    """The other ticks of the return count; of the unreadable one no answer was given."""
    receipts = [
        receipt(1, {"innovations.accessible": True, "innovations.other": Unread(raw="√（部分）", kind="not_a_tick")}),
        receipt(2, {"innovations.accessible": True, "innovations.other": True}),
    ]
    found = totals(report_form(), receipts)[Path("innovations")]
    assert isinstance(found.value, dict)
    assert (found.value["accessible"], found.value["other"], found.n) == (2, 1, 2)
    assert (found.choices["accessible"], found.choices["other"]) == ((2, 2), (1, 2))
    assert countable(report_form(), receipts[0], Path.parse("innovations.other")).why is Why.UNREAD


def test_a_field_that_is_not_added_up_still_says_how_many_filled_it() -> None:
    """A text has no value and an n."""
    total = totals(report_form(), [receipt(1), receipt(2, {"site_name": None})])[Path("site_name")]
    assert (total.value, total.n, total.of) == (None, 1, 2)


def table_cells(posts: Sequence[Cell]) -> dict[str, Cell]:
    """Return the cells of two rows that hold nothing but posts."""
    blank: dict[str, Cell] = {f"other_media[{row}].{key}": None for row in (1, 2) for key in COLUMNS}
    return blank | {f"other_media[{row}].posts": value for row, value in enumerate(posts, 1)}


def table(*sites: Sequence[Cell]) -> list[Receipt]:
    """Build one receipt for each list of posts; a site fills as many rows."""
    return [receipt(3 * number + 3, table_cells(posts)) for number, posts in enumerate(sites)]


COLUMNS = ("product_type", "platform_name", "product_name", "posts", "followers_or_downloads")


def test_a_table_is_added_up_by_column_and_site() -> None:
    """N counts sites with a filled row, the spread is over the sums of sites, rows are counted."""
    found = totals(report_form(), table([10, 20], [], [4]))
    posts, rows = found[POSTS], found[Path("other_media")]
    assert (posts.value, posts.n, posts.of) == (34, 2, 3)
    assert (posts.minimum, posts.median, posts.maximum) == (4, 17, 30)
    assert [addend.path for addend in posts.addends] == [
        "other_media[1].posts",
        "other_media[2].posts",
        "other_media[1].posts",
    ]
    assert (rows.value, rows.n) == (3, 2)


def test_a_column_of_texts_has_no_spread() -> None:
    """How many sites fill it is said, and nothing of a least or a largest of them."""
    total = totals(report_form(), [receipt(2), receipt(1)])[Path.parse("other_media.product_name")]
    assert (total.value, total.n, total.of) == (None, 2, 2)
    assert (total.minimum, total.median, total.maximum) == (None, None, None)


def test_a_wrong_table_cell_is_left_out_alone() -> None:
    """The other rows of the site still count."""
    wrong = finding("A09", "other_media[1].posts", operands=("other_media[1].posts",))
    cells = {"other_media[1].posts": 10, "other_media[2].posts": 5}
    total = totals(report_form(), [receipt(2, cells, findings=[wrong])])[POSTS]
    assert (total.value, total.n) == (5, 1)


def test_the_spread_is_exact() -> None:
    """Least, median and most are numbers of the sites; a median between two is their exact middle."""
    total = totals(report_form(), of(1, 2, 10**17, 10**17 + 1))[COUNT]
    assert (total.minimum, total.median, total.maximum) == (1, 50000000000000001, 10**17 + 1)
    assert totals(report_form(), of(1, 2))[COUNT].median == Decimal("1.5")


@pytest.mark.parametrize(
    ("numbers", "spread"),
    [
        ((7,), (7, 7, 7)),
        ((9, 1), (1, 5, 9)),
        ((1, 2), (1, Decimal("1.5"), 2)),
        ((5, 1, 9), (1, 5, 9)),
        ((4, 1, 9, 5), (1, Decimal("4.5"), 9)),
        ((8, 2, 4, 100), (2, 6, 100)),
        ((-3, 0, 10), (-3, 0, 10)),
    ],
)
def test_least_middle_and_most(numbers: tuple[int, ...], spread: tuple[Any, ...]) -> None:
    """The middle of an odd number is one of them, of an even number the middle between two."""
    total = totals(report_form(), of(*numbers))[COUNT]
    assert (total.minimum, total.median, total.maximum) == spread


@pytest.mark.parametrize(
    ("pairs", "mean"),
    [
        ([], None),
        ([(3, 0)], None),
        ([(3, 1)], Decimal(3)),
        ([(1, 1), (2, 2)], Decimal("1." + "6" * 32 + "7")),
        ([(Decimal("0.1"), 3), (Decimal("0.2"), 1)], Decimal("0.125")),
        ([(0, 5), (10, 5)], Decimal(5)),
        ([(1, 10**20), (2, 10**20)], Decimal("1.5")),
    ],
)
def test_weighted_means(pairs: list[tuple[int | Decimal, int]], mean: Decimal | None) -> None:
    """Each value counts as often as its weight says, to 34 digits; no weight gives no mean."""
    assert weighted_mean(pairs) == mean


def test_a_sum_of_more_than_34_digits_is_exact() -> None:
    """Sixty places before the point and sixty behind it lose nothing."""
    numbers: list[int | Decimal] = [10**60 - 1, Decimal("1E-60"), Decimal("-0.5"), -7]
    assert exact_sum(numbers) == Decimal("9" * 59 + "1.5" + "0" * 58 + "1")
    assert exact_sum([]) == 0


def test_addends_keep_the_order_of_the_receipts() -> None:
    """The figures of a total come as the receipts came."""
    total = totals(report_form(), of(3, 1, 2))[COUNT]
    assert [addend.value for addend in total.addends] == [3, 1, 2]
    assert [addend.source.file for addend in total.addends] == [f"{number:010}.xlsx" for number in (1, 2, 3)]


NUMBERS = st.one_of(
    st.integers(0, 10**20),
    st.decimals(0, 10**12, allow_nan=False, allow_infinity=False, places=6),
)


@given(st.lists(NUMBERS))
def test_sums_lose_nothing(numbers: list[int | Decimal]) -> None:
    """A sum of whole and decimal numbers is the one of exact fractions."""
    found = exact_sum(numbers)
    assert Fraction(found) == sum(map(Fraction, numbers), Fraction(0))
    assert isinstance(found, int) == all(isinstance(number, int) for number in numbers)


@given(st.lists(st.tuples(NUMBERS, st.integers(0, 10**6))))
def test_means_are_right_to_34_digits(pairs: list[tuple[int | Decimal, int]]) -> None:
    """A weighted mean is the exact quotient but for its last digit."""
    weights = sum(weight for _, weight in pairs)
    found = weighted_mean(pairs)
    if not weights:
        assert found is None
    else:
        exact = sum((Fraction(value) * weight for value, weight in pairs), Fraction(0)) / weights
        assert found is not None
        assert abs(Fraction(found) - exact) <= exact / 10**33


@pytest.mark.parametrize(("value", "number"), [(3, 3), (Decimal("1.5"), Decimal("1.5")), (True, None), ("3", None)])
def test_only_numbers_are_numbers(value: int | Decimal | str, number: int | Decimal | None) -> None:
    """A yes is no 1, a text is no number."""
    assert as_number(value) == number


def test_how_many_rows_a_return_fills() -> None:
    """None of a file that could not be read, nor of what is no table."""
    filled = receipt(1, table_cells([10, 20]))
    assert [row_count(one, "other_media") for one in (filled, refuse("a.xlsx"))] == [2, 0]
    assert row_count(filled, "site_name") == 0
