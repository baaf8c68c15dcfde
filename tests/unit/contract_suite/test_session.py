"""Options of the contract suite."""

from __future__ import annotations

from typing import Any

import openapi_document
import pytest
from contract_suite.servers import HTTPOrigin, ServerError, Target
from contract_suite.session import Settings, read_settings
from published_document import DOCUMENT


class Config:
    """The configuration of pytest, as far as options are read."""

    def __init__(self, **options: Any) -> None:
        self._options = {f"--{name.replace('_', '-')}": value for name, value in options.items()}

    def getoption(self, name: str, default: Any) -> Any:
        return self._options.get(name, default)


def settings(**options: Any) -> Settings:
    """Return the settings of these options."""
    config: Any = Config(**options)
    return read_settings(config)


def test_nothing_given_tests_all_of_mock() -> None:
    found = settings()
    assert (found.depth, found.seed, found.names, found.examples) == ("pull-request", 1, (), 50)
    assert found.target is None
    assert found.operations() == list(openapi_document.operations(DOCUMENT))


def test_seed_zero_and_depth_are_kept() -> None:
    found = settings(seed=0, depth="nightly")
    assert (found.seed, found.examples) == (0, 300)


def test_unknown_operation_is_error() -> None:
    with pytest.raises(pytest.UsageError, match=r"has no operation users\.craete; give ids such"):
        settings(operations="users.get, users.craete").operations()


@pytest.mark.parametrize(
    "url", ["127.0.0.1:4010", "http://", "http://[::1", "http://x:99999", "http://x?y"]
)
def test_wrong_address_is_error(url: str) -> None:
    with pytest.raises(pytest.UsageError) as caught:
        settings(base_url=url, client_id="some", client_secret="hidden-thing")
    assert f"BASE_URL is {url!r}; write it like http://127.0.0.1:4010" in str(caught.value)
    assert "hidden-thing" not in str(caught.value)


def test_credentials_are_needed_and_not_in_address() -> None:
    with pytest.raises(pytest.UsageError, match="CLIENT_ID and CLIENT_SECRET are not; set all"):
        settings(base_url="http://127.0.0.1:1")
    with pytest.raises(pytest.UsageError, match="BASE_URL holds credentials") as caught:
        settings(base_url="http://user:hidden-thing@x", client_id="a", client_secret="b")
    assert "hidden-thing" not in str(caught.value)


def test_only_reading_is_tested_at_vendor() -> None:
    found = settings(base_url="https://api.sandbox.insightiq.ai", client_id="a", client_secret="b")
    assert found.is_read_only
    assert {each.method for each in found.operations()} == {"get"}


def test_dead_server_is_error() -> None:
    with pytest.raises(ServerError, match=r"nothing responds at http://127\.0\.0\.1:1"):
        HTTPOrigin(Target("http://127.0.0.1:1", "some", "thing"))
