"""The client of the control API.

ControlError
├── ControlConnectionError   the URL is wrong, or no mock server is there
└── ControlStatusError       the server rejected the request
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import ssl
import typing
import urllib.parse

import httpx

from insightiq_mock.closing import Closing

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = [
    "DEFAULT_URL",
    "Advanced",
    "Clock",
    "ControlConnectionError",
    "ControlError",
    "ControlStatusError",
    "ControlledDeveloper",
    "Delivery",
    "FaultRule",
    "HappenedJob",
    "Headers",
    "Health",
    "LoggedCall",
    "Message",
    "MockControl",
    "Triggered",
]

DEFAULT_URL: typing.Final = "http://127.0.0.1:4010"

_NO_CONTENT: typing.Final = 204

# Advancing a clock by years runs every job on the way before the response.
_TIMEOUT: typing.Final = httpx.Timeout(600.0, connect=5.0)

Headers: typing.TypeAlias = tuple[tuple[str, str], ...]
"""Names and values, in the order in which they were sent."""

_M = typing.TypeVar("_M")


class ControlError(Exception):
    """A request to the control API failed; the message says why and what to do."""


class ControlConnectionError(ControlError):
    """The URL is wrong, or what is there is no mock server or cannot be reached."""


class ControlStatusError(ControlError):
    """The server rejected the request; the message is the one of its response.

    Attributes:
        status: HTTP status.
        code: The error code, for example ``incorrect_developer_id``.
        request_id: The request's id in the server's log; None if the response is not a mock server's.
    """

    def __init__(self, message: str, status: int, code: str, request_id: str | None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.request_id = request_id

    def __reduce__(self) -> tuple[type[ControlStatusError], tuple[object, ...]]:
        return type(self), (str(self), self.status, self.code, self.request_id)


@dataclasses.dataclass(frozen=True, slots=True)
class Health:
    """The server.

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


@dataclasses.dataclass(frozen=True, slots=True)
class ControlledDeveloper:
    """A developer.

    Attributes:
        id: The client id.
        is_default: Whether it is the default developer.
        secrets: The live client secrets, newest first.
        seed: Seed of the world.
        world: Its size.
        start: Start of the world: ``now``, ``fixed``, or a moment.
        now: The time of the developer's clock.
    """

    id: str
    is_default: bool
    secrets: tuple[str, ...] = dataclasses.field(repr=False)
    seed: str
    world: str
    start: str
    now: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Clock:
    """A developer's clock.

    Attributes:
        mode: ``real``, ``frozen`` or ``running``.
        now: Its time.
        factor: How many of its seconds pass in a real second, where it runs.
    """

    mode: str
    now: dt.datetime
    factor: float


