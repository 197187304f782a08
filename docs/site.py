"""Build the site of the documentation into build/site: ``python -m docs.site``, or ``python3 run.py site``.

No page exists twice in the checkout: docs/ and what it leads to outside is laid into build/docs, where the site has it
(README.md is its first page), with links that hold there. Where ``python3 run.py page`` was run before, the first page
leads to what it made. mkdocs.yml says the rest; any warning is an error.
"""

import os
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAGE = ROOT / "build" / "docs"
SITE = ROOT / "build" / "site"
PAGE = ROOT / "build" / "page" / "gwxl.html"
TO_THE_PAGE = {"index.md": "Check and merge in this browser", "index.zh.md": "在浏览器里核对和汇总，不用安装"}
QUIET = {"NO_MKDOCS_2_WARNING": "1"}
OUTSIDE = ("README*.md", "CHANGELOG.md", "CONTRIBUTING.md", "samples/README.md", "bench/README.md")
SCHEMAS = "gwxl/documents/schema/*.json"
REFERENCE = """# Classes and functions

What `import gwxl` gives, from its docstrings. [The Python API](api.md) shows each at work.

::: gwxl
"""
UNTRANSLATED = '\n\n!!! note "本页只有英文"\n\n'
HEAD = 60
"""How far the first characters of a page go, which say whether it is for readers of Chinese."""

_LINK = re.compile(r"\[(?P<text>[^\[\]]*)\]\((?P<path>[^)#:\s]+)(?P<anchor>#[^)\s]*)?\)(?P<next> · )?")
_FENCED = re.compile(r"^(```.*?^```$)", re.MULTILINE | re.DOTALL)
# What a browser fetches by itself: a source, a style, a font.
_FETCHED = re.compile(
    r"""\ssrc(?:set)?=["']?(?:https?:)?//|<link[^>]*\shref=["']?(?:https?:)?//|url\(["']?(?:https?:)?//"""
)
_ROLE = re.compile(r":[a-z]+:(?=<code>)")
# A list within a list is indented by four for Python-Markdown.
_NESTED = re.compile(r"^ {2,3}(?=[-*] )", re.MULTILINE)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Where a line of Chinese goes on in the next one, no blank belongs between.
_CHINESE_WRAP = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef])\n(?=[\u2e80-\u9fff\uff00-\uffef])")


def main() -> int:
    """Lay out the pages and build the site; return the exit code."""
    shutil.rmtree(STAGE, ignore_errors=True)
    for source in find_sources():
        lay_out(source)
    (STAGE / "reference.md").write_text(REFERENCE, "utf-8")
    if PAGE.exists():
        show_page()
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    code = subprocess.run(command, cwd=ROOT, env=os.environ | QUIET, check=False).returncode
    if code == 0:
        # What a page opened from disk searches is written before the languages are put together.
        index = (SITE / "search" / "search_index.json").read_text("utf-8")
        (SITE / "search" / "search_index.js").write_text(f"var __index = {index}", "utf-8")
        print(SITE / "index.html")
    return code or check_addresses()


def show_page() -> None:
    """Put the page that checks and merges into the site, with a way to it on the first page."""
    shutil.copyfile(PAGE, STAGE / PAGE.name)
    for name, words in TO_THE_PAGE.items():
        first = STAGE / name
        way = f"\n\n[{words}]({PAGE.name}){{ .md-button .md-button--primary }}\n"
        first.write_text(first.read_text("utf-8").replace("\n", way, 1), "utf-8")


def check_addresses() -> int:
    """Name the pages and styles that would fetch something from elsewhere; return the exit code."""
    files = [path for path in SITE.rglob("*") if path.suffix in {".html", ".css"}]
    fetching = [path for path in files if _FETCHED.search(path.read_text("utf-8"))]
    for path in fetching:
        print(f"{path} fetches from elsewhere", file=sys.stderr)
    return 1 if fetching else 0


def lay_out(source: Path) -> None:
    """Put a file of the checkout where the site has it; a page of one language alone stands for both."""
    origin = source.relative_to(ROOT).as_posix()
    target = STAGE / place(origin)
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix != ".md":
        shutil.copyfile(source, target)
        return
    text = source.read_text("utf-8")
    target.write_text(adapt(text, origin), "utf-8")
    if not is_translated(origin):
        page = adapt(text, origin, places=False)
        note = "\n" if _CHINESE.search(page[:HEAD]) else UNTRANSLATED
        target.with_suffix(".zh.md").write_text(page.replace("\n", note, 1), "utf-8")


def on_page_content(html: str, **_: object) -> str:
    """Return a page without the roles of Sphinx before its names; mkdocs calls this, as a hook."""
    return _ROLE.sub("", html)


def find_sources() -> Iterator[Path]:
    """Yield every file of the checkout that the site has."""
    yield from (path for path in (ROOT / "docs").rglob("*") if path.suffix in {".md", ".png", ".svg", ".css", ".js"})
    for pattern in (*OUTSIDE, SCHEMAS):
        yield from ROOT.glob(pattern)


def place(path: str) -> str:
    """Return where on the site a file of the checkout stands."""
    return path.removeprefix("docs/").replace("README", "index").replace(".zh-CN.", ".zh.")


def adapt(text: str, origin: str, *, places: bool = True) -> str:
    """Return a page as the site has it: links that hold there, lines of Chinese joined, lists within lists.

    Without ``places`` a link leads to a page as a whole where that page is in Chinese, and its headings with it.
    """
    parts = _FENCED.split(text)
    for number in range(0, len(parts), 2):
        led = _LINK.sub(lambda link: lead(link, origin, places=places), parts[number])
        parts[number] = _NESTED.sub("    ", _CHINESE_WRAP.sub("", led))
    return "".join(parts)


def lead(link: re.Match[str], origin: str, *, places: bool) -> str:
    """Return a link of a page as the site has it; a folder is named only, the other language has its switch."""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(origin), link["path"]))
    if (ROOT / target).is_dir():
        return link["text"]
    if target != origin and target.replace(".zh-CN.", ".") == origin.replace(".zh-CN.", "."):
        return ""
    path = posixpath.relpath(place(target), posixpath.dirname(place(origin)) or ".")
    anchor = link["anchor"] if places or not is_translated(target) else None
    return f"[{link['text']}]({path}{anchor or ''}){link['next'] or ''}"


def is_translated(origin: str) -> bool:
    """Tell whether a page of the checkout stands in both languages."""
    return ".zh-CN." in origin or (ROOT / origin).with_suffix(".zh-CN.md").exists()


if __name__ == "__main__":
    sys.exit(main())
