"""The example of a method's docstring: a real call with the document's own values."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from generate.code import string_literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from generate import calls, fields

__all__ = ["ExampleWriter"]

PUBLIC_MODELS = "insightiq.models"


class ExampleWriter:
    """Writes calls as code.

    Args:
        fields_of: Gives the fields of a model by its class name.
        member_of: Gives the member name of an enum class for a value, None for an unknown value.
    """

    def __init__(
        self,
        fields_of: Callable[[str], Sequence[fields.Field]],
        member_of: Callable[[str, str], str | None],
    ) -> None:
        self._fields_of = fields_of
        self._member_of = member_of

    def example(self, call: calls.Call, *, asynchronous: bool) -> str:
        """Return the lines of the example of ``call``, with prompts; ruff breaks long ones."""
        arguments = [each for each in call.arguments if each.required]
        lines = self._imports(arguments)
        written = ", ".join(
            value if each.location == "path" else f"{each.name}={value}"
            for each in arguments
            for value in [self.value(each.shape, each.example)]
        )
        code = f"iq.{call.resource}.{call.method_name}({written})"
        if call.pagination is not None:
            item = call.pagination.item
            loop = "async for" if asynchronous else "for"
            lines.append(f"{loop} {_variable(item)} in {code}:\n    print({self._identity(item)})")
        else:
            target = f"{_variable(call.result)} = " if call.result is not None else ""
            lines.append(f"{target}{'await ' if asynchronous else ''}{code}")
        return "\n".join(f">>> {line}".replace("\n", "\n... ") for line in lines)

    def _identity(self, shape: fields.Shape) -> str:
        has_id = any(field.name == "id" for field in self._fields_of(str(shape.class_name)))
        return f"{_variable(shape)}.id" if has_id else _variable(shape)

    def _imports(self, arguments: Sequence[calls.Argument]) -> list[str]:
        code = " ".join(self.value(each.shape, each.example) for each in arguments)
        names = sorted(
            {name for each in arguments for name in self._classes(each.shape) if f"{name}" in code}
        )
        lines = ["import datetime"] if "datetime." in code else []
        if names:
            lines.append(f"from {PUBLIC_MODELS} import {', '.join(names)}")
        return lines

    def _classes(self, shape: fields.Shape) -> set[str]:
        """Return the classes of ``shape``, and of all that its models hold."""
        found: set[str] = set()
        waiting = list(shape.nested())
        while waiting:
            part = waiting.pop()
            if part.class_name is None or part.class_name in found:
                continue
            found.add(part.class_name)
            if part.kind == "model":
                fields_of = self._fields_of(part.class_name)
                waiting += [each for field in fields_of for each in field.shape.nested()]
        return found

    def value(self, shape: fields.Shape, example: Any) -> str:
        """Return ``example`` as Python code of the type that ``shape`` asks for."""
        if shape.kind == "model" and (example is None or isinstance(example, dict)):
            return self._model(str(shape.class_name), cast("dict[str, Any] | None", example))
        if isinstance(example, list) and shape.item is not None:
            items = cast("Sequence[Any]", example)
            return f"[{', '.join(self.value(shape.item, each) for each in items)}]"
        if isinstance(example, str):
            return self._from_text(shape, example)
        return _plain(example)

    def _model(self, class_name: str, example: dict[str, Any] | None) -> str:
        """Write a model from its example, or from the examples of its fields."""
        found = self._fields_of(class_name)
        if example is None:
            chosen = [field for field in found if field.required] or found[:1]
            example = {field.key: field.example for field in chosen}
        written = [
            f"{field.name}={self.value(field.shape, example[field.key])}"
            for field in found
            if field.key in example
        ]
        known = {field.key for field in found}
        unknown = {key: value for key, value in example.items() if key not in known}
        if unknown:
            written.append(f"additional_properties={_plain(unknown)}")
        return f"{class_name}({', '.join(written)})"

    def _from_text(self, shape: fields.Shape, example: str) -> str:
        if shape.kind == "enum":
            member = self._member_of(str(shape.class_name), example)
            known = f"{shape.class_name}.{member}"
            return known if member else f"{shape.class_name}({_plain(example)})"
        with contextlib.suppress(ValueError):
            if shape.kind == "date":
                day = dt.date.fromisoformat(example)
                return f"datetime.date({day.year}, {day.month}, {day.day})"
            if shape.kind == "datetime":
                zone = "" if dt.datetime.fromisoformat(example).tzinfo else "+00:00"
                return f"datetime.datetime.fromisoformat({_plain(example + zone)})"
        return _plain(example)


def _plain(example: Any) -> str:
    """Return JSON data as code, text in double quotes as the formatter likes it."""
    if isinstance(example, str):
        return string_literal(example)
    if isinstance(example, list):
        items = cast("Sequence[Any]", example)
        return f"[{', '.join(_plain(each) for each in items)}]"
    if isinstance(example, dict):
        mapping = cast("Mapping[str, Any]", example)
        pairs = (f"{_plain(key)}: {_plain(each)}" for key, each in mapping.items())
        return f"{{{', '.join(pairs)}}}"
    return repr(example)


def _variable(shape: fields.Shape | None) -> str:
    return "result" if shape is None else str(shape.module)