@dataclasses.dataclass(frozen=True, slots=True)
class HappenedJob:
    """A job that ran while a clock was advanced.

    Attributes:
        kind: Its kind.
        due_at: Its moment, by the developer's clock.
        payload: Its data.
    """

    kind: str
    due_at: dt.datetime
    payload: dict[str, typing.Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Advanced:
    """The result of advancing a clock.

    Attributes:
        clock: The clock.
        jobs: The jobs that ran, in order.
        complete: Whether the clock arrived; a request stops after ten thousand jobs.
        remaining_seconds: The rest of the way.
    """

    clock: Clock
    jobs: tuple[HappenedJob, ...]
    complete: bool
    remaining_seconds: float


@dataclasses.dataclass(frozen=True, slots=True)
class Triggered:
    """A notification that was triggered.

    Attributes:
        event: Name of the event.
        data: The notification's data.
        webhooks: Addresses that it goes to; empty where no active webhook asks for the event.
        unknown_ids: Keys of the data whose ids are the document's examples: no request finds them.
    """

    event: str
    data: dict[str, typing.Any]
    webhooks: tuple[str, ...]
    unknown_ids: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class FaultRule:
    """A fault rule.

    Attributes:
        id: Its id.
        operation: The operation that it applies to; None for all.
        effect: The fault, as in a ``Prefer`` header.
        remaining: How many more requests it applies to; None for any number.
        share: The share of the requests that it applies to; None for all.
        seed: Seed of the choice of those requests.
        seen: How many requests it was asked about.
    """

    id: str
    operation: str | None
    effect: dict[str, str]
    remaining: int | None
    share: float | None
    seed: str
    seen: int


@dataclasses.dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to deliver a notification to a webhook.

    Attributes:
        delivery_id: The delivery; all its attempts share it.
        notification_id: Id in the body that was sent.
        webhook_id: The webhook.
        event: Name of the event.
        number: Number of the attempt; None for a resend.
        at: Its moment, by the developer's clock.
        seconds: Its length in real time.
        url: Its destination; None if it was not tried.
        verdict: The result, for example ``delivered``.
        detail: The error, in a sentence, if there was one.
        status: HTTP status of the response, if there was one.
        request_headers: Headers that were sent.
        request_body: The text that was signed and sent.
        answer_headers: Headers of the response.
        answer_body: The beginning of the response body.
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


@dataclasses.dataclass(frozen=True, slots=True)
class LoggedCall:
    """One request to the API, from the log.

    Attributes:
        number: Its number in the log.
        at: Its moment in real time.
        method: Its method.
        target: Path and query.
        operation: The operation, if it was one.
        developer: The developer, if there was one.
        status: HTTP status of the response.
        milliseconds: Time until the response.
        request_id: Its request id.
        request_body: The beginning of the body, secrets hidden; None for an empty one.
        response_body: The beginning of the response body, likewise.
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


@dataclasses.dataclass(frozen=True, slots=True)
class Message:
    """One request that an inbox received.

    Attributes:
        id: Grows with every message.
        received_at: Its moment in real time.
        answered: HTTP status of the response.
        headers: Its headers, names in lower case.
        body: Its body as text.
    """

    id: int
    received_at: dt.datetime
    answered: int
    headers: Headers
    body: str

    def json(self) -> typing.Any:  # noqa: ANN401 - any JSON value
        """Return the body as JSON."""
        return json.loads(self.body)


class MockControl(Closing):
    """The control API of a mock server: what tests and people do to it from outside.

    Methods about a world concern the world of ``developer``; `for_developer` returns the control of
    another one. All methods raise `ControlError` with a sentence that says what is wrong.

    Args:
        base_url: URL of the server.
        developer: Client id of the developer; ``default`` for the server's default developer.
        token: The control token, where the server asks for one.
        transport: Another transport than the network, for example in process.

    Raises:
        ControlConnectionError: ``base_url`` is no URL, or holds a password.
    """

    def __init__(
        self,
        base_url: str = DEFAULT_URL,
        *,
        developer: str = "default",
        token: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        _check_url(base_url)
        self._base_url = base_url.rstrip("/")
        self._developer = developer
        self._http = httpx.Client(
            base_url=self._base_url,
            headers={} if token is None else {"Authorization": f"Bearer {token}"},
            transport=transport,
            timeout=_TIMEOUT,
            # Certificates take longer to load than most calls; plain HTTP asks for none.
            verify=base_url.lower().startswith("https:") or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            # A mock server is on this machine or in this network: no proxy, no .netrc.
            trust_env=False,
        )

    def close(self) -> None:
        """Close the connection, which all controls of `for_developer` share."""
        self._http.close()

    def for_developer(self, developer_id: str) -> MockControl:
        """Return the control of another developer's world, over the same connection."""
        other = object.__new__(MockControl)
        other._base_url, other._http = self._base_url, self._http
        other._developer = developer_id
        return other

    # The server and its developers.

    def health(self) -> Health:
        """Return the status and version of the server."""
        return _read(Health, self._request("GET", "/health"))

    def developers(self) -> list[ControlledDeveloper]:
        """Return all developers, oldest first."""
        found = self._request("GET", "/developers")
        return [_read(ControlledDeveloper, each) for each in found["data"]]

    def create_developer(  # noqa: PLR0913 - all by keyword, each with a default
        self,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        seed: str | int | None = None,
        world: str | None = None,
        clock: str | None = None,
        start: str | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> ControlledDeveloper:
        """Create a developer with a world of their own.

        Args:
            client_id: Made up when absent.
            client_secret: Made up when absent.
            seed: Seed of the world; the same seed gives the same world.
            world: Its size: ``small``, ``medium`` or ``large``.
            clock: ``running``, ``frozen`` or ``real``.
            start: Start of the world: ``now``, ``fixed``, or a moment like ``2026-06-01``; default:
                that of the server.
            settings: Settings that differ from the defaults.
        """
        body = _given(
            client_id=client_id,
            client_secret=client_secret,
            seed=None if seed is None else str(seed),
            world=world,
            clock=clock,
            start=start,
            settings=settings,
        )
        return _read(ControlledDeveloper, self._request("POST", "/developers", body))

    def developer(self) -> ControlledDeveloper:
        """Return the developer, live secrets included."""
        return _read(ControlledDeveloper, self._call("GET", ""))

    def delete_developer(self) -> None:
        """Delete the developer and everything they own."""
        self._call("DELETE", "")

    def rotate_secret(self, new_secret: str | None = None) -> ControlledDeveloper:
        """Add a secret, made up when absent; both live until `retire_secret`."""
        found = self._call("POST", "/rotate-secret", _given(new_secret=new_secret))
        return _read(ControlledDeveloper, found)

    def retire_secret(self) -> ControlledDeveloper:
        """End a rotation; only the newest secret stays live."""
        return _read(ControlledDeveloper, self._call("POST", "/retire-secret"))

    def reset(self) -> None:
        """Bring the world back to how the seed made it, without the webhooks registered since.

        Secrets, settings and snapshots stay.
        """
        self._call("POST", "/reset")

    # Snapshots.

    def snapshot(self, name: str) -> None:
        """Copy the world under a name; an older copy of that name is replaced."""
        self._call("POST", "/snapshots", {"name": name})

    def snapshots(self) -> list[str]:
        """Return the names of the copies, oldest first."""
        return [each["name"] for each in self._call("GET", "/snapshots")["data"]]

    def restore(self, name: str) -> None:
        """Put a copy in place of the present world."""
        self._call("POST", f"/snapshots/{_escaped(name)}/restore")

    def delete_snapshot(self, name: str) -> None:
        """Delete a copy."""
        self._call("DELETE", f"/snapshots/{_escaped(name)}")

    # Logs that are not one developer's.

    def requests(  # noqa: PLR0913 - all by keyword, each with a default
        self,
        *,
        developer: str | None = None,
        operation: str | None = None,
        method: str | None = None,
        status: int | None = None,
        path: str | None = None,
        after: int | None = None,
        wait: float | None = None,
        limit: int | None = None,
    ) -> list[LoggedCall]:
        """Return the latest requests to the API that match, oldest first.

        Args:
            developer: Only those of this developer.
            operation: Only those of this operation, for example ``users.list``.
            method: Only those of this method.
            status: Only those with this status; 4 stands for 400 to 499, and so on.
            path: Only those whose path and query begin like this.
            after: Only those after the one with this number.
            wait: Seconds to wait for one if there is none yet.
            limit: How many at most.
        """
        query = {
            "developer": developer,
            "operation": operation,
            "method": method,
            "status": status,
            "path": path,
            "after": after,
            "wait": None if wait is None else str(wait),
            "limit": limit,
        }
        found = self._request("GET", "/requests", query=query)
        return [_read(LoggedCall, each) for each in found["data"]]

    def clear_requests(self, developer: str | None = None) -> None:
        """Clear the log of a developer, or of all."""
        self._request("DELETE", "/requests", query={"developer": developer})

    def inbox(self, name: str, *, limit: int | None = None) -> list[Message]:
        """Return the messages of the receiver ``/_mock/inbox/<name>``, oldest first."""
        found = self._request("GET", f"/inbox/{_escaped(name)}", query={"limit": limit})
        return [_read(Message, each) for each in found["data"]]

    def clear_inbox(self, name: str) -> int:
        """Clear a built-in receiver; return how many messages it had."""
        cleared: int = self._request("DELETE", f"/inbox/{_escaped(name)}")["cleared"]
        return cleared

    # The clock.

    def clock(self) -> Clock:
        """Return the clock."""
        return _read(Clock, self._call("GET", "/clock"))

    def set_clock(
        self, mode: str, *, at: dt.datetime | None = None, factor: float | None = None
    ) -> Clock:
        """Set the clock: real time, frozen, or running.

        Args:
            mode: ``real``, ``frozen`` or ``running``.
            at: The aware moment to set it to; None: it goes on from where it is.
            factor: How many of its seconds pass in a real second, for mode ``running``.
        """
        text = None if at is None else _moment_text(at)
        return _read(Clock, self._call("PUT", "/clock", _given(mode=mode, at=text, factor=factor)))

    def advance(  # noqa: PLR0913 - all by keyword, each with a default
        self,
        *,
        seconds: float = 0,
        minutes: float = 0,
        hours: float = 0,
        days: float = 0,
        months: int = 0,
        progress: Callable[[Advanced], None] | None = None,
    ) -> Advanced:
        """Advance the clock; all jobs that come due run, in order, before this returns.

        Without arguments, the jobs due now run and the clock stays. Ten thousand jobs and more take
        several requests; cancelling stops the clock where it is.

        Args:
            seconds: Seconds.
            minutes: Minutes.
            hours: Hours.
            days: Days.
            months: Calendar months.
            progress: Called with each part of a long way.
        """
        body = {
            "seconds": seconds,
            "minutes": minutes,
            "hours": hours,
            "days": days,
            "months": months,
        }
        jobs: list[HappenedJob] = []
        while True:
            part = _read(Advanced, self._call("POST", "/clock/advance", body))
            jobs += part.jobs
            if part.complete:
                return dataclasses.replace(part, jobs=tuple(jobs))
            if progress is not None:
                progress(part)
            body = {"seconds": part.remaining_seconds}

    # Accounts: what creators and platforms do.

    def connect(
        self,
        platform: str,
        *,
        sdk_token: str | None = None,
        user_id: str | None = None,
        products: Sequence[str] | None = None,
        handle: str | None = None,
    ) -> dict[str, typing.Any]:
        """Connect an account, as a creator does in the connect flow; return it as the API shows it.

        Args:
            platform: Name or id of the work platform.
            sdk_token: The SDK token, which says the user and the products.
            user_id: The user; without it and without a token, a new one is created.
            products: Products to collect; without them and without a token, all of the platform.
            handle: Name of the creator on the platform; made up when absent.
        """
        body = _given(
            platform=platform,
            sdk_token=sdk_token,
            user_id=user_id,
            products=None if products is None else list(products),
            handle=handle,
        )
        account: dict[str, typing.Any] = self._call("POST", "/accounts/connect", body)
        return account

    def disconnect(self, account_id: str) -> dict[str, typing.Any]:
        """Cut an account off as if the creator had done it; return it."""
        account: dict[str, typing.Any] = self._of_account(account_id, "disconnect")
        return account

    def expire(self, account_id: str) -> dict[str, typing.Any]:
        """Let the platform's session of an account expire now; return the account."""
        account: dict[str, typing.Any] = self._of_account(account_id, "expire")
        return account

    def add_contents(self, account_id: str, count: int = 1) -> list[str]:
        """Let the creator publish new items; return their ids."""
        ids: list[str] = self._of_account(account_id, "contents", {"count": count})["ids"]
        return ids

    def grow(self, account_id: str) -> None:
        """Let followers, views and likes grow as in a day."""
        self._of_account(account_id, "grow")

    def sync(self, account_id: str, product: str) -> None:
        """Schedule a sync of one product, for example ``ENGAGEMENT``, for now."""
        self._of_account(account_id, "sync", {"product": product})

    # Notifications.

    def trigger(
        self,
        event: str,
        *,
        data: Mapping[str, object] | None = None,
        account_id: str | None = None,
    ) -> Triggered:
        """Send a notification to the webhooks that ask for the event.

        Args:
            event: Name of the event, for example ``CONTENTS.ADDED``.
            data: Its data; taken from the developer's world when absent.
            account_id: Its account, where data is absent.
        """
        body = _given(event=event, data=data, account_id=account_id)
        return _read(Triggered, self._call("POST", "/events", body))

    def deliveries(
        self,
        *,
        webhook_id: str | None = None,
        event: str | None = None,
        verdict: str | None = None,
        limit: int | None = None,
    ) -> list[Delivery]:
        """Return the delivery attempts that match, newest first."""
        query = {"webhook_id": webhook_id, "event": event, "verdict": verdict, "limit": limit}
        found = self._call("GET", "/deliveries", query=query)
        return [_read(Delivery, each) for each in found["data"]]

    def delivery(self, delivery_id: str) -> Delivery:
        """Return the newest attempt of one delivery."""
        return _read(Delivery, self._call("GET", f"/deliveries/{_escaped(delivery_id)}"))

    def resend(self, delivery_id: str) -> Delivery:
        """Send a notification again, now, and return the attempt."""
        found = self._call("POST", f"/deliveries/{_escaped(delivery_id)}/resend")
        return _read(Delivery, found)

    # Faults and settings.

    def add_fault(  # noqa: PLR0913 - all by keyword, each with a default
        self,
        *,
        operation: str | None = None,
        code: int | None = None,
        delay: float | None = None,
        example: str | None = None,
        fault: str | None = None,
        seconds: float | None = None,
        times: int | None = None,
        share: float | None = None,
        seed: str | int | None = None,
    ) -> FaultRule:
        """Add a fault rule for the developer's requests.

        Args:
            operation: Operation id, for example ``contents.list``; None for all.
            code: HTTP status of the response.
            delay: Seconds to wait before the request is handled.
            example: Name of the document's example to respond with.
            fault: ``reset``, ``truncate``, ``malformed``, ``html`` or ``slow-body``.
            seconds: Length of a slow body.
            times: How many requests it applies to; None for any number.
            share: The share of the requests that it applies to; None for all.
            seed: Seed of the choice of those requests.
        """
        body = _given(
            operation=operation,
            code=code,
            delay=delay,
            example=example,
            fault=fault,
            seconds=seconds,
            times=times,
            share=share,
            seed=None if seed is None else str(seed),
        )
        return _read(FaultRule, self._call("POST", "/faults", body))

    def faults(self) -> list[FaultRule]:
        """Return the fault rules, oldest first."""
        return [_read(FaultRule, each) for each in self._call("GET", "/faults")["data"]]

    def remove_fault(self, fault_id: str) -> None:
        """Remove one rule."""
        self._call("DELETE", f"/faults/{_escaped(fault_id)}")

    def clear_faults(self) -> int:
        """Remove all rules; return how many those were."""
        cleared: int = self._call("DELETE", "/faults")["cleared"]
        return cleared

    def settings(self) -> dict[str, typing.Any]:
        """Return all settings by name."""
        settings: dict[str, typing.Any] = self._call("GET", "/settings")
        return settings

    def update_settings(self, **changes: object) -> dict[str, typing.Any]:
        """Change the settings that are named and return all."""
        settings: dict[str, typing.Any] = self._call("PATCH", "/settings", changes)
        return settings

    def _of_account(
        self, account_id: str, act: str, body: Mapping[str, object] | None = None
    ) -> typing.Any:  # noqa: ANN401 - any JSON value
        return self._call("POST", f"/accounts/{_escaped(account_id)}/{act}", body)

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, str | int | None] | None = None,
    ) -> typing.Any:  # noqa: ANN401 - any JSON value
        path = f"/developers/{_escaped(self._developer)}{path}"
        return self._request(method, path, body, query)

    def _request(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, str | int | None] | None = None,
    ) -> typing.Any:  # noqa: ANN401 - any JSON value
        """Return the JSON of the response; None where it has none."""
        content, headers = _written(body)
        try:
            response = self._http.request(
                *(method, f"/_mock{path}"),
                content=content,
                headers=headers,
                params={k: v for k, v in (query or {}).items() if v is not None} or None,
            )
        except httpx.TransportError as error:
            raise ControlConnectionError(self._unreachable(error)) from error
        if response.status_code == _NO_CONTENT:
            return None
        if not response.is_success:
            raise _status_error(response)
        try:
            return response.json()
        except ValueError as error:
            msg = f"What answers at {self._base_url} is no mock server; give another address."
            raise ControlConnectionError(msg) from error

    def _unreachable(self, error: Exception) -> str:
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            return (
                f"No mock server answers at {self._base_url}; start one with"
                " 'insightiq-mock serve', or name another address."
            )
        reason = str(error) or type(error).__name__
        return f"The mock server at {self._base_url} did not answer properly: {reason}."


