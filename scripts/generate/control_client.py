"""Generate the client of the mock server's control API from its document.

The mock server must import neither the client package nor its generated code, so this is a second,
small target: dataclasses of the responses and one method per operation, over ``client_base``.
"""

from __future__ import annotations

import keyword
import pathlib
import subprocess
import textwrap
from typing import TYPE_CHECKING, Any, NamedTuple

import openapi_document

from generate.code import string_literal
from generate.run_generator import tool
from insightiq_mock.openapi import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["DOCUMENT", "OUTPUT", "is_current", "render", "write"]

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "mock_server" / "insightiq_mock" / "control" / "control.yaml"
OUTPUT = DOCUMENT.with_name("operations.py")

_WIDTH = 96
_SENT = "Sequence[{}]"
_CHANGES = "changes"
"""Argument of an operation whose body has any keys."""

_SCALARS = {"integer": "int", "number": "float", "boolean": "bool"}
_HEAD = '''\
"""Operations of the control API. Generated from control.yaml by `make regenerate`; do not edit."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing

from insightiq_mock.control.client_base import {bases}, given, path_segment, read

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = {names}
'''


class _Argument(NamedTuple):
    name: str
    annotation: str
    where: str
    description: str
    is_required: bool = False

    @property
    def declaration(self) -> str:
        if self.name == _CHANGES:
            return f"**{self.name}: {self.annotation}"
        if self.is_required:
            return f"{self.name}: {self.annotation}"
        return f"{self.name}: {self.annotation.removesuffix(' | None')} | None = None"


def render(path: pathlib.Path = DOCUMENT) -> str:
    """Return the source of the client's operations."""
    generator = _Generator(openapi_document.load(path))
    return _formatted(generator.source())


def write(path: pathlib.Path = DOCUMENT, output: pathlib.Path = OUTPUT) -> None:
    """Write the module."""
    output.write_text(render(path), encoding="utf-8")


def is_current(path: pathlib.Path = DOCUMENT, output: pathlib.Path = OUTPUT) -> bool:
    """Return whether the module is what the document gives."""
    return output.exists() and output.read_text(encoding="utf-8") == render(path)


