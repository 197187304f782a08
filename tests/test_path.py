"""A path is its text, made and taken apart in one module."""

import json
import pickle
import re
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwxl.files.resources import form_folder
from gwxl.form.definition import Form
from gwxl.form.layout import lay_out
from gwxl.form.loading import load_form
from gwxl.records.path import KEY, Path
from tests.support.sources import modules

PARTS = {
    "site_name": ("site_name", "", None),
    "innovations.other": ("innovations", "other", None),
    "other_media.posts": ("other_media", "posts", None),
    "other_media[1]": ("other_media", "", 1),
    "other_media[12].posts": ("other_media", "posts", 12),
    "requests[new].np": ("requests[new].np", "", None),
    "a1_b[c_2].d3": ("a1_b[c_2].d3", "", None),
}
"""Text → field, part and row."""

NO_PATHS = (
    "",
    ".",
    "a.",
    ".a",
    "a..b",
    "a.b.c",
    "a[]",
    "a[].b",
    "a[0].b",
    "a[01].b",
    "a[-1].b",
    "a[1.b",
    "a1].b",
    "a[1]b",
    "a[1][2].b",
    "a.b[1]",
    "[1].b",
    "a[12345678].b",
    "A",
    "1a",
    "_a",
    "#a",
    "@a",
    "a b",
    " a",
    "a\n",
    "é",
    "a[１].b",
    "a[٣].b",
    f"a{'b' * 100}",
)

keys = st.from_regex(KEY, fullmatch=True)
rows = st.none() | st.integers(1, 9_999_999) | keys
paths = st.builds(Path, keys, st.just("") | keys, rows)


@pytest.fixture(scope="module")
def form() -> Form:
    """Load the form that comes with gwxl."""
    return load_form(form_folder("website_annual_report"))


@pytest.mark.parametrize(("text", "parts"), PARTS.items())
def test_a_text_is_taken_apart(text: str, parts: tuple[str, str, int | None]) -> None:
    """What comes from outside gives field, part and row."""
    path = Path.parse(text)
    assert (path.field, path.part, path.row) == parts
    assert path.number == (parts[2] or 0)


@pytest.mark.parametrize(("text", "parts"), PARTS.items())
def test_keys_are_joined(text: str, parts: tuple[str, str, int | None]) -> None:
    """The keys of a form give the text that JSON, cells and mappings hold."""
    path = Path(*parts)
    assert path == text
    assert hash(path) == hash(text)
    assert json.dumps({path: path}) == json.dumps({text: text})


@pytest.mark.parametrize("text", NO_PATHS)
def test_what_is_no_path_is_refused(text: str) -> None:
    """A text from outside that is none is said to be none."""
    assert Path.read(text) is None
    with pytest.raises(
        ValueError, match=r"is no path: expected field, field\.choice, table\[1\] or table\[1\]\.column"
    ):
        Path.parse(text)


@given(paths)
def test_round_trip(path: Path) -> None:
    """Property: what is joined is parsed to the same, and travels to another process as the value it is."""
    again = Path.parse(str(path))
    assert (again, again.field, again.part, again.row) == (path, path.field, path.part, path.row)
    assert Path(path.field, path.part, path.row) == path
    travelled = pickle.loads(pickle.dumps(path))  # noqa: S301 - written by the line itself
    assert (travelled, type(travelled)) == (path, Path)


@given(st.text(alphabet="ab1_.[]#\n", max_size=12))
def test_a_text_is_read_whole_or_not_at_all(text: str) -> None:
    """Property: whatever is read as a path is the very text."""
    path = Path.read(text)
    assert path is None or (path == text and Path(path.field, path.part, path.row) == text)


def test_a_path_is_frozen() -> None:
    """Nothing of a path can be changed."""
    path = Path.parse("other_media[1].posts")
    for name in ("field", "part", "row", "other"):
        with pytest.raises(AttributeError):
            setattr(path, name, "x")


def test_neighbours() -> None:
    """A cell leads to its field, its column, and the cell in another row."""
    cell = Path("other_media", "posts", 3)
    assert (cell.whole, cell.of_every_row, cell.in_row(1)) == (
        "other_media",
        "other_media.posts",
        "other_media[1].posts",
    )
    assert {type(one) for one in (cell.whole, cell.of_every_row, cell.in_row(1))} == {Path}
    field = Path("site_name")
    assert (field.whole, field.of_every_row) == (field, field)


def test_order_is_that_of_the_form(form: Form) -> None:
    """The whole file first, then strangers, then header, fields, their choices and rows, footer as they stand."""
    ordered = [
        None,
        Path("nobodys"),
        Path("report_date"),
        Path("site_name"),
        Path("innovations"),
        Path("innovations", "accessible"),
        Path("innovations", "other"),
        Path("innovation_other"),
    ]
    known = [*form.surround, *form.fields]
    assert {path.field for path in ordered[2:] if path} <= set(known)
    for shuffled in list(permutations(ordered))[::997]:
        assert sorted(shuffled, key=form.order) == sorted(ordered, key=form.order)
    cells = [Path("other_media", column, row) for row in (1, 2, 10) for column in ("product_name", "posts")]
    assert sorted(frozenset(cells), key=form.order) == cells
    inputs = [path for path in lay_out(form).cells if path.field in form.fields]
    rows_of_tables = [path for path in inputs if path.number]
    assert sorted(rows_of_tables, key=form.order) == rows_of_tables


@pytest.mark.parametrize(
    ("text", "label"),
    {
        "site_name": "网站名称",
        "innovations.other": "创新发展（多选）·其他",
        "other_media.posts": "其他·信息发布量",
        "other_media[2].posts": "其他[2]·信息发布量",
    }.items(),
)
def test_label(form: Form, text: str, label: str) -> None:
    """The form tells what stands at a path."""
    assert form.label(Path.parse(text)) == label


@pytest.mark.parametrize(
    "text", ["nobodys", "site_name[1].x", "other_media[1]", "innovations.nothing", "other_media.x"]
)
def test_a_strangers_label(form: Form, text: str) -> None:
    """A path the form does not have has no label."""
    with pytest.raises((KeyError, StopIteration)):
        form.label(Path.parse(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("site_name", "gwxl_site_name"),
        ("innovations.other", "gwxl_innovations__other"),
        ("other_media.posts", "gwxl_other_media__posts"),
    ],
)
def test_defined_name(text: str, name: str) -> None:
    """The name of a cell holds no point, which Excel takes for part of a reference."""
    assert Path.parse(text).defined_name == name


def test_every_input_and_column_has_a_name_of_its_own(form: Form) -> None:
    """The layout names what it places by paths."""
    layout = lay_out(form)
    inner = [path for table in layout.tables for path in table.field.inner]
    names = {path.defined_name for path in (*layout.inputs, *inner)}
    assert names == layout.names.keys() - {f"gwxl_{table.field.key}__end" for table in layout.tables}
    assert len(names) == len(layout.inputs) + len(inner)


def test_nobody_else_makes_or_splits_the_text() -> None:
    """No other module knows the signs of a path; a number has a point too."""
    signs = re.compile(r"""[^r]partition\("[.\[]"\)|\}\[\{[^{}]*\}\]\.|lstrip\("#"\)""")
    apart = ("gwxl.spreadsheets", "gwxl.containers", "gwxl.records.path", "gwxl.values.shown")
    found = {module.name: signs.findall(module.source) for module in modules() if not module.name.startswith(apart)}
    assert {name: said for name, said in found.items() if said} == {}
