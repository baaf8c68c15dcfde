"""Which layers run in which process, and what a process brings back."""

from __future__ import annotations

import contextlib
import dataclasses
import time
import typing
import warnings

import openapi_document

from contract_testing import layers, servers
from contract_testing.checks import Contract
from contract_testing.hypothesis_start import without_constants_of_this_project
from contract_testing.judge import Judge
from contract_testing.leftovers import Leftovers
from contract_testing.recording import Recording
from contract_testing.redaction import Redactor
from contract_testing.routes import Routes
from contract_testing.run import CaseResult, Finding, NotApplicable, Run, Stopped
from contract_testing.samples import Samples
from contract_testing.tally import Tally

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from openapi_document import Operation

    from contract_testing.options import Options
    from contract_testing.run import Layer

__all__ = [
    "Part",
    "PartError",
    "PartResult",
    "operations_of",
    "plan",
    "run_layer",
    "run_part",
    "share_of",
]

# Shares of the operations that layer P works through side by side.
_SHARES: typing.Final = {"P": 2}
# The longest first: whoever is done early then finds something short to do.
_LONGEST_FIRST: typing.Final = "PBASCDW"
# These ask no server at all: they run where there is none, too.
_ASKS_NOBODY: typing.Final = frozenset({"C"})
# The layers in which schemathesis itself judges its answers.
_JUDGES_ITSELF: typing.Final = frozenset({"P"})


class PartError(Exception):
    """A part could not be run to its end; the message says which and why, and holds no secret."""


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """What one process does at a time.

    Attributes:
        layer: Letter of the layer.
        seed: What everything random is made from.
        share: Which share of the operations, from 0.
        shares: How many there are.
    """

    layer: str
    seed: int
    share: int = 0
    shares: int = 1

    def __str__(self) -> str:
        of = f" {self.share + 1}/{self.shares}" if self.shares > 1 else ""
        return f"{self.layer}{of} (seed {self.seed})"


@dataclasses.dataclass(slots=True)
class PartResult:
    """What came of a part; nothing in it is secret.

    Attributes:
        part: The part.
        name: What its layer is called.
        question: What its layer asks.
        cases: What ran.
        not_applicables: What could not be held against this server.
        notes: Figures of the layer.
        requests: How many there were.
        digest: Hash of all requests.
        seconds: How long it took.
        samples: Exchanges for the reports.
        tally: What was covered.
        can_ask: Whether the server fails when it is asked to.
        from_examples: Ids of operations without a handler: the mock answers them from the
            document's examples.
    """

    part: Part
    name: str
    question: str
    cases: list[CaseResult]
    not_applicables: list[NotApplicable]
    notes: list[str]
    requests: int
    digest: str
    seconds: float
    samples: Samples
    tally: Tally
    can_ask: bool
    from_examples: Sequence[str] = ()

    @property
    def findings(self) -> list[Finding]:
        """All that was found."""
        return [finding for case in self.cases for finding in case.findings]


def plan(options: Options) -> list[Part]:
    """Return the parts of a run, the longest first."""
    parts: list[Part] = []
    for seed in options.seeds:
        for letter in sorted(options.layers, key=_LONGEST_FIRST.index):
            shares = 1 if options.stop_at_first or options.operations else _SHARES.get(letter, 1)
            parts += [Part(letter, seed, share, shares) for share in range(shares)]
    return parts


def operations_of(
    document: typing.Mapping[str, typing.Any], chosen: Sequence[str]
) -> list[Operation]:
    """Return the operations of these ids, or all for none.

    Raises:
        InternalServerError: There is no such operation.
    """
    known = list(openapi_document.operations(document))
    unknown = [name for name in chosen if name not in {each.id for each in known}]
    if unknown:
        msg = (
            f"there is no operation {', '.join(unknown)}; give ids of the document, for example "
            f"{known[0].id}."
        )
        raise servers.InternalServerError(msg)
    return [each for each in known if not chosen or each.id in chosen]


