"""``/docs``: the document to read and to try out, with Swagger UI.

Everything comes from this package, nothing from the network; `static/swagger-ui/README.md` says
where the library's files are from and how to replace them by a newer release.
"""

from __future__ import annotations

import functools
import html
import importlib.resources
from typing import TYPE_CHECKING

import orjson

from insightiq_mock.context import Response, json_response
from insightiq_mock.web.published import JSON_PATH

if TYPE_CHECKING:
    from collections.abc import Callable

    from insightiq_mock.web.document import Document

__all__ = ["DOCS_PATH", "DocsPage"]

DOCS_PATH = "/docs"

_LIBRARY = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}
# A page of this server needs nobody else, and no script but ours.
_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; script-src 'self';"
    " style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{base}/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="documentation"></div>
<script src="{base}/swagger-ui-bundle.js"></script>
<script src="{base}/start.js"></script>
</body>
</html>
"""
_START = """const credentials = {credentials};

// Without this, a browser answers a 401 with a question of its own, and the page waits for it.
const withoutOwnCredentials = (request) => {{
  request.credentials = "omit";
  return request;
}};

const fillIn = async () => {{
  if (credentials === null) {{
    return;
  }}
  const response = await fetch(credentials, {{credentials: "omit"}});
  const {{scheme, username, password}} = await response.json();
  ui.preauthorizeBasic(scheme, username, password);
}};

const ui = SwaggerUIBundle({{
  url: "{document}",
  dom_id: "#documentation",
  deepLinking: true,
  docExpansion: "none",
  displayOperationId: true,
  displayRequestDuration: true,
  filter: true,
  // What the server fills in is right now; what was kept may be of an earlier one.
  persistAuthorization: credentials === null,
  requestInterceptor: withoutOwnCredentials,
  tryItOutEnabled: true,
  validatorUrl: null,
  onComplete: fillIn,
}});
"""


class DocsPage:
    """Answers requests for the page and its files.

    Args:
        document: What the page shows.
        prefix: Begins the paths of the page, its files and the document.
        credentials: Gives user name and password of HTTP Basic that the page fills in; None for a
            page that fills in nothing.
    """

    def __init__(
        self,
        document: Document,
        prefix: str = "",
        credentials: Callable[[], tuple[str, str]] | None = None,
    ) -> None:
        self._path = prefix + DOCS_PATH
        self._scheme = _basic_scheme(document)
        self._credentials = None if self._scheme is None else credentials
        self._credentials_path = f"{self._path}/credentials.json"
        title = html.escape(str(document.data["info"]["title"]))
        page = _PAGE.format(title=title, base=self._path)
        offered = "null" if self._credentials is None else f'"{self._credentials_path}"'
        start = _START.format(document=prefix + JSON_PATH, credentials=offered)
        headers = (("content-security-policy", _POLICY), ("referrer-policy", "no-referrer"))
        self._answers = {
            self._path: _text("text/html; charset=utf-8", page.encode()).with_headers(*headers),
            f"{self._path}/start.js": _text("text/javascript; charset=utf-8", start.encode()),
        }

    def response(self, path: str) -> Response | None:
        """Response a request for ``path``; None where there is nothing."""
        path = path.rstrip("/")
        name = path.removeprefix(f"{self._path}/")
        if path == self._credentials_path and self._credentials is not None:
            return self._offered(*self._credentials())
        return _file(name) if name in _LIBRARY else self._answers.get(path)

    def _offered(self, username: str, password: str) -> Response:
        # Not in the script, which pages of other origins may run; this they cannot read.
        body = {"scheme": self._scheme, "username": username, "password": password}
        headers = (
            ("cache-control", "no-store"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-content-type-options", "nosniff"),
        )
        return json_response(200, orjson.dumps(body), *headers)


def _basic_scheme(document: Document) -> str | None:
    """Return the name under which a document asks for HTTP Basic, if it does."""
    schemes = document.data.get("components", {}).get("securitySchemes", {})
    for name, written in schemes.items():
        scheme = document.resolve(written)
        if scheme.get("type") == "http" and str(scheme.get("scheme")).lower() == "basic":
            return str(name)
    return None


@functools.cache
def _file(name: str) -> Response:
    folder = importlib.resources.files("insightiq_mock.web") / "static" / "swagger-ui"
    return _text(_LIBRARY[name], (folder / name).read_bytes())


def _text(content_type: str, body: bytes) -> Response:
    return Response(
        200, headers=(("content-type", content_type), ("cache-control", "no-cache")), body=body
    )
