"""The server against the document: every phase and every check of schemathesis."""

from __future__ import annotations

import pytest
from contract_suite.schemas import AnyCase
from contract_suite.session import current

pytestmark = [
    pytest.mark.schema,
    pytest.mark.stateless,
    pytest.mark.usefixtures("generated_server"),
]

schema = current().load_schema()


@schema.parametrize()
def test_operation(case: AnyCase) -> None:
    """Examples, boundary and broken values, and random requests get documented responses."""
    case.call_and_validate()
