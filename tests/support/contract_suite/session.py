"""The state of a run: its options, the document, the servers, and the seed data of generated cases."""

from __future__ import annotations

import dataclasses
import functools
import pathlib
import typing
import urllib.parse

import openapi_document
import pytest
from document_views import Contract, Routes, is_vendor

from contract_suite.recording import Recording
from contract_suite.rows import read_seed_data
from contract_suite.schemas import load_schema
from contract_suite.servers import HTTPOrigin, MockOrigin, ServerError, Target

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openapi_document import Operation
    from schemathesis.schemas import BaseSchema

    from contract_suite.rows import SeedData
    from contract_suite.servers import Origin, Server

__all__ = ["DEPTHS", "ContractSession", "Settings", "current", "read_settings"]

# Random cases for each operation.
DEPTHS: typing.Final = {"pull-request": 50, "nightly": 300}

_CURRENT: typing.Final[list[ContractSession]] = []


@dataclasses.dataclass(frozen=True)
class Settings:
    """Options of a run.

    Attributes:
        depth: ``pull-request`` or ``nightly``.
        seed: Seed of everything random.
        names: Ids of the operations to test; empty for all.
        examples: Random cases for each operation.
        limited: Whether generated cases meet rate limits.
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
        try:
            return openapi_document.load_valid(self.document_path or openapi_document.DEFAULT_PATH)
        except openapi_document.DocumentError as error:
            raise pytest.UsageError(str(error)) from None

    @property
    def is_read_only(self) -> bool:
        """Whether nothing may be written on the server."""
        return self.target is not None and is_vendor(self.target.base_url)

    def operations(self) -> list[Operation]:
        """Return the selected operations; those that read where nothing may be written."""
        known = list(openapi_document.operations(self.document))
        unknown = [name for name in self.names if name not in {each.id for each in known}]
        if unknown:
            msg = (
                f"--operations: the document has no operation {', '.join(unknown)}; give ids such "
                f"as {known[0].id}."
            )
            raise pytest.UsageError(msg)
        return [
            each
            for each in known
            if (not self.names or each.id in self.names)
            and (not self.is_read_only or each.method == "get")
        ]


def read_settings(config: pytest.Config) -> Settings:
    """Return the options of a run."""
    option = config.getoption
    depth: str = option("--depth", "pull-request")
    return Settings(
        depth=depth,
        seed=option("--seed", 1),
        names=tuple(filter(None, option("--operations", "").replace(" ", "").split(","))),
        examples=option("--examples", None) or DEPTHS[depth],
        limited=option("--limits", "off") == "on",
        document_path=option("--document", None),
        reports=option("--reports", None),
        target=_target(
            *(
                (option(name, None) or "").strip()
                for name in ("--base-url", "--client-id", "--client-secret")
            )
        ),
    )


def _target(url: str, client_id: str, client_secret: str) -> Target | None:
    if not url:
        return None
    if not (client_id and client_secret):
        msg = (
            "BASE_URL is set, but CLIENT_ID and CLIENT_SECRET are not; set all three, or none of "
            "them to test the project's own mock server."
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


def current() -> ContractSession:
    """Return the session of this process: test modules make their cases when they are imported."""
    return _CURRENT[-1]


class ContractSession:
    """State of a run, in one process."""

    def __init__(self, config: pytest.Config) -> None:
        _CURRENT.append(self)
        self._config = config
        self.settings = read_settings(config)
        self.document = self.settings.document
        self.operations = self.settings.operations()
        self.contract = Contract(self.document)
        self.routes = Routes(self.document)

    @functools.cached_property
    def origin(self) -> Origin:
        """The source of servers."""
        return self._new_origin(limited=False)

    @functools.cached_property
    def generated_server(self) -> Server:
        """The server that generated cases are sent to; its world is reset before each test.

        Its rows and credentials are part of the cases, so that it is made before they are.
        """
        limited = self.settings.limited
        origin = self._new_origin(limited=True) if limited else self.origin
        return origin.fresh(Recording("generated cases"))

    @functools.cached_property
    def seed_data(self) -> SeedData:
        """The rows of `generated_server`."""
        with self.generated_server.http(retries=True) as client:
            return read_seed_data(self.document, client)

    def load_schema(
        self, operations: Sequence[Operation] | None = None, **overrides: typing.Any
    ) -> BaseSchema:
        """Return the document as schemathesis sees it, with the rows of `generated_server`."""
        return load_schema(
            self.settings,
            self.operations if operations is None else operations,
            self.generated_server,
            self.seed_data,
            **overrides,
        )

    def _new_origin(self, *, limited: bool) -> Origin:
        settings = self.settings
        origin: Origin
        if settings.target is None:
            origin = MockOrigin(settings.document_path, seed=settings.seed, limited=limited)
        else:
            try:
                origin = HTTPOrigin(settings.target, seed=settings.seed, limited=limited)
            except ServerError as error:
                text = str(error).replace(settings.target.client_secret, "[hidden]")
                raise pytest.UsageError(text) from None
        self._config.add_cleanup(origin.close)
        return origin
