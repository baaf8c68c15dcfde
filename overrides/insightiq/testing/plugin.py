"""The pytest plugin: clients on the mock server, with a world of its own for each test.

It builds on the fixture ``insightiq_mock`` of the mock server's own plugin, whose marker
``insightiq_mock(seed=…, settings=…)`` says how the developer is made. Nothing of client or server
is imported until a test asks for a fixture.
"""

from __future__ import annotations

import typing

import pytest

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from insightiq import AsyncInsightIQ, InsightIQ
    from insightiq.testing import WorldClock
    from insightiq_mock.testing import MockTenant

__all__ = ["async_insightiq_client", "insightiq_client", "insightiq_clock", "insightiq_tenant"]


@pytest.fixture
def insightiq_tenant(request: pytest.FixtureRequest) -> MockTenant:
    """The developer whose client the test uses: a world of the test's own, and its control."""
    missing = "?"
    try:
        tenant: MockTenant = request.getfixturevalue("insightiq_mock")
    except ModuleNotFoundError as error:
        missing = (error.name or missing).partition(".")[0]
    else:
        return tenant
    message = (
        f"The mock server's parts are not installed ({missing} is missing): "
        "pip install 'insightiq-toolkit[mock]'."
    )
    pytest.fail(message, pytrace=False)


@pytest.fixture
def insightiq_clock(insightiq_tenant: MockTenant) -> WorldClock:
    """The clock of the test's clients and of the world behind them; nothing waits really."""
    from insightiq.testing import WorldClock

    return WorldClock(insightiq_tenant.control)


@pytest.fixture
def insightiq_client(
    insightiq_tenant: MockTenant, insightiq_clock: WorldClock
) -> Iterator[InsightIQ]:
    """A client on the mock server, without a quota."""
    from insightiq.testing import client_for

    with client_for(insightiq_tenant, clock=insightiq_clock) as client:
        yield client


@pytest.fixture
def async_insightiq_client(
    insightiq_tenant: MockTenant, insightiq_clock: WorldClock
) -> AsyncInsightIQ:
    """An asynchronous client on the mock server, without a quota, for whichever asyncio plugin."""
    from insightiq.testing import async_client_for

    # Not closed here, where no event loop runs: there is no connection to close.
    return async_client_for(insightiq_tenant, clock=insightiq_clock)
