"""Settings from arguments and environment variables."""

from __future__ import annotations

from typing import Any

import pytest

from insightiq._config import ENVIRONMENTS, settings_from
from insightiq.errors import ConfigurationError

PAIR: dict[str, Any] = {"client_id": "id", "client_secret": "planted-secret"}
PAIR_VARIABLES = {"INSIGHTIQ_CLIENT_ID": "id", "INSIGHTIQ_CLIENT_SECRET": "planted-secret"}


def address(*, variables: dict[str, str] | None = None, **arguments: Any) -> str:
    """Return the base URL that the arguments and variables lead to."""
    return settings_from(**PAIR, **arguments, variables=variables or {}).base_url


def rejection(*, variables: dict[str, str] | None = None, **arguments: Any) -> str:
    """Return the sentence that rejects the arguments and variables."""
    with pytest.raises(ConfigurationError) as caught:
        settings_from(**arguments, variables=variables or {})
    return str(caught.value)


def test_arguments_alone_are_enough() -> None:
    settings = settings_from(**PAIR, variables={})
    assert settings.client_id == "id"
    assert settings.client_secret.reveal() == "planted-secret"
    assert settings.base_url == "https://api.sandbox.insightiq.ai"


def test_variables_alone_are_enough() -> None:
    settings = settings_from(variables={**PAIR_VARIABLES, "INSIGHTIQ_ENVIRONMENT": "production"})
    assert settings.client_id == "id"
    assert settings.client_secret.reveal() == "planted-secret"
    assert settings.base_url == "https://api.insightiq.ai"


def test_argument_beats_variable() -> None:
    settings = settings_from(
        client_id="mine",
        environment="staging",
        variables={**PAIR_VARIABLES, "INSIGHTIQ_ENVIRONMENT": "production"},
    )
    assert settings.client_id == "mine"
    assert settings.base_url == "https://api.staging.insightiq.ai"


@pytest.mark.parametrize("name", sorted(ENVIRONMENTS))
def test_environment_is_named(name: str) -> None:
    assert address(environment=name) == ENVIRONMENTS[name]
    assert address(environment=f" {name.upper()} ") == ENVIRONMENTS[name]


@pytest.mark.parametrize(
    ("argument", "variable"),
    [("client_id", "INSIGHTIQ_CLIENT_ID"), ("client_secret", "INSIGHTIQ_CLIENT_SECRET")],
)
@pytest.mark.parametrize("empty", [None, "", "  "])
def test_missing_credential_names_argument_and_variable(
    argument: str, variable: str, empty: str | None
) -> None:
    variables = {**PAIR_VARIABLES, variable: empty or ""}
    expected = f"No {argument}: pass {argument}=… or set the environment variable {variable}."
    assert rejection(variables=variables) == expected


def test_empty_argument_does_not_fall_back_to_variable() -> None:
    assert "No client_secret" in rejection(client_secret="", variables=PAIR_VARIABLES)


@pytest.mark.parametrize("argument", ["client_id", "client_secret"])
def test_blank_argument_is_none(argument: str) -> None:
    assert f"No {argument}" in rejection(**{**PAIR, argument: "  "})


@pytest.mark.parametrize("argument", ["client_id", "client_secret", "environment", "base_url"])
def test_credential_of_wrong_type_is_rejected(argument: str) -> None:
    given: Any = {**PAIR, argument: b"planted"}
    assert rejection(**given) == f"{argument} must be text, not bytes."


def test_blanks_around_credentials_are_dropped() -> None:
    settings = settings_from(client_id=" id\n", client_secret="planted-secret\n", variables={})
    assert (settings.client_id, settings.client_secret.reveal()) == ("id", "planted-secret")


def test_credential_with_line_break_is_rejected() -> None:
    text = rejection(client_id="id", client_secret="planted-secret\nplanted-more")
    assert text.startswith("client_secret holds a line break")
    assert "planted" not in text


def test_client_id_with_colon_is_rejected() -> None:
    text = rejection(client_id="id:planted-secret", client_secret="planted-secret")
    assert text.startswith("client_id holds a colon")
    assert "planted" not in text


