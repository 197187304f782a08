"""Measure whether the tests bite: draw mutants of the modules that decide, and count those that live.

Run by hand from a checkout, on a system with ``fork``: ``python -m bench.mutation --help``

A mutant is tried in a copy of the checkout, never in the checkout itself: in a process forked from one that has loaded
pytest and the packages from outside. The tests that run its line come first, the cheapest before the others; when
every mutant has been tried so, those that passed are tried with every test of the module's own files, before they
count as alive. Its processor time is limited.

Own, because mutmut 3 changes nothing outside of functions (our tables, patterns and limits stand there), and neither it
nor Cosmic Ray draws a sample by a seed, so many a module, or keeps the reason why a mutant cannot be told beside it.
"""

import argparse
import importlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import accumulate, chain, zip_longest
from pathlib import Path
from secrets import randbelow
from typing import Any

from bench.mutants import Mutant, draw

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "development.md"
RESULTS = ROOT / ".mutation"

COPIED = ("gwxl", "tests", "templates", "rules", "samples", "docs", "bench", "pyproject.toml", "run.py", "README.md")
LOADED = ("pytest", "cerberus", "click", "hypothesis", "jinja2", "jsonschema", "openpyxl", "rich", "xlsxwriter")
# Plugins that are not needed take longer to load than most tests to fail.
PLUGINS = ("no:cacheprovider", "no:openxml-audit", "no:xdist", "no:xdist.looponfail")
LOADED_BEFORE = "ignore::pytest.PytestAssertRewriteWarning"
# A busy machine is no killer, and one draw for all mutants, so that each is judged alike.
OPTIONS = ("-x", "-q", *(f"-p{name}" for name in PLUGINS), "-W", LOADED_BEFORE, "-k", "not linear_time", "--seed", "1")

RULES = (
    "rules_codes",
    "rules_document",
    "rules_expression",
    "rules_functions",
    "rules_judging",
    "rules_list",
    "rules_loading",
    "rules_looking_back",
    "rules_neighbours",
    "rules_proving",
    "rules_relations",
    "rules_rule",
    "rules_validator",
    "doubtful_cells",
    "authoring",
    "declarations",
)
VALUES = ("values", "numerals", "numbers", "dates", "ticks", "seeing")
PLACING = ("locate", "table_sheets", "strays", "own_label")
SENDERS = ("duplicates", "senders", "corrections", "rejected", "merging")
DECISIONS = ("decisions", "decision", "decisions_file", "decisions_workbook", "senders", "merging")
# module, or folder of modules → the test files that belong to it; those of them that are there
OWN_TESTS: Mapping[str, Sequence[str]] = {
    "rules": RULES,
    "rules/case": [*RULES, "table_columns"],
    "rules/cell_rules": [*RULES, "codes_and_repetitions"],
    "rules/cells_file": [*RULES, "code_lists", "codes_and_repetitions", "table_columns"],
    "rules/compiling": [*RULES, "codes_and_repetitions", "table_columns"],
    "rules/document": [*RULES, "table_columns"],
    "rules/expression": [*RULES, "codes_and_repetitions", "table_columns"],
    "rules/passing": [*RULES, "rules_passing"],
    "rules/relations_file": [*RULES, "matrices", "table_columns"],
    "rules/row_relations": [*RULES, "table_columns"],
    "rules/rule": [*RULES, "code_lists", "codes_and_repetitions"],
    "rules/uniqueness": [*RULES, "codes_and_repetitions"],
    "rules/patterns": [*RULES, "patterns"],
    "rules/proving": [*RULES, "patterns"],
    "values/value": VALUES,
    "values/numerals": VALUES,
    "values/numbers": VALUES,
    "values/dates": VALUES,
    "values/ticks": VALUES,
    "intake/locating/inputs": PLACING,
    "intake/locating/form_sheets": PLACING,
    "intake/locating/tables": [*PLACING, "rows"],
    "intake/locating/pairing": [*PLACING, "senders"],
    "batch/duplicates": [*SENDERS, "editions_merging"],
    "batch/senders": SENDERS,
    "batch/corrections": SENDERS,
    "batch/rejecting": [*SENDERS, "decisions"],
    "batch/unanswered": [*SENDERS, "copies"],
    "batch/decision": DECISIONS,
    "batch/decisions/applying": [*DECISIONS, "corrections", "rows"],
    "batch/decisions/decisions_file": DECISIONS,
    "batch/decisions/cases": [*DECISIONS, "corrections"],
    "batch/decisions/docket": [*DECISIONS, "rows"],
    "totals/adding": ["totals"],
    "totals/arithmetic": ["totals"],
    "totals/figure": ["totals", "rows"],
    "form/signature": ["signature"],
}
CALM = 15.0  # seconds of processor time that a mutant has at least
SLOWER = 4.0  # how many times as long as its tests took when they were counted
PATIENCE = 8.0  # seconds on the clock for each of processor time
MEMORY = 4 * 1024**3
SOON = 10.0  # seconds that the first tests of a mutant take

