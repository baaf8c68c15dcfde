"""The verbs about the server and its developers: health, developers, log, faults."""

from __future__ import annotations

import typing

from insightiq_mock.commands.output import Shown, clocks, counted, moment, table
from insightiq_mock.commands.talking import UsageError

if typing.TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from insightiq_mock.control import ControlledDeveloper, FaultRule, LoggedCall, MockControl

__all__ = ["developers", "fault", "health", "log"]

# How long the server may keep a question for news; a server that is to stop waits for the answer.
_SECONDS_TO_WAIT: typing.Final = 2


def health(control: MockControl, _options: argparse.Namespace) -> Iterator[Shown]:
    """Ask whether the server runs."""
    found = control.health()
    text = (
        f"{found.status}: insightiq-mock {found.version}, {found.operations} operations of document"
        f" {found.document_version}"
    )
    yield Shown(found, text)


def developers(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """List developers, or make and change them."""
    if options.act == "list":
        found = control.developers()
        rows = [_developer_row(each) for each in found]
        yield Shown(found, table(rows, empty="There are no developers."))
    elif options.act == "delete":
        if options.developer is None:
            msg = "Say whom: --developer ID."
            raise UsageError(msg)
        control.delete_developer()
        yield Shown({"deleted": options.developer}, f"Developer {options.developer} deleted.")
    else:
        yield _with_secrets(_changed(control, options))


def log(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """List calls, and go on if that is wanted."""
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
            yield clocks(control, of_world=False)
        for call in calls:
            yield Shown(call, _call_text(call, bodies=options.bodies), is_line=True)
            after = call.number
        if not options.follow:
            return
        wait = _SECONDS_TO_WAIT


def fault(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """Make calls go wrong, or right again."""
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
        yield Shown(rule, table([_rule_row(rule)], empty=""))
    elif options.act == "clear" and options.id is not None:
        control.remove_fault(options.id)
        yield Shown({"removed": options.id}, f"Rule {options.id} removed.")
    elif options.act == "clear":
        cleared = control.clear_faults()
        yield Shown({"cleared": cleared}, f"{counted(cleared, 'rule')} removed.")
    else:
        rules = control.faults()
        rows = [_rule_row(rule) for rule in rules]
        yield Shown(rules, table(rows, empty="No call goes wrong by rule."))


def _changed(control: MockControl, options: argparse.Namespace) -> ControlledDeveloper:
    if options.act == "create":
        return control.create_developer(
            client_id=options.client_id,
            client_secret=options.client_secret,
            seed=options.seed,
            world=options.world,
            start=options.clock,
        )
    if options.act == "rotate-secret":
        return control.rotate_secret(options.client_secret)
    return control.retire_secret()


def _with_secrets(developer: ControlledDeveloper) -> Shown:
    lines = [f"client_id      {developer.id}"]
    lines += [f"client_secret  {secret}" for secret in developer.secrets]
    return Shown(developer, "\n".join(lines))


def _developer_row(developer: ControlledDeveloper) -> tuple[object, ...]:
    mark = "default" if developer.is_default else ""
    world = f"{developer.world} world of seed {developer.seed}"
    return (developer.id, moment(developer.now), world, mark)


def _call_text(call: LoggedCall, *, bodies: bool) -> str:
    operation = call.operation or "-"
    what = f"{call.method:<6}  {call.target}  {operation}"
    lines = [f"{moment(call.at)}  {call.status}  {what}  {call.milliseconds:.1f} ms"]
    if bodies:
        lines += [f"  > {call.request_body}"] if call.request_body else []
        lines += [f"  < {call.response_body}"] if call.response_body else []
    return "\n".join(lines)


def _rule_row(rule: FaultRule) -> tuple[object, ...]:
    effect = ", ".join(f"{name}={value}" for name, value in rule.effect.items())
    number = "every call" if rule.remaining is None else f"{rule.remaining} more"
    share = "" if rule.share is None else f"of {rule.share:.0%}"
    return (rule.id, rule.operation or "all operations", effect, number, share)
