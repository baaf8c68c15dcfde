"""Notifications: signed, thin, about what they say, once, in order, and to those who asked (evidence.md#webhook-notifications)."""

from __future__ import annotations

import collections
import hashlib
import hmac
import itertools
import typing

from openapi_schemas import DocumentSchemas

from contract_testing.layers.scenarios import receiving
from contract_testing.layers.scenarios.scene import Needs, Scenarios, broken, hold
from contract_testing.scripted.events import event_schemas
from insightiq import errors, webhooks

if typing.TYPE_CHECKING:
    from contract_testing.layers.scenarios.scene import Scene
    from insightiq import models
    from insightiq_mock.control import Delivery

__all__ = ["SCENARIOS"]

Json: typing.TypeAlias = typing.Any

SCENARIOS = Scenarios()

_ABOUT: typing.Final = ("webhooks.create",)
_SIGNATURES: typing.Final = "webhook-signatures"
_MOST_ITEMS: typing.Final = 100
_PLATFORMS: typing.Final = ("Instagram", "YouTube", "Facebook")
# What the items of an event are ids of (evidence.md#webhook-events); comments are reported by their contents.
_ITEMS: typing.Final = {
    "CONTENTS": ("contents",),
    "CONTENTS_COMMENTS": ("contents",),
    "CONTENT-GROUPS": ("content_groups",),
    "TRANSACTIONS": ("social_transactions", "commerce_transactions"),
    "PAYOUTS": ("social_payouts", "commerce_payouts"),
    "BALANCES": ("commerce_balances",),
}


def _signatures(delivery: Delivery) -> list[str]:
    values = [value for name, value in delivery.request_headers if name.lower() == _SIGNATURES]
    return [part.strip() for value in values for part in value.split(",")]


def _signed_by(delivery: Delivery, secret: str) -> str:
    return hmac.new(secret.encode(), delivery.request_body.encode(), hashlib.sha256).hexdigest()


def _busy_days(scene: Scene) -> models.Webhook:
    """Let creators connect, publish and leave; return a webhook that hears of everything."""
    hook = receiving.register(scene, receiving.all_events(scene))
    account: dict[str, Json] = {}
    for platform in _PLATFORMS:
        account = scene.control.connect(platform)
        scene.control.advance(minutes=20)
        scene.control.add_contents(account["id"], count=2)
        scene.control.grow(account["id"])
    scene.control.advance(days=1, hours=1)
    scene.iq.accounts.disconnect(account["id"])
    scene.control.advance(minutes=1)
    return hook


@SCENARIOS.rule(
    "each notification is signed, and about what its name says", Needs.CONTROL, about=_ABOUT
)
def busy_days(scene: Scene) -> None:
    """Two days of several creators, every notification of them looked at."""
    hook = _busy_days(scene)
    found = receiving.deliveries(scene, hook)
    hold(found, "creators connected and published, and no webhook heard of it")
    schemas = DocumentSchemas(scene.document)
    by_event = event_schemas(scene.document)
    for delivery in found:
        place = f"a delivery of {delivery.event}"
        expected = _signed_by(delivery, scene.server.client_secret)
        hold(
            _signatures(delivery) == [expected],
            f"{place}: signed {_signatures(delivery)}; the HMAC-SHA256 of its body is {expected}",
        )
        webhooks.verify(
            delivery.request_body.encode(), delivery.request_headers, scene.server.client_secret
        )
        payload = delivery.json()
        hold(payload["event"] == delivery.event, f"{place} says it is {payload['event']}")
        problems = [
            f"/{'/'.join(map(str, each.instance_path))}: {each.message}"
            for each in schemas.validator(by_event[delivery.event]).iter_errors(payload)
        ]
        hold(not problems, f"{place} does not fit its schema: {'; '.join(problems[:3])}")
        _is_thin(place, payload)
        event = webhooks.parse(delivery.request_body)
        hold(event.event == delivery.event, f"{place} is read as {event.event}")
    _resolve(scene, found)
    _once_and_in_order(found)


