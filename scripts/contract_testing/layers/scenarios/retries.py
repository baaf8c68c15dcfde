"""What the client sends again, and what it must never send again."""

from __future__ import annotations

import contextlib
import email.utils
import typing

import httpx

from contract_testing.described import is_retry_safe, success
from contract_testing.layers.scenarios.scene import Needs, Scenarios, broken, hold
from contract_testing.scripted.stage import REQUEST_ID, Stage
from insightiq import errors
from insightiq.testing import connection_lost, connection_refused, delayed, response, timed_out

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from openapi_document import Operation

    from contract_testing.layers.scenarios.scene import Scene
    from contract_testing.run import Run
    from insightiq import InsightIQ

__all__ = ["SCENARIOS"]

Json: typing.TypeAlias = typing.Any

SCENARIOS = Scenarios()

_ATTEMPTS: typing.Final = 4
_RETRY_BUDGET: typing.Final = 50  # of the client; one more comes back each second


class _LosesAnswers(httpx.BaseTransport):
    """Lets requests through and loses the first answers to one method."""

    def __init__(self, inner: httpx.BaseTransport, method: str, count: int = 1) -> None:
        self._inner = inner
        self._method = method
        self._left = count

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and perhaps lose what comes back."""
        response = self._inner.handle_request(request)
        if request.method == self._method and self._left:
            self._left -= 1
            response.read()
            msg = "the answer was lost"
            raise httpx.ReadTimeout(msg, request=request)
        return response


def _losing(scene: Scene, method: str) -> InsightIQ:
    from insightiq.testing import FakeClock  # noqa: PLC0415 - waits of repetitions are not waited for

    return scene.server.client(
        transport=_LosesAnswers(scene.server.transport(), method), clock=FakeClock()
    )


@SCENARIOS.rule(
    "what may have been created is not created again",
    Needs.WRITING,
    about=("users.create", "webhooks.create"),
)
def lost_creations(scene: Scene) -> None:
    """The server creates, the answer is lost: one request, an error that says so, one row."""
    lost_id = scene.own("lost")
    with _losing(scene, "POST") as client:
        try:
            client.users.create(name="lost", external_id=lost_id)
        except errors.APITimeoutError as error:
            hold(error.maybe_applied, "users.create: the answer was lost, maybe_applied is false")
            hold(error.attempts == 1, f"users.create was sent {error.attempts} times")
        else:
            broken("users.create: a lost answer raised nothing")
    count = sum(user.external_id == lost_id for user in scene.iq.users.list())
    hold(count == 1, f"users.create: the answer was lost, and there are {count} users")
    with _losing(scene, "POST") as client, contextlib.suppress(errors.APIConnectionError):
        client.webhooks.create(
            url="https://receiver.invalid/lost", events=["CONTENTS.ADDED"], name=lost_id
        )
    count = sum(hook.name == lost_id for hook in scene.iq.webhooks.list())
    hold(count == 1, f"webhooks.create: the answer was lost, and there are {count} webhooks")


@SCENARIOS.rule(
    "get_or_create finds the user whose creation was lost", Needs.WRITING, about=("users.create",)
)
def lost_and_found(scene: Scene) -> None:
    """One user in the end, and no error."""
    found_id = scene.own("found")
    with _losing(scene, "POST") as client:
        user = client.users.get_or_create(name="lost", external_id=found_id)
    found = [each for each in scene.iq.users.list() if each.external_id == found_id]
    hold(
        found == [user],
        f"users.get_or_create: the answer was lost, and there are {len(found)} users",
    )


@SCENARIOS.rule(
    "what does no harm is sent again until it is answered",
    Needs.WRITING,
    about=("webhooks.update", "webhooks.delete"),
)
def lost_changes(scene: Scene) -> None:
    """GET, PUT and DELETE with a lost answer."""
    hook = scene.iq.webhooks.create(
        url="https://receiver.invalid/r", events=["CONTENTS.ADDED"], name="r"
    )
    with _losing(scene, "GET") as client:
        hold(
            client.webhooks.get(hook.id) == hook,
            "webhooks.get: sent again, it gives another webhook",
        )
    with _losing(scene, "PUT") as client:
        client.webhooks.update(
            hook.id, url="https://receiver.invalid/r2", events=["CONTENTS.ADDED"], name="r"
        )
    hold(
        scene.iq.webhooks.get(hook.id).url.endswith("r2"),
        "webhooks.update: its answer lost, it changed nothing",
    )
    with _losing(scene, "DELETE") as client, contextlib.suppress(errors.NotFoundError):
        client.webhooks.delete(hook.id)
    listed = [each.id for each in scene.iq.webhooks.list()]
    hold(hook.id not in listed, "webhooks.delete: its answer lost, the webhook is still there")


def _all(run: Run) -> Iterable[Operation]:
    return run.operations


def _sent(
    stage: Stage, client: InsightIQ, operation: Operation, lines: Iterator[Json]
) -> tuple[int, Exception | None]:
    """Make the call and return how many requests it sent, and what it raised."""
    stage.plays_in_turn(lines)
    before = len(stage.transport.requests)
    raised: Exception | None = None
    try:
        stage.call(operation).answered_by(client)
    except errors.InsightIQError as error:
        raised = error
    return len(stage.transport.requests) - before, raised


def _for_ever(line: Json) -> Iterator[Json]:
    while True:
        yield line


def _error(status: int, **headers: str) -> Json:
    body = {
        "error": {
            "type": "T",
            "code": "c",
            "message": "m",
            "status_code": status,
            "http_status_code": status,
            "request_id": REQUEST_ID,
        }
    }
    return response(
        status, json=body, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )


# What is answered, and whether it is sent again: always, if that does no harm, or never.
_OUTCOMES: typing.Final[tuple[tuple[str, Callable[[], Json], bool, bool], ...]] = (
    ("no answer", timed_out, True, False),
    ("a lost connection", connection_lost, True, False),
    ("no connection", connection_refused, True, True),
    ("500", lambda: _error(500), True, False),
    ("502", lambda: _error(502), True, False),
    ("503", lambda: _error(503), True, False),
    ("503 with Retry-After", lambda: _error(503, retry_after="2"), True, True),
    ("504", lambda: _error(504), True, False),
    ("408", lambda: _error(408), True, False),
    ("520", lambda: _error(520), True, False),
    ("429 with Retry-After", lambda: _error(429, retry_after="1"), True, True),
    ("429", lambda: _error(429), True, True),
    ("400", lambda: _error(400), False, False),
    ("401", lambda: _error(401), False, False),
    ("403", lambda: _error(403), False, False),
    ("404", lambda: _error(404), False, False),
    ("409", lambda: _error(409), False, False),
    ("302", lambda: _error(302, location="https://elsewhere.example/"), False, False),
    ("501", lambda: _error(501), False, False),
)


@SCENARIOS.rule(
    "requests are sent again when that can help and does no harm, and only then",
    Needs.NOTHING,
    each=_all,
)
def repetitions(scene: Scene, operation: Operation) -> None:
    """Every outcome for every operation: the numbers of requests by RFC 9110 and x-retry-safe."""
    is_safe = is_retry_safe(operation)
    with Stage(scene.document) as stage:
        for what, line, if_safe, always in _OUTCOMES:
            # A client of its own: the retry budget is shared by all calls of one.
            with stage.client(max_attempts=_ATTEMPTS) as client:
                sent, raised = _sent(stage, client, operation, _for_ever(line()))
            wanted = _ATTEMPTS if always or (is_safe and if_safe) else 1
            hold(
                sent == wanted,
                f"{operation.id}: answered with {what}, it was sent {sent} times; {wanted} are right",
            )
            hold(
                isinstance(raised, errors.InsightIQError) and raised.attempts == wanted,
                f"{operation.id}: answered with {what}, it raised {raised!r:.80}",
            )


@SCENARIOS.rule("a call that succeeds at last gives its result", Needs.NOTHING, each=_all)
def success_at_last(scene: Scene, operation: Operation) -> None:
    """Refused twice, then answered; every attempt is the same request."""
    status, schema = success(scene.document, operation)
    with Stage(scene.document) as stage, stage.client() as client:
        body = None if schema is None else _example(scene, operation, status)
        last = response(status, json=body, content=b"" if schema is None else None)
        sent, raised = _sent(
            stage, client, operation, iter([_error(429, retry_after="3"), _error(429), last])
        )
        hold(
            raised is None,
            f"{operation.id}: refused twice and then answered, it raised {raised!r:.120}",
        )
        hold(
            sent == 3,  # noqa: PLR2004 - as said
            f"{operation.id}: refused twice and then answered, it was sent {sent} times",
        )
        requests = stage.transport.requests[-3:]
        same = {
            (each.method, each.url, each.content, each.headers["authorization"])
            for each in requests
        }
        hold(len(same) == 1, f"{operation.id}: its repetitions differ")
        waited = stage.clock.sleeps[-2:]
        hold(
            len(waited) == 2 and waited[0] >= 3,  # noqa: PLR2004 - Retry-After
            f"{operation.id}: told to come back after 3 s, it waited {waited}",
        )


def _example(scene: Scene, operation: Operation, status: int) -> Json:
    from contract_testing.described import resolved  # noqa: PLC0415 - its only use

    response = resolved(scene.document, operation.data["responses"][str(status)])
    example = next(iter(response["content"]["application/json"]["examples"].values()))
    return resolved(scene.document, example)["value"]


@SCENARIOS.rule("waits grow, end with the deadline, and follow Retry-After", Needs.NOTHING)
def waits(scene: Scene) -> None:
    """On a clock that does not really wait."""
    operation = scene.operation("users.list")
    for header, least, most in (
        ("7", 7.0, 7.5),
        ("0", 0.0, 0.5),
        ("60", 60.0, 60.5),
        ("86400", 60.0, 61.0),
    ):
        with Stage(scene.document) as stage, stage.client(max_attempts=2) as client:
            _sent(stage, client, operation, _for_ever(_error(429, retry_after=header)))
            slept = sum(stage.clock.sleeps)
        hold(least <= slept <= most, f"Retry-After: {header} made the client wait {slept:.1f} s")
    with Stage(scene.document) as stage, stage.client(max_attempts=2) as client:
        now = stage.clock.wall()
        date, later = (email.utils.formatdate(each, usegmt=True) for each in (now, now + 7))
        _sent(stage, client, operation, _for_ever(_error(503, date=date, retry_after=later)))
        slept = sum(stage.clock.sleeps)
    hold(7.0 <= slept <= 7.5, f"a Retry-After 7 s after Date made the client wait {slept:.1f} s")  # noqa: PLR2004 - as above
    with Stage(scene.document) as stage, stage.client(deadline=10, max_attempts=50) as client:
        _, raised = _sent(stage, client, operation, _for_ever(delayed(3.0, _error(503))))
        passed = stage.clock.monotonic()
    hold(
        isinstance(raised, errors.DeadlineExceededError) and passed <= 13,  # noqa: PLR2004 - one more attempt
        f"a deadline of 10 s ended a call after {passed:.1f} s with {type(raised).__name__}",
    )
    with Stage(scene.document) as stage, stage.client(max_attempts=1) as client:
        sent, _ = _sent(stage, client, operation, _for_ever(_error(503)))
    hold(sent == 1, f"max_attempts=1 sent {sent} requests")


@SCENARIOS.rule("a request by hand is sent again where its method does no harm", Needs.NOTHING)
def by_hand(scene: Scene) -> None:
    """Of these no document says more than their method does (RFC 9110, 9.2.2)."""
    wanted = {"GET": _ATTEMPTS, "PUT": _ATTEMPTS, "DELETE": _ATTEMPTS, "POST": 1, "PATCH": 1}
    for method, times in wanted.items():
        with Stage(scene.document) as stage, stage.client(max_attempts=_ATTEMPTS) as client:
            stage.plays_in_turn(_for_ever(_error(503)))
            with contextlib.suppress(errors.InternalServerError):
                client.request(method, "/v1/by-hand")
            sent = len(stage.transport.requests)
        hold(sent == times, f"{method} by hand, answered with 503, was sent {sent} times")


@SCENARIOS.rule("a long outage is not made worse by repetitions", Needs.NOTHING)
def outage(scene: Scene) -> None:
    """A hundred calls that all fail: retries beyond the budget of 50 come one for each second.

    How many seconds pass is chance (jitter), and so is the number of requests; their ratio is not.
    """
    operation = scene.operation("users.list")
    with Stage(scene.document) as stage, stage.client() as client:
        began = stage.clock.monotonic()
        sent = sum(_sent(stage, client, operation, _for_ever(_error(503)))[0] for _ in range(100))
        passed = stage.clock.monotonic() - began
    retries, allowed = sent - 100, _RETRY_BUDGET + passed
    hold(
        _RETRY_BUDGET <= retries <= allowed,
        f"a hundred calls in an outage of {passed:.1f} s sent {retries} retries, not {allowed:.1f}",
    )
