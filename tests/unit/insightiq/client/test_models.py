"""Models in pydantic, FastAPI and tables."""

from __future__ import annotations

import asyncio
import copy
import datetime as dt
import json
import subprocess
import sys
from typing import Annotated, Any

import httpx
import pydantic
import pytest
from fastapi import Body, FastAPI
from published_document import DOCUMENT

from insightiq.models import Content, User

EXAMPLES = DOCUMENT["components"]["examples"]
USER: dict[str, Any] = {
    "name": "Ada Example",
    "external_id": "crm-42",
    "id": "0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60",
    "created_at": "2026-01-02T03:04:05.000006",
    "updated_at": "2026-01-02T03:04:05.000006",
    "status": "ACTIVE",
}


@pytest.fixture
def user() -> User:
    """A user as the API returns it, with a key that the document lacks."""
    return User.from_dict({**USER, "new": [1]})


def test_pydantic_reads_models(user: User) -> None:
    class Saved(pydantic.BaseModel):
        user: User | None = None

    reader = pydantic.TypeAdapter(list[User])
    data = user.to_dict()
    assert reader.validate_json(json.dumps([data])) == [user]
    assert reader.validate_python([data, user]) == [user, user]
    assert Saved.model_validate({"user": data}).user == user
    with pytest.raises(pydantic.ValidationError, match="User or a JSON object expected"):
        reader.validate_python(["u"])


def test_pydantic_writes_models(user: User) -> None:
    writer = pydantic.TypeAdapter(User)
    assert json.loads(writer.dump_json(user)) == user.to_dict()
    assert writer.dump_python(user, mode="json") == user.to_dict()
    assert writer.dump_python(user)["created_at"] == user.created_at


def test_fastapi_accepts_and_returns_models(user: User) -> None:
    app = FastAPI()

    def change(changed: Any) -> Any:
        return [changed]

    # Resolved by FastAPI; as text they would have to be global names.
    change.__annotations__ = {"changed": Annotated[User, Body()], "return": list[User]}
    app.post("/users")(change)

    async def main() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return [await client.post("/users", json=body) for body in (user.to_dict(), [1])]

    taken, rejected = asyncio.run(main())
    assert (taken.status_code, taken.json()) == (200, [user.to_dict()])
    assert rejected.status_code == 422
    shown = json.dumps(app.openapi()["paths"]["/users"])
    assert all(f'"{key}"' in shown for key in USER)


def test_models_do_not_import_pydantic() -> None:
    program = (
        "import sys, insightiq.models as m; m.User.from_dict({'id': 'u'})\n"
        "print('pydantic' in sys.modules, 'pydantic_core' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False False\n"


def test_to_dict_keeps_times_and_drops_unset() -> None:
    example = copy.deepcopy(EXAMPLES["Content"]["value"])
    del example["title"]
    content = Content.from_dict(example)
    typed = content.to_dict(typed=True)
    assert typed.keys() == content.to_dict().keys() == example.keys()
    assert typed["published_at"] == content.published_at
    assert typed["published_at"].tzinfo is dt.UTC
    assert type(typed["type"]) is str
    assert typed["engagement"] == content.engagement.to_dict()
    assert typed["account"]["id"] == content.account.id
    assert content.to_dict() == example
    assert "UNSET" not in repr(typed)
