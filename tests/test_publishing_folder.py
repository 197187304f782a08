"""The pages of a summary: those that passed and no others, an index by kind and sponsor, whole or not at all."""

import re
import shutil
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from gwxl.errors import FormError, OutputError
from gwxl.files.page_mark import is_ours
from gwxl.form.identity import issue_identity
from gwxl.merging import merge
from gwxl.publishing import PublishedSummary, folder, publish_summary
from gwxl.records.period import Period
from gwxl.returns.output_names import fit_name
from gwxl.terms import Terms
from tests.support.command import document, refusal, run
from tests.support.decided import fill_in
from tests.support.submissions import FORMS, GOOD, report_rules
from tests.support.written import write_template

FORM = "website_annual_report"
OWNER = f"publish {FORM} 2026"

SITES: Mapping[str, dict[str, Any]] = {
    "a": {"site_code": "0000000001", "site_name": "第10局网站", "site_sponsor": "示例市第10局"},
    "b": {"site_code": "0000000002", "site_name": "第2局网站", "site_sponsor": "示例市第2局"},
    "c": {"site_code": "0000000003", "site_name": "第2局政务网站", "site_sponsor": "示例市第2局"},
    "d": {"site_code": "0000000004", "site_name": "门户网站", "site_sponsor": "示例市政府办", "site_type": "portal"},
    "wrong": {"site_code": "0000000005", "service_items_online": 999, "site_sponsor": "示例市第3局"},
    "doubtful": {"site_code": "0000000006", "messages_resolved": 520, "site_sponsor": "示例市第4局"},
}