class _Generator:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        # Response classes by name, in the order in which they are first needed.
        self._models: dict[str, Mapping[str, Any]] = {}

    def source(self) -> str:
        operations = openapi_document.operations(self._document)
        methods = [self._method(each) for each in operations if "x-method" in each.data]
        # A model may need others.
        models: dict[str, str] = {}
        while len(models) < len(self._models):
            for name, schema in list(self._models.items()):
                models.setdefault(name, self._model(name, schema))
        bases = {"Client", *(each["x-base"] for each in self._models.values() if "x-base" in each)}
        names = sorted([*models, "Operations"])
        head = _HEAD.format(bases=", ".join(sorted(bases)), names=_list(names))
        client = 'class Operations(Client):\n    """One method per operation."""\n'
        return "\n\n".join([head, *models.values(), client + "\n".join(methods)])

    def _model(self, name: str, schema: Mapping[str, Any]) -> str:
        fields = {
            key: (self._annotation(value, "tuple[{}, ...]"), self._description(value))
            for key, value in schema["properties"].items()
        }
        notes = [f"{key}: {description}" for key, (_, description) in fields.items()]
        base = f"({schema['x-base']})" if "x-base" in schema else ""
        lines = [
            "@dataclasses.dataclass(frozen=True, slots=True)",
            f"class {name}{base}:",
            _docstring(schema["description"], {"Attributes": notes}, "    "),
            "",
        ]
        for key, (annotation, _) in fields.items():
            hidden = " = dataclasses.field(repr=False)" if key == "secrets" else ""
            lines.append(f"    {key}: {annotation}{hidden}")
        return "\n".join(lines) + "\n"

    def _method(self, operation: openapi_document.Operation) -> str:
        arguments = list(self._arguments(operation))
        returned, expression = self._result(operation)
        required = [each.declaration for each in arguments if each.is_required]
        optional = [each.declaration for each in arguments if not each.is_required]
        path = operation.path.replace("{developer_id}", "{self._developer}")
        for each in arguments:
            if each.where == "path":
                path = path.replace(f"{{{each.name}}}", f"{{path_segment({each.name})}}")
        sent = [_quoted(operation.method.upper()), ("f" if "{" in path else "") + _quoted(path)]
        if self._is_open(self._body(operation)):
            sent.append("changes")
        elif "requestBody" in operation.data:
            sent.append(_given(each.name for each in arguments if each.where == "body"))
        if any(each.where == "query" for each in arguments):
            query = _given(each.name for each in arguments if each.where == "query")
            sent.append(f"query={query}")
        if len(optional) > 1:
            optional.insert(0, "*")
        call = f"self._request({', '.join(sent)})"
        lines = [
            f"    def {operation.data['x-method']}(",
            f"        {', '.join(['self', *required, *optional])}",
            f"    ) -> {returned}:",
            _docstring(
                f"{operation.data['summary']}.",
                {"Args": [f"{each.name}: {each.description}" for each in arguments]},
                "        ",
                operation.data.get("description", ""),
            ),
        ]
        if returned == "None":
            lines.append(f"        {call}")
        else:
            lines.append(f"        found: {returned} = {expression.format(call)}")
            lines.append("        return found")
        return "\n".join(lines) + "\n"

    def _arguments(self, operation: openapi_document.Operation) -> Iterator[_Argument]:
        paths: Mapping[str, Any] = self._document["paths"][operation.path]
        for reference in [*paths.get("parameters", ()), *operation.data.get("parameters", ())]:
            parameter = resolve(self._document, reference)
            name = parameter["name"]
            if name != "developer_id":
                yield _Argument(
                    name,
                    self._annotation(parameter["schema"], _SENT),
                    where=parameter["in"],
                    description=_sentence(parameter["description"]),
                    is_required=parameter["in"] == "path",
                )
        body = self._body(operation)
        if self._is_open(body):
            yield _Argument(_CHANGES, "object", where="body", description=self._description(body))
            return
        for name, schema in body.get("properties", {}).items():
            assert not keyword.iskeyword(name), "no property needs another name so far"
            yield _Argument(
                name,
                self._annotation(schema, _SENT),
                where="body",
                description=self._description(schema),
                is_required=name in body.get("required", ()),
            )

    def _body(self, operation: openapi_document.Operation) -> Mapping[str, Any]:
        if "requestBody" not in operation.data:
            return {}
        content = resolve(self._document, operation.data["requestBody"])["content"]
        schema: Mapping[str, Any] = self._resolved(content["application/json"]["schema"])
        return schema

    def _result(self, operation: openapi_document.Operation) -> tuple[str, str]:
        """Return the type of a method's result, and how it is read from the JSON ``{}``."""
        success = next(each for each in operation.data["responses"] if each.startswith("2"))
        response = resolve(self._document, operation.data["responses"][success])
        if "content" not in response:
            return "None", "{}"
        return self._read(response["content"]["application/json"]["schema"], "{}")

    def _read(self, schema: Mapping[str, Any], found: str) -> tuple[str, str]:
        target = self._resolved(schema)
        if target.get("type") == "array":
            item, expression = self._read(target["items"], "each")
            is_plain = expression == "each"
            return f"list[{item}]", found if is_plain else f"[{expression} for each in {found}]"
        properties = target.get("properties", {})
        if len(properties) == 1:
            # An envelope around one value.
            ((name, value),) = properties.items()
            return self._read(value, f"{found}[{_quoted(name)}]")
        annotation = self._annotation(schema, "list[{}]")
        return annotation, f"read({annotation}, {found})" if annotation in self._models else found

    def _annotation(self, schema: Mapping[str, Any], array: str) -> str:
        """Return the type of a value; ``array`` is that of a list of ``{}``."""
        target = self._resolved(schema)
        if target.get("type") == "object":
            annotation = self._object(schema, target, is_sent=array == _SENT)
        elif target.get("type") != "array":
            is_moment = target.get("format") == "date-time"
            annotation = "dt.datetime" if is_moment else _SCALARS.get(target["type"], "str")
        elif target.get("maxItems") == target.get("minItems") is not None:
            annotation = "tuple[str, str]"
        else:
            annotation = array.format(self._annotation(target["items"], array))
        return f"{annotation} | None" if schema.get("nullable") else annotation

    def _object(
        self, schema: Mapping[str, Any], target: Mapping[str, Any], *, is_sent: bool
    ) -> str:
        if self._is_open(target):
            return "Mapping[str, object]" if is_sent else "dict[str, typing.Any]"
        if "properties" not in target:
            return "dict[str, str]"
        reference: str = schema.get("allOf", [schema])[0]["$ref"]
        name = reference.rpartition("/")[2]
        self._models.setdefault(name, target)
        return name

    @staticmethod
    def _is_open(schema: Mapping[str, Any]) -> bool:
        """Return whether an object has keys that the schema does not name."""
        if schema.get("type") != "object":
            return False
        more = schema.get("additionalProperties")
        return more is True or ("properties" not in schema and more is None)

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        if "allOf" in schema:
            schema = schema["allOf"][0]
        target: Mapping[str, Any] = resolve(self._document, schema)
        return target

    def _description(self, schema: Mapping[str, Any]) -> str:
        text = schema.get("description") or self._resolved(schema).get("description", "")
        return _sentence(text)


def _sentence(text: str) -> str:
    return " ".join(text.split())


def _quoted(name: str) -> str:
    return str(string_literal(name))


def _given(names: Iterable[str]) -> str:
    return f"given({', '.join(f'{name}={name}' for name in names)})"


def _list(names: list[str]) -> str:
    return f"[{', '.join(map(_quoted, names))}]"


def _docstring(first: str, sections: Mapping[str, list[str]], indent: str, more: str = "") -> str:
    parts = [_sentence(first)]
    if more:
        parts.append(textwrap.fill(_sentence(more), _WIDTH - len(indent)))
    for title, notes in sections.items():
        if notes:
            filled = [
                textwrap.fill(
                    note,
                    _WIDTH - len(indent),
                    initial_indent="    ",
                    subsequent_indent="        ",
                )
                for note in notes
            ]
            parts.append("\n".join([f"{title}:", *filled]))
    text = "\n\n".join(parts).replace("\\", "\\\\").replace('"""', "'''")
    end = "\n" if "\n" in text else ""
    return textwrap.indent(f'"""{text}{end}"""', indent)


def _formatted(source: str) -> str:
    return subprocess.run(
        [tool("ruff"), "format", "--quiet", "--stdin-filename", str(OUTPUT), "-"],
        input=source,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