def _is_thin(place: str, payload: Json) -> None:
    data = payload["data"]
    items = data.get("items", [])
    hold(len(items) <= _MOST_ITEMS, f"{place} holds {len(items)} ids; 100 are the most")
    hold("items" not in data or items, f"{place} is about no items")
    hold(len(set(items)) == len(items), f"{place} holds an id twice")
    odd = {key for key in data if key != "items" and not key.endswith("_id")} - {
        "last_updated_time"
    }
    hold(not odd, f"{place} holds more than ids: {sorted(odd)}")


def _resolve(scene: Scene, found: list[Delivery]) -> None:
    """Look up everything that the notifications are about."""
    accounts = {account.id: account for account in scene.iq.accounts.list()}
    items: dict[str, dict[str, str]] = collections.defaultdict(dict)
    for delivery in found:
        data, place = delivery.json()["data"], f"a delivery of {delivery.event}"
        account = accounts.get(data["account_id"])
        hold(
            account is not None, f"{place} is about account {data['account_id']}, which is nobody's"
        )
        assert account is not None
        hold(
            data["user_id"] == account.user.id, f"{place} is about another user than its account's"
        )
        if "profile_id" in data:
            profile = scene.iq.profiles.get(data["profile_id"])
            hold(profile.account.id == account.id, f"{place}: the profile is of another account")
        for item in data.get("items", ()):
            items[delivery.event.partition(".")[0]][item] = account.id
    for name, owners in items.items():
        rows = [
            row
            for resource in _ITEMS[name]
            for row in getattr(scene.iq, resource).search(ids=list(owners))
        ]
        lost = set(owners) - {row.id for row in rows}
        hold(
            not lost,
            f"{name} notifications are about {len(owners)} ids, of which {len(lost)} lead to none "
            f"of {', '.join(_ITEMS[name])}",
        )
        wrong = [row.id for row in rows if row.account.id != owners[row.id]]
        hold(not wrong, f"{name} notifications name another account than the owner of {wrong[:1]}")


def _once_and_in_order(found: list[Delivery]) -> None:
    ids = collections.Counter(each.notification_id for each in found if each.delivered)
    doubles = [key for key, count in ids.items() if count > 1]
    hold(not doubles, f"a notification that was delivered came again: {doubles[:1]}")
    told = collections.Counter(
        (each.event, item)
        for each in found
        if each.event.endswith(".ADDED")
        for item in each.json()["data"].get("items", [])
    )
    again = [
        key
        for key, count in told.items()
        if count > 1 and not key[0].startswith("CONTENTS_COMMENTS")
    ]
    hold(not again, f"{again[:1]} was reported as added twice")
    for one, other in itertools.pairwise(found):
        hold(
            one.at <= other.at,
            f"{other.event} of {other.at} was delivered before {one.event} of {one.at}",
        )
    by_account: dict[str, list[str]] = collections.defaultdict(list)
    for each in found:
        by_account[each.json()["data"]["account_id"]].append(each.event)
    for events in by_account.values():
        connected = events.index("ACCOUNTS.CONNECTED") if "ACCOUNTS.CONNECTED" in events else 0
        hold(connected == 0, f"ACCOUNTS.CONNECTED came after {events[:1]}")


@SCENARIOS.rule(
    "a new connection is reported from the account to its contents", Needs.CONTROL, about=_ABOUT
)
def story_of_a_connection(scene: Scene) -> None:
    """What the vendor's events follow from: account, profile, contents, groups (evidence.md#events-of-a-new-connection)."""
    hook = receiving.register(scene, receiving.all_events(scene))
    account = scene.control.connect("Instagram")
    scene.control.advance(hours=1)
    events = [
        event
        for event, payload in receiving.told(scene, hook)
        if payload["data"]["account_id"] == account["id"]
    ]
    wanted = ["ACCOUNTS.CONNECTED", "PROFILES.ADDED", "PROFILES_AUDIENCE.ADDED", "CONTENTS.ADDED"]
    firsts = [event for event in dict.fromkeys(events) if event in wanted]
    hold(firsts == wanted, f"a new connection was reported as {firsts}; expected {wanted}")
    for once in ("ACCOUNTS.CONNECTED", "PROFILES.ADDED"):
        hold(
            events.count(once) == 1,
            f"a new connection was reported as {once} {events.count(once)} times",
        )


