"""The names that sentences of the change report use."""

from __future__ import annotations

import pytest
from changes.nodes import name_of


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        ("#/components/schemas/Account/properties/status", "Account.status"),
        ("#/components/schemas/Shelf/allOf/1/properties/grid/items", "Shelf.grid"),
        ("#/components/schemas/Shelf/properties/place/properties/row", "Shelf.place.row"),
        ("#/paths/~1a/get/parameters/4/schema/properties/size", "parameter.size"),
        ("#/paths/~1a/post/requestBody/content/text~1csv/schema", "body"),
        ("#/paths/~1a/post/requestBody/content/application~1json/schema/properties/a", "body.a"),
        ("#/paths/~1a/get/responses/200/content/application~1json/schema/items", "response"),
        ("#/paths/~1a/get/responses/200", "response 200"),
        ("#/components/parameters/Limit/schema", "Limit"),
    ],
)
def test_name_says_owner_and_place(pointer: str, name: str) -> None:
    assert name_of(pointer) == name
