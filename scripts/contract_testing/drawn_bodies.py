"""Random bodies of the document's schemas, as schemathesis draws them.

schemathesis draws request bodies of operations, so each schema becomes the request body of an
operation in a throw-away document, the echo document. That uses its public API alone;
hypothesis-jsonschema by itself does not work with present versions of hypothesis.
"""

from __future__ import annotations

import typing

import hypothesis
import schemathesis
from schemathesis.config import SchemathesisConfig

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contract_testing.described import Document

__all__ = ["drawn"]

Json: typing.TypeAlias = typing.Any


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
    answer = {"200": {"description": "The same."}}
    return {"post": {"operationId": name, "requestBody": body, "responses": answer}}


def _examples(strategy: Json, settings: hypothesis.settings, seed: int) -> list[Json]:
    found: list[Json] = []

    @hypothesis.seed(seed)
    @settings
    @hypothesis.given(strategy)
    def take(case: Json) -> None:
        found.append(case.body)

    take()
    return found