def run_part(part: Part, options: Options) -> PartResult:
    """Run one part in this process.

    Raises:
        InternalServerError: The server cannot be asked.
        DocumentError: The document cannot be read.
        PartError: Anything else went wrong outside of the layer.
    """
    recording = Recording(keep=False)
    if options.target is not None:
        recording.secrets[options.target.client_secret] = None
    redactor = Redactor(recording.secrets)
    try:
        return _run(part, options, recording, redactor)
    except (servers.InternalServerError, openapi_document.DocumentError) as error:
        raise type(error)(redactor.text(str(error))) from None
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not tell a secret
        msg = f"{part} could not be run: {redactor.text(f'{type(error).__name__}: {error}')}"
        raise PartError(msg) from None


def _run(part: Part, options: Options, recording: Recording, redactor: Redactor) -> PartResult:
    started = time.perf_counter()
    document = openapi_document.load(options.document or openapi_document.DEFAULT_PATH)
    contract, routes = Contract(document), Routes(document)
    chosen = operations_of(document, options.operations)
    operations = share_of(chosen, part)
    layer = layers.load(part.layer)
    # Last: what comes up before leaves no server behind.
    server = _server(part, options, recording)
    run = Run(
        layer=part.layer,
        document=document,
        operations=operations,
        topics=options.topics,
        # Links lead from one share to the other.
        linked=chosen,
        seed=part.seed,
        examples=options.examples,
        server=server,
        stop_at_first=options.stop_at_first,
    )
    if server.read_only and part.layer not in _ASKS_NOBODY:
        run.operations = [each for each in operations if each.method == "get"]
        run.not_applicable("operations that write", "nothing is written on the vendor's servers")
    samples, tally = Samples(routes), Tally(contract, routes)
    recording.listeners += [redactor.learn_from, samples.listen, tally.listen]
    if part.layer not in _JUDGES_ITSELF:
        recording.listeners.append(Judge(run, contract, routes))
    leftovers = Leftovers(document, routes)
    if not server.is_fresh:
        recording.listeners.append(leftovers.listen)
    try:
        run_layer(layer, run)
    finally:
        leftovers.remove_from(server)
        server.origin.close()
    return PartResult(
        part=part,
        name=layer.name,
        question=layer.question,
        cases=[redactor.case(case) for case in run.cases],
        not_applicables=run.not_applicables,
        notes=[redactor.text(note) for note in run.notes],
        requests=recording.count,
        digest=recording.digest,
        seconds=time.perf_counter() - started,
        samples=samples.redacted(redactor),
        tally=tally,
        can_ask=server.control is not None,
        from_examples=run.operations_from_examples(),
    )


def run_layer(layer: Layer, run: Run) -> None:
    """Run a layer; what goes wrong on the way becomes a finding of the run."""
    with warnings.catch_warnings():
        # The client warns of answers that break the document, which the checks report.
        warnings.filterwarnings("ignore", category=UserWarning, module="insightiq")
        try:
            with contextlib.suppress(Stopped), without_constants_of_this_project():
                layer.run(run)
        except Exception:
            with contextlib.suppress(Stopped), run.case("the layer comes to its end"):
                raise


def _server(part: Part, options: Options, recording: Recording) -> servers.Server:
    if part.layer in _ASKS_NOBODY:
        return servers.nowhere(recording)
    # Limits are held against the document where they can meet any request; layer S has rules of
    # its own for them.
    limited = options.limited and part.layer == "P"
    if options.target is not None:
        server = servers.over_http(options.target, recording, limited=limited)
        # Where the mock can make developers, the world of the one that was named stays as it is.
        return server.fresh()
    mock = servers.MockInProcess(options.document, limited=limited)
    try:
        return mock.server(recording)
    except BaseException:
        mock.close()
        raise


def share_of(operations: list[Operation], part: Part) -> list[Operation]:
    """Return the operations of one share; those of a resource stay together."""
    resources = list(dict.fromkeys(each.resource for each in operations))
    shares: list[list[Operation]] = [[] for _ in range(part.shares)]
    sizes = {name: [each for each in operations if each.resource == name] for name in resources}
    for members in sorted(sizes.values(), key=len, reverse=True):
        min(shares, key=len).extend(members)
    chosen = {each.id for each in shares[part.share]}
    return [each for each in operations if each.id in chosen]
