"""What all tests share: fixed property tests, one LibreOffice, and what every program saved of the template."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support.clients import gnumeric, libreoffice, node
from tests.support.clients.workshop import Workshop

# Fixed examples and no deadline: a test says the same today and tomorrow, on a fast machine and a slow one.
settings.register_profile(
    "fixed", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("fixed")


@pytest.fixture(scope="session")
def soffice() -> Iterator[libreoffice.LibreOffice]:
    """Run one LibreOffice for the whole test run; without it fail under CI=true, else skip and say why."""
    _demand(libreoffice.missing())
    with libreoffice.LibreOffice() as office:
        yield office


def _demand(reason: str) -> None:
    """Fail under CI=true where a program is missing, else skip and say why."""
    if reason and os.environ.get("CI") == "true":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session", name="gnumeric")
def _gnumeric() -> None:
    """Demand Gnumeric."""
    _demand(gnumeric.missing())


@pytest.fixture(scope="session", name="node")
def _node() -> None:
    """Demand Node.js, and install the libraries of the tests once."""
    _demand(node.missing())


@pytest.fixture(scope="session")
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Offer what each program saved of the real template, made when it is first asked for."""
    return Workshop(folder=tmp_path_factory.mktemp("clients"), require=request.getfixturevalue)
