"""Users: each external id once, found by it, listed first when new."""

from __future__ import annotations

import concurrent.futures
import datetime as dt
from collections.abc import Callable

import httpx
import pytest
from contract_suite.rows import Rows
from contract_suite.servers import Server

from insightiq import InsightIQ, errors
from insightiq_mock.control import MockControl

AWKWARD = ("a/b?c#d %2F", "Zoë ✨ 하은", "..a", "null", "x" * 100, "a+b&c=d")

Own = Callable[[str], str]

pytestmark = [
    pytest.mark.scenarios,
    pytest.mark.operations("users.create", "users.get_by_external_id"),
]


@pytest.mark.writes
def test_new_user_is_kept_as_created(server: Server, iq: InsightIQ, own: Own) -> None:
    """Created, got by both ids, listed first."""
    for number, external_id in enumerate(map(own, AWKWARD)):
        name = f"Ada Example {number} ✨"
        if server.control is not None:
            # With a clock that stands still all users have one time, and lists no order.
            server.control.advance(minutes=1)
        user = iq.users.create(name=name, external_id=external_id)
        assert (user.name, user.external_id) == (name, external_id), "users.create: other values"
        assert user.status == "ACTIVE", "users.create: the status of a new user"
        for way, found in (
            ("users.get", iq.users.get(user.id)),
            ("users.get_by_external_id", iq.users.get_by_external_id(external_id)),
            ("the first of users.list", iq.users.list().first()),
        ):
            assert found == user, f"{way} gives {found!r:.120} where {user!r:.120} was created"


@pytest.mark.writes
def test_external_id_belongs_to_one_user(iq: InsightIQ, own: Own) -> None:
    """Created twice, it is rejected and changes nothing; `get_or_create` gives the first."""
    once = own("once")
    first = iq.users.create(name="first", external_id=once)
    before = [user.id for user in iq.users.list()]
    with pytest.raises(errors.BadRequestError) as caught:
        pytest.fail(
            f"users.create: {once!r} has two users, {first.id} and "
            f"{iq.users.create(name='second', external_id=once).id}"
        )
    assert caught.value.code == "user_exists_with_external_id"
    assert [user.id for user in iq.users.list()] == before, "users.create: a rejected user is kept"
    assert iq.users.get_by_external_id(once) == first
    again = iq.users.get_or_create(name="second", external_id=once)
    assert again == first, f"users.get_or_create gives {again!r:.100} after {first!r:.100}"
    mine = own("mine")
    made = iq.users.get_or_create(name="mine", external_id=mine)
    assert iq.users.get_or_create(name="another", external_id=mine) == made
    count = sum(user.external_id == mine for user in iq.users.list())
    assert count == 1, f"users.get_or_create made {count} users of one external id"


@pytest.mark.needs_control
def test_blanks_belong_to_external_id(iq: InsightIQ) -> None:
    """An assumption of the mock: nothing says that the API strips them."""
    for external_id in (" padded ", "plain"):
        user = iq.users.create(name="x", external_id=external_id)
        assert iq.users.get_by_external_id(external_id) == user
    for external_id in ("padded", " padded", " plain", "plain "):
        with pytest.raises(errors.NotFoundError):
            pytest.fail(f"{external_id!r} gives {iq.users.get_by_external_id(external_id)!r:.100}")


def test_unknown_external_id_is_not_found(rows: Rows) -> None:
    """Also the beginning of one that exists, and one in the other case."""
    known = [row["external_id"] for row in rows.of("users.list").rows]
    near = [text for each in known[:1] for text in (each[:-1], each.swapcase())]
    for external_id in ["an unknown name", *near]:
        if external_id and external_id not in known:
            with pytest.raises(errors.NotFoundError):
                pytest.fail(
                    f"{external_id!r} gives {rows.iq.users.get_by_external_id(external_id)!r:.100}"
                )


@pytest.mark.writes
def test_user_created_concurrently_is_created_once(
    iq: InsightIQ, http: httpx.Client, own: Own
) -> None:
    race = own("race")
    body = {"name": "race", "external_id": race}
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(http.post, "/v1/users", json=body) for _ in range(8)]
        statuses = sorted(each.result().status_code for each in sent)
    assert statuses == [201] + [400] * 7, "users.create eight times at once"
    count = sum(user.external_id == race for user in iq.users.list())
    assert count == 1, f"users.create eight times at once made {count} users"


@pytest.mark.needs_control
def test_developers_may_share_external_id(iq: InsightIQ, another: Callable[..., Server]) -> None:
    with another().client() as other:
        mine = iq.users.create(name="one", external_id="shared")
        theirs = other.users.create(name="two", external_id="shared")
        assert mine.id != theirs.id
        assert iq.users.get_by_external_id("shared") == mine
        assert other.users.get_by_external_id("shared") == theirs


@pytest.mark.needs_control
@pytest.mark.usefixtures("far_from_utc")
def test_times_are_utc_in_any_zone(iq: InsightIQ, control: MockControl) -> None:
    """Server and client run in another zone; the clock stands still."""
    now = control.clock().now
    user = iq.users.create(name="now", external_id="now")
    assert user.created_at == now, "users.create: another time than the server's clock"
    assert user.created_at.utcoffset() == dt.timedelta(0), "the client gives times without UTC"
    wanted = now.replace(tzinfo=None).isoformat(timespec="microseconds")
    text = iq.request("GET", f"/v1/users/{user.id}").parsed["created_at"]
    assert text == wanted, "users.get: the server writes another time"
    assert user.to_dict()["created_at"] == wanted, "to_dict() writes another time than was read"