def _read(model: type[_M], value: Mapping[str, typing.Any]) -> _M:
    """Make a dataclass of the JSON of a response."""
    hints = typing.get_type_hints(model)
    return model(**{name: _converted(hint, value[name]) for name, hint in hints.items()})


def _converted(hint: typing.Any, value: typing.Any) -> typing.Any:  # noqa: ANN401 - any type of a field
    if hint is dt.datetime:
        return dt.datetime.fromisoformat(value).astimezone(dt.UTC)
    if dataclasses.is_dataclass(hint):
        return _read(typing.cast("type[object]", hint), value)
    if typing.get_origin(hint) is tuple:
        item = typing.get_args(hint)[0]
        return tuple(_converted(item, each) for each in value)
    return value


def _given(**values: object) -> dict[str, object]:

    return {name: value for name, value in values.items() if value is not None}


def _escaped(part: str) -> str:
    """Return a text as one segment of a path."""
    return urllib.parse.quote(part, safe="")


def _moment_text(moment: dt.datetime) -> str:
    if moment.tzinfo is None:
        msg = f"{moment.isoformat()} has no time zone; give an aware moment."
        raise ValueError(msg)
    return moment.isoformat()


def _written(body: Mapping[str, object] | None) -> tuple[bytes | None, dict[str, str]]:
    if body is None:
        return None, {}
    try:
        text = json.dumps(body, allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        msg = f"The body cannot be written as JSON: {error}."
        raise ControlError(msg) from error
    return text.encode(), {"Content-Type": "application/json"}


def _check_url(text: str) -> None:
    if "@" in text:
        # Not quoted: what stands before it may be a password.
        msg = "The address holds a user or a password; give one like http://127.0.0.1:4010."
        raise ControlConnectionError(msg)
    try:
        url = urllib.parse.urlsplit(text)
        is_usable = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        msg = f"{text!r} is no URL; give one like http://127.0.0.1:4010."
        raise ControlConnectionError(msg)


def _status_error(response: httpx.Response) -> ControlStatusError:
    try:
        error = response.json()["error"]
        message, code = str(error["message"]), str(error["code"])
        request_id = str(error["request_id"])
    except (ValueError, TypeError, LookupError):
        message = (
            f"{response.request.url} answered {response.status_code}, and not as a mock server does;"
            " give another address."
        )
        return ControlStatusError(message, response.status_code, "", None)
    return ControlStatusError(message, response.status_code, code, request_id)
