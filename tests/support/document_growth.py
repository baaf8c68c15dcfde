"""Edits of the document as a maintainer types them: each into its text, none breaking for callers.

Run as a program, it makes all of them in the document of a checkout::

    python tests/support/document_growth.py spec/insightiq.yaml
"""

from __future__ import annotations

import pathlib
import re
import sys
from collections.abc import Callable, Mapping

__all__ = ["EDITS", "grown"]

ERRORS = """\
        '400': {$ref: '#/components/responses/BadRequest'}
        '401': {$ref: '#/components/responses/Unauthorized'}
        '404': {$ref: '#/components/responses/NotFound'}
        '429': {$ref: '#/components/responses/TooManyRequests'}
        '500': {$ref: '#/components/responses/InternalServerError'}
        '503': {$ref: '#/components/responses/ServiceUnavailable'}
"""
NOT_FOUND = "        '404': {$ref: '#/components/responses/NotFound'}\n"

OPERATION = f"""\
  /v1/accounts/{{id}}/pause:
    post:
      operationId: accounts.pause
      tags: [accounts]
      summary: Pause an account
      description: Stops fetching data of an account until it is resumed.
      parameters: [{{$ref: '#/components/parameters/AccountId'}}]
      responses:
        '200': {{$ref: '#/components/responses/Account'}}
{ERRORS}"""

RESOURCE = f"""\
  /v1/stickers/{{id}}:
    get:
      operationId: stickers.get
      tags: [stickers]
      summary: Get a sticker
      description: Returns one sticker.
      parameters: [{{$ref: '#/components/parameters/StickerId'}}]
      responses:
        '200': {{$ref: '#/components/responses/Sticker'}}
{ERRORS}\
  /v1/stickers:
    get:
      operationId: stickers.list
      tags: [stickers]
      summary: List stickers
      description: Lists stickers, newest first.
      x-pagination:
        style: offset
        offset: offset
        limit: limit
        items: data
        default: 10
        maximum: 100
      parameters:
        - {{$ref: '#/components/parameters/Limit'}}
        - {{$ref: '#/components/parameters/Offset'}}
      responses:
        '200': {{$ref: '#/components/responses/StickerList'}}
{ERRORS.replace(NOT_FOUND, "")}\
    post:
      operationId: stickers.create
      tags: [stickers]
      summary: Create a sticker
      description: Creates a sticker.
      requestBody: {{$ref: '#/components/requestBodies/StickerCreate'}}
      responses:
        '201': {{$ref: '#/components/responses/Sticker'}}
{ERRORS.replace(NOT_FOUND, "")}\
  /v1/stickers/search:
    post:
      operationId: stickers.search
      tags: [stickers]
      summary: Look stickers up
      description: Returns up to 100 stickers by their identifiers.
      x-retry-safe: true
      x-bulk: {{parameter: ids, items: data, maximum: 100}}
      requestBody: {{$ref: '#/components/requestBodies/StickerSearch'}}
      responses:
        '200': {{$ref: '#/components/responses/StickerSearchResult'}}
{ERRORS.replace(NOT_FOUND, "")}"""

PARAMETER = """\
    StickerId:
      name: id
      in: path
      required: true
      description: Identifier of the sticker.
      schema:
        type: string
        format: uuid
      example: 7b1d0c58-2f6e-4a93-8c07-d4e95a31f6b2
"""
BODIES = """\
    StickerCreate:
      description: The sticker to create.
      required: true
      content:
        application/json:
          schema: {$ref: '#/components/schemas/StickerCreateRequest'}
          examples:
            default: {$ref: '#/components/examples/StickerCreateRequest'}
    StickerSearch:
      description: The stickers to look up.
      required: true
      content:
        application/json:
          schema: {$ref: '#/components/schemas/SearchRequest'}
          examples:
            default: {$ref: '#/components/examples/StickerSearchRequest'}
"""


def _response(name: str, description: str) -> str:
    return f"""\
    {name}:
      description: {description}
      headers:
        request-id: {{$ref: '#/components/headers/RequestId'}}
      content:
        application/json:
          schema: {{$ref: '#/components/schemas/{name}'}}
          examples:
            default: {{$ref: '#/components/examples/{name}'}}
"""