@SCENARIOS.rule(
    "more than a hundred changes are told in several notifications", Needs.CONTROL, about=_ABOUT
)
def many_items(scene: Scene) -> None:
    """Two hundred and fifty new contents, each told once."""
    account = scene.control.connect("TikTok", products=["IDENTITY", "ENGAGEMENT"])
    scene.control.advance(hours=1)
    hook = receiving.register(scene, ["CONTENTS.ADDED"])
    new = scene.control.add_contents(account["id"], count=250)
    scene.control.sync(account["id"], "ENGAGEMENT")
    scene.control.advance(minutes=5)
    payloads = [
        payload["data"]["items"]
        for _, payload in receiving.told(scene, hook)
        if payload["data"]["account_id"] == account["id"]
    ]
    sizes = [len(items) for items in payloads]
    hold(max(sizes, default=0) <= _MOST_ITEMS, f"notifications hold {sizes} ids; 100 are the most")
    told = [item for items in payloads for item in items]
    # The creator may have published of their own accord since the first sync, too.
    hold(
        set(new) <= set(told) and len(told) == len(set(told)),
        f"of 250 new contents, {len(set(told) & set(new))} were told, {len(told)} times in all",
    )
    other = receiving.register(scene, ["TRANSACTIONS.ADDED"], "other")
    scene.control.trigger("TRANSACTIONS.ADDED", data={"items": new})
    scene.control.advance(minutes=1)
    triggered = [payload["data"]["items"] for _, payload in receiving.told(scene, other)]
    hold(
        [item for items in triggered for item in items] == new
        and max(map(len, triggered)) <= _MOST_ITEMS,
        f"an event about 250 ids was told as {[len(items) for items in triggered]} ids",
    )


@SCENARIOS.rule(
    "notifications go to those who asked for the event, and to nobody else",
    Needs.CONTROL,
    about=_ABOUT,
)
def who_hears(scene: Scene) -> None:
    """Other events, switched off, deleted, moved to another address, another developer's."""
    hears = receiving.register(scene, ["CONTENTS.ADDED", "ACCOUNTS.CONNECTED"], "hears")
    too = receiving.register(scene, ["CONTENTS.ADDED"], "too")
    deaf = receiving.register(scene, ["PROFILES.ADDED", "CONTENTS.UPDATED"], "deaf")
    off = receiving.register(scene, ["CONTENTS.ADDED"], "off")
    gone = receiving.register(scene, ["CONTENTS.ADDED"], "gone")
    moved = receiving.register(scene, ["CONTENTS.ADDED"], "before")
    other = scene.another()
    stranger = receiving.register(other, ["CONTENTS.ADDED"], "stranger")
    scene.iq.webhooks.update(
        off.id, url=off.url, events=["CONTENTS.ADDED"], name="off", is_active=False
    )
    scene.iq.webhooks.delete(gone.id)
    url = receiving.address(scene, "after")
    scene.iq.webhooks.update(moved.id, url=url, events=["CONTENTS.ADDED"], name="moved")
    scene.control.trigger("CONTENTS.ADDED")
    scene.control.advance(minutes=1)
    told = collections.Counter(each.webhook_id for each in receiving.deliveries(scene))
    for hook, what in (
        (hears, "a webhook that asks for it"),
        (too, "a second one"),
        (moved, "a moved one"),
    ):
        hold(told[hook.id] == 1, f"CONTENTS.ADDED went to {what} {told[hook.id]} times, not once")
    for hook, what in (
        (deaf, "that asks for other events"),
        (off, "that is switched off"),
        (gone, "that is deleted"),
        (stranger, "of another developer"),
    ):
        hold(told[hook.id] == 0, f"CONTENTS.ADDED went to a webhook {what}")
    hold(not receiving.deliveries(other), "a notification of one developer went to another one")
    went = [each.url for each in receiving.deliveries(scene, moved)]
    hold(went == [url], f"after its address was changed, a notification went to {went}")
    ids = {each.notification_id for each in receiving.deliveries(scene)}
    hold(len(ids) >= 1, "notifications have no id")


