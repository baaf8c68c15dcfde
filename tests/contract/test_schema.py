"""The server against the document: every phase and every check of schemathesis."""

from __future__ import annotations

import pytest
from contract_suite.report import current
from contract_suite.schemas import AnyCase
from contract_suite.servers import Server

pytestmark = [pytest.mark.schema, pytest.mark.unchecked, pytest.mark.stateless]

schema = current().load_schema()


@schema.parametrize()
def test_operation(case: AnyCase, generated_server: Server) -> None:
    """Examples, boundary and broken values, and random requests are answered as documented."""
    del generated_server
    case.call_and_validate()
