"""Layer C: a scripted server gives every answer that the document allows, and some that it does not.

No server is asked. What comes back from the client is held against the document and the body that
was sent (`contract_testing.reading`), never against the client's own writing alone. All of it runs
in a time zone far from UTC.
"""

from __future__ import annotations

import typing

from openapi_schemas import DocumentSchemas

from contract_testing.bodies import Bodies
from contract_testing.scripted import events, failures, models, results
from contract_testing.scripted.stage import Stage
from contract_testing.zones import far_from_utc

if typing.TYPE_CHECKING:
    from contract_testing.run import Run

__all__ = ["LAYER"]


class _ScriptedAnswers:
    """The layer."""

    letter: typing.Final = "C"
    name: typing.Final = "scripted answers"
    question: typing.Final = (
        "Does the client read, keep and raise what the document says, whatever a server answers?"
    )

    def run(self, run: Run) -> None:
        """Give every answer."""
        schemas = DocumentSchemas(run.document)
        today = Bodies(run.document, schemas)
        tomorrow = Bodies(run.document, schemas, tomorrow=True)
        with far_from_utc(), Stage(run.document) as stage:
            results.play(run, stage, today, tomorrow)
            failures.play(run, stage, today)
            models.play(run, today, tomorrow, schemas)
            events.play(run, today, tomorrow)


LAYER: typing.Final = _ScriptedAnswers()
