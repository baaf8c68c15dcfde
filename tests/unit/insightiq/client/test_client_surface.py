"""What people can import, and what importing costs and touches."""

from __future__ import annotations

import importlib
import pathlib
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import insightiq
import insightiq.errors
import insightiq.models
import insightiq.testing
from insightiq_generated.api import AsyncResources, Resources

if TYPE_CHECKING:
    from types import ModuleType

PACKAGE = pathlib.Path(insightiq.__file__).parent


@pytest.mark.parametrize(
    "module", [insightiq, insightiq.errors, insightiq.models, insightiq.testing]
)
def test_the_exported_names_are_sorted_and_there(module: ModuleType) -> None:
    """Every name of __all__ can be had, none is written twice."""
    names = module.__all__
    assert list(names) == sorted(set(names), key=lambda name: (not name.isupper(), name))
    for name in names:
        assert getattr(module, name) is not None


@pytest.mark.parametrize("module", [insightiq, insightiq.models])
def test_the_exported_names_are_listed_and_others_refused(module: ModuleType) -> None:
    """Completion in a shell shows them; a typing error is an AttributeError as anywhere."""
    assert set(module.__all__) <= set(dir(module))
    with pytest.raises(AttributeError, match="Contentt"):
        _ = module.Contentt


def test_models_are_those_of_the_document() -> None:
    """People import insightiq.models and never the generated package."""
    from insightiq_generated.models import Content  # noqa: PLC0415 - the comparison itself

    assert insightiq.models.Content is Content
    assert insightiq.models.__all__ == importlib.import_module("insightiq_generated.models").__all__


def test_every_resource_is_an_attribute_of_both_clients() -> None:
    """A tag added to the document needs no hand-written line."""
    pair: dict[str, Any] = {"client_id": "id", "client_secret": "s3"}
    for client, base in (
        (insightiq.InsightIQ(**pair), Resources),
        (insightiq.AsyncInsightIQ(**pair), AsyncResources),
    ):
        names = [name for name in vars(base) if not name.startswith("_")]
        assert names
        for name in names:
            assert getattr(client, name)._caller is client._caller


def test_making_a_client_loads_neither_models_nor_the_http_library() -> None:
    """Start-up costs what is used, and no more."""
    program = (
        "import sys, insightiq\n"
        "insightiq.InsightIQ(client_id='id', client_secret='s3').contents\n"
        "loaded = {name for name in sys.modules if name.startswith('insightiq_generated.models.')}\n"
        "print(sorted(loaded), 'httpx' in sys.modules, 'importlib.metadata' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[] False False\n"


def test_the_types_are_published() -> None:
    """Without the marker, type checkers ignore every annotation."""
    assert (PACKAGE / "py.typed").is_file()


def test_the_version_is_text() -> None:
    """It comes from the installed metadata, once."""
    assert insightiq.__version__[0].isdigit()
