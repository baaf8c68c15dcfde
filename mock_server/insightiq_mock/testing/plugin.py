"""The pytest plugin: fixtures ``insightiq_mock_app`` and ``insightiq_mock``.

Nothing of the server is imported until a test asks for one of them.
"""

from __future__ import annotations

import typing

import pytest

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from insightiq_mock.testing.application import MockApplication
    from insightiq_mock.testing.tenant import MockTenant

__all__ = ["insightiq_mock", "insightiq_mock_app", "pytest_configure"]

_MARKER: typing.Final = (
    "insightiq_mock(seed=1, world='small', clock='frozen', start='fixed', settings={}):"
    " how the developer of the fixture insightiq_mock is made"
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def insightiq_mock_app() -> Iterator[MockApplication]:
    """The mock server that all tests of the process share."""
    from insightiq_mock.testing.application import MockApplication

    with MockApplication() as application:
        yield application


@pytest.fixture
def insightiq_mock(
    insightiq_mock_app: MockApplication, request: pytest.FixtureRequest
) -> Iterator[MockTenant]:
    """A developer of the test's own, with an isolated world."""
    node: pytest.Item = request.node
    marker = node.get_closest_marker("insightiq_mock")
    options: Mapping[str, typing.Any] = {} if marker is None else marker.kwargs
    # Named after the test: its credentials are the same in every run.
    with insightiq_mock_app.fresh_tenant(node.nodeid, **options) as tenant:
        yield tenant
