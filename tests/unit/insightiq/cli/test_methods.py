"""Commands derived from the client's methods."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from insightiq import InsightIQ
from insightiq.cli._methods import Method, methods_of, read_docstring, resources, spelled
from insightiq.cli._parsers import method_parser
from insightiq_generated.api import Resources

if TYPE_CHECKING:
    from conftest import Shell

METHODS = [each for name in resources() for each in methods_of(name).values()]


def name_of(method: Method) -> str:
    return f"{method.resource}.{method.name}"


def test_every_resource_is_a_command(shell: Shell) -> None:
    generated = [name for name in vars(Resources) if not name.startswith("_")]
    assert sorted(resources()) == sorted(generated)
    shown = shell("--help").out
    for name, summary in resources().items():
        assert f"  {spelled(name)} " in shown
        assert summary in shown


def test_every_method_is_a_command() -> None:
    """Those of the document, and those written by hand."""
    with InsightIQ(client_id="id", client_secret="s3") as iq:
        expected = {
            f"{name}.{method}"
            for name in resources()
            for method, _ in inspect.getmembers(type(getattr(iq, name)), inspect.isfunction)
            if not method.startswith("_")
        }
    assert {name_of(method) for method in METHODS} == expected
    assert {"users.get_or_create", "contents.fetch_historic", "webhooks.delete"} <= expected


@pytest.mark.parametrize("method", METHODS, ids=name_of)
def test_every_argument_can_be_given(method: Method) -> None:
    """Each has an option or a place, its text and a known type, and none takes another's."""
    parser = method_parser("insightiq x y", method)
    if method.paged is not None:
        parser.add_argument("--all", action="store_true")
        parser.add_argument("--to")
    shown = " ".join(parser.format_help().split())
    for each in method.parameters:
        (action,) = [one for one in parser._actions if one.dest.endswith(f":{each.name}")]
        assert each.annotation not in {object, inspect.Parameter.empty}
        assert method.documentation.arguments[each.name].split()[0] in shown
        assert action.required is (each.default is each.empty)
        if each.kind is each.KEYWORD_ONLY:
            assert f"--{each.name.replace('_', '-')}" in action.option_strings
    assert {"--all", "--to"} <= set(parser._option_string_actions) or method.paged is None


@pytest.mark.parametrize("method", METHODS, ids=name_of)
def test_class_of_result_is_known(method: Method) -> None:
    """An empty list still has the columns of its rows."""
    assert (method.model is None) == (method.name == "delete")


def test_docstrings_are_read_whole() -> None:
    text = (
        "Do it.\n\nAt once.\n\nAnd well:\nso.\n\n"
        "Args:\n    a: One\n        more.\n    b: Two.\n\nReturns:\n    c: no\n"
    )
    found = read_docstring(text)
    assert found.summary == "Do it."
    assert found.description == "At once.\n\nAnd well: so."
    assert found.arguments == {"a": "One more.", "b": "Two."}


def test_help_loads_neither_http_nor_tables() -> None:
    program = (
        "import sys\n"
        "from insightiq.cli import main\n"
        "main(sys.argv[1:])\n"
        "print(sorted({'httpx', 'rich', 'asyncio', 'insightiq_generated.models.content'} "
        "& set(sys.modules)), file=sys.stderr)"
    )
    for words in (["--help"], ["users", "--help"], ["users", "create", "--help"]):
        done = subprocess.run(
            [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True
        )
        assert done.stderr == "[]\n"
        assert done.stdout.startswith("usage: insightiq")
