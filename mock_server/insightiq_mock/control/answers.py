"""What the control API answers, as the client gives it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Advanced",
    "Clock",
    "ControlledDeveloper",
    "Delivery",
    "FaultRule",
    "HappenedJob",
    "Headers",
    "Health",
    "LoggedCall",
    "Message",
    "Triggered",
]

Headers: typing.TypeAlias = "tuple[tuple[str, str], ...]"
"""Names and values, in the order in which they were sent."""

Json: typing.TypeAlias = "Mapping[str, typing.Any]"


@dataclasses.dataclass(frozen=True, slots=True)
class Health:
    """What runs.

    Attributes:
        status: Always ``ok``.
        version: Version of the mock server.
        document_version: Version of the document that is served.
        operations: How many operations it has.
    """

    status: str
    version: str
    document_version: str
    operations: int

    @classmethod
    def from_json(cls, value: Json) -> Health:
        """Read an answer."""
        return cls(
            value["status"], value["version"], value["document_version"], value["operations"]
        )


@dataclasses.dataclass(frozen=True, slots=True)
class ControlledDeveloper:
    """A developer.

    Attributes:
        id: The client id.
        is_default: Whether it is the default developer.
        secrets: The live client secrets, newest first.
        seed: What the world was made from.
        world: Its size.
        start: When it began: ``now``, ``fixed``, or a moment.
        now: What the developer's clock showed.
    """

    id: str
    is_default: bool
    secrets: tuple[str, ...] = dataclasses.field(repr=False)
    seed: str
    world: str
    start: str
    now: dt.datetime

    @classmethod
    def from_json(cls, value: Json) -> ControlledDeveloper:
        """Read an answer."""
        return cls(
            id=value["id"],
            is_default=value["is_default"],
            secrets=tuple(value["secrets"]),
            seed=value["seed"],
            world=value["world"],
            start=value["start"],
            now=moment(value["now"]),
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Clock:
    """A developer's clock.

    Attributes:
        mode: ``real``, ``frozen`` or ``running``.
        now: What it showed.
        factor: How many of its seconds pass in a real second, where it runs.
    """

    mode: str
    now: dt.datetime
    factor: float

    @classmethod
    def from_json(cls, value: Json) -> Clock:
        """Read an answer."""
        return cls(value["mode"], moment(value["now"]), value["factor"])


@dataclasses.dataclass(frozen=True, slots=True)
class HappenedJob:
    """Something that happened while a clock was moved on.

    Attributes:
        kind: What.
        due_at: When, as the developer's clock showed it.
        payload: What it was about.
    """

    kind: str
    due_at: dt.datetime
    payload: Json

    @classmethod
    def from_json(cls, value: Json) -> HappenedJob:
        """Read an answer."""
        return cls(value["kind"], moment(value["due_at"]), value["payload"])


@dataclasses.dataclass(frozen=True, slots=True)
class Advanced:
    """A clock that was moved on.

    Attributes:
        clock: The clock.
        jobs: What happened on the way, in order.
        complete: Whether the clock arrived; a call stops after ten thousand things.
        remaining_seconds: How far is left.
    """

    clock: Clock
    jobs: tuple[HappenedJob, ...]
    complete: bool
    remaining_seconds: float

    @classmethod
    def from_json(cls, value: Json) -> Advanced:
        """Read an answer."""
        jobs = tuple(HappenedJob.from_json(job) for job in value["jobs"])
        clock = Clock.from_json(value["clock"])
        return cls(clock, jobs, value["complete"], value["remaining_seconds"])


@dataclasses.dataclass(frozen=True, slots=True)
class Triggered:
    """A notification that is on its way.

    Attributes:
        event: Name of the event.
        data: The notification's data.
        webhooks: Addresses that it goes to; empty where no active webhook asks for the event.
        unknown_ids: Keys of the data whose ids are the document's examples: no call finds them.
    """

    event: str
    data: Json
    webhooks: tuple[str, ...]
    unknown_ids: tuple[str, ...]

    @classmethod
    def from_json(cls, value: Json) -> Triggered:
        """Read an answer."""
        return cls(
            event=value["event"],
            data=value["data"],
            webhooks=tuple(value["webhooks"]),
            unknown_ids=tuple(value["unknown_ids"]),
        )


@dataclasses.dataclass(frozen=True, slots=True)
class FaultRule:
    """A rule by which calls go wrong.

    Attributes:
        id: Its id.
        operation: The operation that it is about; None for all.
        effect: What happens, as in a ``Prefer`` header.
        remaining: To how many calls it will still happen; None for any number.
        share: To what share of the calls it happens; None for all.
        seed: What the choice of those calls is made from.
        seen: About how many calls it was asked.
    """

    id: str
    operation: str | None
    effect: Mapping[str, str]
    remaining: int | None
    share: float | None
    seed: str
    seen: int

    @classmethod
    def from_json(cls, value: Json) -> FaultRule:
        """Read an answer."""
        return cls(**{field.name: value[field.name] for field in dataclasses.fields(cls)})


@dataclasses.dataclass(frozen=True, slots=True)
class Delivery:
    """One try to deliver a notification to a webhook.

    Attributes:
        delivery_id: The delivery; all its tries share it.
        notification_id: Id in the body that was sent.
        webhook_id: The webhook.
        event: Name of the event.
        number: Which try; None for one that was asked for.
        at: When, as the developer's clock showed it.
        seconds: How long it took in real time.
        url: Where it was sent; None if it was not tried.
        verdict: What came of it, for example ``delivered``.
        detail: What went wrong, in a sentence; None if nothing did.
        status: HTTP status of the answer, if there was one.
        request_headers: What was sent.
        request_body: The text that was signed and sent.
        answer_headers: What came back.
        answer_body: The beginning of what came back.
    """

    delivery_id: str
    notification_id: str
    webhook_id: str
    event: str
    number: int | None
    at: dt.datetime
    seconds: float
    url: str | None
    verdict: str
    detail: str | None
    status: int | None
    request_headers: Headers
    request_body: str
    answer_headers: Headers
    answer_body: str

    @property
    def delivered(self) -> bool:
        """Whether the receiver accepted it."""
        return self.verdict == "delivered"

    def json(self) -> typing.Any:  # noqa: ANN401 - any JSON value
        """Return the notification."""
        return json.loads(self.request_body)

    @classmethod
    def from_json(cls, value: Json) -> Delivery:
        """Read an answer."""
        known = {field.name: value[field.name] for field in dataclasses.fields(cls)}
        known["at"] = moment(value["at"])
        known["request_headers"] = _headers(value["request_headers"])
        known["answer_headers"] = _headers(value["answer_headers"])
        return cls(**known)


@dataclasses.dataclass(frozen=True, slots=True)
class LoggedCall:
    """One call of the API.

    Attributes:
        number: Calls are numbered as they come.
        at: When, in real time.
        method: Its method.
        target: Path and query.
        operation: The operation, if it was one.
        developer: Who called, if anybody.
        status: HTTP status of the answer.
        milliseconds: How long the answer took.
        request_id: Id in the answer.
        request_body: The beginning of what was sent, secrets hidden; None for nothing.
        response_body: The beginning of what was answered, likewise.
    """

    number: int
    at: dt.datetime
    method: str
    target: str
    operation: str | None
    developer: str | None
    status: int
    milliseconds: float
    request_id: str
    request_body: str | None
    response_body: str | None

    @classmethod
    def from_json(cls, value: Json) -> LoggedCall:
        """Read an answer."""
        known = {field.name: value[field.name] for field in dataclasses.fields(cls)}
        known["at"] = moment(value["at"])
        return cls(**known)


@dataclasses.dataclass(frozen=True, slots=True)
class Message:
    """One request that an inbox received.

    Attributes:
        id: Grows with every message.
        received_at: When, in real time.
        answered: HTTP status that it was answered with.
        headers: What came, names in lower case.
        body: The text that came.
    """

    id: int
    received_at: dt.datetime
    answered: int
    headers: Headers
    body: str

    def json(self) -> typing.Any:  # noqa: ANN401 - any JSON value
        """Return the body as JSON."""
        return json.loads(self.body)

    @classmethod
    def from_json(cls, value: Json) -> Message:
        """Read an answer."""
        return cls(
            id=value["id"],
            received_at=moment(value["received_at"]),
            answered=value["answered"],
            headers=_headers(value["headers"]),
            body=value["body"],
        )


def moment(text: str) -> dt.datetime:
    """Read a moment of the control API: aware, in UTC."""
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def _headers(pairs: list[list[str]]) -> Headers:
    return tuple((name, value) for name, value in pairs)
