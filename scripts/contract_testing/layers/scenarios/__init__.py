"""Layer S: scenarios of this API, played through the client and by plain requests.

What only this API has: its paging, its windows of days, the life of an account, notifications,
limits, tenants. Each rule is a sentence, each scenario tells what is wrong in words for a person.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import importlib
import typing

from contract_testing.layers.scenarios.rows import Rows
from contract_testing.layers.scenarios.scene import Needs, Scene
from contract_testing.run import Broken

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contract_testing.layers.scenarios.scene import Rule
    from contract_testing.recording import Exchange
    from contract_testing.run import Run
    from contract_testing.servers import Server
    from insightiq import InsightIQ

__all__ = ["LAYER", "TOPICS", "rules"]

TOPICS: typing.Final = (
    "paging",
    "filters",
    "lookups",
    "users",
    "tokens",
    "registry",
    "monitoring",
    "lifecycle",
    "syncing",
    "deliveries",
    "deactivation",
    "network",
    "tenants",
    "credentials",
    "limits",
    "moments",
    "retries",
    "interruptions",
    "discretion",
    "quota",
    "signatures",
    # Last: it judges what the others were answered.
    "answers",
)


_WEBHOOKS: typing.Final = 12
# A world of somebody else's moves on while it is looked at: what is wrong there is so every time.
_LOOKS: typing.Final = 3


def rules(topics: Sequence[str] = ()) -> Iterator[Rule]:
    """Yield the rules of some topics, or all for none, topic by topic."""
    for topic in TOPICS:
        if topics and topic not in topics:
            continue
        yield from importlib.import_module(f"{__name__}.{topic}").SCENARIOS


class _Scenarios:
    """The layer."""

    letter: typing.Final = "S"
    name: typing.Final = "scenarios"
    question: typing.Final = (
        "Does the server behave as this API does, over time and between people?"
    )

    def run(self, run: Run) -> None:
        """Play every scenario."""
        heard: list[Exchange] = []
        run.server.recording.listeners.append(heard.append)
        server = run.server if run.server.read_only else run.server.fresh()
        try:
            with server.client() as client:
                if not server.read_only:
                    _furnish(client)
                stage = _Stage(run, server, Rows(run.document, server, client), heard)
                for rule in rules(run.topics):
                    stage.play(rule)
        finally:
            run.server.recording.listeners.remove(heard.append)
            if server is not run.server:
                server.close()


def _furnish(client: InsightIQ) -> None:
    """Fill the one list that is empty in a new world."""
    for number in range(_WEBHOOKS):
        client.webhooks.create(
            url=f"https://receiver.invalid/furniture/{number}",
            events=["ACCOUNTS.REMOVED"],
            name=f"furniture {number}",
        )


@dataclasses.dataclass(frozen=True)
class _Stage:
    """Where scenarios are played.

    Attributes:
        run: The run.
        server: The layer's own server, for those that only read.
        rows: What it holds.
        heard: All exchanges so far.
    """

    run: Run
    server: Server
    rows: Rows
    heard: list[Exchange]

    def play(self, rule: Rule) -> None:
        """Play a scenario, if this server has what it needs."""
        lack = _lack(self.run, rule)
        if lack is None and rule.settings.get("limits_enabled") and not self.limits_requests:
            lack = (
                "the server limits nothing; start it without --no-limits to have its limits tried"
            )
        if lack is None:
            self._play(rule)
        elif lack:
            self.run.not_applicable(rule.name, lack)

    @functools.cached_property
    def limits_requests(self) -> bool:
        """Whether the server limits requests where it is told to."""
        from contract_testing.layers.scenarios.limits import limits_requests  # noqa: PLC0415 - a topic

        return limits_requests(self.run.server)

    def _play(self, rule: Rule) -> None:
        operations = [None] if rule.each is None else list(rule.each(self.run))
        with contextlib.ExitStack() as stack:
            scene: Scene | None = None
            for operation in operations:
                name = operation.id if operation is not None else next(iter(rule.about), None)
                with self.run.case(rule.name, name):
                    if scene is None:
                        server = self._server(rule, stack)
                        scene = Scene(self.run, server, self.rows, self.heard)
                        stack.enter_context(scene)
                    self._look(rule, [scene] if operation is None else [scene, operation])
        if rule.needs is Needs.WRITING and not self.server.is_fresh:
            # There is one world for all scenarios, and this one has changed it.
            self.rows.forget()

    def _look(self, rule: Rule, arguments: Sequence[object]) -> None:
        for _ in range(0 if self.server.is_fresh else _LOOKS - 1):
            try:
                rule.play(*arguments)
            except Broken:
                self.rows.forget()
            else:
                return
        rule.play(*arguments)

    def _server(self, rule: Rule, stack: contextlib.ExitStack) -> Server:
        """Return a world of its own for a scenario that changes one."""
        is_asking = rule.needs in {Needs.NOTHING, Needs.READING}
        # One that writes for each operation asks for what is refused, of rows that are there.
        if is_asking or (rule.each is not None and rule.needs is Needs.WRITING):
            return self.server
        server = self.run.server.fresh(**rule.settings)
        if server is not self.run.server:
            stack.callback(server.close)
        return server


def _lack(run: Run, rule: Rule) -> str | None:
    """Return what a scenario needs and this server has not; nothing for one that is not asked for."""
    asked = {operation.id for operation in run.operations}
    if rule.about and not asked.intersection(rule.about):
        return ""
    if rule.needs in {Needs.WRITING, Needs.CONTROL} and run.server.read_only:
        return "the scenario writes, and this server is only read"
    if rule.needs is Needs.CONTROL and run.server.control is None:
        return "the scenario needs the control API of our mock server, and this server has none"
    return None


LAYER: typing.Final = _Scenarios()
