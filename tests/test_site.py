"""The pages of the site: what docs/site.py makes of those of the checkout, and that none fetches anything."""

from pathlib import Path

import pytest

from docs import site


@pytest.mark.parametrize(
    ("origin", "text", "laid_out"),
    [
        ("README.md", "[year](docs/clerk.md#4-merge)", "[year](clerk.md#4-merge)"),
        ("README.md", "say so. [中文说明](README.zh-CN.md)", "say so. "),
        ("docs/clerk.zh-CN.md", "[English](clerk.md) · [词汇表](glossary.md)", "[词汇表](glossary.md)"),
        ("docs/clerk.zh-CN.md", "[管理员](administrator.zh-CN.md)", "[管理员](administrator.zh.md)"),
        ("docs/levels.md", "[samples](../samples/README.md)", "[samples](samples/index.md)"),
        ("samples/README.md", "[levels](../docs/levels.md)", "[levels](../levels.md)"),
        ("docs/api.md", "files of [samples/inbox](../samples/inbox): 01", "files of samples/inbox: 01"),
        ("CHANGELOG.md", "[Keep](https://keepachangelog.com/)", "[Keep](https://keepachangelog.com/)"),
        ("docs/mail.md", "[nowhere](nowhere.md)", "[nowhere](nowhere.md)"),  # mkdocs says so, and that is an error
        ("docs/filler.md", "1. 填\n   - 数", "1. 填\n    - 数"),
        ("docs/filler.zh-CN.md", "其余的\n都写上，\nand more\n", "其余的都写上，\nand more\n"),
        ("docs/filler.zh-CN.md", "```\n一\n二 [a](../README.md)\n```\n", "```\n一\n二 [a](../README.md)\n```\n"),
    ],
)
def test_page(origin: str, text: str, laid_out: str) -> None:
    """Links lead where the site has what they name; Chinese goes on without a blank; what is fenced stays."""
    assert site.adapt(text, origin) == laid_out


def test_page_without_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For readers of Chinese a page says that it is in English, and leads to no heading that is in Chinese."""
    monkeypatch.setattr(site, "ROOT", tmp_path)
    monkeypatch.setattr(site, "STAGE", tmp_path / "stage")
    (tmp_path / "docs").mkdir()
    for name in ("clerk.md", "clerk.zh-CN.md", "rules.md"):
        (tmp_path / "docs" / name).write_text("# 甲\n", "utf-8")
    source = tmp_path / "docs" / "why.md"
    source.write_text("# Why\n\n[merge](clerk.md#4-merge), [rules](rules.md#a)\n", "utf-8")
    site.lay_out(source)
    site.lay_out(tmp_path / "docs" / "rules.md")
    stage = tmp_path / "stage"
    assert (stage / "why.md").read_text("utf-8") == "# Why\n\n[merge](clerk.md#4-merge), [rules](rules.md#a)\n"
    assert (stage / "why.zh.md").read_text("utf-8") == (
        '# Why\n\n!!! note "本页只有英文"\n\n\n[merge](clerk.md), [rules](rules.md#a)\n'
    )
    assert (stage / "rules.zh.md").read_text("utf-8") == "# 甲\n"


@pytest.mark.parametrize(
    ("name", "text", "fetches"),
    [
        ("a.html", '<a href="https://example.org/">there</a> <script src="site.js"></script>', False),
        ("a.html", '<script src="https://example.org/a.js"></script>', True),
        ("a.html", "<img src=//example.org/a.png>", True),
        ("a.html", '<link rel="stylesheet" href="https://example.org/a.css">', True),
        ("a.css", "@font-face { src: url(https://example.org/a.woff2) }", True),
    ],
)
def test_address(
    name: str,
    text: str,
    *,
    fetches: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A page or style that would fetch something by itself is named, and the build fails."""
    monkeypatch.setattr(site, "SITE", tmp_path)
    (tmp_path / name).write_text(text, "utf-8")
    assert site.check_addresses() == int(fetches)
    assert capsys.readouterr().err == (f"{tmp_path / name} fetches from elsewhere\n" if fetches else "")
