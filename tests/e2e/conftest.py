"""One mock server for all tests that need none of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from demonstration.mock_process import MockProcess
from mock_tenants import Tenant, make_tenant


@pytest.fixture(scope="session")
def shared_server() -> Iterator[MockProcess]:
    """A server whose default developer belongs to the tests of the control API."""
    with MockProcess() as running:
        yield running


@pytest.fixture(scope="module")
def tenant(shared_server: MockProcess) -> Tenant:
    """A developer of a module's own, who is not limited."""
    return make_tenant(shared_server.url)
