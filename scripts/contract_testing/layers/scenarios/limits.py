"""The limits of the API: so many requests in a second, so many at once (evidence.md#rate-limits)."""

from __future__ import annotations

import concurrent.futures
import contextlib
import typing

from contract_testing.layers.scenarios.scene import Needs, Scenarios, hold

if typing.TYPE_CHECKING:
    import httpx

    from contract_testing.layers.scenarios.scene import Scene
    from contract_testing.servers import Server

__all__ = ["SCENARIOS", "limits_requests"]

SCENARIOS = Scenarios()

_PATH: typing.Final = "/v1/work-platforms"
_TOO_MANY: typing.Final = 429
_OK: typing.Final = 200
_LIMIT: typing.Final = 3
_SENT: typing.Final = 12
# Of so many, one at least lies within a second.
_BURSTS: typing.Final = 4


def limits_requests(server: Server) -> bool:
    """Whether a developer who may send one request in a second is held to that.

    A mock over HTTP may have been started so that it limits nothing, whatever a developer's
    settings say. One in this process always limits.
    """
    if server.tenant is not None:
        return True
    limited = server.fresh(limits_enabled=True, requests_per_second=1)
    with contextlib.closing(limited), limited.http() as client:
        # In a row, some share a second on the slowest of machines.
        answers = (client.get(_PATH, params={"limit": "1"}) for _ in range(_SENT))
        return any(each.status_code == _TOO_MANY for each in answers)


def _seconds(answer: httpx.Response) -> int | None:
    text = answer.headers.get("retry-after", "")
    return int(text) if text.isdigit() else None


@SCENARIOS.rule(
    "no second takes more requests than the limit, and what is too much is told when to come back",
    Needs.CONTROL,
    settings={"limits_enabled": True, "requests_per_second": _LIMIT},
)
def requests_per_second(scene: Scene) -> None:
    """Many requests at once; then, in another second, there is room again."""
    answers = [scene.http.get(_PATH, params={"limit": "1"}) for _ in range(_SENT)]
    seconds = len({answer.headers["date"] for answer in answers}) + 1
    accepted = [answer for answer in answers if answer.status_code == _OK]
    refused = [answer for answer in answers if answer.status_code == _TOO_MANY]
    hold(
        len(accepted) <= _LIMIT * seconds,
        f"with a limit of {_LIMIT}, {len(accepted)} requests were accepted in {seconds - 1} s",
    )
    hold(
        len(accepted) + len(refused) == _SENT, f"over the limit: {[a.status_code for a in answers]}"
    )
    hold(
        len(accepted) >= _LIMIT, f"with a limit of {_LIMIT}, {len(accepted)} requests were accepted"
    )
    for answer in refused:
        hold(
            _seconds(answer),
            f"a 429 has to say in whole seconds, one or more, when to come back; its Retry-After is "
            f"{answer.headers.get('retry-after')!r}",
        )
        code = answer.json().get("error", {}).get("http_status_code")
        hold(code == _TOO_MANY, f"a 429 has a body that says {code}")
    if refused:
        wait = _seconds(refused[-1]) or 0
        # The limiter's clock is the server's own; it is moved instead of waited for, and by no
        # more than that: whoever comes back when they were told to must get in.
        scene.control.update_settings(date_shift_seconds=float(wait))
        later = scene.http.get(_PATH, params={"limit": "1"})
        hold(
            later.status_code == _OK,
            f"after the {wait} s of Retry-After, a request is answered with {later.status_code}",
        )


@SCENARIOS.rule(
    "a second takes as many requests as the limit says, and not one more",
    Needs.CONTROL,
    # What was refused is not open: no more than one request is, whatever the first limit did.
    settings={
        "limits_enabled": True,
        "requests_per_second": _LIMIT,
        "concurrent_requests": 2,
    },
)
def exact_limit(scene: Scene) -> None:
    """Bursts of one too many: those that do not pass from one second into the next lose just one."""
    accepted: list[int] = []
    for number in range(1, _BURSTS + 1):
        answers = [scene.http.get(_PATH, params={"limit": "1"}) for _ in range(_LIMIT + 1)]
        accepted.append(sum(answer.status_code == _OK for answer in answers))
        # On into another second, without waiting for it.
        scene.control.update_settings(date_shift_seconds=2.0 * number)
    hold(
        min(accepted) == _LIMIT,
        f"with a limit of {_LIMIT}, {accepted} of {_LIMIT + 1} requests at once were accepted",
    )


@SCENARIOS.rule(
    "a refused request does nothing",
    Needs.CONTROL,
    about=("users.create",),
    settings={"limits_enabled": True, "requests_per_second": 1},
)
def refused_writes(scene: Scene) -> None:
    """Users whose creation was refused do not exist."""
    made = [
        scene.http.post("/v1/users", json={"name": "x", "external_id": f"limited {number}"})
        for number in range(4)
    ]
    scene.control.update_settings(limits_enabled=False)
    for number, answer in enumerate(made):
        found = scene.http.get(f"/v1/users/external_id/limited%20{number}")
        is_there = found.status_code == _OK
        hold(
            is_there == answer.is_success,
            f"users.create: answered with {answer.status_code}, and the user "
            f"{'exists' if is_there else 'does not exist'}",
        )


@SCENARIOS.rule(
    "one developer's requests do not count against another's limit",
    Needs.CONTROL,
    settings={"limits_enabled": True, "requests_per_second": 1},
)
def own_limits(scene: Scene) -> None:
    """One is over the limit, the other is not."""
    other = scene.another(limits_enabled=True, requests_per_second=1)
    for _ in range(3):
        scene.http.get(_PATH)
    answer = other.http.get(_PATH)
    hold(
        answer.status_code == _OK,
        f"another developer's first request is answered with {answer.status_code}",
    )


@SCENARIOS.rule(
    "no more requests are open at once than the limit says",
    Needs.CONTROL,
    settings={"limits_enabled": True, "requests_per_second": 1000, "concurrent_requests": 2},
)
def concurrent_requests(scene: Scene) -> None:
    """Five slow requests at once: two are carried out, three refused; then there is room again."""
    scene.control.add_fault(operation="work_platforms.list", delay=0.3)
    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(scene.http.get, [_PATH] * 5))
    statuses = sorted(answer.status_code for answer in answers)
    hold(
        statuses == [_OK] * 2 + [_TOO_MANY] * 3,
        f"with a limit of 2 at once, five slow requests were answered with {statuses}",
    )
    scene.control.clear_faults()
    after = scene.http.get(_PATH).status_code
    hold(after == _OK, f"when all is answered, a request gets {after}")


@SCENARIOS.rule(
    "of many who create one user at once, one succeeds", Needs.WRITING, about=("users.create",)
)
def at_once(scene: Scene) -> None:
    """Eight identical requests side by side."""
    race = scene.own("race")
    body = {"name": "race", "external_id": race}
    http = scene.http
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(http.post, "/v1/users", json=body) for _ in range(8)]
        answers = [each.result() for each in sent]
    statuses = sorted(answer.status_code for answer in answers)
    hold(statuses == [201] + [400] * 7, f"users.create eight times at once: {statuses}")
    count = sum(user.external_id == race for user in scene.iq.users.list())
    hold(count == 1, f"users.create eight times at once made {count} users of one external_id")


@SCENARIOS.rule("limits that are switched off limit nothing", Needs.CONTROL)
def switched_off(scene: Scene) -> None:
    """As many requests as come."""
    statuses = {scene.http.get(_PATH).status_code for _ in range(40)}
    hold(statuses == {_OK}, f"without limits, requests are answered with {statuses}")