NO_TESTS = 5  # pytest's exit code

KILLED, TIMED_OUT, ALIVE = "killed", "timed out", "alive"
WAITS = "waits"  # it passed its first tests; all others are still to be run
_EQUIVALENT = re.compile(r"- `(?P<module>\S+\.py) (?P<mutant>.+)`: ")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A mutant of a module and how its tests are chosen."""

    module: str
    mutant: Mutant
    first: Sequence[str]
    files: Sequence[str]
    seconds: Mapping[str, float]
    whole: bool = False
    """Its first tests have passed, or there are none: all of its files are run."""

    @property
    def key(self) -> str:
        """Return what names it wherever its lines move to; alike for two equal changes in one function."""
        return f"{self.module} {self.mutant.function}: {self.mutant.change}"

    @property
    def print(self) -> str:
        """Return a fingerprint of the faulty source."""
        return sha256(self.mutant.source.encode()).hexdigest()[:16]


@dataclass(kw_only=True)
class Lane:
    """A copy of the checkout, and the process that tries a mutant in it."""

    folder: Path
    case: Case
    original: str
    pid: int = 0
    began: float = field(default_factory=time.monotonic)
    deadline: float = 0.0


def main() -> None:
    """Draw the mutants, try them, print what lives."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped; the same seed goes on from here"))
    options = _options()
    end = time.monotonic() + options.budget * 60
    print(f"seed {options.seed}", flush=True)
    options.results.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mutation-") as name:
        lanes = [_copy(Path(name) / str(number)) for number in range(options.jobs)]
        modules = {module: files for module, files in _modules().items() if _is_named(module, options.modules)}
        tests = Tests.count(lanes[0], options.results, sorted(set(chain.from_iterable(modules.values()))))
        cases = list(_draw(options, modules, tests))
        results = options.results / f"seed-{options.seed}.jsonl"
        done = _read(results, tests.state)
        waiting = [case for case in cases if case.print not in done]
        begun = [replace(case, whole=True) for case in cases if done.get(case.print, {}).get("verdict") == WAITS]
        print(f"{len(cases)} mutants, {len(cases) - len(waiting) - len(begun)} of them tried before", flush=True)
        with results.open("a", encoding="utf-8") as lines:
            for found in _try([*waiting, *begun], lanes, end):
                done[found["print"]] = found
                lines.write(json.dumps({**found, "tests": tests.state}, ensure_ascii=False) + "\n")
                lines.flush()
    _report(cases, done)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.mutation", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("modules", nargs="*", help="such as rules/document or batch; all of the table if none is named")
    parser.add_argument("--count", type=int, default=40, help="mutants a module, fewer where it has fewer")
    parser.add_argument(
        "--seed", type=int, default=randbelow(10**6), help="draws the same sample again, and resumes it"
    )
    parser.add_argument("--budget", type=float, default=45, metavar="MINUTES", help="begin no mutant after this time")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="mutants tried side by side")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the results, one file a seed")
    return parser.parse_args()


def _copy(folder: Path) -> Path:
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy2(ROOT / name, folder / name)
    return folder


