"""The files of forms and rules, saved by whatever editor their author has."""

import shutil
from pathlib import Path

import pytest

from gwxl.errors import FormError, GwxlError, RuleError
from gwxl.files.declarations import read_declaration
from gwxl.files.resources import home
from gwxl.rules.available_forms import load

FORM = "website_annual_report"
FILES = ("templates/{}/form.toml", "rules/{}/cells.toml", "rules/{}/relations.toml")


def refuse(_key: str, reason: str) -> GwxlError:
    """Return the exception of a reason."""
    return GwxlError(reason)


def copy_form(folder: Path) -> tuple[Path, ...]:
    """Return the files of the form that comes with gwxl, copied, one older edition with them."""
    for part in ("templates", "rules"):
        shutil.copytree(home() / part / FORM, folder / part / FORM)
    form, *rules = (folder / name.format(FORM) for name in FILES)
    text = form.read_text("utf-8")
    edition = next(line for line in text.splitlines() if line.startswith("edition"))
    older = form.parent / "editions" / "0.toml"
    older.parent.mkdir(exist_ok=True)
    older.write_text(text.replace(edition, 'edition = "0"'), "utf-8")
    return form, *rules, older


@pytest.mark.parametrize(
    "data",
    [
        "\ufefflabel = '表'\n".encode(),
        "\ufefflabel = '表'\r\n".encode(),
        "label = '表'\r".encode(),
        "label = '表'".encode(),
    ],
)
def test_editors_may_mark_and_end_lines_as_they_like(data: bytes, tmp_path: Path) -> None:
    """A byte order mark and any kind of line end say nothing."""
    (tmp_path / "form.toml").write_bytes(data)
    assert read_declaration(tmp_path / "form.toml", refuse) == {"label": "表"}


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ("label = '表'\n".encode("gbk"), "is in GBK (Notepad calls it ANSI); save it as UTF-8"),
        ("label = '表'\n".encode("utf-16"), "is in UTF-16 (Notepad calls it Unicode); save it as UTF-8"),
        ("label = 'a'\n".encode("utf-16-le"), "is in UTF-16"),
        ("label = '表'\n".encode("utf-16-be"), "is in UTF-16"),
        ("label = '表'\n".encode("utf-32"), "is in UTF-32"),
        (b"a = 1\nlabel = '\xff\xff'\n", "is no UTF-8 in line 2; save it as UTF-8"),
        ("label = 表\n".encode(), "is no valid TOML"),
    ],
)
def test_other_encodings_are_named(data: bytes, named: str, tmp_path: Path) -> None:
    """A file in another encoding is refused with the name of that encoding and what to do."""
    (tmp_path / "form.toml").write_bytes(data)
    with pytest.raises(GwxlError) as refusal:
        read_declaration(tmp_path / "form.toml", refuse)
    assert named in str(refusal.value)


def test_a_form_saved_with_marks_is_the_same_form(tmp_path: Path) -> None:
    """Form, rules and older editions are read as if no editor had marked them."""
    plain = copy_form(tmp_path / "plain")
    marked = copy_form(tmp_path / "marked")
    for file in marked:
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    with_marks, without = (load(str(files[0].parent)) for files in (marked, plain))
    assert [form.edition for form in (with_marks.form, with_marks.form.older[0].form)] == [without.form.edition, "0"]
    assert with_marks.form.fingerprint == without.form.fingerprint
    assert [rule.id for rule in with_marks.rules] == [rule.id for rule in without.rules]


@pytest.mark.parametrize("place", range(4))
def test_each_file_in_gbk_is_refused_by_name(place: int, tmp_path: Path) -> None:
    """Whichever file is in GBK is named, with the encoding and the cure."""
    file = copy_form(tmp_path)[place]
    file.write_bytes(file.read_text("utf-8").encode("gb18030"))
    with pytest.raises((FormError, RuleError)) as refusal:
        load(str(tmp_path / "templates" / FORM))
    assert str(refusal.value).startswith(f"{file}: is in GBK")
    assert "save it as UTF-8" in str(refusal.value)
