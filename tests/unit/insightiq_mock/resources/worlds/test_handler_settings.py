"""The open questions of evidence.md#open-questions, with the other choice."""

from __future__ import annotations

import typing
import uuid

from insightiq_mock.resources import users

if typing.TYPE_CHECKING:
    from .conftest import Api

UNKNOWN = "99999999-9999-4999-8999-999999999999"


def choose(api: Api, **settings: object) -> None:
    """Change settings of the developer."""
    api.simulation.update_settings(api.developer_id, settings)


def test_unknown_ids_in_filters_may_be_rejected(own_world: Api) -> None:
    """Instead of an empty list; a known one without rows stays an empty list."""
    choose(own_world, unknown_filter="reject")
    for name, noun in (("user_id", "user"), ("work_platform_id", "work_platform")):
        error = own_world.error("accounts.list", **{name: UNKNOWN})
        assert error == (400, "INVALID_REQUEST_PARAMETERS", f"incorrect_{noun}_id")
    assert own_world.error("profiles.list", account_id=UNKNOWN)[2] == "incorrect_account_id"
    unused = {user["id"] for user in own_world.every("user")} - {
        account["user"]["id"] for account in own_world.every("account")
    }
    assert own_world.response("accounts.list", user_id=unused.pop())["data"] == []


def test_audience_before_first_sync_may_be_empty(own_world: Api) -> None:
    """Instead of 404; an unknown account still gives 404."""
    choose(own_world, audience_before_sync="empty")
    account_id = own_world.account("Twitch")["id"]
    audience = own_world.response("audience.get", account_id=account_id)
    assert audience["account"]["id"] == account_id
    assert audience["countries"] == audience["cities"] == audience["gender_age_distribution"] == []
    assert own_world.error("audience.get", account_id=UNKNOWN)[0] == 404


def test_search_may_repeat_and_reject(own_world: Api) -> None:
    """Duplicates as often as asked; an unknown id gives 400."""
    ids = [content["id"] for content in own_world.every("content")[:2]]
    wanted = [ids[0], ids[1], ids[0].upper()]

    def found(extra: str | None = None) -> list[str]:
        body = {"ids": [*wanted, extra] if extra else wanted}
        return [row["id"] for row in own_world.response("contents.search", body=body)["data"]]

    assert found(UNKNOWN) == ids
    choose(own_world, search_duplicates="each")
    assert found(UNKNOWN) == [*ids, ids[0]]
    choose(own_world, search_unknown="reject")
    assert found() == [*ids, ids[0]]
    error = own_world.error("contents.search", body={"ids": [*wanted, UNKNOWN]})
    assert error == (400, "INVALID_REQUEST_PARAMETERS", "incorrect_content_id")
    choose(own_world, search_duplicates="once")
    assert found() == ids


def test_lost_accounts_may_accept_refresh(own_world: Api) -> None:
    """Each state has a setting of its own, and nothing comes of it."""
    for platform, status, setting in (
        ("Facebook", "SESSION_EXPIRED", "refresh_when_expired"),
        ("Instagram", "NOT_CONNECTED", "refresh_when_disconnected"),
    ):
        account = own_world.account(platform, status)
        body = {"account_id": account["id"], "from_date": "2020-01-01"}
        assert own_world.error("contents.refresh", body=body)[0] in {400, 403}
        choose(own_world, **{setting: "accept"})
        own_world.response("contents.refresh", body={"account_id": account["id"]})
        own_world.response("contents.fetch_historic", body=body)
        own_world.pass_time(seconds=10)
        assert own_world.response("accounts.get", path={"id": account["id"]}) == account


def test_history_that_is_there_may_be_rejected(own_world: Api) -> None:
    """400 for a day that is covered; an earlier one is fetched as ever."""
    choose(own_world, fetch_historic_repeated="reject")
    account = own_world.account("YouTube")
    covered = account["data"]["engagement"]["data_available_from"][:10]
    body = {"account_id": account["id"], "from_date": covered}
    error = own_world.error("contents.fetch_historic", body=body)
    assert error == (400, "INVALID_REQUEST_PARAMETERS", "historic_data_already_requested")
    own_world.response("contents.fetch_historic", body={**body, "from_date": "2024-01-01"})


def test_ids_are_same_in_every_run(empty: Api) -> None:
    """A user's id hangs on the seed and on the external id, whatever was created before."""

    def create(external_id: str) -> str:
        user = empty.response("users.create", body={"name": "Ann", "external_id": external_id})
        user_id: str = user["id"]
        return user_id

    first = {name: create(name) for name in ("ann", "bea", "Ann", "a/nn", "é")}
    assert len(set(first.values())) == len(first)
    empty.simulation.reset(empty.developer_id)
    assert {name: create(name) for name in reversed(first)} == first


def test_ids_of_users_follow_seed(empty: Api) -> None:
    """The same external id gives the same id with one seed, and another with another seed."""
    simulation = empty.simulation
    for developer_id, seed in (("one", 1), ("two", 1), ("three", 2)):
        simulation.create_developer(client_id=developer_id, seed=seed)
    ids = [users.user_id_of(simulation, each, "ann") for each in ("one", "two", "three")]
    assert ids[0] == ids[1] != ids[2]
    assert all(str(uuid.UUID(each)) == each and uuid.UUID(each).version == 4 for each in ids)


def test_sending_notification_reaches_anyone_delivers(empty: Api) -> None:
    """With the payload as it is echoed, id included."""
    sent: list[tuple[str, object]] = []
    empty.simulation.on_notification(lambda developer, payload: sent.append((developer, payload)))
    payload = {"event": "CONTENTS.ADDED", "data": {"a": 1}}
    echo = empty.response("webhooks.send", body={"payload": payload})
    assert sent == [(empty.developer_id, echo)]


def test_disconnecting_is_reported(own_world: Api) -> None:
    """Through the API as through the control API."""
    reported: list[str] = []
    own_world.simulation.subscribe(lambda _developer, event, _data: reported.append(event))
    account_id = own_world.account("X")["id"]
    own_world.response("accounts.disconnect", path={"id": account_id})
    assert reported == ["ACCOUNTS.DISCONNECTED"]
