"""Jinja2 templates: a form's own before the shared ones, strict, sandboxed, escaped for HTML only."""

from pathlib import Path

import pytest

from gwxl.errors import FormError, ResourceError
from gwxl.rendering import render


def test_own_template_comes_first(tmp_path: Path) -> None:
    """A form's template replaces the shared one of that name."""
    (tmp_path / "prompt.j2").write_text("own {{ clause }}", "utf-8")
    assert render("prompt.j2", tmp_path, clause="条款") == "own 条款"


def test_shared_template_is_the_default(tmp_path: Path) -> None:
    """A form without a template of its own uses the shared one."""
    values = {"clause": "请填写。", "hint": "只填整数。", "expected": "", "language": "zh", "kind": "count"}
    assert render("prompt.j2", tmp_path, listed=False, **values).strip() == "请填写。\n只填整数。"


def test_missing_template_says_where_it_was_sought(tmp_path: Path) -> None:
    """A template nobody has is named with the folders."""
    with pytest.raises(ResourceError, match=r"no template 'nothing\.j2' in .*templates.shared"):
        render("nothing.j2", tmp_path)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{{ absent }}", "'absent' is undefined"),
        ("a\n{% if %}", "line 2"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ 1 / 0 }}", "cannot be rendered"),
        ("{% for n in range(10 ** 9) %}{% endfor %}", "range"),
    ],
)
def test_bad_template_is_refused(tmp_path: Path, source: str, reason: str) -> None:
    """What is absent, malformed or unsafe in a template is a mistake of the form, told with its name."""
    (tmp_path / "own.j2").write_text(source, "utf-8")
    with pytest.raises(FormError, match=reason) as caught:
        render("own.j2", tmp_path)
    assert caught.value.file == "own.j2"


@pytest.mark.parametrize(("name", "shown"), [("a.html.j2", "&lt;b&gt;"), ("a.j2", "<b>")])
def test_only_html_is_escaped(tmp_path: Path, name: str, shown: str) -> None:
    """A value is escaped in a page and stands as it is in a text."""
    (tmp_path / name).write_text("{{ value }}", "utf-8")
    assert render(name, tmp_path, value="<b>") == shown


def test_template_cannot_leave_its_folders(tmp_path: Path) -> None:
    """A template includes only what lies in the form's folder or the shared one."""
    inner = tmp_path / "form"
    inner.mkdir()
    (tmp_path / "secret.j2").write_text("secret", "utf-8")
    (inner / "own.j2").write_text("{% include '../secret.j2' %}", "utf-8")
    with pytest.raises(ResourceError, match=r"secret\.j2"):
        render("own.j2", inner)
