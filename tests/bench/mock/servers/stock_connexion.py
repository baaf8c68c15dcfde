"""connexion as it comes: AsyncApp with its own routing, security and validation.

Usage: ``python stock_connexion.py PORT ANSWERS DOCUMENT CLIENT_ID CLIENT_SECRET``; ANSWERS is a JSON
file of operation id -> response.
"""

from __future__ import annotations

import json
import pathlib
import sys
import typing
import warnings

import uvicorn

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from connexion import AsyncApp
    from connexion.resolver import Resolver


def check(username: str, password: str) -> dict[str, str] | None:
    """Accept the one developer; connexion finds this function by its name."""
    return {"sub": username} if [username, password] == sys.argv[4:6] else None


def main() -> None:
    """Serve until killed."""
    responses = json.loads(pathlib.Path(sys.argv[2]).read_text())
    document = json.loads(pathlib.Path(sys.argv[3]).read_text())
    for scheme in document["components"]["securitySchemes"].values():
        scheme["x-basicInfoFunc"] = "stock_connexion.check"

    def resolve(operation_id: str) -> typing.Any:
        status = 201 if operation_id == "users.create" else 200

        async def response(**_parameters: object) -> tuple[object, int]:
            return responses.get(operation_id, {}), status

        return response

    app = AsyncApp("stock_connexion")
    app.add_api(document, resolver=Resolver(resolve))
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
