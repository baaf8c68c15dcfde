"""Options of the contract suite, read and checked."""

from __future__ import annotations

import dataclasses
import functools
import pathlib
import typing
import urllib.parse

import openapi_document
import pytest
from document_views import is_vendor

from contract_suite.servers import Target

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from openapi_document import Operation

__all__ = ["DEPTHS", "Settings", "read_settings"]

# Random cases for each operation.
DEPTHS: typing.Final = {"pull-request": 50, "nightly": 300}


@dataclasses.dataclass(frozen=True)
class Settings:
    """Options of a run.

    Attributes:
        depth: ``pull-request`` or ``nightly``.
        seed: Seed of everything random.
        names: Ids of the operations to test; empty for all.
        examples: Random cases for each operation.
        limited: Whether the schema tests meet rate limits.
        document_path: The document to test against, and to serve; None for the project's own.
        reports: Folder of the reports; None for none.
        target: The server to test; None for a mock in this process.
    """

    depth: str = "pull-request"
    seed: int = 1
    names: tuple[str, ...] = ()
    examples: int = DEPTHS["pull-request"]
    limited: bool = False
    document_path: pathlib.Path | None = None
    reports: pathlib.Path | None = None
    target: Target | None = dataclasses.field(default=None, repr=False)

    @functools.cached_property
    def document(self) -> Mapping[str, typing.Any]:
        """The document."""
        return openapi_document.load_valid(self.document_path or openapi_document.DEFAULT_PATH)

    @property
    def is_read_only(self) -> bool:
        """Whether nothing may be written on the server."""
        return self.target is not None and is_vendor(self.target.base_url)

    def operations(self) -> list[Operation]:
        """Return the selected operations; those that read where nothing may be written.

        Raises:
            pytest.UsageError: There is no such operation.
        """
        known = list(openapi_document.operations(self.document))
        unknown = [name for name in self.names if name not in {each.id for each in known}]
        if unknown:
            msg = f"--operations: there is no operation {', '.join(unknown)}; give ids of the document, for example {known[0].id}."
            raise pytest.UsageError(msg)
        return [
            each
            for each in known
            if (not self.names or each.id in self.names)
            and (not self.is_read_only or each.method == "get")
        ]


def read_settings(config: pytest.Config) -> Settings:
    """Return the options of a run.

    Raises:
        pytest.UsageError: They contradict one another.
    """
    option = config.getoption
    depth: str = option("--depth", "pull-request")
    reports: pathlib.Path | None = option("--reports", None)
    return Settings(
        depth=depth,
        seed=option("--seed", 1),
        names=tuple(filter(None, option("--operations", "").replace(" ", "").split(","))),
        examples=option("--examples", None) or DEPTHS[depth],
        limited=option("--limits", "off") == "on",
        document_path=option("--document", None),
        reports=reports,
        target=_target(
            option("--base-url", None), option("--client-id", None), option("--client-secret", None)
        ),
    )


def _target(url: str | None, client_id: str | None, client_secret: str | None) -> Target | None:
    url, client_id, client_secret = (
        (text or "").strip() for text in (url, client_id, client_secret)
    )
    if not url:
        return None
    if not (client_id and client_secret):
        msg = (
            "BASE_URL is set, but CLIENT_ID and CLIENT_SECRET are not; set all three, or none of "
            "them to test a mock server of our own."
        )
        raise pytest.UsageError(msg)
    if "@" in url:
        msg = "BASE_URL holds credentials; leave them out, CLIENT_ID and CLIENT_SECRET are enough."
        raise pytest.UsageError(msg)
    if not _is_base(url):
        msg = f"BASE_URL is {url!r}; write it like http://127.0.0.1:4010."
        raise pytest.UsageError(msg)
    return Target(url, client_id, client_secret)


def _is_base(url: str) -> bool:
    """Whether paths can be appended to ``url``."""
    try:
        parts = urllib.parse.urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and not (parts.query or parts.fragment)
