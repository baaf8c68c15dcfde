"""Responses as each platform would give them fit the document and survive the generated client.

Only a few platforms were recorded. For the others the responses are put together here: the fields
that a platform fills hold the document's examples, all other optional fields are null.
"""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import openapi_document
import pytest

import insightiq_generated.models

MATRIX = json.loads(
    (pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "platform_matrix.json").read_text(
        encoding="utf-8"
    )
)

# Fields that are empty lists, never null, where a platform gives nothing (evidence.md#values, #profile, #content, #platform-fields).
EMPTY_LISTS = {"emails", "phone_numbers", "addresses", "countries", "cities"}
EMPTY_LISTS |= {"gender_age_distribution", "media_urls"}


def cases() -> Iterator[tuple[str, str]]:
    """Each resource with each platform that fills anything of it."""
    for resource, fields in MATRIX.items():
        if not resource.startswith("_"):
            platforms = sorted({name for names in fields.values() for name in names})
            yield from ((resource, platform) for platform in platforms)


def example_of(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    """An example value of a schema, put together from the examples of its parts."""
    target = schema
    if "example" not in target and "allOf" in target:
        target = target["allOf"][0]
    target = openapi_document.resolve(document, target)
    if "example" in target:
        return target["example"]
    if target.get("type") == "array":
        return [example_of(document, target["items"])]
    return {key: example_of(document, value) for key, value in target["properties"].items()}


def is_nullable(document: dict[str, Any], schema: dict[str, Any]) -> bool:
    """Whether the schema, or the component that it wraps, allows null."""
    target = openapi_document.resolve(document, schema.get("allOf", [schema])[0])
    return bool(target.get("nullable"))


def response_of(document: dict[str, Any], resource: str, platform: str) -> dict[str, Any]:
    filled = {path for path, names in MATRIX[resource].items() if platform in names}
    listed = set(MATRIX[resource])

    def value_of(path: str, schema: dict[str, Any]) -> Any:
        key = path.rpartition(".")[2]
        nested = openapi_document.resolve(document, schema.get("allOf", [schema])[0])
        if path in {"reputation", "engagement"}:
            return {
                name: value_of(f"{path}.{name}", part)
                for name, part in nested["properties"].items()
            }
        if path in filled or (path not in listed and not is_nullable(document, schema)):
            return example_of(document, schema)
        return [] if key in EMPTY_LISTS else None

    properties = document["components"]["schemas"][resource]["properties"]
    return {name: value_of(name, schema) for name, schema in properties.items()}


@pytest.mark.parametrize(("resource", "platform"), list(cases()))
def test_response_of_each_platform_is_read_without_loss(
    resource: str,
    platform: str,
    document: dict[str, Any],
    errors_against: Callable[[str, Any], list[str]],
) -> None:
    response = response_of(document, resource, platform)
    assert errors_against(resource, response) == []
    model = getattr(insightiq_generated.models, resource).from_dict(response)
    assert json.dumps(model.to_dict(), sort_keys=True) == json.dumps(response, sort_keys=True)


def test_platforms_differ(document: dict[str, Any]) -> None:
    """The responses put together here are not all the same, so the test above proves something."""
    youtube = response_of(document, "Content", "YouTube")["engagement"]
    tiktok = response_of(document, "Content", "TikTok")["engagement"]
    assert youtube["dislike_count"] is not None
    assert tiktok["dislike_count"] is None
    assert len({json.dumps(response_of(document, *case), sort_keys=True) for case in cases()}) > 50