def _modules() -> dict[str, Sequence[str]]:
    """Return the test files there are for every module there is, by its path in the package."""
    found: dict[str, Sequence[str]] = {}
    for name, tests in OWN_TESTS.items():
        folder = ROOT / "gwxl" / name
        for path in sorted(folder.glob("[!_]*.py")) if folder.is_dir() else [folder.with_suffix(".py")]:
            files = [f"tests/test_{test}.py" for test in tests]
            if path.is_file():
                found[path.relative_to(ROOT).as_posix()] = [file for file in files if (ROOT / file).is_file()]
    return found


@dataclass(frozen=True, kw_only=True)
class Tests:
    """Which tests run which line, and how long each takes.

    Attributes:
        state: a fingerprint of the sources and tests.
        running: module → line → tests, as pytest names them without the cases of a parametrised one.
        seconds: test → processor time of all its cases, roughly, counting included.
    """

    state: str
    running: Mapping[str, Mapping[int, Sequence[str]]]
    seconds: Mapping[str, float]

    @classmethod
    def count(cls, copy: Path, results: Path, files: Sequence[str]) -> "Tests":
        """Return the tests of some files as they run in a copy; kept for the same sources.

        Raises:
            SystemExit: a test fails without any mutant.
        """
        sources = [*sorted((ROOT / "gwxl").rglob("*.py")), *sorted((ROOT / "tests").rglob("*.py"))]
        state = sha256(b"".join([*(path.read_bytes() for path in sources), *map(str.encode, files)])).hexdigest()[:16]
        kept = results / f"tests-{state}.json"
        if not kept.exists():
            print(f"counting which of the tests in {len(files)} files run which line …", flush=True)
            kept.write_text(json.dumps(_count(copy, files)), "utf-8")
        found = json.loads(kept.read_text("utf-8"))
        running = {module: {int(line): tests for line, tests in lines.items()} for module, lines in found[0].items()}
        return cls(state=state, running=running, seconds=found[1])


def _count(copy: Path, files: Sequence[str]) -> tuple[dict[str, dict[int, list[str]]], dict[str, float]]:
    settings, data, times = copy / "counting.ini", copy / "counting.db", copy / "counting.xml"
    settings.write_text(f"[run]\ndata_file={data}\ndynamic_context=test_function\nsource=gwxl\n", "utf-8")
    command = [sys.executable, "-m", "coverage", "run", f"--rcfile={settings}", "-m", "pytest", *OPTIONS]
    environment = os.environ | {"PYTHONPATH": str(copy)}
    result = subprocess.run([*command, f"--junitxml={times}", *files], cwd=copy, env=environment, check=False)
    if result.returncode:
        raise SystemExit("the tests fail without a mutant")
    seconds: dict[str, float] = defaultdict(float)
    for case in ET.parse(times).iter("testcase"):  # noqa: S314 - our own
        seconds[_node(f"{case.get('classname')}.{case.get('name', '').partition('[')[0]}")] += float(
            case.get("time", 0)
        )
    return _lines_run(data, copy), dict(seconds)


def _lines_run(data: Path, copy: Path) -> dict[str, dict[int, list[str]]]:
    coverage = importlib.import_module("coverage")
    found = coverage.CoverageData(basename=str(data))
    found.read()
    running = {}
    for file in found.measured_files():
        lines = {
            line: sorted(_node(context) for context in contexts if context)
            for line, contexts in found.contexts_by_lineno(file).items()
        }
        running[Path(file).relative_to(copy).as_posix()] = lines
    return running


def _node(dotted: str) -> str:
    module, _, function = dotted.rpartition(".")
    return f"{module.replace('.', '/')}.py::{function}"


def _draw(options: argparse.Namespace, modules: Mapping[str, Sequence[str]], tests: Tests) -> Iterator[Case]:
    """Yield the sample, one of each module in turn: where the time ends early, every module had its share."""
    drawn = [
        [
            Case(
                module=module.removeprefix("gwxl/"),
                mutant=mutant,
                first=(first := _first(tests, module, mutant.line, files)),
                files=files,
                seconds=tests.seconds,
                whole=not first,
            )
            for mutant in draw((ROOT / module).read_text("utf-8"), options.count, f"{options.seed}:{module}")
        ]
        for module, files in modules.items()
    ]
    yield from (case for case in chain.from_iterable(zip_longest(*drawn)) if case is not None)


