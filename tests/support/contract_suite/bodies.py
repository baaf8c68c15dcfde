"""Bodies that a schema allows, so many that each value of each property occurs in one of them.

Random bodies hardly meet every value of an enumeration and every absent key. These do: each place of
a schema has its candidates (absent, null, the values of an enumeration, the ends of a range, the
spellings of a moment), and body number k takes candidate number k of each place, counted from a
start that differs from place to place.
"""

from __future__ import annotations

import typing
import zlib

import hypothesis
import schemathesis
from document_views import resolved
from schemathesis.config import SchemathesisConfig

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from document_views import Document, Schema
    from openapi_schemas import DocumentSchemas

__all__ = ["NEW_KEY", "NEW_VALUE", "Bodies", "drawn"]

Json: typing.TypeAlias = typing.Any

NEW_KEY: typing.Final = "x_key_of_tomorrow"
NEW_VALUE: typing.Final = "VALUE_OF_TOMORROW"

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
    "date": ("2026-04-26", "2024-02-29", "1999-12-31"),
    "uuid": ("5e1c8f07-93ab-4d26-8a15-c40be7d2f391", "00000000-0000-4000-8000-000000000001"),
    "uri": ("https://images.example/a%20b?c=d#e", "http://example.com"),
}
_FREE: typing.Final[tuple[Json, ...]] = ({"any": ["thing", 1, None, {"deep": True}]}, {})
_MOST_LENGTHS: typing.Final = (1, 0, 2)


class Bodies:
    """The bodies that the schemas of a document allow.

    Args:
        document: The document.
        schemas: Its schemas, ready to judge candidates.
        tomorrow: Whether objects get a key, and open enumerations a value, that the document does
            not know yet.
    """

    def __init__(
        self, document: Document, schemas: DocumentSchemas, *, tomorrow: bool = False
    ) -> None:
        self._document = document
        self._schemas = schemas
        self._tomorrow = tomorrow
        self._leaves: dict[int, tuple[Schema, list[Json]]] = {}

    def of(self, schema: Schema) -> Iterator[Json]:
        """Yield bodies of a schema until each candidate of each place has occurred."""
        number, most = 0, 1
        while number < most:
            making = _Making(self, number)
            yield making.value(schema, "")
            most = max(most, making.most)
            number += 1

    def body(self, schema: Schema, number: int) -> Json:
        """Return one of the bodies of a schema."""
        return _Making(self, number).value(schema, "")

    def resolved(self, node: Json) -> Json:
        """Follow references of the document."""
        return resolved(self._document, node)

    def leaf(self, node: Schema) -> list[Json]:
        """Return the candidates for a place that holds no object and no array."""
        known = self._leaves.get(id(node))
        if known is None:
            # The node is kept with them: its id must stay its own.
            known = self._leaves[id(node)] = (node, self._candidates(node))
        return known[1]

    def new_keys(self, schema: Schema) -> dict[str, Json]:
        """Return the keys to add to an object that may have others than the document's."""
        if not self._tomorrow or schema.get("additionalProperties") is False:
            return {}
        return {NEW_KEY: {"kept": [1, None, "as it came"]}}

    def _candidates(self, node: Schema) -> list[Json]:
        schema = self.resolved(node)
        is_valid = self._schemas.validator(node).is_valid
        if "enum" in schema:
            allowed = [value for value in schema["enum"] if is_valid(value)]
            # A place for one value only, such as an event's name in its own payload, is closed.
            is_open = self._tomorrow and len(allowed) > 1
            return [*allowed, *([NEW_VALUE] if is_open and schema.get("x-extensible-enum") else [])]
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


class _Making:
    """The making of one body.

    Attributes:
        most: The most candidates that any place of it has.
    """

    def __init__(self, bodies: Bodies, number: int) -> None:
        self._bodies = bodies
        self._number = number
        self.most = 1

    def value(self, node: Json, place: str) -> Json:
        schema = self._bodies.resolved(node)
        if "oneOf" in schema:
            return self.value(self._choose(schema["oneOf"], place), f"{place}|")
        kind = schema.get("type")
        if kind == "object" or "properties" in schema:
            return self._nullable(schema, place, self._object)
        if kind == "array":
            return self._nullable(schema, place, self._array)
        return self._choose(self._bodies.leaf(node), place)

    def _nullable(self, schema: Schema, place: str, make: Callable[[Schema, str], Json]) -> Json:
        if schema.get("nullable") is True and self._choose((False, False, True), f"{place}?"):
            return None
        return make(schema, place)

    def _object(self, schema: Schema, place: str) -> Json:
        properties = schema.get("properties", {})
        if not properties and schema.get("additionalProperties", True) is not False:
            return self._choose(_FREE, place)
        required = set(schema.get("required", ()))
        made: dict[str, Json] = {}
        for name, member in properties.items():
            inner = f"{place}/{name}"
            if name in required or self._choose((True, True, False), f"{inner}!"):
                made[name] = self.value(member, inner)
        return {**made, **self._bodies.new_keys(schema)}

    def _array(self, schema: Schema, place: str) -> Json:
        least, highest = schema.get("minItems", 0), schema.get("maxItems", 2)
        lengths = [length for length in _MOST_LENGTHS if least <= length <= highest] or [least]
        length = self._choose(lengths, f"{place}#")
        return [self.value(schema["items"], f"{place}/{index}") for index in range(length)]

    def _choose(self, candidates: Sequence[Json], place: str) -> Json:
        self.most = max(self.most, len(candidates))
        start = zlib.crc32(place.encode())
        return candidates[(start + self._number) % len(candidates)]


def drawn(
    document: Document, names: Sequence[str], *, seed: int, count: int
) -> Iterator[tuple[str, list[Json]]]:
    """Yield bodies of component schemas, each name with up to ``count`` of them.

    Args:
        document: The document.
        names: Names of component schemas.
        seed: The same seed draws the same bodies.
        count: How many to draw of each.
    """
    echo = schemathesis.openapi.from_dict(
        {
            "openapi": "3.0.3",
            "info": {"title": "echo", "version": "1"},
            "paths": {f"/{name}": _operation(name) for name in names},
            "components": {"schemas": document["components"]["schemas"]},
        },
        # Without it, schemathesis reads the settings of the run against a server.
        config=SchemathesisConfig(),
    )
    settings = hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=[
            hypothesis.HealthCheck.too_slow,
            hypothesis.HealthCheck.data_too_large,
            hypothesis.HealthCheck.filter_too_much,
            hypothesis.HealthCheck.large_base_example,
        ],
    )
    for name in names:
        operation = typing.cast("Json", echo[f"/{name}"]["POST"])
        strategy = operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
        yield name, _examples(strategy, settings, seed)


def _operation(name: str) -> dict[str, Json]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    response = {"200": {"description": "The same."}}
    return {"post": {"operationId": name, "requestBody": body, "responses": response}}


def _examples(strategy: Json, settings: hypothesis.settings, seed: int) -> list[Json]:
    found: list[Json] = []

    @hypothesis.seed(seed)
    @settings
    @hypothesis.given(strategy)
    def take(case: Json) -> None:
        found.append(case.body)

    take()
    return found
