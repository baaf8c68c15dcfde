"""A floor: Starlette and orjson, no document, no credentials, no validation.

Usage: ``python bare_starlette.py PORT ANSWERS``; ANSWERS is a JSON file of path -> response.
"""

from __future__ import annotations

import json
import pathlib
import sys
import typing

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

if typing.TYPE_CHECKING:
    from starlette.requests import Request


def main() -> None:
    """Serve until killed."""
    responses = json.loads(pathlib.Path(sys.argv[2]).read_text())

    def endpoint(operation_id: str, status: int = 200) -> typing.Any:
        value = responses[operation_id]

        async def response(request: Request) -> Response:
            if request.method == "POST":
                orjson.loads(await request.body())
            return Response(orjson.dumps(value), status, media_type="application/json")

        return response

    app = Starlette(
        routes=[
            Route("/v1/users", endpoint("users.list"), methods=["GET"]),
            Route("/v1/users", endpoint("users.create", 201), methods=["POST"]),
            Route("/v1/users/{id}", endpoint("users.get"), methods=["GET"]),
            Route("/v1/social/contents", endpoint("contents.list"), methods=["GET"]),
        ]
    )
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)


main()