@SCENARIOS.rule(
    "every event of the document can be told, under its own name", Needs.CONTROL, about=_ABOUT
)
def every_event(scene: Scene) -> None:
    """Each event once: to the webhook that asks for all, with the payload of its schema."""
    events = receiving.all_events(scene)
    hook = receiving.register(scene, events)
    for event in events:
        scene.control.trigger(event)
    scene.control.advance(minutes=1)
    told = [(event, payload["event"]) for event, payload in receiving.told(scene, hook)]
    lost = [event for event in events if (event, event) not in told]
    hold(not lost, f"of {len(events)} events, {lost[:5]} were not told under their names")


@SCENARIOS.rule(
    "while a secret is changed, notifications are signed with both", Needs.CONTROL, about=_ABOUT
)
def rotation(scene: Scene) -> None:
    """Before, during and after a rotation."""
    hook = receiving.register(scene, ["CONTENTS.ADDED"])
    old = scene.server.client_secret
    new = "9d2f6a1c-5b7e-4c38-8f04-2e6b1d9a7c53"
    scene.control.rotate_secret(new)
    scene.control.trigger("CONTENTS.ADDED")
    scene.control.advance(minutes=1)
    during = receiving.deliveries(scene, hook)[-1]
    wanted = {_signed_by(during, old), _signed_by(during, new)}
    hold(
        set(_signatures(during)) == wanted,
        f"during a rotation, {len(_signatures(during))} signatures were sent, of which "
        f"{len(wanted & set(_signatures(during)))} fit one of the two secrets",
    )
    for secret in (old, new):
        webhooks.verify(during.request_body.encode(), during.request_headers, secret)
    scene.control.retire_secret()
    with scene.server.client(client_secret=new) as client:
        client.users.list().first()
    scene.control.trigger("CONTENTS.ADDED")
    scene.control.advance(minutes=1)
    after = scene.control.deliveries(limit=1, webhook_id=hook.id)[0]
    hold(
        _signatures(after) == [_signed_by(after, new)],
        "after a rotation, a notification is not signed with the new secret alone",
    )
    try:
        scene.iq.users.list().first()
    except errors.AuthenticationError:
        return
    broken("after a rotation, the old secret still opens the API")


@SCENARIOS.rule(
    "what a developer sends is told as it was sent", Needs.CONTROL, about=("webhooks.send",)
)
def sent_by_hand(scene: Scene) -> None:
    """webhooks.send: the echo and the delivery."""
    from insightiq import models as classes  # noqa: PLC0415 - its only use

    hook = receiving.register(scene, ["PROFILES.UPDATED"])
    receiving.register(scene, ["PROFILES.ADDED"], "deaf")
    body = {"event": "PROFILES.UPDATED", "name": "by hand", "data": {"profile_id": "p", "n": 1}}
    echo = scene.iq.webhooks.send(payload=classes.WebhookSendPayload.from_dict(body)).to_dict()
    kept = {key: echo.get(key) for key in body}
    hold(kept == body, f"webhooks.send: sent {body}, the answer says {kept}")
    hold(echo.get("id"), f"webhooks.send: the answer {echo} lacks the id of the notification")
    scene.control.advance(minutes=1)
    found = receiving.deliveries(scene)
    hold(
        [each.webhook_id for each in found] == [hook.id],
        f"webhooks.send was delivered {len(found)} times; one webhook asks for the event",
    )
    told = {key: found[0].json().get(key) for key in body}
    hold(told == body, f"webhooks.send: sent {body}, delivered {told}")
    delivered = found[0].json().get("id")
    hold(
        delivered == echo["id"],
        f"webhooks.send: the answer gives the id {echo['id']}, delivered was {delivered}",
    )
