"""Bodies that a schema allows, so many that each value of each property occurs in one of them.

Random bodies hardly meet every value of an enumeration and every absent key. These do: each place of
a schema has its candidates (absent, null, the values of an enumeration, the ends of a range, the
spellings of a moment), and body number k takes candidate number k of each place, counted from a
start that differs from place to place.
"""

from __future__ import annotations

import typing
import zlib

import openapi_document
from document_views import resolved

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from document_views import Document, Schema
    from openapi_schemas import DocumentSchemas

__all__ = ["NEW_KEY", "NEW_NUMBER", "NEW_VALUE", "Bodies"]

Json: typing.TypeAlias = typing.Any

NEW_KEY: typing.Final = "x_key_of_tomorrow"
NEW_VALUE: typing.Final = "VALUE_OF_TOMORROW"
NEW_NUMBER: typing.Final = 987_654_321

_TEXTS: typing.Final = (
    "plain",
    "Grüße, 하은 ✨ \U0001f3ac",
    'quotes " \\ / and\nbreaks\t',
    " blanks around ",
    "",
    "null",
)
_NUMBERS: typing.Final = (0, 1, 3, 0.1, 12.5, 1234567.89, 2**53, -7, 100.0)
# Leap days, the ends of days, and an hour that clocks in some zones skip.
_BY_FORMAT: typing.Final[dict[str, tuple[str, ...]]] = {
    "date-time-local": (
        "2026-04-26T09:31:07.482915",
        "2024-02-29T23:59:59.999999",
        "2026-03-29T02:30:00.000000",
        "1999-12-31T00:00:00.000001",
    ),
    "date-time-lenient": (
        "2021-11-10T15:44:18.520054",
        "2021-10-25 16:45:26.761622",
        "2021-10-25T16:45:26.761Z",
    ),
    "date-time": ("2026-04-26T09:31:07.482915Z", "2024-02-29T23:59:59.999999Z"),
    "date": ("2026-04-26", "2024-02-29", "1999-12-31"),
    "uuid": ("5e1c8f07-93ab-4d26-8a15-c40be7d2f391", "00000000-0000-4000-8000-000000000001"),
    "uri": ("https://images.example/a%20b?c=d#e", "http://example.com"),
}
_FREE: typing.Final[tuple[Json, ...]] = ({"any": ["thing", 1, None, {"deep": True}]}, {})
_KEYS: typing.Final = ("one", "zwei ü")
# Objects that hold objects of their own kind have no end.
_DEEPEST: typing.Final = 6
_LENGTHS: typing.Final = (1, 0, 2)


class Bodies:
    """The bodies that the schemas of a document allow."""

    def __init__(
        self, document: Document, schemas: DocumentSchemas, *, tomorrow: bool = False
    ) -> None:
        self._document = document
        self._schemas = schemas
        self._tomorrow = tomorrow
        self._leaves: dict[int, tuple[Schema, list[Json]]] = {}
        # Number of the body that is made, and the most candidates that any place of it has.
        self._number = 0
        self._most = 1

    def of(self, schema: Schema) -> Iterator[Json]:
        """Yield bodies of a schema until each candidate of each place has occurred."""
        number, most = 0, 1
        while number < most:
            self._number, self._most = number, 1
            yield self._value(schema, "")
            most = max(most, self._most)
            number += 1

    def _value(self, node: Json, place: str) -> Json:
        schema = resolved(self._document, node)
        for keyword in ("oneOf", "anyOf"):
            if keyword in schema:
                return self._value(self._choose(schema[keyword], place), f"{place}|")
        is_object = schema.get("type") == "object" or "properties" in schema
        if not is_object and schema.get("type") != "array":
            return self._choose(self._leaf(node), place)
        if schema.get("nullable") is True and self._choose((False, False, True), f"{place}?"):
            return None
        return self._object(schema, place) if is_object else self._array(schema, place)

    def _object(self, schema: Schema, place: str) -> Json:
        properties = schema.get("properties", {})
        is_open = schema.get("additionalProperties", True) is not False
        values = schema.get("additionalProperties")
        if not properties and openapi_document.is_object(values):
            return {key: self._value(values, f"{place}/{key}") for key in _KEYS}
        if not properties and is_open:
            return self._choose(_FREE, place)
        required = set(schema.get("required", ()))
        made: dict[str, Json] = {}
        for name, member in properties.items():
            if resolved(self._document, member).get("writeOnly") is True:
                continue
            inner = f"{place}/{name}"
            is_flat = place.count("/") < _DEEPEST
            if name in required or (is_flat and self._choose((True, True, False), f"{inner}!")):
                made[name] = self._value(member, inner)
        if self._tomorrow and is_open:
            made[NEW_KEY] = {"kept": [1, None, "as it came"]}
        return made

    def _array(self, schema: Schema, place: str) -> Json:
        least, highest = schema.get("minItems", 0), schema.get("maxItems", 2)
        lengths = [length for length in _LENGTHS if least <= length <= highest] or [least]
        length = self._choose(lengths, f"{place}#")
        return [self._value(schema["items"], f"{place}/{index}") for index in range(length)]

    def _choose(self, candidates: Sequence[Json], place: str) -> Json:
        self._most = max(self._most, len(candidates))
        start = zlib.crc32(place.encode())
        return candidates[(start + self._number) % len(candidates)]

    def _leaf(self, node: Schema) -> list[Json]:
        """Return the candidates for a place that holds no object and no array."""
        known = self._leaves.get(id(node))
        if known is None:
            # The node is kept with them: its id must stay its own.
            known = self._leaves[id(node)] = (node, self._candidates(node))
        return known[1]

    def _candidates(self, node: Schema) -> list[Json]:
        schema = resolved(self._document, node)
        is_valid = self._schemas.validator(node).is_valid
        if "enum" in schema:
            allowed = [value for value in schema["enum"] if is_valid(value)]
            # A place for one value only, such as an event's name in its own payload, is closed.
            is_open = self._tomorrow and len(allowed) > 1
            new = NEW_NUMBER if schema.get("type") == "integer" else NEW_VALUE
            return [*allowed, *([new] if is_open and schema.get("x-extensible-enum") else [])]
        wanted: list[Json] = [schema["example"]] if "example" in schema else []
        kind = schema.get("type")
        if kind == "boolean":
            wanted = [True, False]
        elif kind in {"integer", "number"}:
            bounds = [schema[key] for key in ("minimum", "maximum") if key in schema]
            whole = kind == "integer"
            wanted += [*bounds, *(each for each in _NUMBERS if not whole or isinstance(each, int))]
        else:
            wanted += _BY_FORMAT.get(str(schema.get("format")), _TEXTS)
            if schema.get("pattern") is not None:
                # Where hyphens may be left out, they are.
                wanted += [str(text).replace("-", "") for text in wanted]
            longest = schema.get("maxLength")
            wanted += ["x" * longest] if longest is not None else []
        if schema.get("nullable") is True:
            wanted.append(None)
        # 1 and True are equal, but not the same JSON.
        unique = {(isinstance(value, bool), value): value for value in wanted if is_valid(value)}
        return list(unique.values()) or [schema.get("example")]
