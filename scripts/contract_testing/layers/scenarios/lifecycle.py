"""The life of an account: connected, synced, cut off, connected again (evidence.md#account-lifecycle, #events-of-a-new-connection)."""

from __future__ import annotations

import typing

from contract_testing.layers.scenarios import receiving
from contract_testing.layers.scenarios.scene import Needs, Scenarios, broken, hold
from insightiq import errors

if typing.TYPE_CHECKING:
    from contract_testing.layers.scenarios.scene import Scene

__all__ = ["SCENARIOS"]

Json: typing.TypeAlias = typing.Any

SCENARIOS = Scenarios()

_ABOUT: typing.Final = ("accounts.get", "accounts.list")
_CUT_OFF: typing.Final = ("accounts.disconnect",)
_STEPS: typing.Final = 40
_ORDER: typing.Final = ["NOT_SYNCED", "IN_PROGRESS", "SYNCED"]


@SCENARIOS.rule(
    "a connected account is synced step by step, and its data appears", Needs.CONTROL, about=_ABOUT
)
def first_syncs(scene: Scene) -> None:
    """No step backwards, no moment of a sync before it, no data before its product."""
    user = scene.iq.users.create(name="creator", external_id="creator")
    made = scene.control.connect("TikTok", user_id=user.id, products=["IDENTITY", "ENGAGEMENT"])
    account = scene.iq.accounts.get(made["id"])
    hold(
        account.user.id == user.id,
        f"accounts.get: {user.id} connected, the account is of {account.user.id}",
    )
    hold(account.status == "CONNECTED", f"accounts.get: a new account is {account.status}")
    hold(
        account.disconnection_source is None,
        f"accounts.get: a new account was cut off by {account.disconnection_source}",
    )
    first = scene.iq.accounts.list().first()
    hold(
        first is not None and first.id == account.id,
        "accounts.list: a new account has to come first, its connection changed last",
    )
    seen: list[dict[str, str]] = []
    for _ in range(_STEPS):
        data = scene.iq.accounts.get(account.id).data.to_dict()
        states = {product: block["status"] for product, block in data.items()}
        for product, block in data.items():
            is_synced = block["status"] == "SYNCED"
            hold(
                (block["last_sync_at"] is not None) == is_synced,
                f"accounts.get: {product} is {block['status']} and was last synced at "
                f"{block['last_sync_at']}",
            )
        _no_data_early(scene, account.id, states)
        if not seen or seen[-1] != states:
            seen.append(states)
        if set(states.values()) == {"SYNCED"}:
            break
        scene.control.advance(seconds=1)
    hold(
        len(seen) >= len(_ORDER),
        f"accounts.get: the products went through {seen}; expected all three states",
    )
    for product in seen[0]:
        path = list(dict.fromkeys(states[product] for states in seen))
        hold(
            path == _ORDER,
            f"accounts.get: {product} went {' → '.join(path)} after connecting",
        )
    now = scene.iq.accounts.get(account.id)
    hold(
        now.updated_at == account.updated_at,
        "accounts.get: a sync moved updated_at (evidence.md#sync-cadence)",
    )
    hold(
        scene.iq.profiles.list(account_id=account.id).first() is not None,
        "profiles.list is empty after the sync of IDENTITY",
    )
    hold(
        scene.iq.contents.list(account_id=account.id).first() is not None,
        "contents.list is empty after the sync of ENGAGEMENT",
    )


def _no_data_early(scene: Scene, account_id: str, states: dict[str, str]) -> None:
    if states["identity"] == "NOT_SYNCED":
        profile = scene.iq.profiles.list(account_id=account_id).first()
        hold(profile is None, "profiles.list has a profile before IDENTITY was synced")
        try:
            scene.iq.audience.get(account_id=account_id)
        except errors.NotFoundError:
            return
        broken("audience.get has an audience before it was synced")


