"""openapi-python-client with our templates, then ruff: from the document to a folder of code."""

from __future__ import annotations

import contextlib
import io
import pathlib
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jinja2
import openapi_document
import openapi_python_client
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError, ParseError

from generate import docstrings, naming, prepare
from generate.code import as_source
from generate.context import Views
from generate.errors import GenerateError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["BANNER", "GENERATOR_YAML", "TEMPLATES", "check_generator", "generate", "tool"]

TEMPLATES = naming.TEMPLATES
GENERATOR_YAML = TEMPLATES.parent / "generator.yaml"

BANNER = "# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.\n"

RUFF_ISOLATED = ("--isolated", "--no-cache")
# Unused imports go first: sorting before would break the lines that they made long.
RUFF_PASSES = (
    ("check", "--fix", "--select", "F401"),
    ("check", "--fix", "--select", "I"),
    ("format", "--config", "format.docstring-code-format=true"),
)
RUFF_STYLE = ("--line-length", "100", "--target-version", "py311")


def tool(name: str) -> str:
    """Return the path of a tool that is installed beside this Python."""
    path = pathlib.Path(sys.executable).parent / name
    return str(path) if path.exists() else name


def generate(
    document: Mapping[str, Any],
    target: pathlib.Path,
    templates: pathlib.Path = TEMPLATES,
    *,
    tidy: bool = True,
) -> None:
    """Write the package to ``target``, which must not exist yet.

    Args:
        document: The document as written.
        target: Folder of the package.
        templates: Folder of our templates.
        tidy: Whether to sort imports and format; not needed where the code is only read.

    Raises:
        GenerateError: The generator lost something, or a template is broken.
    """
    config = _config(target)
    found = prepare.prepared(document)
    _build(found, _parse(prepare.skeleton(found), config), config, templates)
    (target / "errors.py").unlink()
    (target / "py.typed").write_text("", encoding="utf-8")
    for path in sorted(target.rglob("*.py")):
        path.write_text(BANNER + path.read_text(encoding="utf-8"), encoding="utf-8")
    if tidy:
        _ruff(target)


def check_generator(document: Mapping[str, Any]) -> None:
    """Let the generator and the templates' context read the document, and write nothing.

    Raises:
        GenerateError: The generator would lose something.
    """
    try:
        found = prepare.prepared(document)
        _parse(prepare.skeleton(found), _config(pathlib.Path()))
        Views(found).globals()
    except openapi_document.DocumentError as error:
        raise GenerateError([str(error)]) from error


def _config(target: pathlib.Path) -> Config:
    settings = ConfigFile.load_from_path(GENERATOR_YAML)
    settings.field_prefix = naming.FIELD_PREFIX
    return Config.from_sources(
        settings,
        MetaType.NONE,
        document_source=target,
        file_encoding="utf-8",
        overwrite=False,
        output_path=target,
    )


def _parse(derived: Mapping[str, Any], config: Config) -> GeneratorData:
    """Let the generator read the copy; each of its warnings stands for something it drops."""
    try:
        data = GeneratorData.from_dict(dict(derived), config=config)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"The generator failed on the document: {_without_addresses(str(error))}"
        raise GenerateError(msg) from error
    if isinstance(data, GeneratorError):
        raise GenerateError(_described(data))
    warnings: list[GeneratorError] = list(data.errors)
    for collection in data.endpoint_collections_by_tag.values():
        warnings.extend(collection.parse_errors)
    if warnings:
        raise GenerateError(_described(warning) for warning in warnings)
    return data


def _build(
    document: Mapping[str, Any], data: GeneratorData, config: Config, templates: pathlib.Path
) -> None:
    project = openapi_python_client.Project(
        openapi=data, config=config, custom_template_path=templates
    )
    # A misspelt name in a template must not vanish from the output.
    project.env.undefined = jinja2.StrictUndefined
    # Text of the document must not become code.
    project.env.finalize = as_source
    project.env.filters["docstring"] = docstrings.literal
    try:
        project.env.globals.update(Views(document).globals())
        with contextlib.redirect_stdout(io.StringIO()):
            errors = project.build()
        unions = project.env.get_template("unions.py.jinja").render()
        (project.package_dir / "unions.py").write_text(unions, encoding="utf-8")
    except jinja2.TemplateSyntaxError as error:
        msg = f"{_template(error.filename)} line {error.lineno}: {error.message}; correct the template."
        raise GenerateError(msg) from error
    except jinja2.TemplateError as error:
        msg = f"{_template_place(error)}: {error.message}; correct the template."
        raise GenerateError(msg) from error
    if errors:
        raise GenerateError([_described(error) for error in errors])


def _described(error: GeneratorError) -> str:
    parts = [error.header.strip(), (error.detail or "").strip()]
    if isinstance(error, ParseError) and error.data is not None:
        excerpt = error.data.model_dump_json(exclude_defaults=True, by_alias=True)
        parts.append(f"in {excerpt[:300]}")
    text = _without_addresses(" ".join(filter(None, parts)))
    return f"The generator cannot take all of the document: {text}"


def _without_addresses(text: str) -> str:
    return re.sub(r"<[\w.]+ object at 0x[0-9a-f]+>", "…", text)


def _template(filename: str | None) -> str:
    return f"scripts/templates/{pathlib.Path(filename or '?').name}"


def _template_place(error: jinja2.TemplateError) -> str:
    """Find the deepest line of a template in the traceback of ``error``."""
    place = "scripts/templates"
    trace = error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if filename.endswith(".jinja"):
            place = f"{_template(filename)} line {trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _ruff(target: pathlib.Path) -> None:
    for command in RUFF_PASSES:
        _run_ruff([*command, *RUFF_ISOLATED, *RUFF_STYLE, "."], target)


def _run_ruff(arguments: Sequence[str], target: pathlib.Path) -> None:
    finished = subprocess.run(
        [tool("ruff"), *arguments], cwd=target, capture_output=True, text=True, check=False
    )
    if finished.returncode:
        output = (finished.stdout + finished.stderr).strip()
        msg = f"The templates make code that ruff rejects; correct the template:\n{output[:2000]}"
        raise GenerateError(msg)
