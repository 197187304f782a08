"""What all tests share: how much is drawn, one LibreOffice, and what every program saved of the template."""

import gc
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from gwxl.engines import engine, in_process
from page import build
from tests.support import both_ways, draws
from tests.support.clients import chromium, firefox, gnumeric, libreoffice, node
from tests.support.clients.workshop import Workshop

_LONGEST = {
    f"test_{name}": place
    for place, name in enumerate(
        (
            *("clients", "accidents", "hostile_batch", "engines", "run", "readme", "kills", "hanging_files", "returns"),
            *("agreement", "cli", "rows", "signature", "corrections", "ods", "oracle", "copying", "copies", "kinds"),
            "campaign",
        )
    )
}
"""The files that take longest, which begin first: no processor waits at the end for one of them."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take how much is done, and the seed of everything that is drawn."""
    group = parser.getgroup("gwxl")
    group.addoption("--full", action="store_const", dest="share", const=1.0, default=0.0, help="the full profile")
    group.addoption("--share", dest="share", type=float, default=0.0, help="how much of what only --full does")
    group.addoption("--seed", type=int, help="draw what a run of this seed drew")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Fix share and seed, also of the property tests; no deadline, as a machine may be slow."""
    draws.settle(config.getoption("share"), config.getoption("seed"))
    config.option.hypothesis_seed = str(draws.seed())
    slow = [HealthCheck.too_slow]
    examples = draws.draws(40, full=100)
    settings.register_profile("gwxl", max_examples=examples, deadline=None, database=None, suppress_health_check=slow)
    settings.load_profile("gwxl")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only the full profile does and this run does not draw."""
    left_out = {item for item in items if item.get_closest_marker("full") and not draws.is_drawn(item.nodeid)}
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]
    items.sort(key=lambda item: _LONGEST.get(item.path.stem, len(_LONGEST)))


def pytest_collection_finish() -> None:
    """Look for garbage as seldom as the command line does, and not among what stays to the end."""
    gc.freeze()
    gc.set_threshold(200_000)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how to draw the same again."""
    terminalreporter.write_line(f"drawn by --seed {draws.seed()} --share {draws.share():g}")


@pytest.fixture(autouse=True)
def _one_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in the process of the tests, but in the full profile and where a test is about workers."""
    if not request.node.get_closest_marker("workers") and not draws.is_drawn("workers"):
        monkeypatch.setattr(engine, "system_engine", lambda: in_process)


@pytest.fixture(autouse=True)
def _own_store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a store of its own, empty at its beginning: what it runs may be changed by it."""
    place = tmp_path_factory.getbasetemp() / "stores" / secrets.token_hex(8)
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(place))


@pytest.fixture(autouse=True)
def _both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read workbooks of xlsx a second time, the strict way, in the full profile."""
    if draws.is_drawn(f"both ways {request.node.nodeid}"):
        both_ways.read_all_twice(monkeypatch)


@pytest.fixture(scope="session")
def soffice() -> Iterator[libreoffice.LibreOffice]:
    """Run one LibreOffice for the whole test run; without it fail under CI=true, else skip and say why."""
    demand(libreoffice.why_missing())
    with libreoffice.LibreOffice() as office:
        yield office


def demand(reason: str) -> None:
    """Fail under CI=true where a program is missing, else skip and say why."""
    if reason and os.environ.get("CI") == "true":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[chromium.Chromium]:
    """Run one Chromium for the whole test run; without it fail under CI=true, else skip and say why."""
    demand(chromium.why_missing())
    with chromium.Chromium() as running:
        yield running


@pytest.fixture(scope="session", name="firefox")
def _firefox() -> Iterator[firefox.Firefox]:
    """Run one Firefox for the whole test run; without it fail under CI=true, else skip and say why."""
    demand(firefox.why_missing())
    with firefox.Firefox() as running:
        yield running


@pytest.fixture(scope="session", name="gnumeric")
def _gnumeric() -> None:
    """Demand Gnumeric."""
    demand(gnumeric.why_missing())


@pytest.fixture(scope="session", name="node")
def _node() -> None:
    """Demand Node.js, and install the libraries of the tests once."""
    demand(node.why_missing())


@pytest.fixture(scope="session")
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Offer what each program saved of the real template, made when it is first asked for; by whichever process."""
    own, alone = tmp_path_factory.mktemp("clients"), os.name == "nt" or not hasattr(request.config, "workerinput")
    folder = own if alone else tmp_path_factory.getbasetemp().parent / "clients"
    folder.mkdir(exist_ok=True)
    return Workshop(folder=folder, require=request.getfixturevalue)


@pytest.fixture(scope="session")
def page_alone(workshop: Workshop) -> Path:
    """Build the page that needs no installation, once for a whole test run."""
    demand("" if shutil.which("npm") and shutil.which("node") else "npm is not installed (apt install nodejs npm)")
    return workshop.make_once("page", build.build_into) / build.NAME