@SCENARIOS.rule(
    "a disconnected account stays, with its data, and says who cut it off",
    Needs.CONTROL,
    about=_CUT_OFF,
)
def disconnected(scene: Scene) -> None:
    """Through the API, through the creator; a second time it is refused."""
    for who, source in (("the developer", "DEVELOPER_API"), ("the creator", "INTERNAL_API")):
        made = scene.control.connect("TikTok", products=["IDENTITY", "ENGAGEMENT"])
        scene.control.advance(hours=1)
        before = scene.iq.accounts.get(made["id"])
        contents = [row.id for row in scene.iq.contents.list(account_id=made["id"])]
        if source == "DEVELOPER_API":
            answer = scene.iq.accounts.disconnect(made["id"])
            hold(
                (answer.id, answer.status) == (made["id"], "NOT_CONNECTED"),
                f"accounts.disconnect: the answer is about {answer.id}, {answer.status}",
            )
        else:
            scene.control.disconnect(made["id"])
        account = scene.iq.accounts.get(made["id"])
        told = (account.status, account.disconnection_source)
        hold(told == ("NOT_CONNECTED", source), f"accounts.get: cut off by {who}, it says {told}")
        hold(
            account.updated_at > before.updated_at,
            "accounts.disconnect left updated_at where it was",
        )
        hold(account.created_at == before.created_at, "accounts.disconnect changed created_at")
        hold(account.data == before.data, "accounts.disconnect changed what the account has synced")
        listed = [row.id for row in scene.iq.accounts.list()]
        hold(listed[:1] == [account.id], "accounts.list does not show the cut off account first")
        after = [row.id for row in scene.iq.contents.list(account_id=made["id"])]
        hold(after == contents, "accounts.disconnect took contents away")
        scene.control.advance(days=2)
        hold(
            scene.iq.accounts.get(made["id"]).data == account.data,
            "a cut off account is still synced",
        )
        try:
            scene.iq.accounts.disconnect(made["id"])
        except errors.PermissionDeniedError as error:
            hold(
                error.code == "account_disconnected",
                f"accounts.disconnect: refused with {error.code}",
            )
        else:
            broken("accounts.disconnect works twice on one account")


@SCENARIOS.rule("who connects again gets the same account", Needs.CONTROL, about=_ABOUT)
def reconnected(scene: Scene) -> None:
    """After a disconnection and after an expired session; another user gets another account."""
    user = scene.iq.users.create(name="creator", external_id="creator")
    connect: dict[str, Json] = {"user_id": user.id, "handle": "the.same", "products": ["IDENTITY"]}
    first = scene.control.connect("TikTok", **connect)
    scene.control.advance(hours=1)
    for cut in (scene.iq.accounts.disconnect, scene.control.expire):
        cut(first["id"])
        scene.control.advance(hours=1)
        again = scene.control.connect("TikTok", **connect)
        hold(
            again["id"] == first["id"],
            f"connecting again made account {again['id']}; it has to stay {first['id']}",
        )
        account = scene.iq.accounts.get(first["id"])
        told = (account.status, account.disconnection_source)
        hold(told == ("CONNECTED", None), f"accounts.get: connected again, it says {told}")
        hold(
            account.to_dict()["created_at"] == first["created_at"],
            "connecting again changed created_at",
        )
    count = sum(each.id == first["id"] for each in scene.iq.accounts.list())
    hold(count == 1, f"accounts.list has an account {count} times that was connected again")
    other = scene.iq.users.create(name="other", external_id="other")
    second = scene.control.connect("TikTok", **{**connect, "user_id": other.id})
    hold(second["id"] != first["id"], "two users who connect one creator share an account")


@SCENARIOS.rule(
    "a session that cannot be prolonged ends by itself, and others do not",
    Needs.CONTROL,
    about=_ABOUT,
    settings={"facebook_session_days": 3},
)
def ending_sessions(scene: Scene) -> None:
    """Facebook's after its days (evidence.md#platform-token-life), TikTok's never."""
    made = {
        platform: scene.control.connect(platform, products=["IDENTITY"])["id"]
        for platform in ("Facebook", "TikTok")
    }
    for days, ended in ((2, "CONNECTED"), (4, "SESSION_EXPIRED")):
        scene.control.advance(days=2)
        for platform, status in (("Facebook", ended), ("TikTok", "CONNECTED")):
            found = scene.iq.accounts.get(made[platform]).status
            hold(
                found == status,
                f"accounts.get: with sessions of 3 days at Facebook, an account of {platform} is "
                f"{found} after {days} days, not {status}",
            )


@SCENARIOS.rule(
    "a session that expires ends the syncs and is reported", Needs.CONTROL, about=_ABOUT
)
def expired(scene: Scene) -> None:
    """SESSION_EXPIRED, with what was synced before, and the event for it."""
    hook = receiving.register(scene, ["SESSION.EXPIRED", "ACCOUNTS.DISCONNECTED"])
    made = scene.control.connect("TikTok", products=["IDENTITY", "ENGAGEMENT"])
    scene.control.advance(hours=1)
    before = scene.iq.accounts.get(made["id"])
    scene.control.expire(made["id"])
    scene.control.advance(days=2)
    account = scene.iq.accounts.get(made["id"])
    hold(
        account.status == "SESSION_EXPIRED",
        f"accounts.get: after its session, it is {account.status}",
    )
    hold(
        account.disconnection_source is None,
        "accounts.get: an expired session was not cut off by anyone",
    )
    hold(
        account.data == before.data,
        "accounts.get: an expired session is still synced, or lost its state",
    )
    events = [
        (event, payload["data"]["account_id"])
        for event, payload in receiving.told(scene, hook)
        if payload["data"]["account_id"] == made["id"]
    ]
    hold(
        events == [("SESSION.EXPIRED", made["id"])], f"an expired session was reported as {events}"
    )
