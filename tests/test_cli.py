"""The command line as a clerk and a script meet it: words, streams, exit codes, and nothing that is not meant."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from rich.cells import cell_len

import gwxl
from gwxl.cli import main, parameters, root
from gwxl.cli.command_shape import AUTHOR, CLERK, COMMANDS
from gwxl.cli.interrupts import Interrupted
from gwxl.form.identity import issue_identity
from gwxl.form.layout import lay_out
from gwxl.intake import check_file
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.terms import Terms
from gwxl.wording import LANGUAGES, text
from tests.support.command import COMMAND, PATIENCE, document, environment, refusal, run, say
from tests.support.submissions import GOOD, report_form, report_rules
from tests.support.written import write_template

YEAR = 2026
ESCAPE = "\x1b"
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare a clerk's folder: a blank form, a good and a faulty return, a file that is none, and an inbox."""
    folder = tmp_path_factory.mktemp("desk")
    write_return(folder / "空.xlsx")
    write_return(folder / "好.xlsx", **GOOD)
    write_return(folder / "错.xlsx", **{**GOOD, "service_items_online": 400})
    (folder / "不是.xlsx").write_text("这不是电子表格", "utf-8")
    inbox(folder / "收件箱", folder / "好.xlsx")
    return folder


def write_return(path: Path, **values: Any) -> Path:
    """Write a return of the first form."""
    rules = report_rules()
    write_template(rules, path, identity=issue_identity(rules.form, period=Period(YEAR)), answers=values)
    return path


def inbox(folder: Path, *files: Path) -> Path:
    """Make a folder that holds copies of files."""
    folder.mkdir()
    for file in files:
        shutil.copy(file, folder)
    return folder


def names(folder: Path) -> list[str]:
    """Return what stands in a folder."""
    return sorted(path.name for path in folder.iterdir())


# Words


def test_gwxl_alone_says_what_it_is_for(tmp_path: Path) -> None:
    """What it does, three examples, the commands of a clerk's year; nothing went wrong. The others stand elsewhere."""
    printed = say(cwd=tmp_path)
    assert len(re.findall(r"^    gwxl (?:template|check|merge) ", printed, re.MULTILINE)) == 3
    listed = re.compile(r"^  ([a-z]+) +\w", re.MULTILINE)
    assert listed.findall(printed[printed.index("Commands") :]) == list(CLERK)
    assert printed == say("--help", cwd=tmp_path) == say("help", cwd=tmp_path)
    assert listed.findall(say("help", "author", cwd=tmp_path)) == list(AUTHOR)
    assert say("--lang", "en", "-q", cwd=tmp_path) == say("-v", cwd=tmp_path) == printed
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("command", "language"), [*((command, "en") for command in COMMANDS), ("template", "zh"), ("merge", "zh")]
)
def test_every_command_has_help(tmp_path: Path, command: str, language: str) -> None:
    """``-h`` says how it is called and explains each option, in one language."""
    printed = say(command, "-h", "--lang", language, cwd=tmp_path)
    assert printed.startswith({"en": f"Usage: gwxl {command} ", "zh": f"用法：gwxl {command} "}[language])
    options = [line for line in printed.splitlines() if line.startswith("  -")]
    chinese = [bool(re.search("[\u4e00-\u9fff]", line)) for line in options]
    assert chinese == [language == "zh"] * len(options)
    assert any("-h, --help" in line for line in options)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_help_reads_at_80_columns(tmp_path: Path, command: str, language: str) -> None:
    """Nothing is wider, no word is click's own, and ``gwxl help`` says the same."""
    printed = say(command, "-h", "--lang", language, cwd=tmp_path)
    assert [line for line in printed.splitlines() if cell_len(line) > 80] == []
    assert re.findall(r"PATH|INTEGER|DIRECTORY|\[required\]|x<=", printed) == []
    assert say("help", command, "--lang", language, cwd=tmp_path) == printed


NO_CAMPAIGN = " (a folder of a campaign needs none; start one with gwxl init FOLDER)"
EXAMPLES = [(name, language) for name in COMMANDS for language in LANGUAGES]


