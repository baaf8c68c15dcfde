"""Texts in paths that mean something to an address.

schemathesis draws no slash, question mark or hash into a path, as many servers refuse them. The
client has to send them all the same, encoded, so that no other operation is asked.
"""

from __future__ import annotations

import dataclasses
import typing
import urllib.parse

from contract_testing.client_answers import outcome_of
from contract_testing.described import parameters, resolved
from contract_testing.example_calls import example_call
from contract_testing.run import Broken

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from openapi_document import Operation

    from contract_testing.run import Run
    from insightiq import InsightIQ

__all__ = ["has_free_path", "hold_free_path"]

_TEXTS: typing.Final = ("a/b", "a?b#c", "50% off", "a+b c", "ü&=;é", "a\\b")


def has_free_path(document: Mapping[str, typing.Any], operation: Operation) -> bool:
    """Return whether the path of an operation ends with any text: no id, no enumeration."""
    if not operation.path.endswith("}"):
        return False
    given = [each for each in parameters(document, operation) if each["in"] == "path"]
    schema = resolved(document, given[-1]["schema"])
    return schema.get("type") == "string" and not {"format", "pattern", "enum"} & set(schema)


def hold_free_path(run: Run, operation: Operation, client: InsightIQ) -> None:
    """Put texts into the path and look at the address that leaves.

    Raises:
        Broken: It leads to another place.
    """
    call = example_call(run.document, operation, client)
    for text in _TEXTS:
        changed = dataclasses.replace(call, in_path=(*call.in_path[:-1], text))
        outcome_of(changed, client)
        exchange = run.server.recording.latest
        assert exchange is not None
        address = urllib.parse.urlsplit(exchange.url)
        last = address.path.rpartition("/")[2]
        if urllib.parse.unquote(last) != text or address.query or address.fragment:
            msg = f"{operation.id}: {text!r} in the path is sent as {exchange.url!r}"
            raise Broken(msg)