def fill(path: Path, **changes: Any) -> None:
    """Write a return."""
    number = int(changes.get("site_code", "1"))
    own: dict[str, Any] = {"site_type": "department", "site_url": f"http://www{number}.example.gov.cn"}
    own |= {"site_page_views": 1203377 + number, "site_name": f"示例{number}网站"}
    path.parent.mkdir(exist_ok=True)
    identity = issue_identity(report_rules().form, period=Period(2026))
    write_template(report_rules(), path, identity=identity, answers={**GOOD, **own, **changes}, force=True)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an inbox of six returns and its summary; four of them passed."""
    folder = tmp_path_factory.mktemp("desk")
    for name, answers in SITES.items():
        fill(folder / "inbox" / f"{name}.xlsx", **answers)
    (folder / "inbox" / "broken.xlsx").write_bytes(b"")
    merged = merge(Terms(FORM), folder / "inbox", folder / "summary.xlsx")
    assert [merged.batch.counts.passed, merged.batch.counts.received] == [4, 7]
    return folder


@pytest.fixture
def clerk(desk: Path, tmp_path: Path) -> Path:
    """Return a copy of the folder, to do with as one likes."""
    shutil.copytree(desk, tmp_path, dirs_exist_ok=True)
    return tmp_path


def publish(clerk: Path, **more: Any) -> PublishedSummary:
    """Publish the summary into ``pages``."""
    return publish_summary(Terms(), clerk / "summary.xlsx", clerk / "pages", **more)


def contents(place: Path) -> dict[str, bytes]:
    """Return what stands in a folder, hidden files too."""
    return {path.name: path.read_bytes() for path in sorted(place.iterdir())}


class _Index(HTMLParser):
    """Collect captions, sponsors and links in order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "h2" or given.get("scope") == "rowgroup" or tag == "a":
            self.found.append((tag, ""))
        if tag == "a":
            self.links.append(given["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"h2", "th", "a"}:
            self.found.append(("", ""))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0]:
            self.found[-1] = (self.found[-1][0], self.found[-1][1] + data)


def index_of(page: Path) -> _Index:
    """Return what the index holds."""
    parser = _Index()
    parser.feed(page.read_text("utf-8"))
    return parser


def test_those_that_passed_and_no_others(clerk: Path) -> None:
    """A page each, named by its code, and of the rest the state; what the index leads to is there."""
    done = publish(clerk)
    assert [(one.receipt.source.file, one.receipt.state, one.page and one.page.name) for one in done.returns] == [
        ("a.xlsx", "passed", "0000000001.html"),
        ("b.xlsx", "passed", "0000000002.html"),
        ("broken.xlsx", "refused", None),
        ("c.xlsx", "passed", "0000000003.html"),
        ("d.xlsx", "passed", "0000000004.html"),
        ("doubtful.xlsx", "verify", None),
        ("wrong.xlsx", "errors", None),
    ]
    assert sorted(contents(clerk / "pages")) == [*(f"000000000{n}.html" for n in (1, 2, 3, 4)), "index.html"]
    assert sorted(index_of(clerk / "pages" / "index.html").links) == [f"000000000{n}.html" for n in (1, 2, 3, 4)]
    page = (clerk / "pages" / "0000000001.html").read_text("utf-8")
    assert '<a href="index.html" rel="noopener noreferrer">返回目录</a>' in page
    assert "第10局网站" in page


def test_the_index_is_in_natural_order(clerk: Path) -> None:
    """Kinds as in the form, then sponsors, then names; numbers by their value."""
    publish(clerk)
    found = [(tag, words) for tag, words in index_of(clerk / "pages" / "index.html").found if tag]
    assert found == [
        ("h2", "政府门户网站 1 份"),
        ("th", "示例市政府办"),
        ("a", "门户网站"),
        ("h2", "部门网站 3 份"),
        ("th", "示例市第2局"),
        ("a", "第2局政务网站"),
        ("a", "第2局网站"),
        ("th", "示例市第10局"),
        ("a", "第10局网站"),
    ]


def test_what_a_decision_or_a_file_changed_since_is_left_out(clerk: Path) -> None:
    """A return that passes only now, one that came in late and one that is gone are named, and are not published."""
    inbox = clerk / "inbox"
    (inbox / "a.xlsx").unlink()
    fill(inbox / "late.xlsx", site_code="0000000007")
    words = {"decision": "已核实", "who": "某某", "reason": "已电话核实"}
    fill_in(clerk / "inbox-待决.xlsx", lambda row: words if row["file"] == "doubtful.xlsx" else {})
    done = publish(clerk)
    states = {one.receipt.source.file: (one.receipt.state, one.receipt.reason, one.page) for one in done.returns}
    assert states["doubtful.xlsx"] == ("passed", "汇总时还没有通过，请重新汇总后再公布。", None)
    assert (done.strangers, done.missing) == (("late.xlsx",), ("a.xlsx",))
    assert sorted(contents(clerk / "pages")) == [*(f"000000000{n}.html" for n in (2, 3, 4)), "index.html"]


def test_own_pages_are_replaced_and_others_stay(clerk: Path) -> None:
    """A second run renews its pages, names those that are not published any more, and leaves what is not its own."""
    first = publish(clerk)
    (clerk / "pages" / "notes.html").write_text("mine", "utf-8")
    (clerk / "pages" / "0000000002.html").write_bytes(
        (clerk / "pages" / "0000000002.html").read_bytes().replace(b"\n", b"\r\n")
    )
    fill(clerk / "inbox" / "b.xlsx", **SITES["b"], service_items_online=999)
    merge(Terms(FORM), clerk / "inbox", clerk / "summary.xlsx", force=True)
    done = publish(clerk, publisher="某某市政府")
    assert (first.stale, done.stale) == ((), (clerk / "pages" / "0000000002.html",))
    found = contents(clerk / "pages")
    assert found["notes.html"] == b"mine"
    assert "某某市政府".encode() in found["0000000001.html"]
    assert "某某市政府".encode() in found["index.html"]
    assert "第2局网站".encode() not in found["index.html"]


STRANGE = [
    ("index.html", lambda _page: b"<p>our own index</p>"),
    ("0000000003.html", lambda page: page.replace(b"GOOD", b"")[:-1]),
    ("0000000003.html", lambda page: page.replace("示例市第2局".encode(), "示例市第3局".encode())),
    (
        "0000000003.html",
        lambda page: page.replace(b"gwxl publish website_annual_report 2026", b"gwxl publish other 2026"),
    ),
    ("0000000004.html", lambda _page: b""),
]


@pytest.mark.parametrize(("name", "change"), STRANGE)
def test_what_is_not_ours_is_never_replaced(clerk: Path, name: str, change: Any) -> None:
    """A strange file, a page somebody changed and one of another form stop the run before anything is written."""
    publish(clerk)
    place = clerk / "pages" / name
    place.write_bytes(change(place.read_bytes()))
    before = contents(clerk / "pages")
    with pytest.raises(OutputError, match=rf"{name}: exists already and is no page that gwxl wrote"):
        publish(clerk, publisher="某某市政府")
    assert contents(clerk / "pages") == before


def test_a_link_is_not_followed(clerk: Path) -> None:
    """A link at the place of a page is no page of ours, wherever it leads."""
    publish(clerk)
    page = clerk / "pages" / "0000000001.html"
    page.rename(clerk / "elsewhere.html")
    page.symlink_to(clerk / "elsewhere.html")
    assert is_ours(clerk / "elsewhere.html", OWNER)
    with pytest.raises(OutputError, match="exists already"):
        publish(clerk)


@pytest.mark.parametrize("there", [False, True])
def test_whole_or_not_at_all(clerk: Path, there: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001
    """Where one page cannot be made none is written, and no draft is left behind."""
    before = {}
    if there:
        publish(clerk)
        before = contents(clerk / "pages")

    def fail(*_: object) -> str:
        raise FormError("index.html.j2", "line 1", "is broken")

    monkeypatch.setattr(folder, "index_page", fail)
    with pytest.raises(FormError, match="is broken"):
        publish(clerk, publisher="某某市政府")
    assert (contents(clerk / "pages") if there else {}) == before
    assert (clerk / "pages").exists() is there
    assert [path.name for path in clerk.iterdir() if path.name.startswith(".")] == []


CODES = {
    "../evil": "_evil",
    "INDEX": "INDEX",
    "con": "_con",
    "=1+1": "_=1+1",
    "a b#c?d%": "a b#c_d%",
    "<b>&\"'": "_b_&_'",
}


@pytest.mark.parametrize("code", CODES)
def test_a_hostile_code_stays_a_file_of_the_folder(code: str) -> None:
    """A code that names a path, a device or a formula, or is full of markup, gives a name every system takes."""
    assert fit_name(code) == CODES[code]


def test_the_command_says_what_it_left_out(clerk: Path) -> None:
    """Counts add up to what came in, each file is named with its state; exit 1 while something is to do."""
    result = run("publish", "--from", "summary.xlsx", "-o", "pages", cwd=clerk)
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [
        "wrote 4 pages and their index pages/index.html",
        "3 not published: refused 1、to verify 1、errors 1".replace("、", ", "),
        "  broken.xlsx: refused (文件是空的（没有内容）。请打开原文件核对，另存为 .xlsx 后重新报送。)",
        "  doubtful.xlsx: to verify",
        "  wrong.xlsx: errors",
    ]
    found = document("publish", "--from", "summary.xlsx", "-o", "pages", cwd=clerk, code=1)
    assert found["index"] == "pages/index.html"
    assert [one["page"] for one in found["files"] if one["page"]] == [f"pages/000000000{n}.html" for n in (1, 2, 3, 4)]
    assert run("publish", "--from", "summary.xlsx", "-o", "pages", "--exit-zero", cwd=clerk).returncode == 0


def test_the_day_of_publishing_is_that_of_the_run(clerk: Path) -> None:
    """The day that GWXL_TODAY names stands on every page."""
    run("publish", "--from", "summary.xlsx", "-o", "pages", cwd=clerk, GWXL_TODAY="2027-01-20")
    pages = contents(clerk / "pages")
    assert [name for name, page in pages.items() if "发布日期</dt><dd>2027-01-20<".encode() not in page] == []
    assert len(pages) == 5


WRONG_USE = [
    ((), "name one return, or a summary with --from"),
    (("--from", "summary.xlsx", "inbox/a.xlsx"), "name one return, or a summary with --from"),
    (("--from", "summary.xlsx", "--force"), "--force does not go with --from"),
    (("inbox/a.xlsx", "--inbox", "inbox"), "--inbox goes with --from only"),
    (("--from", "inbox/a.xlsx"), "is no summary that gwxl wrote"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG_USE)
def test_wrong_use_is_told(clerk: Path, arguments: tuple[str, ...], said: str) -> None:
    """One line says what does not go together, and nothing is written."""
    assert said in refusal("publish", *arguments, "-o", "pages", cwd=clerk)
    assert not (clerk / "pages").exists()


def test_nothing_passed_nothing_written(tmp_path: Path) -> None:
    """Where none passed there is no index either."""
    fill(tmp_path / "inbox" / "wrong.xlsx", **SITES["wrong"])
    merge(Terms(FORM), tmp_path / "inbox", tmp_path / "summary.xlsx")
    result = run("publish", "--from", "summary.xlsx", "-o", "pages", cwd=tmp_path)
    assert (result.returncode, (tmp_path / "pages").exists()) == (1, False)
    assert result.stdout.splitlines()[0] == "none has passed; no page was written"


def test_a_form_without_kinds_has_one_list(tmp_path: Path) -> None:
    """A form that names neither kind, sponsor nor code has an index all the same, its pages called by name."""
    form = FORMS / "course_list"
    said = run("template", "--form", form, "-o", "blank.xlsx", "--year", "2026", cwd=tmp_path)
    assert said.returncode == 0
    assert re.search(r"^name = ", (form / "form.toml").read_text("utf-8"), re.MULTILINE)
    assert unquote("%E7%8F%AD.html") == "班.html"
