"""What all tests share: fixed property tests and one LibreOffice."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.clients import libreoffice

# Fixed examples and no deadline: a test says the same today and tomorrow, on a fast machine and a slow one.
settings.register_profile(
    "fixed", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("fixed")


@pytest.fixture(scope="session")
def soffice() -> Iterator[libreoffice.LibreOffice]:
    """Run one LibreOffice for the whole test run; without it fail under CI=true, else skip and say why."""
    if reason := libreoffice.missing():
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with libreoffice.LibreOffice() as office:
        yield office
