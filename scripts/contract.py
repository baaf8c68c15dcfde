"""Hold document, server and client against one another: the contract tests.

Layers: P the server (schemathesis), A single calls of the client, B sequences of calls of the
client, C scripted answers, D styles of calling, S scenarios, W recorded traffic.

Without BASE_URL a mock server in this process is asked. BASE_URL, CLIENT_ID and CLIENT_SECRET
together point at another server; on one of the vendor's nothing is written. Ends with 0 when all
hold together, with 1 when something was found, with 2 when it could not be tried, with 130 after
Ctrl-C. Reports: reports/contract/.
"""

from __future__ import annotations

import dataclasses
import os
import pathlib
import sys
import time
import typing

from contract_testing import outcome, processes
from contract_testing.options import read_options
from contract_testing.parts import PartError
from contract_testing.servers import ServerError
from openapi_document import DocumentError

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = pathlib.Path(__file__).resolve().parent.parent
REPORTS = ROOT / "reports" / "contract"


def main(arguments: Sequence[str]) -> int:
    """Run the contract tests; return the exit status."""
    options, given = read_options(arguments, os.environ, description=__doc__ or "")
    if not given.no_reports:
        options = dataclasses.replace(options, reports=REPORTS)
    started = time.perf_counter()
    try:
        results = processes.run_all(options)
        found = outcome.tell(results, options, time.perf_counter() - started)
    except (ServerError, DocumentError, PartError) as error:
        print(f"contract: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("contract: stopped.", file=sys.stderr)
        return 130
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
