"""Recorded responses of the API fit the document and survive the generated client."""

from __future__ import annotations

import hashlib
import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from insightiq_generated.client import Operation

ROOT = pathlib.Path(__file__).resolve().parents[3]
RECORDED = ROOT / "tests" / "fixtures" / "wire"

# File of recorded responses -> the operation that sent them, and the schema of its success.
ANSWERS = {
    "accounts-all.json": ("accounts.list", "AccountList"),
    "comments-instagram.json": ("comments.list", "CommentList"),
    "comments-youtube.json": ("comments.list", "CommentList"),
    "content-groups-youtube.json": ("content_groups.list", "ContentGroupList"),
    "contents-instagram.json": ("contents.list", "ContentList"),
    "profiles-instagram.json": ("profiles.list", "ProfileList"),
    "profiles-youtube.json": ("profiles.list", "ProfileList"),
    "work-platforms.json": ("work_platforms.list", "WorkPlatformList"),
}


def canonical(value: Any) -> str:
    """JSON text that differs wherever two values differ: 5 from 5.0, null from absent."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def read(name: str) -> Any:
    """A recording, parsed."""
    return json.loads((RECORDED / name).read_text(encoding="utf-8"))


def test_every_recording_is_looked_at() -> None:
    """A recording added to the folder cannot be forgotten here."""
    present = {path.name for path in RECORDED.glob("*.json")}
    assert present == {*ANSWERS, "webhook-events.json"}


def test_recordings_are_unaltered() -> None:
    """No one adapts a recording to the document: each has the checksum that it came with."""
    listed = (RECORDED / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = dict(reversed(line.split("  ")) for line in listed)
    found = {path.name: hashlib.sha256(path.read_bytes()) for path in RECORDED.glob("*.json")}
    assert {name: each.hexdigest() for name, each in found.items()} == sums


@pytest.mark.parametrize("name", ANSWERS)
def test_recorded_response_fits_document(
    name: str, document: dict[str, Any], errors_against: Callable[[str, Any], list[str]]
) -> None:
    """The document accepts what the API really sent, as the success of that operation."""
    operation_id, schema = ANSWERS[name]
    success = next(
        operation["responses"]["200"]["$ref"]
        for item in document["paths"].values()
        for operation in item.values()
        if operation["operationId"] == operation_id
    )
    response = document["components"]["responses"][success.rpartition("/")[2]]
    assert response["content"]["application/json"]["schema"]["$ref"].endswith(f"/{schema}")
    assert errors_against(schema, read(name)) == []


@pytest.mark.parametrize("name", ANSWERS)
def test_recorded_response_survives_client(
    name: str, operation_of: Callable[[str], Operation[Any]]
) -> None:
    """Reading and writing loses no key, null, enum value, number or instant."""
    response = read(name)
    parsed = operation_of(ANSWERS[name][0]).parse_response(response)
    assert canonical(parsed.to_dict()) == canonical(response)


@pytest.mark.parametrize("name", ANSWERS)
def test_keys_and_values_from_future_survive_client(
    name: str, operation_of: Callable[[str], Operation[Any]]
) -> None:
    """Unknown keys at every level and unknown enum values come back as they were."""
    response = from_the_future(read(name))
    parsed = operation_of(ANSWERS[name][0]).parse_response(response)
    assert canonical(parsed.to_dict()) == canonical(response)


def from_the_future(value: Any) -> Any:
    """The response with an unknown key in each object and unknown values where enums stand."""
    if isinstance(value, dict):
        grown = {key: from_the_future(item) for key, item in value.items()}
        for key in ("status", "type", "category", "monitor_type", "format"):
            if isinstance(grown.get(key), str):
                grown[key] = "NEVER_HEARD_OF"
        return {**grown, "key_from_the_future": {"nested": [1, 2.50, None, "x"]}}
    if isinstance(value, list):
        return [from_the_future(item) for item in value]
    return value
