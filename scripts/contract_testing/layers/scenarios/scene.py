"""What a scenario is played on, and how scenarios are collected."""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import functools
import secrets
import typing

from contract_testing.layers.scenarios.rows import Rows
from contract_testing.run import Broken, NotTried

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import httpx
    from openapi_document import Operation

    from contract_testing.described import Document, ListShape
    from contract_testing.recording import Exchange
    from contract_testing.run import Run
    from contract_testing.servers import Server
    from insightiq import InsightIQ
    from insightiq_mock.control import MockControl

__all__ = ["Needs", "Rule", "Scenarios", "Scene", "broken", "hold", "not_tried"]

Json: typing.TypeAlias = typing.Any

# What the document allows an external_id to have.
_LONGEST: typing.Final = 100


class Needs(enum.Enum):
    """What a scenario needs of a server."""

    NOTHING = "no server"
    READING = "a server"
    WRITING = "a server that may be written to"
    CONTROL = "the control API of our mock server"


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """A rule, and the scenario that holds it against a server.

    Attributes:
        name: The rule as a sentence.
        needs: What the scenario needs.
        play: The scenario.
        about: Ids of the operations that it is about; empty for all.
        each: Gives the operations that it is played for, one after the other.
        settings: Settings of the mock that differ from its defaults.
    """

    name: str
    needs: Needs
    play: Callable[..., None]
    about: tuple[str, ...] = ()
    each: Callable[[Run], Iterable[Operation]] | None = None
    settings: Mapping[str, object] = dataclasses.field(default_factory=dict[str, object])


class Scenarios(list[Rule]):
    """The scenarios of one topic."""

    def rule(
        self,
        name: str,
        needs: Needs = Needs.READING,
        *,
        about: tuple[str, ...] = (),
        each: Callable[[Run], Iterable[Operation]] | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> Callable[[Callable[..., None]], Callable[..., None]]:
        """Collect the decorated scenario; the arguments are those of `Rule`."""

        def collect(play: Callable[..., None]) -> Callable[..., None]:
            self.append(Rule(name, needs, play, about, each, settings or {}))
            return play

        return collect


class Scene:
    """A server, and the ways to it.

    Args:
        run: The run.
        server: The server; a world of its own where the scenario writes.
        rows: What the layer's own server holds.
        heard: All exchanges of the layer so far.
    """

    def __init__(self, run: Run, server: Server, rows: Rows, heard: list[Exchange]) -> None:
        self.run = run
        self.server = server
        self.rows = rows
        self.heard = heard
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def document(self) -> Document:
        """The document."""
        return self.run.document

    @property
    def control(self) -> MockControl:
        """The control API of the mock."""
        assert self.server.control is not None
        return self.server.control

    @functools.cached_property
    def iq(self) -> InsightIQ:
        """The client."""
        return self._stack.enter_context(self.server.client())

    @functools.cached_property
    def http(self) -> httpx.Client:
        """A plain HTTP client with the credentials."""
        return self._stack.enter_context(self.server.http())

    def another(self, **settings: object) -> Scene:
        """Return a scene with another developer's world, which ends with this one."""
        server = self.server.fresh(**settings)
        if server is not self.server:
            self._stack.callback(server.close)
        return self._stack.enter_context(Scene(self.run, server, self.rows, self.heard))

    def get(self, path: str, **query: object) -> Json:
        """Return the JSON of an answer, asked for through the client and its quota."""
        params = {key: str(value) for key, value in query.items()}
        return self.iq.request("GET", path, params=params).parsed

    def rows_of(self, shape: ListShape, query: Mapping[str, str]) -> list[Mapping[str, Json]]:
        """Return all rows that a list of this scene's server holds now."""
        return Rows(self.document, self.server, self.iq).all(shape, query)

    def own(self, text: str) -> str:
        """Return a name or an id for a row that nobody else has, earlier runs included.

        In a world of its own that is the text, so that runs repeat themselves byte for byte.
        """
        if self.server.is_fresh:
            return text
        mark = f" {secrets.token_hex(6)}"
        return text[: _LONGEST - len(mark)] + mark

    def operation(self, name: str) -> Operation:
        """Return an operation of the document."""
        return self.rows.operations[name]


def broken(message: str) -> typing.NoReturn:
    """Say that a rule is broken; ``message`` says how.

    Raises:
        Broken: Always.
    """
    raise Broken(message)


def not_tried(reason: str) -> typing.NoReturn:
    """Say that the rule cannot be held against what this server holds.

    Raises:
        NotTried: Always.
    """
    raise NotTried(reason)


def hold(condition: object, message: str) -> None:
    """Hold a condition.

    Raises:
        Broken: It is not true; ``message`` says what is wrong.
    """
    if not condition:
        broken(message)
