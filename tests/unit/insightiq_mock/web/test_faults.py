"""Calls that go wrong because somebody wants them to."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from insightiq_mock.context import ApiError, RequestContext, Response
from insightiq_mock.db import Store
from insightiq_mock.openapi.prefer import Fault, Preferences, read_preferences
from insightiq_mock.web.faults import FaultRules
from insightiq_mock.web.limits import check_maintenance

THING = "/v1/things/11111111-1111-4111-8111-111111111111"
BODY = b'{"data":[]}'


def prefer(surrounded: Any, value: str, path: str = "/v1/things", **options: Any) -> httpx.Response:
    """Send one request with a ``Prefer`` header."""
    response: httpx.Response = surrounded.call("GET", path, headers={"Prefer": value}, **options)
    return response


@pytest.fixture
def stateful(make_surrounded: Callable[..., Any]) -> Any:
    """The small API with a handler for one list."""

    def handle(call: RequestContext) -> Response:
        return Response(200, BODY)

    return make_surrounded({"things.list": handle})


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("code=503", Preferences(code=503)),
        ("delay=2.5", Preferences(delay=2.5)),
        ("code=503, delay=2", Preferences(code=503, delay=2.0)),
        ("  code = 503 ;delay=2", Preferences(code=503, delay=2.0)),
        ('example="a b"', Preferences(example="a b")),
        (r'example="a\"b"', Preferences(example='a"b')),
        ("CODE=500", Preferences(code=500)),
        ("fault=slow-body; seconds=20", Preferences(fault=Fault.SLOW_BODY, seconds=20.0)),
        ("respond-async, code=500, wait=10", Preferences(code=500)),
        ("code=500, code=503", Preferences(code=500)),
        (",, code=500,", Preferences(code=500)),
        ("respond-async", None),
        ("handling=lenient; x", None),
        ("delay=0", None),
        ("", None),
    ],
)
def test_header_is_read_as_rfc_writes_it(header: str, expected: Preferences | None) -> None:
    assert read_preferences(header) == expected


@pytest.mark.parametrize(
    ("header", "reported"),
    [
        ("code=abc", "from 200 to 599"),
        ("code=199", "from 200 to 599"),
        ("code=600", "from 200 to 599"),
        ("code", "from 200 to 599"),
        ("code=\uff15\uff10\uff10", "from 200 to 599"),
        ("delay=-1", "from 0 to 300"),
        ("delay=301", "from 0 to 300"),
        ("delay=1e2", "from 0 to 300"),
        ("delay=nan", "from 0 to 300"),
        ("seconds=x", "from 0 to 300"),
        ("fault=boom", "reset, truncate, malformed, html, slow-body"),
        ("example=", "name of an example"),
        ("code=500 delay=2", "cannot be read"),
        ("=500", "cannot be read"),
        ('example="a', "cannot be read"),
    ],
)
def test_value_that_makes_no_sense_is_400_with_what_is_allowed(header: str, reported: str) -> None:
    with pytest.raises(ApiError, match=reported) as caught:
        read_preferences(header)
    assert caught.value.status == 400


def test_status_can_be_asked_for(stateful: Any) -> None:
    response = prefer(stateful, "code=429")
    assert response.status_code == 429
    assert response.headers["preference-applied"] == "code=429"
    assert response.headers["mock-source"] == "example"
    assert int(response.headers["retry-after"]) >= 1


def test_undocumented_error_comes_in_envelope(stateful: Any) -> None:
    response = prefer(stateful, "code=503", THING)
    error = response.json()["error"]
    assert (response.status_code, error["status_code"]) == (503, 503)
    assert error["type"] == "INTERNAL_SERVER_ERROR"
    assert error["request_id"] == response.headers["request-id"]
    assert response.headers["retry-after"] == "1"
    assert prefer(stateful, "code=599").json()["error"]["code"] == "status_599"
    assert (
        prefer(stateful, "code=401", "/v1/pages/1").headers["www-authenticate"].startswith("Basic")
    )


def test_documented_success_can_be_asked_for_and_no_other(stateful: Any) -> None:
    assert prefer(stateful, "code=200", THING).json()["name"] == "First"
    rejected = prefer(stateful, "code=207", THING)
    assert rejected.status_code == 400
    assert "it documents 200, 400, 401, 404, 500" in rejected.json()["error"]["message"]
    assert "preference-applied" not in rejected.headers


def test_example_can_be_asked_for_by_name(stateful: Any) -> None:
    second = prefer(stateful, "example=second", THING)
    assert (second.status_code, second.json()["name"]) == (200, "Second")
    assert second.headers["preference-applied"] == "example=second"
    assert second.headers["mock-source"] == "example"
    rejected = prefer(stateful, "example=third", THING)
    assert rejected.status_code == 400
    assert "it has: first, second" in rejected.json()["error"]["message"]
    invalid = prefer(stateful, "example=second", "/v1/things/not-an-id")
    assert invalid.status_code == 400


def test_status_is_asked_of_network_rather_than_of_api(stateful: Any) -> None:
    assert prefer(stateful, "code=500", "/v1/things?limit=0").status_code == 500
    assert prefer(stateful, "code=500", auth=("x", "y")).status_code == 401
    assert prefer(stateful, "code=500", "/v1/nothing").status_code == 404


def test_delay_waits_before_call_is_carried_out(stateful: Any) -> None:
    response = prefer(stateful, "delay=2.5")
    assert response.status_code == 200
    assert stateful.waits == [2.5]
    assert response.headers["preference-applied"] == "delay=2.5"


def test_several_headers_count_as_one(stateful: Any) -> None:
    headers = [("Prefer", "delay=1"), ("Prefer", "code=500")]
    response = stateful.call("GET", "/v1/things", headers=headers)
    assert (response.status_code, stateful.waits) == (500, [1.0])


def test_malformed_body_is_no_json_any_more(stateful: Any) -> None:
    response = prefer(stateful, "fault=malformed")
    assert (response.status_code, response.content) == (200, BODY[:-1])
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(response.content)


def test_page_of_html_comes_as_from_proxy(stateful: Any) -> None:
    for value, status in (("fault=html", 502), ("fault=html, code=504", 504)):
        response = prefer(stateful, value)
        assert (response.status_code, response.headers["content-type"]) == (status, "text/html")
        assert response.text.startswith("<html>")


def test_slow_body_comes_in_pieces(stateful: Any) -> None:
    response = prefer(stateful, "fault=slow-body; seconds=0.01")
    assert response.content == BODY
    assert response.headers["preference-applied"] == "fault=slow-body; seconds=0.01"


@pytest.mark.parametrize("fault", ["reset", "truncate"])
def test_in_process_cut_connection_is_exception(stateful: Any, fault: str) -> None:
    stateful.set(concurrent_requests=1)
    for _ in range(2):
        with pytest.raises(ConnectionResetError, match="as the fault asked for"):
            prefer(stateful, f"fault={fault}")
    assert stateful.call("GET", "/v1/things").status_code == 200


def responses(surrounded: Any, number: int, path: str = "/v1/things") -> list[int]:
    """RequestContext again and again, each time in another second."""
    found: list[int] = []
    for _ in range(number):
        surrounded.seconds += 1
        found.append(surrounded.call("GET", path).status_code)
    return found


def test_next_calls_go_wrong_by_rule(stateful: Any, credentials: tuple[str, str]) -> None:
    assert responses(stateful, 1) == [200]
    rule = stateful.rules.add(credentials[0], {"code": "503"}, operation_id="things.list", times=2)
    assert responses(stateful, 1, THING) == [200]
    assert responses(stateful, 1) == [503]
    assert [each.remaining for each in stateful.rules.list(credentials[0])] == [1]
    assert responses(stateful, 3) == [503, 200, 200]
    assert stateful.rules.list(credentials[0]) == []
    assert (rule.id, rule.operation_id, rule.remaining) == ("1", "things.list", 2)


def test_rule_for_all_operations(stateful: Any, credentials: tuple[str, str]) -> None:
    stateful.rules.add(credentials[0], {"code": "500"}, times=1)
    second = stateful.rules.add(credentials[0], {"code": "502"})
    assert responses(stateful, 2) + responses(stateful, 1, THING) == [500, 502, 502]
    assert stateful.rules.clear(credentials[0], "no such rule") == 0
    assert stateful.rules.clear(credentials[0], second.id) == 1
    assert responses(stateful, 1) == [200]


def test_share_of_calls_goes_wrong_and_seed_says_which(
    stateful: Any, credentials: tuple[str, str]
) -> None:
    runs: list[list[int]] = []
    for seed in (1, 1, 2):
        stateful.rules.clear(credentials[0])
        stateful.rules.add(credentials[0], {"code": "500"}, share=0.3, seed=seed)
        runs.append(responses(stateful, 100))
    assert runs[0] == runs[1] != runs[2]
    assert 20 <= runs[0].count(500) <= 40
    assert runs[0].count(200) + runs[0].count(500) == 100


def test_share_of_so_many(stateful: Any, credentials: tuple[str, str]) -> None:
    stateful.rules.add(credentials[0], {"code": "500"}, share=0.5, times=3)
    assert responses(stateful, 30).count(500) == 3


def test_rules_are_developer_s_own(stateful: Any, credentials: tuple[str, str]) -> None:
    stateful.simulation.create_developer(client_id="other", client_secret="secret")
    stateful.rules.add(credentials[0], {"code": "500"})
    other = stateful.call("GET", "/v1/things", auth=("other", "secret"))
    assert other.status_code == 200
    assert stateful.rules.list("other") == []
    assert responses(stateful, 1) == [500]


def test_what_call_asks_for_comes_before_rules(stateful: Any, credentials: tuple[str, str]) -> None:
    stateful.rules.add(credentials[0], {"code": "500"}, times=1)
    assert prefer(stateful, "code=502").status_code == 502
    assert responses(stateful, 2) == [500, 200]


def test_reset_takes_rules_away_and_snapshot_brings_them_back(
    stateful: Any, credentials: tuple[str, str]
) -> None:
    stateful.rules.add(credentials[0], {"code": "500"})
    stateful.simulation.snapshot(credentials[0], "broken")
    stateful.simulation.reset(credentials[0])
    assert responses(stateful, 1) == [200]
    stateful.simulation.restore(credentials[0], "broken")
    assert responses(stateful, 1) == [500]


@pytest.mark.parametrize(
    ("effect", "options", "reported"),
    [
        ({}, {}, "give at least one of"),
        ({"delay": "0"}, {}, "give at least one of"),
        ({"kode": "500"}, {}, "and nothing else"),
        ({"code": "50"}, {}, "from 200 to 599"),
        ({"code": "500"}, {"times": 0}, "times is 0"),
        ({"code": "500"}, {"share": 0.0}, "share is 0.0"),
        ({"code": "500"}, {"share": 1.1}, "share is 1.1"),
    ],
)
def test_rule_that_makes_no_sense_is_rejected(
    effect: dict[str, str], options: dict[str, Any], reported: str
) -> None:
    with Store.open(None) as store, pytest.raises(ValueError, match=reported):
        FaultRules(store).add("me", effect, **options)


def test_rules_lie_in_store(tmp_path: Any) -> None:
    with Store.open(tmp_path / "mock.db") as one, Store.open(tmp_path / "mock.db") as two:
        for store in (one, two):
            store.share()
        mine, yours = FaultRules(one), FaultRules(two)
        assert yours.take("me", "things.list") is None
        mine.add("me", {"code": "500"}, times=2)
        assert yours.take("me", "things.list") == Preferences(code=500)
        assert mine.take("me", "things.list") == Preferences(code=500)
        assert yours.take("me", "things.list") is None
        assert mine.take("me", "things.list") is None


@pytest.mark.parametrize(
    ("moment", "remaining"),
    [
        ("2026-06-05T09:29:59.999999+00:00", None),
        ("2026-06-05T09:30:00+00:00", 900.0),
        ("2026-06-05T11:44:59+02:00", 1.0),
        ("2026-06-05T09:45:00+00:00", None),
        ("2026-06-04T09:35:00+00:00", None),
        ("2026-06-06T09:35:00+00:00", None),
        ("2026-06-05T23:35:00-10:00", None),
    ],
)
def test_maintenance_is_on_friday_morning(moment: str, remaining: float | None) -> None:
    expected = contextlib.nullcontext() if remaining is None else pytest.raises(ApiError)
    with expected as caught:
        check_maintenance(dt.datetime.fromisoformat(moment))
    if caught is not None:
        assert (caught.value.status, caught.value.headers) == (
            503,
            {"Retry-After": f"{remaining:.0f}"},
        )


def test_maintenance_window_closes_api(surrounded: Any, credentials: tuple[str, str]) -> None:
    during = dt.datetime(2026, 11, 6, 9, 40, tzinfo=dt.UTC)
    surrounded.simulation.set_clock(credentials[0], mode="frozen", at=during)
    assert surrounded.call("GET", "/v1/things").status_code == 200
    surrounded.set(maintenance_window=True)
    response = surrounded.call("GET", "/v1/things")
    assert (response.status_code, response.headers["retry-after"]) == (503, "300")
    assert response.json()["error"]["code"] == "service_unavailable"
    asyncio.run(surrounded.simulation.advance(credentials[0], dt.timedelta(minutes=5)))
    assert surrounded.call("GET", "/v1/things").status_code == 200
