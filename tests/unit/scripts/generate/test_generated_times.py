"""Instants are written as the document says: with a zone for ``date-time``, without for the API's own."""

from __future__ import annotations

import datetime as dt
import importlib
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

import openapi_document
import openapi_schemas
import pytest
import regenerate
import yaml

from .conftest import SMALL_DOCUMENT

PACKAGE = "zoned_generated"
ZONED = {"type": "string", "format": "date-time"}
TOKYO = dt.timezone(dt.timedelta(hours=9))
MOMENT = dt.datetime(2026, 4, 26, 19, 0, tzinfo=TOKYO)
WRITTEN = "2026-04-26T10:00:00.000000Z"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A package with arguments and properties of ``format: date-time``."""
    document = openapi_document.load(SMALL_DOCUMENT)
    schemas = document["components"]["schemas"]
    schemas["Zoned"] = {**ZONED, "nullable": True}
    document["paths"]["/v1/items"]["get"]["parameters"].append(
        {"name": "since", "in": "query", "schema": ZONED}
    )
    document["components"]["parameters"]["ItemId"]["schema"] = ZONED
    schemas["ItemRequest"]["properties"] |= {
        "at": {"$ref": "#/components/schemas/Zoned"},
        "moments": {"type": "array", "items": ZONED},
    }
    schemas["Tag"]["properties"]["seen"] = ZONED
    folder = tmp_path_factory.mktemp("zoned")
    path = folder / "document.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    regenerate.render(path, folder / PACKAGE)
    sys.path.insert(0, str(folder))
    yield lambda name: importlib.import_module(f"{PACKAGE}.{name}")
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def test_date_time_has_zone_everywhere(package: Any) -> None:
    """In a query, a path, a body, a list, and a model inside a body."""
    query = package("api.items.list_").build_request(shelf_id="x", since=MOMENT).query
    assert query["since"] == WRITTEN
    assert package("api.items.get").build_request(MOMENT).path == (
        "/v1/items/2026-04-26T10%3A00%3A00.000000Z"
    )
    tag = package("models").Tag(label="old", seen=MOMENT)
    body = (
        package("api.items.create")
        .build_request(
            name="x", kind="VASE", at=MOMENT, moments=[MOMENT], tags=[tag], sold_at=MOMENT
        )
        .json
    )
    assert (body["at"], body["moments"], body["tags"][0]["seen"]) == (WRITTEN, [WRITTEN], WRITTEN)
    assert body["sold_at"] == "2026-04-26T10:00:00.000000"
    assert package("models").Tag.from_dict(body["tags"][0]).to_dict() == body["tags"][0]


def test_validators_take_what_is_written(package: Any) -> None:
    """The rules that the mock server enforces hold for what the client sends."""
    types = package("types")
    validator = openapi_schemas.validator_for({}, ZONED)
    assert validator.is_valid(types.format_zoned_datetime(MOMENT))
    assert not validator.is_valid(types.format_datetime(MOMENT))


def test_other_values_are_rejected(package: Any) -> None:
    """Text is not checked by anyone, so it is no instant; null stays null where it is allowed."""
    with pytest.raises(ValueError, match=r"^items\.list: since must be datetime, not str\.$"):
        package("api.items.list_").build_request(shelf_id="x", since=WRITTEN)
    create = package("api.items.create")
    assert create.build_request(name="x", kind="VASE", at=None).json["at"] is None


def test_examples_of_docstrings_have_zone_once(package: Any) -> None:
    """An example that has its zone gets no second one."""
    text = (pathlib.Path(package("api").__file__).parent / "items" / "__init__.py").read_text()
    assert "+00:00+00:00" not in text
    assert "Z+00:00" not in text