@pytest.mark.parametrize(("command", "language"), EXAMPLES)
def test_examples_can_be_called(command: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example of a command is one that its options take, whatever stands in the folder of a campaign."""
    (tmp_path / "campaign.toml").write_text('form = "website_annual_report"\nperiod = "2026"\n', "utf-8")
    (tmp_path / "summary.xlsx").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(parameters.Path, "convert", lambda _self, value, _param, _ctx: Path(value))
    for line in text(f"cli.{command}.examples", language).splitlines():
        program, *words = shlex.split(line)
        name, *rest = words if words[0] in COMMANDS else ["merge", *words]
        assert (program, name) == ("gwxl", command)
        called = import_module(COMMANDS[name]).command.make_context(name, rest)
        assert not called.args


def test_version(tmp_path: Path) -> None:
    """One line with name and version."""
    assert say("--version", cwd=tmp_path) == say("-V", cwd=tmp_path) == f"gwxl {gwxl.__version__}\n"


@pytest.mark.parametrize(("typed", "meant"), [("mege", "merge"), ("templates", "template")])
def test_a_near_miss_is_suggested(tmp_path: Path, typed: str, meant: str) -> None:
    """A mistyped command is answered with the one that was probably meant."""
    assert refusal(typed, "x", cwd=tmp_path) == (
        f"error: no command “{typed}”; did you mean “{meant}”? gwxl -h lists them"
    )


LINES = [
    (["frobnicate"], "error: no command “frobnicate”; gwxl -h lists them"),
    (
        ["check"],
        f"error: missing: FILE…{NO_CAMPAIGN}; -h shows how",
    ),
    (
        ["merge"],
        f"error: missing: FOLDER, SUMMARY…{NO_CAMPAIGN}; -h shows how",
    ),
    (["template"], "error: missing: --output; -h shows how"),
    (
        ["explain", "site_name"],
        f"error: missing: SUMMARY{NO_CAMPAIGN}; -h shows how",
    ),
    (["check", "--frobnicate", "x"], "error: no option --frobnicate; -h lists them"),
    (["merge", "--yaer", "2026", "x"], "error: no option --yaer; did you mean --year? -h lists them"),
    (["check", "--jsn", "x"], "error: no option --jsn; did you mean --json? -h lists them"),
    (["check", "--lnag=zh", "x"], "error: no option --lnag; did you mean --lang? -h lists them"),
    (["template", "-o"], "error: -o wants a word behind it; -h shows how"),
    (["check", "--json=1", "x"], "error: --json takes nothing behind it; -h shows how"),
    (["rules", "a", "b c"], "error: too many words: a b c; quote a name that has blanks, -h shows how"),
    (["help", "mergge"], "error: no command “mergge”; did you mean “merge”? gwxl -h lists them"),
    (["--frob"], "error: no option --frob; -h lists them"),
]


@pytest.mark.parametrize(("arguments", "line"), LINES)
def test_a_wrong_call_is_told_in_one_line(tmp_path: Path, arguments: Sequence[str], line: str) -> None:
    """What is missing or unknown is named, with the way out."""
    assert refusal(*arguments, cwd=tmp_path) == line


WRONG = [
    (["check", "没有.xlsx"], "没有.xlsx"),
    (["merge", "没有"], "no such file or folder: 没有"),
    (["merge", "file"], "no folder is named"),
    (["explain", "site_name", "."], ". is a folder, a file is wanted here"),
    (["return", "--from", ".", "-o", "x"], "--from: . is a folder, a file is wanted here"),
    (["rules", "--form", "website_anual_report"], "did you mean 'website_annual_report'?"),
    (["explain", "site_name", "没有.xlsx"], "没有.xlsx"),
    (["explain", "site_name", "file"], "file"),
    (["template", "-o", "a.xlsx", "--year", "26"], "26"),
    (["template", "-o", "a.xls"], ".xlsx"),
    (["template", "-o", "a.xlsx", "--deadline", "2027-13-45"], "2027-13-45"),
    (["template", "-o", "no/a.xlsx"], "no/a.xlsx"),
    (["template", "-o", "a.xlsx", "--form", "none"], "website_annual_report"),
    (["forms", "--lang", "fr"], "zh"),
    (["forms", "--color", "pink"], "never"),
]


@pytest.mark.parametrize(("arguments", "named"), WRONG)
def test_what_cannot_be_used_is_named(tmp_path: Path, arguments: Sequence[str], named: str) -> None:
    """A file, value or form that cannot be used is told in one line, and nothing is left behind."""
    (tmp_path / "file").write_text("x", "utf-8")
    line = refusal(*arguments, cwd=tmp_path)
    assert line.startswith("error: ")
    assert named in line
    assert names(tmp_path) == ["file"]


COMPLETED = [
    ("gwxl me", 1, "plain,merge"),
    ("gwxl merge --y", 2, "plain,--year"),
    ("gwxl merge --force sa", 3, "file,sa"),
    ("gwxl --lang z", 2, "plain,zh"),
]


@pytest.mark.parametrize(("words", "place", "completed"), COMPLETED)
def test_a_shell_completes(tmp_path: Path, words: str, place: int, completed: str) -> None:
    """Bash is told the command, the option, the word or what kind of path may follow."""
    variables: dict[str, Any] = {"_GWXL_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(place)}
    assert run(cwd=tmp_path, **variables).stdout.split() == [completed]


# Language

SPEAKS = [
    ({"LC_ALL": "zh_CN.UTF-8"}, [], "zh"),
    ({"LANG": "zh_CN.UTF-8"}, [], "zh"),
    ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, [], "en"),
    ({"LANG": "de_DE.UTF-8"}, [], "en"),
    ({}, [], "en"),
    ({"LANG": "zh_CN.UTF-8"}, ["--lang", "en"], "en"),
    ({"LANG": "en_US.UTF-8"}, ["--lang=zh"], "zh"),
    ({"LANG": "en_US.UTF-8", "GWXL_LANG": "zh"}, [], "zh"),
    ({"GWXL_LANG": "zh"}, ["--lang", "en"], "en"),
]


@pytest.mark.parametrize(("variables", "arguments", "language"), SPEAKS)
def test_the_language_is_that_of_flag_then_locale(
    tmp_path: Path, variables: dict[str, str], arguments: Sequence[str], language: str
) -> None:
    """The flag wins over the environment, that over the locale; a language nobody translated is English."""
    line = refusal("frobnicate", *arguments, cwd=tmp_path, **variables)
    assert line.startswith({"zh": "错误：没有“frobnicate”这个命令", "en": "error: no command “frobnicate”"}[language])


def test_findings_speak_the_language_of_the_form(desk: Path) -> None:
    """An English command line shows the Chinese message, as the filler will read it."""
    lines = say("check", "错.xlsx", "--lang", "en", cwd=desk, code=1).splitlines()
    (message,) = [line.split(maxsplit=3)[3] for line in lines if " B08 " in line]
    assert message.startswith("D35「可全程在线办理政务服务事项数量」填 400")
    assert lines[-1] == "1 in all, 1 to act on"


def test_chinese_is_printed_whatever_the_console(tmp_path: Path) -> None:
    """A console that cannot show Chinese gets UTF-8 and no crash."""
    printed = say("forms", cwd=tmp_path, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert "政府网站工作年度报表" in printed


# Exit codes


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["好.xlsx"], 0),
        (["好.xlsx", "错.xlsx"], 1),
        (["错.xlsx", "不是.xlsx", "--exit-zero"], 0),
        (["没有.xlsx", "--exit-zero"], 2),
    ],
)
def test_exit_codes_of_check(desk: Path, arguments: Sequence[str], code: int) -> None:
    """0: nothing to do; 1: something is; 2: could not run, whatever was asked."""
    assert run("check", *arguments, cwd=desk).returncode == code


def test_hints_and_explained_doubts_need_nothing(desk: Path, tmp_path: Path) -> None:
    """A hint, and a doubt the filler has explained, are shown and leave the exit code 0."""
    hint = write_return(tmp_path / "提示.xlsx", **{**GOOD, "site_url": "http://www.example.gov.cn/news"})
    doubt = write_return(tmp_path / "核实.xlsx", **{**GOOD, "messages_resolved": 600})
    explained = explain(doubt, tmp_path / "说明.xlsx", "messages_resolved", "含上年结转")
    files = document("check", hint, explained, cwd=desk)["files"]
    found = [[(one["id"], one["severity"], one["settled"]) for one in file["findings"]] for file in files]
    assert found == [[("A02d", "hint", False)], [("B13", "verify", True)]]
    assert run("check", doubt, cwd=desk).returncode == 1


def explain(source: Path, target: Path, key: str, words: str) -> Path:
    """Copy a return with an explanation beside a field."""
    book = openpyxl.load_workbook(source)
    cell = lay_out(report_form()).explanations[FormPath.parse(key)]
    book[cell.sheet][cell.address] = words
    book.save(target)
    return target


def test_a_bare_folder_is_merged(desk: Path, tmp_path: Path) -> None:
    """``gwxl FOLDER`` is ``gwxl merge FOLDER``; the summary stands beside the folder, named after it."""
    inbox(tmp_path / "收件", desk / "好.xlsx")
    printed = say("收件", cwd=tmp_path).splitlines()
    assert printed[1] == "received 1 = accepted 1 + held 0 + rejected 0 + superseded 0 + refused 0 + ignored 0"
    assert printed[3] == "summary: 收件-汇总.xlsx"
    assert names(tmp_path) == ["收件", "收件-汇总.xlsx"]


def test_merge_may_end_with_0(desk: Path, tmp_path: Path) -> None:
    """``--exit-zero`` is for scripts that look at the document; every refused file is still told by name."""
    inbox(tmp_path / "in", desk / "不是.xlsx")
    printed = say("merge", "in", "-o", "s.xlsx", "--exit-zero", cwd=tmp_path)
    assert "  不是.xlsx: " in printed


# Documents


def test_documents_fit_their_schemas(desk: Path, tmp_path: Path) -> None:
    """What the three commands print as JSON is valid, and its facts are those of the files."""
    template = document("template", "-o", "报表.xlsx", "--year", YEAR, cwd=tmp_path)
    assert template["cells"]["service_items_online"] == {"sheet": "填报表", "cell": "D35"}
    assert template["cells"]["other_media[20].posts"]["sheet"] == "其他新媒体"
    assert template["explanations"]["site_name"]["cell"] == "I7"
    files = document("check", *("好.xlsx", "错.xlsx", "不是.xlsx", "空.xlsx"), cwd=desk, code=1)["files"]
    assert [file["status"] for file in files] == ["ok", "findings", "refused", "findings"]
    assert files[0]["values"]["messages_average_days"] == GOOD["messages_average_days"]
    assert files[0]["values"]["has_smart_qa"] is False
    assert files[0]["values"]["innovations"] == list(GOOD["innovations"])
    assert [len(file["findings"]) for file in files] == [0, 1, 1, 1]
    inbox(tmp_path / "in", *(desk / name for name in ("好.xlsx", "不是.xlsx", "空.xlsx")))
    merged = document("merge", "in", "-o", "s.xlsx", cwd=tmp_path, code=1)
    assert merged["totals"]["site_page_views"] == {"value": GOOD["site_page_views"], "n": 1, "of": 1}
    assert (merged["summary"], merged["counts"]["received"]) == ("s.xlsx", 3)


# More and fewer words


def test_quiet_and_verbose(desk: Path, tmp_path: Path) -> None:
    """Quiet keeps the result; verbose also shows the rules that wait for a value."""
    waiting = write_return(tmp_path / "等.xlsx", **{**GOOD, "service_items": "三百"})
    quiet, verbose = (say("check", waiting, more, cwd=desk, code=1).splitlines() for more in ("-q", "-v"))
    assert [line.split()[1] for line in quiet[2:-2]] == ["A09"]
    assert "B08" in [line.split()[1] for line in verbose[2:-2]]
    assert quiet[0] == verbose[0] == f"{waiting}: errors (as of 2026)"


def test_quiet_gives_no_advice(desk: Path, tmp_path: Path) -> None:
    """What to do next is no result."""
    inbox(tmp_path / "in", desk / "错.xlsx")
    told = say("merge", "in", cwd=tmp_path, code=1).splitlines()
    (tmp_path / "in-汇总.xlsx").unlink()
    quiet = say("merge", "in", "-q", cwd=tmp_path, code=1).splitlines()
    assert told[-1].startswith("Next: send back what is faulty with gwxl return --from in-汇总.xlsx ")
    assert quiet == told[:-1]


def test_what_is_wrong_is_named_below_the_result(desk: Path, tmp_path: Path) -> None:
    """Ten files of a kind at most, and where the rest stands; a path with blanks can be pasted."""
    inbox(tmp_path / "收 件")
    for number in range(12):
        shutil.copy(desk / "不是.xlsx", tmp_path / "收 件" / f"{number:02}.xlsx")
    write_return(tmp_path / "收 件" / "错.xlsx", **{**GOOD, "service_items_online": 400})
    lines = say("merge", "收 件", cwd=tmp_path, code=1).splitlines()
    assert lines[3:5] == ["summary: '收 件-汇总.xlsx'", "refused (12):"]
    assert [line.split(":")[0] for line in lines[5:15]] == [f"  {number:02}.xlsx" for number in range(10)]
    assert lines[15:18] == [
        "  … and 2 more, see the sheet of files in the summary",
        "accepted, with errors (1):",
        "  错.xlsx: errors 1, to verify 0",
    ]
    assert lines[18].startswith("no figures of last year: 19 rules were not judged")
    assert lines[19].startswith("Next: send back what is faulty with gwxl return --from '收 件-汇总.xlsx' -o FOLDER")
    checked = say("check", "收 件", cwd=tmp_path, code=1).splitlines()
    place = checked.index("13 in all, 13 to act on")
    assert [checked[place + 1], *checked[-2:]] == [
        "  收 件/00.xlsx: refused",
        "  收 件/09.xlsx: refused",
        "  … and 3 more, see above",
    ]


@pytest.mark.parametrize("command", ["check", "merge", "migrate"])
def test_nothing_in_the_folder_is_told(desk: Path, tmp_path: Path, command: str) -> None:
    """An empty inbox cannot be worked on: nothing is written, and a summary that stands is kept."""
    inbox(tmp_path / "in", desk / "好.xlsx")
    say("merge", "in", cwd=tmp_path)
    before = (tmp_path / "in-汇总.xlsx").read_bytes()
    (tmp_path / "in" / "好.xlsx").unlink()
    more = ["-o", "new"] if command == "migrate" else []
    assert refusal(command, "in", *more, cwd=tmp_path).startswith("error: in: nothing was sent in, so there is")
    assert names(tmp_path) == ["in", "in-汇总.xlsx"]
    (tmp_path / "in" / "~$锁.xlsx").write_bytes(b"x")
    if command == "merge":
        assert "what does not count (1 in number): ~$锁.xlsx (" in refusal("merge", "in", cwd=tmp_path)
    assert (tmp_path / "in-汇总.xlsx").read_bytes() == before


def test_colour_is_never_where_nobody_looks(desk: Path) -> None:
    """A pipe gets colours only when told so, which wins over NO_COLOR; a log gets no bar even then."""
    printed = say("check", "错.xlsx", "--color", "always", cwd=desk, code=1, NO_COLOR="1")
    assert f"{ESCAPE}[1;31m" in printed


# Values as data


@pytest.fixture(scope="module")
def evil(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an inbox whose answers and file names hold escape codes, markup and marks that turn the direction."""
    folder = tmp_path_factory.mktemp("evil")
    book = openpyxl.load_workbook(desk / "好.xlsx")
    cells = lay_out(report_form()).cells
    answers = {
        "site_name": "坏_x001B_[31m红[bold]粗[/bold]_x0007_站",
        "site_sponsor": "\u202e反过来_x009B_2J[red]",
        "site_url": "_x001B_]8;;http://x_x0007_x_x000A_y",
        "site_page_views": "_x001B_[2J[bold]1万[/bold]\n第二行 received 99",
        "contact_name": "_x001B_[31m人",
    }
    for path, words in answers.items():
        book[cells[FormPath.parse(path)].sheet][cells[FormPath.parse(path)].address] = words
    book["填报表"]["I15"] = "说明_x001B_[31m[bold]\u202e"
    inside = folder / "in"
    inside.mkdir()
    book.save(inside / "a\x1b[31m\u202eb[bold].xlsx")
    (inside / "c\nreceived 99 = 99.xlsx").write_text("x", "utf-8")
    (inside / os.fsdecode(b"\xff\xfe.xlsx")).write_text("y", "utf-8")
    return folder


PRINTED = {
    "check": ["check", "in", "-v"],
    "coloured": ["check", "in", "--color", "always", "--lang", "zh"],
    "check in JSON": ["check", "in", "--json", "-v", "--color", "always"],
    "merge": ["merge", "in", "-o", "s.xlsx"],
    "explain": ["explain", "site_page_views", "s.xlsx"],
    "explain a site": ["explain", "site_page_views", "s.xlsx", "--site", str(GOOD["site_code"])],
    "explain in JSON": ["explain", "site_page_views", "s.xlsx", "--json"],
}


@pytest.fixture(scope="module")
def printed(evil: Path) -> dict[str, str]:
    """Run the commands that show answers and file names; return what each printed."""
    codes = {name: 0 if name.startswith("explain") else 1 for name in PRINTED}
    return {name: say(*arguments, cwd=evil, code=codes[name]) for name, arguments in PRINTED.items()}


@pytest.mark.parametrize("name", PRINTED)
def test_nothing_harmful_is_printed(printed: dict[str, str], name: str) -> None:
    """No escape code but our own colours, no direction mark or surrogate passes; markup stands as it was written."""
    if name.endswith("JSON"):
        assert json.loads(printed[name])["schema"].startswith("gwxl.")
    own = re.sub(rf"{ESCAPE}\[[0-9;]*m", "", printed[name]) if name == "coloured" else printed[name]
    assert HARMFUL.findall(own) == []
    assert "[31m" not in printed["coloured"].replace(f"{ESCAPE}[1;31m", "").replace("\ufffd[31m", "")
    assert "[bold]1万[/bold]" in own or name == "merge"


@pytest.mark.parametrize("name", PRINTED)
def test_no_line_is_forged(printed: dict[str, str], name: str) -> None:
    """A line break in a name or a value starts no line of its own."""
    assert not [line for line in printed[name].splitlines() if line.startswith(("received 99", "第二行"))]


def test_strange_file_names_are_told(printed: dict[str, str]) -> None:
    """Each file can still be recognised."""
    assert "in/a\ufffd[31m\ufffdb[bold].xlsx: errors (as of 2026)" in printed["check"].splitlines()
    for name in ("c received 99 = 99.xlsx", r"\xff\xfe.xlsx"):
        assert f"in/{name}: refused" in printed["check"].splitlines()
        assert any(line.startswith(f"  {name}: ") for line in printed["merge"].splitlines())


def test_a_harmful_argument_is_told_harmlessly(tmp_path: Path) -> None:
    """A name that is typed or completed by the shell is cleaned in the error line."""
    for arguments in (["che\x1b[31m\nck"], ["check", "no\x1b[31m\n\u202e.xlsx"], ["rules", "--form", "\x1b[2J\n"]):
        assert HARMFUL.findall(refusal(*arguments, cwd=tmp_path)) == []


# What is not replaced


def test_a_template_is_only_replaced_by_force(tmp_path: Path) -> None:
    """What stands there stays, byte for byte; the line says how to replace it."""
    target = tmp_path / "报表.xlsx"
    target.write_bytes(b"something else")
    line = refusal("template", "-o", "报表.xlsx", "--year", YEAR, cwd=tmp_path)
    assert line.startswith("error: 报表.xlsx: ")
    assert "--force" in line
    assert target.read_bytes() == b"something else"
    say("template", "-o", "报表.xlsx", "--year", YEAR, "--force", cwd=tmp_path)
    (receipt,) = check_file(target, target.name, Terms(report_rules()))
    assert receipt.submission is not None
    assert names(tmp_path) == ["报表.xlsx"]


def test_only_a_summary_is_replaced(desk: Path, tmp_path: Path) -> None:
    """A summary is written again without a word; a return at its place is not, but by force."""
    inbox(tmp_path / "in", desk / "好.xlsx")
    say("merge", "in", "-o", "s.xlsx", cwd=tmp_path)
    first = (tmp_path / "s.xlsx").read_bytes()
    say("merge", "in", "-o", "s.xlsx", cwd=tmp_path)
    assert first[:2] == b"PK"
    other = shutil.copy(desk / "好.xlsx", tmp_path / "好.xlsx")
    before = Path(other).read_bytes()
    line = refusal("merge", "in", "-o", "好.xlsx", cwd=tmp_path)
    assert "--force" in line
    assert Path(other).read_bytes() == before
    refusal("merge", "in", "-o", "in", "--force", cwd=tmp_path)
    say("merge", "in", "-o", "好.xlsx", "--force", cwd=tmp_path)
    assert Path(other).read_bytes() != before
    assert names(tmp_path) == ["in", "s.xlsx", "好.xlsx"]


def test_a_letter_is_not_replaced_either(tmp_path: Path) -> None:
    """The covering mail is written beside the template, in the form's language, and kept."""
    say("template", "-o", "a.xlsx", "--letter", "信.txt", "--deadline", "2027-01-31", "-q", cwd=tmp_path)
    text = (tmp_path / "信.txt").read_text("utf-8")
    assert "2027年1月31日" in text
    line = refusal("template", "-o", "b.xlsx", "--letter", "信.txt", "--deadline", "2027-02-01", cwd=tmp_path)
    assert "信.txt" in line
    assert names(tmp_path) == ["a.xlsx", "信.txt"]
    assert (tmp_path / "信.txt").read_text("utf-8") == text


# When something goes wrong


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    """Only then; the exception's own words are its last line."""
    result = run("template", "-o", "a.xls", "--debug", cwd=tmp_path)
    assert result.returncode == 2
    assert result.stderr.startswith("Traceback (most recent call last):\n")
    assert "a.xls: " in result.stderr.splitlines()[-1]


@pytest.fixture(name="handlers")
def _handlers() -> Iterator[None]:
    """Give back the handlers of signals that the program takes for itself."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before, hook = [signal.getsignal(number) for number in numbers], sys.unraisablehook
    yield
    sys.unraisablehook = hook
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize(
    ("end", "code"), [(Interrupted(signal.SIGTERM), 143), (Interrupted(signal.SIGINT), 130), (KeyboardInterrupt(), 130)]
)
@pytest.mark.parametrize(
    ("spoken", "line"),
    [
        ("zh", "已中止：没有写完的不写入，原有的文件保持原样（中止前已经写完的除外）\n"),
        ("en", f"{text('cli.stopped', 'en')}\n"),
    ],
)
def test_a_run_that_is_stopped_says_so(  # noqa: PLR0917 - a table and two fixtures
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    end: BaseException,
    code: int,
    spoken: str,
    line: str,
) -> None:
    """One line on standard error, however quiet the run, and the exit code of the signal."""

    def stop(*_: object, **__: object) -> None:
        raise end

    monkeypatch.setattr(root.command, "main", stop)
    with pytest.raises(SystemExit) as ended:
        main(["forms", "--lang", spoken, "-q"])
    assert ended.value.code == code
    assert capsys.readouterr() == ("", line)


@pytest.mark.usefixtures("handlers")
def test_a_mistake_of_ours_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What nobody thought of ends with 2, never with the 1 that says a merge is done; the traceback is for --debug."""

    def fail(*_: object, **__: object) -> None:
        message = "line one\nline two"
        raise KeyError(message)

    monkeypatch.setattr(root.command, "main", fail)
    for arguments in (["forms"], ["forms", "--debug"]):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == 2
        lines = capsys.readouterr().err.splitlines()
        assert (len(lines) == 1) is (arguments == ["forms"])
        assert "KeyError" in lines[-1]


@pytest.mark.parametrize("arguments", [["rules", "--markdown"], ["-h"]])
def test_a_reader_that_leaves_early_is_no_failure(tmp_path: Path, arguments: Sequence[str]) -> None:
    """Whoever closes the pipe has seen enough: no complaint, and nothing failed."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        result = subprocess.run(
            [*COMMAND, *arguments],
            cwd=tmp_path,
            env=environment(),
            stdout=write_end,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
        )
    finally:
        os.close(write_end)
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_output_is_told(tmp_path: Path) -> None:
    """A disk that is full is one line, not a traceback."""
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [*COMMAND, "rules"],
            cwd=tmp_path,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
        )
    (line,) = result.stderr.decode().splitlines()
    assert result.returncode == 2
    assert line.startswith("error: ")
    assert "No space left" in line