SCHEMAS = """\
    Sticker:
      type: object
      description: A picture that followers may use.
      required: [id, label, created_at]
      properties:
        id:
          type: string
          format: uuid
          description: Identifier of the sticker.
          example: 7b1d0c58-2f6e-4a93-8c07-d4e95a31f6b2
        label:
          type: string
          description: Text on the sticker.
          example: Well done
        created_at:
          allOf: [{$ref: '#/components/schemas/Timestamp'}]
          description: When the sticker was created.
          example: '2026-01-22T11:58:03.270916'
    StickerCreateRequest:
      type: object
      description: A sticker to create.
      required: [label]
      properties:
        label:
          type: string
          minLength: 1
          maxLength: 40
          description: Text on the sticker.
          example: Well done
    StickerList:
      type: object
      description: A page of stickers.
      required: [data, metadata]
      properties:
        data:
          type: array
          items: {$ref: '#/components/schemas/Sticker'}
          description: The stickers of this page.
        metadata:
          allOf: [{$ref: '#/components/schemas/ListMetadata'}]
          description: The window that this page shows.
    StickerSearchResult:
      type: object
      description: The stickers that were found.
      required: [data]
      properties:
        data:
          type: array
          items: {$ref: '#/components/schemas/Sticker'}
          description: The stickers, without those that do not exist.
"""
EXAMPLES = """\
    Sticker:
      summary: A sticker
      value: &sticker
        id: 7b1d0c58-2f6e-4a93-8c07-d4e95a31f6b2
        label: Well done
        created_at: '2026-01-22T11:58:03.270916'
    StickerList:
      summary: A page of stickers
      value:
        data:
          - *sticker
        metadata:
          offset: 0
          limit: 10
          from_date: null
          to_date: null
    StickerSearchResult:
      summary: The stickers that were found
      value:
        data:
          - *sticker
    StickerCreateRequest:
      summary: A sticker to create
      value:
        label: Well done
    StickerSearchRequest:
      summary: Stickers to look up
      value:
        ids: [7b1d0c58-2f6e-4a93-8c07-d4e95a31f6b2]
"""


def _below(text: str, line: str, block: str) -> str:
    """Insert ``block`` below a line that stands in the text once."""
    assert text.count(f"\n{line}\n") == 1, line
    return text.replace(f"\n{line}\n", f"\n{line}\n{block}", 1)


def add_operation(text: str) -> str:
    """Add an operation to a resource that there is."""
    return _below(text, "paths:", OPERATION)


def add_resource(text: str) -> str:
    """Add a resource with list, get, search and create."""
    tag = "  - name: stickers\n    description: Pictures that followers may use.\n"
    responses = (
        _response("Sticker", "The sticker.")
        + _response("StickerList", "A page of stickers.")
        + _response("StickerSearchResult", "The stickers that were found.")
    )
    blocks = {
        "tags:": tag,
        "paths:": RESOURCE,
        "  parameters:": PARAMETER,
        "  requestBodies:": BODIES,
        "  responses:": responses,
        "  schemas:": SCHEMAS,
        "  examples:": EXAMPLES,
    }
    for line, block in blocks.items():
        text = _below(text, line, block)
    return text


def add_property(text: str) -> str:
    """Add a property to a response."""
    known = "    User:\n      type: object\n"
    head, found, tail = text.partition(known)
    assert found
    required, properties, rest = tail.partition("      properties:\n")
    nickname = (
        "        nickname:\n"
        "          type: string\n"
        "          nullable: true\n"
        "          description: What followers call them.\n"
        "          example: Countess\n"
    )
    return head + found + required + properties + nickname + rest


def add_enum_value(text: str) -> str:
    """Add a value to an open enumeration."""
    values = r"(\n    AccountStatus:\n(?:      .*\n)*?      enum: \[[^]]*)\]"
    text, count = re.subn(values, r"\1, PAUSED]", text, count=1)
    assert count == 1
    return text


def raise_version(text: str) -> str:
    """Write the version that the change report asks for: all of the above is compatible."""
    [major, minor] = re.findall(r"\n  version: (\d+)\.(\d+)\.\d+\n", text)[0]
    return re.sub(r"\n  version: .*\n", f"\n  version: {major}.{int(minor) + 1}.0\n", text, count=1)


# What each edit adds: a document that has it already, as in a clone that was grown, keeps it.
MARKS: Mapping[str, str] = {
    "operation": "operationId: accounts.pause",
    "resource": "  - name: stickers",
    "property": "        nickname:",
    "enum value": ", PAUSED]",
}
EDITS: Mapping[str, Callable[[str], str]] = {
    "operation": add_operation,
    "resource": add_resource,
    "property": add_property,
    "enum value": add_enum_value,
    "version": raise_version,
}


def grown(text: str) -> str:
    """Return the document with all edits made."""
    for name, edit in EDITS.items():
        if name not in MARKS or MARKS[name] not in text:
            text = edit(text)
    return text


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = pathlib.Path(name)
        path.write_text(grown(path.read_text(encoding="utf-8")), encoding="utf-8")
