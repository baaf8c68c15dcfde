"""Each link of the document, followed once.

A random walk chooses among some four hundred transitions, most of which schemathesis infers, and so
follows few of those that the document promises. Here each of these has a short sequence of its own:
an answer that has the link, and the call that the link gives, which has to succeed.
"""

# schemathesis' own annotations leave out arguments of its generic types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import itertools
import typing
import urllib.parse
from http import HTTPStatus

import openapi_document
from schemathesis.core import NOT_SET
from schemathesis.core.errors import InvalidTransition
from schemathesis.core.result import Ok
from schemathesis.core.transforms import UNRESOLVABLE
from schemathesis.generation.stateful.state_machine import StepOutput
from schemathesis.specs.openapi.stateful.links import OpenApiLink

from contract_testing.described import parameters, success
from contract_testing.drawing import operations_by_id
from contract_testing.known_requests import Asked, known_requests
from contract_testing.links import links_of
from contract_testing.run import Broken, NotTried
from contract_testing.schemathesis_bridge import load_schema, requests_go_to

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from openapi_document import Operation
    from schemathesis.generation.stateful.state_machine import ExtractedParam

    from contract_testing.layers.sequences import Send
    from contract_testing.links import Link
    from contract_testing.run import Run

__all__ = ["follow_links"]

Json: typing.TypeAlias = typing.Any

# An account that is not connected cannot be refreshed; one of the next ones can.
_TRIES: typing.Final = 8


def follow_links(run: Run, send: Send | None = None) -> None:
    """Follow each link from the operations of ``run`` once, wherever it leads.

    Args:
        run: The run.
        send: How to send a case; None for schemathesis' own way.
    """
    links = list(links_of(run.document, run.operations))
    if not links:
        return
    follower = _Follower(run, send or (lambda case, _: case.call(auth=run.server.auth)))
    with requests_go_to(run.server):
        for link in links:
            with run.case(link.rule, link.source):
                follower.follow(link)
    run.note(f"{follower.followed} of {len(links)} links followed one by one")


class _Follower:
    """Follows links.

    Attributes:
        followed: How many led where they promise.
    """

    def __init__(self, run: Run, send: Send) -> None:
        self._run = run
        self._send = send
        every = list(openapi_document.operations(run.document))
        self._operations = {each.id: each for each in every}
        self._drawn = operations_by_id(load_schema(run, every))
        self._told: set[str] = set()
        self.followed = 0

    def follow(self, link: Link) -> None:
        """Follow one link.

        Raises:
            Broken: It leads nowhere.
            NotTried: No answer has it.
        """
        documented = self._documented(link)
        _hold_complete(self._run, link, self._operations[link.target], documented)
        control = self._run.server.control
        if control is not None:
            control.reset()
        refusal: Broken | None = None
        is_refused = False
        lacking = f"the server has nothing that {link.source} could give"
        for output in itertools.islice(self._answers(link), _TRIES):
            status = output.response.status_code
            if status != link.status:
                is_refused = True
                lacking = f"{link.source} answers {status} to a request for what exists"
            elif self._has_rows(link, output):
                try:
                    self._call(link, documented, output)
                except Broken as error:
                    refusal = error
                else:
                    self.followed += 1
                    return
        if refusal is not None:
            raise refusal
        # In a world that nobody has touched this must not be; said once, not for each link.
        if is_refused and control is not None and link.source not in self._told:
            self._told.add(link.source)
            msg = f"{link}: {lacking}"
            raise Broken(msg)
        raise NotTried(lacking)

    def _documented(self, link: Link) -> OpenApiLink:
        """Return a link as schemathesis reads it.

        Raises:
            Broken: It cannot be read.
        """
        if link.target not in self._operations:
            msg = f"{link}: the document has no operation {link.target}"
            raise Broken(msg)
        source = self._drawn[link.source]
        try:
            return OpenApiLink(link.name, str(link.status), dict(link.data), source)
        except InvalidTransition as error:
            msg = f"{link}: {'; '.join(each.message for each in error.errors)}"
            raise Broken(msg) from None

    def _answers(self, link: Link) -> Iterator[StepOutput]:
        """Ask for answers that have the link."""
        document, known = self._run.document, self._run.known
        assert known is not None
        source = self._operations[link.source]
        creating = self._operations.get(f"{source.resource}.create")
        if creating is not None and source is not creating and not known.rows.get(source.resource):
            created = self._ask(creating, next(known_requests(document, creating, known)))
            made = {source.resource: [created.response.json()]}
            known = type(known)({**known.rows, **made}, known.fruitful)
        for asked in known_requests(document, source, known):
            yield self._ask(source, asked)

    def _has_rows(self, link: Link, output: StepOutput) -> bool:
        shape = self._operations[link.source].data.get("x-pagination")
        return shape is None or bool(output.response.json()[shape["items"]])

    def _call(self, link: Link, documented: OpenApiLink, output: StepOutput) -> None:
        """Make the call that a link gives in an answer.

        Raises:
            Broken: It gives none, or the call does not succeed.
        """
        given = documented.extract(output)
        values = {
            container: {name: _value(link, each) for name, each in members.items()}
            for container, members in given.parameters.items()
        }
        body = None if given.request_body is None else _value(link, given.request_body)
        target = self._operations[link.target]
        asked = Asked(values.get("path_parameters", {}), values.get("query", {}), body)
        answer = self._ask(target, asked).response
        promised, _ = success(self._run.document, target)
        if answer.status_code == promised:
            return
        gives = {**asked.path, **asked.query, **({} if body is None else {"body": body})}
        wants = [link.data[key] for key in ("parameters", "requestBody") if key in link.data]
        msg = (
            f"{link}: {target.id} answers {answer.status_code} instead of {promised} to what the "
            f"link gives: {gives}, from {', '.join(map(str, wants))}"
        )
        raise Broken(msg)

    def _ask(self, operation: Operation, asked: Asked) -> StepOutput:
        case = self._drawn[operation.id].Case(
            # In a path they stand in the spelling of an address.
            path_parameters={
                name: urllib.parse.quote(str(value), safe="") for name, value in asked.path.items()
            },
            query=dict(asked.query),
            body=NOT_SET if asked.body is None else asked.body,
            media_type=None if asked.body is None else "application/json",
        )
        response = self._send(case, operation)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS and self._run.server.is_limited:
            # The transport has waited for the next second.
            response = self._send(case, operation)
        return StepOutput(response, case)


def _value(link: Link, extracted: ExtractedParam) -> Json:
    """Return what an expression of a link gives.

    Raises:
        Broken: Nothing.
    """
    if isinstance(extracted.value, Ok) and extracted.value.ok() not in (None, UNRESOLVABLE):
        return extracted.value.ok()
    msg = f"{link}: {extracted.definition} gives nothing: the answer has no such value"
    raise Broken(msg)


def _hold_complete(run: Run, link: Link, target: Operation, documented: OpenApiLink) -> None:
    """Hold that a link gives all that its target requires.

    Raises:
        Broken: It does not.
    """
    given = {each.name for each in documented.parameters}
    missing = [
        each["name"]
        for each in parameters(run.document, target)
        if each.get("required") and each["name"] not in given
    ]
    if documented.body is NOT_SET and "requestBody" in target.data:
        missing.append("the body")
    if missing:
        msg = f"{link}: it does not give {', '.join(missing)}, which {target.id} requires"
        raise Broken(msg)
