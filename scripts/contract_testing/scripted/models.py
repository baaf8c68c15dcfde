"""Whether every schema of the document survives the way through its class."""

from __future__ import annotations

import copy
import pickle
import typing

from contract_testing.annotations import misfits
from contract_testing.described import resolved
from contract_testing.reading import misreadings, rewritten
from contract_testing.run import Broken
from insightiq import models

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from openapi_schemas import DocumentSchemas

    from contract_testing.bodies import Bodies
    from contract_testing.described import Document
    from contract_testing.run import Run

__all__ = ["play"]

Json: typing.TypeAlias = typing.Any
Model: typing.TypeAlias = typing.Any

_EXAMPLES_PER_DRAW: typing.Final = 25
_SHOWN: typing.Final = 3


def play(run: Run, today: Bodies, tomorrow: Bodies, schemas: DocumentSchemas) -> None:
    """Send every object schema through its class: bodies that cover it, and drawn ones."""
    names = list(_objects(run.document))
    for name in names:
        with run.case(f"{name} goes round without a loss"):
            _round_trips(run, name, [*today.of(_reference(name)), *tomorrow.of(_reference(name))])
        with run.case(f"{name} keeps what is odd"):
            _odd(name, today)
        with run.case(f"{name} hides its secrets"):
            _hides_secrets(run.document, name, today)
    if run.examples:
        _drawn(run, names, schemas)


def _drawn(run: Run, names: list[str], schemas: DocumentSchemas) -> None:
    from contract_testing.drawn_bodies import drawn  # noqa: PLC0415 - its libraries are slow

    # Pages are rows of others, which are drawn themselves.
    rows = [name for name in names if not name.endswith(("List", "SearchResult"))]
    count = 1 + run.examples // _EXAMPLES_PER_DRAW
    for name, bodies in drawn(run.document, rows, seed=run.seed, count=count):
        with run.case(f"{name} as schemathesis draws it goes round without a loss"):
            # Formats of our own are text for schemathesis; days such as 30 February are no moments.
            is_valid = schemas.validator(_reference(name)).is_valid
            _round_trips(run, name, [body for body in bodies if is_valid(body)])


def _objects(document: Document) -> Iterator[str]:
    for name, schema in document["components"]["schemas"].items():
        if schema.get("type") == "object":
            yield name


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _round_trips(run: Run, name: str, bodies: list[Json]) -> None:
    kind = getattr(models, name, None)
    if kind is None:
        msg = f"insightiq.models has no class {name}"
        raise Broken(msg)
    for body in bodies:
        if body is None:
            continue
        model = kind.from_dict(body)
        found = list(misreadings(run.document, _reference(name), model, body, name))
        # Odd values keep their own type, so annotations are for what the document knows.
        found += misfits(model) if "TOMORROW" not in repr(body).upper() else []
        expected = rewritten(run.document, _reference(name), body)
        if model.to_dict() != expected:
            found.append(f"to_dict() gives {model.to_dict()!r:.200} and not {expected!r:.200}")
        elif kind.from_dict(model.to_dict()) != model:
            found.append("reading what was written gives another object")
        if found:
            raise Broken("; ".join(found[:_SHOWN]))
    last = next((body for body in reversed(bodies) if body is not None), None)
    if last is not None:
        _copies(name, kind.from_dict(last))


def _copies(name: str, model: Model) -> None:
    for what, made in (
        ("pickled", pickle.loads(pickle.dumps(model))),  # noqa: S301 - written a moment ago
        ("copied", copy.deepcopy(model)),
    ):
        if made != model:
            msg = f"{name}: what is {what} is another object"
            raise Broken(msg)


def _odd(name: str, today: Bodies) -> None:
    """A key that is missing, null or of another type costs nobody the rest."""
    kind = getattr(models, name)
    bodies = (each for each in today.of(_reference(name)) if each is not None)
    body: dict[str, Json] | None = next(bodies, None)
    for key in body or ():
        for odd in ("absent", None, ["odd"], 12.5, {"odd": True}, "not-a-moment"):
            changed = {**(body or {}), key: odd}
            if odd == "absent":
                del changed[key]
            written = kind.from_dict(changed).to_dict()
            if written.get(key, "absent") != odd:
                msg = f"{name}.{key}: {odd!r} came back as {written.get(key, 'absent')!r:.80}"
                raise Broken(msg)


def _hides_secrets(document: Document, name: str, today: Bodies) -> None:
    schema = resolved(document, _reference(name))
    secrets = [
        key
        for key, entry in schema.get("properties", {}).items()
        if resolved(document, entry).get("format") == "password"
    ]
    for body in today.of(_reference(name)):
        for key in secrets:
            value = body.get(key)
            if value and value in repr(getattr(models, name).from_dict(body)):
                msg = f"repr() of a {name} shows its {key}"
                raise Broken(msg)