def _is_named(module: str, names: Sequence[str]) -> bool:
    path = module.removeprefix("gwxl/").removesuffix(".py")
    return not names or any(path == name or path.startswith(f"{name}/") for name in names)


def _first(tests: Tests, module: str, line: int, files: Sequence[str]) -> list[str]:
    """Return tests that run a line, those of the cheapest file first, the cheapest before the others, but no long ones.

    Where even the cheapest is long, it is the only one.
    """
    own = [test for test in tests.running.get(module, {}).get(line, ()) if test.partition("::")[0] in files]
    spent: dict[str, float] = defaultdict(float)
    for test in own:
        spent[test.partition("::")[0]] += tests.seconds.get(test, 0)
    cheapest = sorted(own, key=lambda test: (spent[test.partition("::")[0]], tests.seconds.get(test, 0), test))
    until = accumulate(tests.seconds.get(test, 0) for test in cheapest)
    return [test for test, end in zip(cheapest, until, strict=True) if end <= SOON] or cheapest[:1]


def _try(cases: Sequence[Case], folders: Sequence[Path], end: float) -> Iterator[dict[str, Any]]:
    """Try mutants side by side, one in each folder, and yield what came of each as it ends."""
    for name in LOADED:
        importlib.import_module(name)
    waiting, lanes = list(reversed(cases)), list[Lane]()
    try:
        yield from _in_turn(waiting, list(folders), lanes, end)
    finally:
        for lane in lanes:
            _end(lane.pid)


def _in_turn(waiting: list[Case], free: list[Path], lanes: list[Lane], end: float) -> Iterator[dict[str, Any]]:
    """Try what waits, from its end; a mutant that passes its first tests waits once more, behind all others."""
    while lanes or (waiting and time.monotonic() < end):
        while free and waiting and time.monotonic() < end:
            folder, case = free.pop(), waiting.pop()
            lane = Lane(folder=folder, case=case, original=(folder / "gwxl" / case.module).read_text("utf-8"))
            _start(lane)
            lanes.append(lane)
        time.sleep(0.01)
        for lane in list(lanes):
            verdict = _verdict(lane)
            if verdict is not None:
                lanes.remove(lane)
                free.append(lane.folder)
                _put(lane, lane.original)
                if verdict == ALIVE and not lane.case.whole:
                    waiting.insert(0, replace(lane.case, whole=True))
                    verdict = WAITS
                yield _find(lane, verdict)


def _find(lane: Lane, verdict: str) -> dict[str, Any]:
    case, killer = lane.case, lane.folder / "killer"
    return {
        "print": case.print,
        "key": case.key,
        "line": case.mutant.line,
        "verdict": verdict,
        "killer": killer.read_text("utf-8") if verdict == KILLED and killer.exists() else "",
        "seconds": round(time.monotonic() - lane.began, 1),
    }


def _start(lane: Lane) -> None:
    """Fork the process that runs the tests of a lane's mutant."""
    tests = lane.case.files if lane.case.whole else lane.case.first
    expected = sum(
        seconds for test, seconds in lane.case.seconds.items() if test in tests or test.split("::")[0] in tests
    )
    limit = max(CALM, SLOWER * expected)
    _put(lane, lane.case.mutant.source)
    (lane.folder / "killer").unlink(missing_ok=True)
    lane.deadline = time.monotonic() + PATIENCE * limit
    lane.pid = os.fork()
    if lane.pid == 0:
        code = 3
        try:
            code = _run(lane, tests, int(limit))
        finally:
            os._exit(code)


def _put(lane: Lane, source: str) -> None:
    """Write a module of a copy; each version with a time of its own, for compiled modules are known by it."""
    path = lane.folder / "gwxl" / lane.case.module
    stamp = int(path.stat().st_mtime) + 2
    path.write_text(source, "utf-8")
    os.utime(path, (stamp, stamp))


