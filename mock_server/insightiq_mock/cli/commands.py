"""The commands that talk to a running server, and their output as text or JSON."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import json
import sys
import typing

from insightiq_mock.cli.durations import DurationError, parse_duration

if typing.TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from insightiq_mock.control import (
        Clock,
        ClockAdvanced,
        Delivery,
        Developer,
        FaultRule,
        InboxMessage,
        LoggedRequest,
        MockControl,
    )

__all__ = ["Output", "UsageError", "as_json"]

# How long the server may hold a request for news; a server that is to stop waits for the response.
_SECONDS_TO_WAIT: typing.Final = 2


class UsageError(Exception):
    """The command line makes no sense; the message says what would."""


@dataclasses.dataclass(frozen=True, slots=True)
class Output:
    """One result of a command.

    Attributes:
        value: For ``--json``: dataclasses, moments and plain JSON values.
        text: Without ``--json``: lines without the last line break.
        is_line: Whether JSON is written as one line, too.
        is_note: Whether ``--json`` leaves it out.
    """

    value: object
    text: str
    is_line: bool = False
    is_note: bool = False


def reset(control: MockControl, _options: argparse.Namespace) -> Iterator[Output]:
    """Reset the world."""
    control.reset()
    yield Output({"reset": True}, "The world is as it was seeded; its webhooks are gone, too.")


def snapshot(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """Take a snapshot, or list them."""
    if options.name is None:
        names = control.snapshots()
        yield Output(names, "\n".join(names) or "There are no snapshots.")
    else:
        control.snapshot(options.name)
        how = f"insightiq-mock restore {options.name}"
        yield Output({"snapshot": options.name}, f"Kept; bring it back with: {how}")


def restore(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """Restore a snapshot."""
    control.restore(options.name)
    yield Output({"restored": options.name}, f"The world is that of snapshot {options.name}.")


def clock(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """Print or set the clock."""
    if options.mode is not None:
        at = None if options.at is None else dt.datetime.fromisoformat(options.at)
        shown = control.set_clock(options.mode, at=at, factor=options.factor)
    elif options.at is not None or options.factor is not None:
        msg = "Say how the clock is to go: real, frozen or running, before --at and --factor."
        raise UsageError(msg)
    else:
        shown = control.clock()
    yield Output(shown, _clock_text(shown))


def advance(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """Advance the clock."""
    try:
        parts = parse_duration(" ".join(options.duration))
    except DurationError as error:
        raise UsageError(str(error)) from error
    months = int(parts.pop("months", 0))
    advanced = control.advance(months=months, progress=_show_progress, **parts)
    yield Output(advanced, _advanced_text(advanced))


def settings(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """Print or change the settings."""
    changes = dict(_setting(text) for text in options.changes)
    values = control.update_settings(**changes) if changes else control.settings()
    rows = [(name, json.dumps(value)) for name, value in values.items()]
    yield Output(values, _table(rows, empty="There are no settings."))


def _setting(text: str) -> tuple[str, object]:
    name, equals, written = text.partition("=")
    if not equals:
        msg = f"{text!r} changes nothing; write NAME=VALUE, for example limits_enabled=false."
        raise UsageError(msg)
    try:
        return name, json.loads(written)
    except (ValueError, RecursionError):
        # A bare word is meant as text.
        return name, written


def _show_progress(part: ClockAdvanced) -> None:
    sys.stderr.write(f"{_moment(part.clock.now)}  {len(part.jobs)} more jobs ran; going on\n")


def _clock_text(shown: Clock) -> str:
    how = f"{shown.mode} at factor {shown.factor:g}" if shown.mode == "running" else shown.mode
    return f"{_moment(shown.now)}  {how}"


def _advanced_text(advanced: ClockAdvanced) -> str:
    kinds = collections.Counter(job.kind for job in advanced.jobs)
    listed = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    return f"{_clock_text(advanced.clock)}\njobs: {listed or 'nothing'}"


def connect(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """Connect an account."""
    products = None if options.products is None else _listed(options.products)
    account = control.connect(
        options.platform,
        sdk_token=options.sdk_token,
        user_id=options.user,
        products=products,
        handle=options.handle,
    )
    yield Output(account, account["id"] if options.id else _account_text(account))


def disconnect(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """Disconnect an account."""
    account = control.disconnect(options.account)
    yield Output(account, _account_text(account))


def expire(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """Expire a session."""
    account = control.expire(options.account)
    yield Output(account, _account_text(account))


def grow(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """Grow the metrics."""
    control.grow(options.account)
    yield Output({"grown": options.account}, f"Account {options.account} has grown.")


def publish(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """Publish contents."""
    ids = control.add_contents(options.account, options.count)
    yield Output(ids, "\n".join(ids))


def sync(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """Sync a product."""
    product = options.product.upper()
    control.sync(options.account, product)
    text = f"{product} of account {options.account} is synced next."
    yield Output({"synced": options.account, "product": product}, text)


def _listed(text: str) -> list[str]:
    return [part.strip().upper() for part in text.split(",") if part.strip()]


def _account_text(account: Mapping[str, typing.Any]) -> str:
    rows = {
        "id": account["id"],
        "status": account["status"],
        "platform": account.get("work_platform", {}).get("name"),
        "username": account.get("platform_username"),
        "user": account.get("user", {}).get("id"),
    }
    return "\n".join(f"{name:<9} {value}" for name, value in rows.items() if value is not None)


def trigger(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """Send a notification."""
    data = None if options.data is None else _json_object(options.data)
    triggered = control.trigger(options.event, data=data, account_id=options.account)
    lines = [f"{triggered.event} {json.dumps(triggered.data, ensure_ascii=False)}"]
    lines += [f"to {url}" for url in triggered.webhooks]
    if not triggered.webhooks:
        lines.append(
            "to no one: no active webhook asks for this event; register one with POST /v1/webhooks"
        )
    if triggered.unknown_ids:
        keys = ", ".join(triggered.unknown_ids)
        lines.append(
            f"note: {keys} holds the document's example, as the world has nothing for it: looking it"
            " up gives 404, or the API has no operation for that"
        )
    yield Output(triggered, "\n".join(lines))


def deliveries(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """List delivery attempts, the newest last."""
    found = control.deliveries(
        webhook_id=options.webhook,
        event=options.event,
        verdict=options.verdict,
        limit=options.limit,
    )
    if found:
        yield _clocks(control, of_world=True)
    rows = [_delivery_row(delivery) for delivery in reversed(found)]
    yield Output(found, _table(rows, empty="Nothing was sent."))


def resend(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """Send a notification again."""
    delivery = control.resend(options.delivery)
    yield Output(delivery, _table([_delivery_row(delivery)], empty=""))


def inbox(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """List or clear the messages of a built-in receiver."""
    if options.clear:
        cleared = control.clear_inbox(options.name)
        yield Output({"cleared": cleared}, f"{_counted(cleared, 'message')} forgotten.")
        return
    messages = control.inbox(options.name, limit=options.limit)
    if messages:
        yield _clocks(control, of_world=False)
    empty = f"Nothing has come; send to {options.url.rstrip('/')}/_mock/inbox/{options.name}"
    yield Output(messages, "\n".join(_message_text(each) for each in messages) or empty)


def _json_object(text: str) -> dict[str, typing.Any]:
    try:
        value = json.loads(text, parse_constant=_not_json)
    except ValueError as error:
        msg = f"--data is not JSON: {error}."
        raise UsageError(msg) from error
    except RecursionError:
        msg = "--data is nested too deeply."
        raise UsageError(msg) from None
    if not isinstance(value, dict):
        msg = '--data is no JSON object; write it like \'{"account_id": "…"}\'.'
        raise UsageError(msg)
    return typing.cast("dict[str, typing.Any]", value)


def _not_json(name: str) -> typing.NoReturn:
    msg = f"JSON has no {name}"
    raise ValueError(msg)


def _delivery_row(delivery: Delivery) -> tuple[object, ...]:
    number = "again" if delivery.number is None else f"#{delivery.number}"
    what = delivery.verdict if delivery.status is None else f"{delivery.verdict} {delivery.status}"
    where = delivery.url or delivery.webhook_id
    why = delivery.detail or ""
    return (_moment(delivery.at), delivery.delivery_id, delivery.event, number, what, where, why)


def _message_text(message: InboxMessage) -> str:
    return f"{_moment(message.received_at)}  {message.response_status}  {message.body}"


def health(control: MockControl, _options: argparse.Namespace) -> Iterator[Output]:
    """Print the status of the server."""
    found = control.health()
    text = (
        f"{found.status}: insightiq-mock {found.version}, {found.operations} operations of document"
        f" {found.document_version}"
    )
    yield Output(found, text)


def developers(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """List or change developers."""
    if options.act == "list":
        found = control.developers()
        rows = [_developer_row(each) for each in found]
        yield Output(found, _table(rows, empty="There are no developers."))
    elif options.act == "delete":
        if options.developer is None:
            msg = "Say whom: --developer ID."
            raise UsageError(msg)
        control.delete_developer()
        yield Output({"deleted": options.developer}, f"Developer {options.developer} deleted.")
    else:
        yield _with_secrets(_changed(control, options))


def log(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """List requests, and follow the log."""
    after, wait = 0, None
    while True:
        calls = control.requests(
            developer=options.developer,
            operation=options.operation,
            method=options.method,
            status=options.status,
            path=options.path,
            after=after,
            wait=wait,
            limit=options.limit if wait is None else None,
        )
        if calls and not after:
            yield _clocks(control, of_world=False)
        for call in calls:
            yield Output(call, _call_text(call, bodies=options.bodies), is_line=True)
            after = call.number
        if not options.follow:
            return
        wait = _SECONDS_TO_WAIT


def fault(control: MockControl, options: argparse.Namespace) -> Iterator[Output]:
    """List, add or remove fault rules."""
    if options.act == "add":
        rule = control.add_fault(
            operation=options.operation,
            code=options.code,
            delay=options.delay,
            example=options.example,
            fault=options.kind,
            seconds=options.seconds,
            times=options.times,
            share=options.share,
            seed=options.seed,
        )
        yield Output(rule, _table([_rule_row(rule)], empty=""))
    elif options.act == "clear" and options.id is not None:
        control.remove_fault(options.id)
        yield Output({"removed": options.id}, f"Rule {options.id} removed.")
    elif options.act == "clear":
        cleared = control.clear_faults()
        yield Output({"cleared": cleared}, f"{_counted(cleared, 'rule')} removed.")
    else:
        rules = control.faults()
        rows = [_rule_row(rule) for rule in rules]
        yield Output(rules, _table(rows, empty="There are no fault rules."))


def _changed(control: MockControl, options: argparse.Namespace) -> Developer:
    if options.act == "create":
        return control.create_developer(
            client_id=options.client_id,
            client_secret=options.client_secret,
            seed=options.seed,
            world=options.world,
            start=options.clock,
        )
    if options.act == "rotate-secret":
        return control.rotate_secret(new_secret=options.client_secret)
    return control.retire_secret()


def _with_secrets(developer: Developer) -> Output:
    lines = [f"client_id      {developer.id}"]
    lines += [f"client_secret  {secret}" for secret in developer.secrets]
    return Output(developer, "\n".join(lines))


def _developer_row(developer: Developer) -> tuple[object, ...]:
    mark = "default" if developer.is_default else ""
    world = f"{developer.world} world of seed {developer.seed}"
    return (developer.id, _moment(developer.now), world, mark)


def _call_text(call: LoggedRequest, *, bodies: bool) -> str:
    operation = call.operation or "-"
    what = f"{call.method:<6}  {call.target}  {operation}"
    lines = [f"{_moment(call.at)}  {call.status}  {what}  {call.milliseconds:.1f} ms"]
    if bodies:
        lines += [f"  > {call.request_body}"] if call.request_body else []
        lines += [f"  < {call.response_body}"] if call.response_body else []
    return "\n".join(lines)


def _rule_row(rule: FaultRule) -> tuple[object, ...]:
    effect = ", ".join(f"{name}={value}" for name, value in rule.effect.items())
    number = "every call" if rule.remaining is None else f"{rule.remaining} more"
    share = "" if rule.share is None else f"of {rule.share:.0%}"
    return (rule.id, rule.operation or "all operations", effect, number, share)


def as_json(output: Output) -> str:
    """Return the JSON of a result."""
    indent = None if output.is_line else 2
    return json.dumps(output.value, default=_plain, indent=indent, ensure_ascii=False)


def _counted(number: int, noun: str) -> str:
    """Return a number of things."""
    return f"one {noun}" if number == 1 else f"{number} {noun}s"


def _moment(value: dt.datetime) -> str:
    """Return a moment in UTC, to the second."""
    return f"{value.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}Z"


def _clocks(control: MockControl, *, of_world: bool) -> Output:
    """Return a note that says of which clock the moments below are."""
    world, machine = _moment(control.clock().now), _moment(dt.datetime.now(dt.UTC))
    text = (
        f"Times are those of the world, where it is {world}; on this machine it is {machine}."
        if of_world
        else f"Times are those of this machine, where it is {machine}; in the world it is {world}."
    )
    return Output(None, text, is_note=True)


def _table(rows: Iterable[Sequence[object]], *, empty: str) -> str:
    """Return rows in columns; ``empty`` if there are none."""
    texts = [["-" if cell is None else str(cell) for cell in row] for row in rows]
    if not texts:
        return empty
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in texts
    )
    return "\n".join(lines)


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    msg = f"{type(value).__name__} cannot be shown as JSON"
    raise TypeError(msg)
