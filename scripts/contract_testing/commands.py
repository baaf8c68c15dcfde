"""Commands that repeat a run, or one finding of it."""

from __future__ import annotations

import typing

from contract_testing.options import DEPTHS

if typing.TYPE_CHECKING:
    from contract_testing.options import Options
    from contract_testing.parts import Part
    from contract_testing.run import Finding

__all__ = ["again", "whole"]


def whole(options: Options) -> str:
    """Return the command that repeats a run."""
    first, *others = options.seeds
    return _command(
        options,
        layers=",".join(options.layers),
        seeds=f"SEEDS={len(options.seeds)}" if others else f"SEED={first}",
        operations=",".join(options.operations),
    )


def again(options: Options, part: Part, finding: Finding) -> str:
    """Return the command that repeats what found something: the case, and all that it takes.

    A sequence takes other operations than the one that something is wrong with.
    """
    return _command(
        options,
        layers=part.layer,
        seeds=f"SEED={part.seed}",
        operations=finding.within or ",".join(options.operations),
    )


def _command(options: Options, *, layers: str, seeds: str, operations: str) -> str:
    given = [f"LAYERS={layers}", f"DEPTH={options.depth}", seeds]
    if options.examples != DEPTHS[options.depth]:
        given.append(f"EXAMPLES={options.examples}")
    if operations:
        given.append(f"OPERATIONS={operations}")
    if options.limited:
        given.append("LIMITS=on")
    if options.target is not None:
        given.append(f"BASE_URL={options.target.base_url} CLIENT_ID=… CLIENT_SECRET=…")
    arguments: list[str] = []
    if options.document is not None:
        arguments.append(f"--document {options.document}")
    if options.topics and "S" in layers:
        arguments.append(f"--topics {','.join(options.topics)}")
    if arguments:
        given.append(f'ARGS="{" ".join(arguments)}"')
    return f"make contract {' '.join(given)}"
