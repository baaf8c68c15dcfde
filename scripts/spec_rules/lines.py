"""From a JSON pointer to the line of the YAML file that it stands in."""

from __future__ import annotations

import yaml

from spec_rules.places import pointer_parts

__all__ = ["Lines"]


class Lines:
    """The line numbers of one YAML text."""

    def __init__(self, text: str) -> None:
        self._root = yaml.compose(text, Loader=yaml.CSafeLoader)

    def line(self, pointer: str) -> int:
        """Return the line of ``pointer``, or of the nearest thing around it that exists."""
        node, line = self._root, 1
        for part in pointer_parts(pointer):
            step = _step(node, part)
            if step is None:
                break
            node, line = step
        return line


def _step(node: yaml.Node | None, part: str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and part.isdecimal() and int(part) < len(node.value):
        value = node.value[int(part)]
        return value, value.start_mark.line + 1
    return None
