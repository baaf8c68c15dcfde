"""Hold document, server and client against one another: the contract tests.

Layers: P the server (schemathesis), A single calls of the client, B sequences of calls of the
client, C scripted answers, D styles of calling, S scenarios, W recorded traffic.

Without BASE_URL a mock server in this process is asked. BASE_URL, CLIENT_ID and CLIENT_SECRET
together point at another server; on one of the vendor's nothing is written. Ends with 0 when all
hold together, with 1 when something was found, with 2 when it could not be tried, with 130 after
Ctrl-C. Reports: reports/contract/.
"""

from __future__ import annotations

if __name__ == "__main__":
    # First of all: failures of the imports below are covered, too.
    from insightiq._entry_point import run_script

    run_script("contract", __file__)

import dataclasses
import os
import pathlib
import sys
import time
import typing

from contract_testing import outcome, processes
from contract_testing.options import read_options
from contract_testing.parts import PartError
from contract_testing.servers import InternalServerError
from openapi_document import DocumentError

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_testing.parts import PartResult

ROOT = pathlib.Path(__file__).resolve().parent.parent
REPORTS = ROOT / "reports" / "contract"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the contract tests; return the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    options, given = read_options(words, os.environ, description=__doc__ or "")
    if not given.no_reports:
        options = dataclasses.replace(options, reports=REPORTS)
    started = time.perf_counter()
    results: list[PartResult] = []
    try:
        outcome.prepare(options)
        processes.run_all(options, results)
    except (InternalServerError, DocumentError, PartError, outcome.UnwritableError) as error:
        status, ending = 2, f"contract: {error}"
    except KeyboardInterrupt:
        status, ending = 130, "contract: stopped."
    else:
        status, ending = 0, ""
    if results:
        # Of a run that was ended before its time, too: some of its parts may have found something.
        try:
            is_found = outcome.tell(results, options, time.perf_counter() - started)
        except outcome.UnwritableError as error:
            status, ending = 2, f"contract: {error}"
        else:
            status = status or int(is_found)
    if ending:
        print(ending, file=sys.stderr)
    return status
