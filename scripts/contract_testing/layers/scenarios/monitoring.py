"""Changing how an account is monitored: what is left out stays (evidence.md#account-update)."""

from __future__ import annotations

import typing

from contract_testing.layers.scenarios.scene import Needs, Scenarios, hold, not_tried
from insightiq import models

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_testing.layers.scenarios.scene import Scene

__all__ = ["SCENARIOS"]

Json: typing.TypeAlias = typing.Any

SCENARIOS = Scenarios()

_ABOUT: typing.Final = ("accounts.update",)
_TYPE: typing.Final = "monitor_type"


def _settings(data: Json, path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _settings(value, f"{path}{key}.")
        elif key == _TYPE:
            yield path.removesuffix("."), value


def _monitored(scene: Scene) -> models.Account:
    """The account with the most products."""
    accounts = [each for each in scene.iq.accounts.list() if each.status == "CONNECTED"]
    nothing_there = "accounts.list holds no connected account to change"
    if not accounts and not scene.server.is_fresh:
        not_tried(nothing_there)
    hold(accounts, nothing_there)
    return max(accounts, key=lambda each: len(list(_settings(each.data.to_dict()))))


def _update(scene: Scene, account: models.Account, data: Json) -> Json:
    answer = scene.iq.accounts.update(account.id, data=models.AccountUpdateData.from_dict(data))
    return answer.to_dict()


@SCENARIOS.rule(
    "monitoring changes where it is named and stays elsewhere", Needs.WRITING, about=_ABOUT
)
def one_at_a_time(scene: Scene) -> None:
    """Product by product, each alone."""
    account = _monitored(scene)
    state = dict(_settings(account.data.to_dict()))
    before = account.to_dict()
    for path in list(state):
        product, _, part = path.partition(".")
        wanted = "ON_DEMAND" if state[path] == "STANDARD" else "STANDARD"
        setting: Json = {"monitoring_type": wanted}
        changed = _update(scene, account, {product: {part: setting} if part else setting})
        state[path] = wanted
        told = dict(_settings(changed["data"]))
        hold(
            told == state,
            f"accounts.update: {path} was set to {wanted}; the answer says {told}, expected {state}",
        )
        got = scene.iq.accounts.get(account.id).to_dict()
        hold(got == changed, "accounts.get after an update differs from the update's answer")
        rest = {key: value for key, value in got.items() if key not in {"data", "updated_at"}}
        kept = {key: value for key, value in before.items() if key not in {"data", "updated_at"}}
        hold(rest == kept, "accounts.update changed more of the account than its monitoring")


@SCENARIOS.rule("an update of nothing changes nothing", Needs.WRITING, about=_ABOUT)
def nothing(scene: Scene) -> None:
    """An empty change."""
    account = _monitored(scene)
    changed = _update(scene, account, {})
    told = dict(_settings(changed["data"]))
    hold(
        told == dict(_settings(account.data.to_dict())),
        f"accounts.update with no change made the monitoring {told}",
    )


@SCENARIOS.rule("a kind of monitoring that does not exist is refused", Needs.WRITING, about=_ABOUT)
def impossible(scene: Scene) -> None:
    """400, and nothing changes."""
    account = _monitored(scene)
    body = {"data": {"identity": {"monitoring_type": "SOMETIMES"}}}
    answer = scene.http.patch(f"/v1/accounts/{account.id}", json=body)
    hold(
        answer.status_code == 400,  # noqa: PLR2004 - what the document has for it
        f"accounts.update: SOMETIMES is answered with {answer.status_code}, not with 400",
    )
    hold(scene.iq.accounts.get(account.id) == account, "a refused update changed the account")


@SCENARIOS.rule("what is fetched on demand is not fetched daily", Needs.CONTROL, about=_ABOUT)
def on_demand(scene: Scene) -> None:
    """After two days, one product has been synced and the other has not."""
    account = scene.control.connect("TikTok", products=["IDENTITY", "ENGAGEMENT"])
    scene.control.advance(hours=1)
    connected = scene.iq.accounts.get(account["id"])
    _update(scene, connected, {"engagement": {"monitoring_type": "ON_DEMAND"}})
    scene.control.advance(days=2)
    data = scene.iq.accounts.get(account["id"]).data.to_dict()
    before = connected.data.to_dict()
    hold(
        data["identity"]["last_sync_at"] > before["identity"]["last_sync_at"],
        "after two days, a product with STANDARD monitoring was not synced again",
    )
    hold(
        data["engagement"]["last_sync_at"] == before["engagement"]["last_sync_at"],
        "after two days, a product with ON_DEMAND monitoring was synced without being asked for",
    )