def test_unknown_environment_names_known_ones_and_closest() -> None:
    assert rejection(**PAIR, environment="sandbx") == (
        "environment='sandbx' is not an environment of InsightIQ: "
        "known are sandbox, staging, production. Did you mean 'sandbox'?"
    )
    text = rejection(variables={**PAIR_VARIABLES, "INSIGHTIQ_ENVIRONMENT": "mars"})
    assert text == (
        "INSIGHTIQ_ENVIRONMENT='mars' is not an environment of InsightIQ: "
        "known are sandbox, staging, production."
    )
    assert rejection(**PAIR, environment="prod").endswith("Did you mean 'production'?")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://gateway.example", "https://gateway.example"),
        ("https://gateway.example/", "https://gateway.example"),
        ("https://gateway.example/v1", "https://gateway.example"),
        ("https://gateway.example/v1/", "https://gateway.example"),
        ("https://gateway.example/iq/", "https://gateway.example/iq"),
        ("https://gateway.example/iq/v1", "https://gateway.example/iq"),
        (" HTTPS://gateway.example:8443 ", "HTTPS://gateway.example:8443"),
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010"),
        ("http://127.0.0.9:4010", "http://127.0.0.9:4010"),
        ("http://localhost:4010/v1", "http://localhost:4010"),
        ("http://iq.localhost", "http://iq.localhost"),
        ("http://[::1]:4010", "http://[::1]:4010"),
    ],
)
def test_base_url_is_used_as_people_write_it(given: str, used: str) -> None:
    assert address(base_url=given) == used
    assert address(variables={"INSIGHTIQ_BASE_URL": given}) == used


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "is not an http or https address"),
        ("api.insightiq.ai", "is not an http or https address"),
        ("localhost:4010", "is not an http or https address"),
        ("/v1", "is not an http or https address"),
        ("ftp://gateway.example", "is not an http or https address"),
        ("https://", "is not an http or https address"),
        ("https://gate way.example", "is not an http or https address"),
        ("https://gateway.example:port", "is not an address"),
        ("https://[gateway.example", "is not an address"),
        ("https://me:planted@gateway.example", "holds a user name or password"),
        ("https://planted@gateway.example", "holds a user name or password"),
        ("https://gateway.example/?key=planted", "holds a query or a fragment"),
        ("https://gateway.example/#planted", "holds a query or a fragment"),
        ("http://gateway.example", "unencrypted to gateway.example: use https"),
        ("http://mock:4010", "allow_http=True or set INSIGHTIQ_ALLOW_HTTP=1"),
        ("http://10.0.0.7:4010", "unencrypted to 10.0.0.7: use https"),
        ("http://localhost.example", "unencrypted to localhost.example: use https"),
        ("http://127.0.0.1.example", "unencrypted to 127.0.0.1.example: use https"),
    ],
)
def test_wrong_base_url_is_rejected_with_reason(url: str, reason: str) -> None:
    text = rejection(**PAIR, base_url=url)
    assert text.startswith("base_url ")
    assert reason in text
    assert "planted" not in text


def test_base_url_argument_excludes_environment_argument() -> None:
    text = rejection(**PAIR, environment="sandbox", base_url="http://127.0.0.1:4010")
    assert text == "environment and base_url are both given: pass one of them."


def test_base_url_argument_stands_against_variable() -> None:
    variables = {"INSIGHTIQ_ENVIRONMENT": "production", "INSIGHTIQ_BASE_URL": "https://x.example"}
    assert address(base_url="http://127.0.0.1:1", variables=variables) == "http://127.0.0.1:1"


@pytest.mark.parametrize("as_argument", [True, False])
def test_base_url_variable_excludes_environment(*, as_argument: bool) -> None:
    variables = {**PAIR_VARIABLES, "INSIGHTIQ_BASE_URL": "http://127.0.0.1:4010"}
    if as_argument:
        text = rejection(environment="production", variables=variables)
        assert text.startswith("environment and INSIGHTIQ_BASE_URL both say where to call")
    else:
        text = rejection(variables={**variables, "INSIGHTIQ_ENVIRONMENT": "production"})
        assert text.startswith("INSIGHTIQ_ENVIRONMENT and INSIGHTIQ_BASE_URL both say")


@pytest.mark.parametrize("text", ["1", "true", "YES", " on "])
def test_plain_http_is_allowed_by_argument_or_variable(text: str) -> None:
    variables = {"INSIGHTIQ_ALLOW_HTTP": text}
    assert address(base_url="http://mock:4010", allow_http=True) == "http://mock:4010"
    assert address(base_url="http://mock:4010", variables=variables) == "http://mock:4010"
    both = {**variables, "INSIGHTIQ_BASE_URL": "http://mock:4010/v1"}
    assert address(variables=both) == "http://mock:4010"


@pytest.mark.parametrize("text", ["0", "false", "No", "off", ""])
def test_plain_http_is_rejected_unless_allowed(text: str) -> None:
    rejected, allowed = {"INSIGHTIQ_ALLOW_HTTP": text}, {"INSIGHTIQ_ALLOW_HTTP": "1"}
    assert "unencrypted to mock" in rejection(**PAIR, base_url="http://mock", variables=rejected)
    url = {"base_url": "http://mock", "allow_http": False}
    assert "unencrypted to mock" in rejection(**PAIR, **url, variables=allowed)
    assert address(base_url="http://mock", allow_http=True, variables=rejected) == "http://mock"


def test_unclear_allow_http_is_rejected() -> None:
    text = rejection(**PAIR, variables={"INSIGHTIQ_ALLOW_HTTP": "maybe"})
    assert text == (
        "INSIGHTIQ_ALLOW_HTTP='maybe' is neither 1 nor 0: set it to one of these, or remove it."
    )
    assert rejection(**PAIR, allow_http="no") == "allow_http must be True or False, not str."


def test_allow_http_allows_nothing_else() -> None:
    assert "is not an http" in rejection(**PAIR, base_url="ftp://mock", allow_http=True)
    assert "user name" in rejection(**PAIR, base_url="http://a:b@mock", allow_http=True)