def _run(lane: Lane, tests: Sequence[str], limit: int) -> int:
    """Run tests in a forked process and return pytest's exit code."""
    folder = lane.folder
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(silence, stream)
    os.chdir(folder)
    os.environ["PYTHONPATH"] = str(folder)
    sys.path[:] = [str(folder), *(entry for entry in sys.path if entry and Path(entry).resolve() != ROOT)]
    for name in [name for name in sys.modules if name.partition(".")[0] == "bench"]:
        del sys.modules[name]
    pytest = importlib.import_module("pytest")
    command = [*OPTIONS, f"--basetemp={folder / 'scratch'}", *tests]
    passed = frozenset(lane.case.first if lane.case.whole else ())
    code = int(pytest.main(command, plugins=[Watch(folder / "killer", passed)]))
    return 0 if code == NO_TESTS and passed else code


class Watch:
    """A pytest plugin that leaves out the tests that have passed, and notes the one that fails first."""

    def __init__(self, file: Path, passed: frozenset[str]) -> None:
        self.file, self.passed = file, passed

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Take the tests that have passed out of those that were found."""
        items[:] = [item for item in items if item.nodeid.partition("[")[0] not in self.passed]

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Take pytest's word for it."""
        if report.failed and not self.file.exists():
            self.file.write_text(report.nodeid, "utf-8")


def _verdict(lane: Lane) -> str | None:
    """Return what came of a lane's mutant, None while its tests run."""
    pid, status = os.waitpid(lane.pid, os.WNOHANG)
    late = time.monotonic() > lane.deadline
    if pid == 0 and not late:
        return None
    _end(lane.pid)
    if pid == 0:
        os.waitpid(lane.pid, 0)
    if late or os.WIFSIGNALED(status):
        return TIMED_OUT
    return KILLED if os.WEXITSTATUS(status) else ALIVE


def _end(group: int) -> None:
    """End what a mutant's tests have started and left."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _read(results: Path, state: str) -> dict[str, dict[str, Any]]:
    """Return what was found before, by mutant; what lived is tried again once a source or a test is another."""
    if not results.exists():
        return {}
    found = [json.loads(line) for line in results.read_text("utf-8").splitlines() if line.endswith("}")]
    lasting = {KILLED, TIMED_OUT}
    return {line["print"]: line for line in found if line["verdict"] in lasting or line["tests"] == state}


def _equivalent() -> frozenset[str]:
    """Return the mutants that cannot be told from the program, as the page of development lists them with a reason."""
    lines = PAGE.read_text("utf-8").splitlines() if PAGE.exists() else []
    matches = [match for line in lines if (match := _EQUIVALENT.match(line))]
    return frozenset(f"{match['module']} {match['mutant']}" for match in matches)


def _report(cases: Sequence[Case], done: Mapping[str, Mapping[str, Any]]) -> None:
    equivalent = _equivalent()
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        found = done.get(case.print)
        verdict = found["verdict"] if found else "untried"
        alike = case.key in equivalent
        table[case.module]["equivalent" if alike and verdict in {ALIVE, WAITS} else verdict] += 1
        if verdict in {ALIVE, WAITS} and not alike:
            print(f"{verdict}: gwxl/{case.module}:{case.mutant.line}: `{case.key}`")
        elif alike and verdict in {KILLED, TIMED_OUT}:
            print(f"listed as equivalent, but {verdict}: `{case.key}`")
    total = sum(table.values(), Counter())
    print(f"\n{'module':<32}{'tried':>7}{'killed':>8}{'timed out':>11}{'alive':>7}", end="")
    print(f"{WAITS:>7}{'equivalent':>12}{'untried':>9}")
    for module, counts in [*sorted(table.items()), ("all", total)]:
        tried = counts.total() - counts["untried"]
        print(
            f"{module:<32}{tried:>7}{counts[KILLED]:>8}{counts[TIMED_OUT]:>11}{counts[ALIVE]:>7}{counts[WAITS]:>7}"
            f"{counts['equivalent']:>12}{counts['untried']:>9}"
        )
    killed, alive = total[KILLED] + total[TIMED_OUT], total[ALIVE] + total[WAITS]
    print(f"\nkilled of those not equivalent, where what waits is alive: {100 * killed / max(killed + alive, 1):.1f} %")


if __name__ == "__main__":
    main()
