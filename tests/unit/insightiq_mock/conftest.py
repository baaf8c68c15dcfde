"""What the tests of the control API share: one application, a developer per test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from insightiq_mock import cli
from insightiq_mock.cli import remote
from insightiq_mock.control import MockControl
from insightiq_mock.testing import MockApplication, MockTenant
from insightiq_mock.testing.tenant import BASE_URL

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def application() -> Iterator[MockApplication]:
    """A mock server that turns an answer against a document into a 500."""
    with MockApplication(validate_responses=True) as made:
        yield made


@pytest.fixture
def tenant(application: MockApplication) -> Iterator[MockTenant]:
    """A developer of the test's own."""
    with application.fresh_tenant() as made:
        yield made


@pytest.fixture
def control(tenant: MockTenant) -> MockControl:
    """The control of that developer's world."""
    return tenant.control


@pytest.fixture
def api(tenant: MockTenant) -> Iterator[httpx.Client]:
    """A client of the API with that developer's credentials."""
    with httpx.Client(
        base_url=tenant.base_url, auth=tenant.auth, transport=tenant.transport()
    ) as client:
        yield client


@pytest.fixture
def raw(tenant: MockTenant) -> Iterator[httpx.Client]:
    """A bare HTTP client of the control API."""
    with httpx.Client(base_url=BASE_URL, transport=tenant.transport()) as client:
        yield client


@pytest.fixture
def run(
    tenant: MockTenant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs the command against that developer; returns exit code, output and complaints."""

    def connected(url: str, *, developer: str, token: str | None) -> MockControl:
        named = tenant.client_id if developer == "default" else developer
        return MockControl(url, developer=named, token=token, transport=tenant.transport())

    monkeypatch.setattr(remote, "MockControl", connected)

    def command(*arguments: str) -> tuple[int, str, str]:
        code = cli.main([arguments[0], "--url", BASE_URL, *arguments[1:]])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return command
