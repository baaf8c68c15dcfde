"""Reader of documents: from bytes to plain nested data, as JSON would give it.

JSON is recognised by its content, all else is read as YAML. The document is a tree with text keys:
an alias is written out where it stands, and ``200:`` is the text ``200``. OpenAPI 3.0.3 allows no
more of YAML than JSON can say, and wants every key to be text, but readers differ on what a plain
``NO`` or ``0777`` is: here it is text, and a `Slip`.
"""

from __future__ import annotations

import codecs
import dataclasses
import json
import math
import re
from typing import TYPE_CHECKING, Any

import yaml

from insightiq_mock.openapi.references import find_cycle
from insightiq_mock.openapi.tree import DocumentError, is_array, is_object, join_pointer

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator, Mapping

    _Loader = yaml.SafeLoader
else:
    # libyaml's is ten times quicker; not every build of PyYAML has it.
    _Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

__all__ = ["Slip", "Source", "lines_of", "read_bytes", "read_file", "read_text"]

_MOST_BYTES = 32 * 1024 * 1024
# Deeper than any document, and far from where parsers, copies and recursive walks give up.
_DEEPEST = 100
_MOST_ALIASED = 200_000
_SMALLEST_INTEGER, _LARGEST_INTEGER = -(2**63), 2**64 - 1
_TOO_DEEP = f"nested deeper than {_DEEPEST} levels; no OpenAPI document is."

_BOMS = (
    (codecs.BOM_UTF32_LE, None),
    (codecs.BOM_UTF32_BE, None),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Control characters but tab and line ends, halves of surrogate pairs, and no characters at all.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")

# Plain scalars that YAML 1.1, YAML 1.2 and JSON's reader in Python understand alike.
_AGREED = re.compile(
    r"(?P<null>~|null|Null|NULL|)"
    r"|(?P<true>true|True|TRUE)"
    r"|(?P<false>false|False|FALSE)"
    r"|(?P<int>[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+)"
    r"|(?P<float>[-+]?[0-9]+\.[0-9]*(?:[eE][-+][0-9]+)?|\.[0-9]+(?:[eE][-+][0-9]+)?)"
)
# Those that one of the two versions takes for something else than text.
_NUMBER_OF_1_2 = re.compile(r"[-+]?(?:[0-9]+|\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|0o[0-7]+")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_TAG = "tag:yaml.org,2002:"
_TIMESTAMP = f"{_TAG}timestamp"
_NO_VALUES = frozenset({f"{_TAG}merge", f"{_TAG}value"})
_RESOLVERS: Mapping[str, list[tuple[str, re.Pattern[str]]]] = _Loader.yaml_implicit_resolvers
_SCALAR_TAGS = frozenset({f"{_TAG}{kind}" for kind in ("null", "bool", "int", "float")})


@dataclasses.dataclass(frozen=True, slots=True)
class Slip:
    """A value that other readers of YAML read differently.

    Attributes:
        pointer: JSON pointer to it.
        line: Its line.
        what: The problem, as the rest of a sentence.
        remedy: The correction.
    """

    pointer: str
    line: int
    what: str
    remedy: str


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """A document that was read.

    Attributes:
        data: The document: nothing but what JSON can say.
        text: The text it was read from.
        slips: Values that other readers read differently.
    """

    data: dict[str, Any]
    text: str
    slips: tuple[Slip, ...]


def read_file(path: pathlib.Path) -> Source:
    """Read the document at ``path``.

    Raises:
        DocumentError: It is missing, or cannot be read for one of the reasons of `read_text`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror}); give the path of an OpenAPI document."
        raise DocumentError(msg) from error
    except ValueError as error:
        msg = f"{str(path)!r}: is no path ({error}); give the path of an OpenAPI document."
        raise DocumentError(msg) from error
    return read_bytes(content, str(path))


def read_bytes(content: bytes, name: str) -> Source:
    """Read a document from what a file holds: UTF-8, or UTF-16 that begins with its mark.

    Raises:
        DocumentError: It is in another encoding, or cannot be read as `read_text` says.
    """
    if len(content) > _MOST_BYTES:
        msg = f"{name}: is longer than {_MOST_BYTES // 2**20} MiB; give an OpenAPI document."
        raise DocumentError(msg)
    mark, encoding = next((each for each in _BOMS if content.startswith(each[0])), (b"", "utf-8"))
    if encoding is None:
        msg = f"{name}: is in UTF-32; save it as UTF-8."
        raise DocumentError(msg)
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: len(mark) + error.start].decode(encoding, "ignore").count("\n") + 1
        msg = f"{name}: line {line}: is not {encoding[:6].upper()} text; save it as UTF-8."
        raise DocumentError(msg) from None
    return read_text(text, name)


def read_text(text: str, name: str) -> Source:
    """Read a document from its text.

    Args:
        text: JSON or YAML.
        name: Its name in messages.

    Raises:
        DocumentError: It is neither, says something that JSON could not, is no object, or holds a
            reference or an ``allOf`` that leads back to itself.
    """
    text = text.removeprefix("\ufeff")
    slips: list[Slip] = []
    try:
        data = _read(text, slips)
        if not is_object(data):
            msg = f"{_kind(text, data)}, not an OpenAPI document."
            raise DocumentError(msg)
        document = dict(data)
        cycle = find_cycle(document)
        if cycle is not None:
            pointer, what = cycle
            msg = f"line {lines_of(text).get(pointer, 1)}: {pointer}: {what}"
            raise DocumentError(msg)
    except DocumentError as error:
        msg = f"{name}: {error}"
        raise DocumentError(msg) from None
    return Source(document, text, tuple(slips))


def lines_of(text: str) -> dict[str, int]:
    """Return the line of every place of a document by its pointer.

    ``text`` is one that `read_text` took.
    """
    lines: dict[str, int] = {}
    if _seems_json(text):
        try:
            json.loads(text)
        except ValueError:
            pass
        else:
            return dict(_places_in_json(text))
    _Builder(text, [], lines).build()
    return lines


def _kind(text: str, data: object) -> str:
    if not text.strip():
        return "is empty"
    if text.lstrip()[:14].lower().startswith(("<!doctype html", "<html")):
        return "is a web page"
    if data is None:
        return "holds nothing but null"
    return f"holds a {type(data).__name__}"


def _read(text: str, slips: list[Slip]) -> object:
    found = _UNFIT.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        msg = f"line {line}: {_unfit(found)}; save the document as UTF-8 text without it."
        raise DocumentError(msg)
    if not _seems_json(text):
        return _Builder(text, slips).build()
    try:
        return _read_json(text)
    except json.JSONDecodeError as error:
        # Flow style begins like JSON; the first key shows the difference.
        if text[: error.pos].strip() not in {"", "{", "["}:
            msg = f"line {error.lineno}, column {error.colno}: not valid JSON: {error.msg}."
            failure: DocumentError | None = DocumentError(msg)
        else:
            failure = None
    try:
        return _Builder(text, slips).build()
    except DocumentError as error:
        raise (failure or error) from None


def _seems_json(text: str) -> bool:
    return text.lstrip()[:1] in {"{", "["}


def _unfit(found: re.Match[str]) -> str:
    return f"holds the character U+{ord(found[0]):04X}, which text may not hold"


# JSON


class _TwiceError(ValueError):
    """An object holds a key twice."""


class _ConstantError(ValueError):
    """JavaScript knows the value that stands here, JSON does not."""


def _read_json(text: str) -> object:
    try:
        data: object = json.loads(text, object_pairs_hook=_object, parse_constant=_reject_constant)
    except json.JSONDecodeError:
        raise
    except _TwiceError:
        raise DocumentError(_twice_in_json(text)) from None
    except _ConstantError as error:
        tokens = _JSON_TOKEN.finditer(text)
        start = next(each.start() for each in tokens if each[0] == str(error))
        line = text.count("\n", 0, start) + 1
        msg = f"line {line}: {_no_number(str(error))}"
        raise DocumentError(msg) from None
    except RecursionError:
        raise DocumentError(_TOO_DEEP) from None
    except ValueError as error:
        # Python has a limit for the digits of an integer.
        msg = f"not valid JSON: {error}."
        raise DocumentError(msg) from None
    # Most documents are sound, and naming every place takes far longer than looking at it.
    for pointer, fault in () if _is_sound(data) else _faults_below(data):
        line = dict(_places_in_json(text)).get(pointer, 1)
        msg = f"line {line}: {fault}"
        raise DocumentError(msg)
    return data


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError
    return found


def _reject_constant(name: str) -> object:
    raise _ConstantError(name)


def _no_number(text: str) -> str:
    return f"{text} is no number in JSON; write a number, or put it in quotes."


def _is_sound(root: object) -> bool:
    level: list[object] = [root]
    for _ in range(_DEEPEST + 1):
        deeper: list[object] = []
        for value in level:
            if is_object(value):
                deeper.extend(value)
                deeper.extend(value.values())
            elif is_array(value):
                deeper.extend(value)
            elif _fault(value):
                return False
        level = deeper
        if not level:
            return True
    return False


def _faults_below(root: object) -> Iterator[tuple[str, str]]:
    """Yield what JSON can say and documents may not hold, with the pointer to it."""
    level: list[tuple[str, object]] = [("#", root)]
    for _ in range(_DEEPEST + 1):
        deeper: list[tuple[str, object]] = []
        for pointer, value in level:
            fault = _fault(value)
            if fault:
                yield pointer, fault
            elif is_object(value):
                deeper += [(join_pointer(pointer, key), each) for key, each in value.items()]
                for key in value:
                    fault = _fault(key)
                    if fault:
                        yield join_pointer(pointer, key), fault
            elif is_array(value):
                deeper += [(join_pointer(pointer, index), each) for index, each in enumerate(value)]
        level = deeper
        if not level:
            return
    yield "#", _TOO_DEEP


def _fault(value: object) -> str | None:
    if isinstance(value, str):
        found = None if value.isascii() and value.isprintable() else _UNFIT.search(value)
        return f"{_unfit(found)}; leave it out." if found else None
    if isinstance(value, float) and not math.isfinite(value):
        return "a number is beyond what JSON's readers can hold; write a smaller one."
    if isinstance(value, int) and not _SMALLEST_INTEGER <= value <= _LARGEST_INTEGER:
        return (
            "an integer is beyond 64 bits, which JSON's readers do not keep; write a smaller one."
        )
    return None


_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


def _places_in_json(text: str) -> Iterator[tuple[str, int]]:
    """Yield pointer and line of every member of valid JSON; a key that stands twice comes twice."""
    opened: list[tuple[str, int | None]] = []
    holder, index = "", None
    expects_key, line, counted, pointer = False, 1, 0, "#"
    for token in _JSON_TOKEN.finditer(text):
        sign = token[0]
        if sign in "]}":
            holder, index = opened.pop()
            continue
        if sign == ",":
            if index is None:
                expects_key = True
            continue
        if sign == ":":
            continue
        line += text.count("\n", counted, token.start())
        counted = token.start()
        if index is None and expects_key:
            expects_key = False
            pointer = join_pointer(holder, json.loads(sign))
            yield pointer, line
            continue
        if index is not None:
            pointer = join_pointer(holder, index)
            index += 1
            yield pointer, line
        if sign in "[{":
            opened.append((holder, index))
            holder, index, expects_key = pointer, (0 if sign == "[" else None), sign == "{"


def _twice_in_json(text: str) -> str:
    first: dict[str, int] = {}
    for pointer, line in _places_in_json(text):
        if pointer in first:
            key = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
            return _twice(key, first[pointer], line)
        first[pointer] = line
    return "a key is written twice in an object; keep one of the two."


def _twice(key: str, first: int, second: int) -> str:
    return (
        f"line {second}: the key {key!r} is written twice, first in line {first}; "
        "keep one of the two."
    )


# YAML

_MERGE = object()


@dataclasses.dataclass(slots=True)
class _Open:
    """A mapping or list of which the end is not read yet."""

    value: dict[str, Any] | list[Any]
    anchor: str | None
    line: int
    key: Any = None
    key_line: int = 0
    lines: dict[str, int] = dataclasses.field(default_factory=dict[str, int])
    merged: list[Mapping[str, Any]] = dataclasses.field(default_factory=list[Any])
    size: int = 1
    height: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class _Anchored:
    """The value of an anchor, its size and height, and its text as a key."""

    value: Any
    size: int
    height: int
    text: str | None


class _Builder:
    """Makes a document of YAML's events, so that no depth and no alias can exhaust it.

    Args:
        text: YAML.
        slips: Collects what is read in a way that others do not share.
        lines: Collects lines by pointer; None leaves that out.
    """

    def __init__(self, text: str, slips: list[Slip], lines: dict[str, int] | None = None) -> None:
        self._text = text
        self._slips = slips
        self._lines = lines
        self._opened: list[_Open] = []
        # None: the node is open still.
        self._anchors: dict[str, _Anchored | None] = {}
        self._aliased = 0
        self._root: object = None

    def build(self) -> object:
        """Return what the text holds; None where it is empty.

        Raises:
            DocumentError: It is not YAML, or cannot be said in JSON.
        """
        documents = 0
        try:
            for event in yaml.parse(self._text, Loader=_Loader):
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        msg = f"line {_line(event)}: a second document begins; keep one."
                        raise DocumentError(msg)
                self._take(event)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            where = "" if mark is None else f"line {mark.line + 1}: "
            msg = f"{where}not valid YAML: {error.problem or error.context}."
            raise DocumentError(msg) from None
        except yaml.YAMLError as error:
            msg = f"not valid YAML: {' '.join(str(error).split())}."
            raise DocumentError(msg) from None
        return self._root

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._take_scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._take_alias(event)

    def _expects_key(self) -> bool:
        return bool(self._opened) and (
            isinstance(self._opened[-1].value, dict) and self._opened[-1].key is None
        )

    def _take_scalar(self, event: yaml.ScalarEvent) -> None:
        text, line = event.value, _line(event)
        found = None if text.isascii() and text.isprintable() else _UNFIT.search(text)
        if found:
            msg = f"line {line}: {_unfit(found)}; leave it out."
            raise DocumentError(msg)
        if self._expects_key():
            self._take_key(event, line)
            return
        value = self._value(event, line)
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(value, 1, 0, text)
        self._add(value, 1, 0, line)

    def _take_key(self, event: yaml.ScalarEvent, line: int) -> None:
        frame, text = self._opened[-1], event.value
        is_plain = event.implicit[0] and event.tag is None
        frame.key_line = line
        if is_plain and text == "<<":
            frame.key = _MERGE
            return
        if event.tag not in {None, "!", f"{_TAG}str", *_SCALAR_TAGS}:
            raise DocumentError(_foreign_tag(line, event.tag))
        self._set_key(text, line)
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(text, 1, 0, text)
        if is_plain and _is_contested(text, dates=True):
            self._slip(
                line,
                f"the key {text or '(nothing)'} is not text to every reader of YAML",
                f"put it in quotes: '{text}'",
            )

    def _set_key(self, text: str, line: int) -> None:
        frame = self._opened[-1]
        if text in frame.lines:
            raise DocumentError(_twice(text, frame.lines[text], line))
        frame.lines[text] = line
        frame.key = text
        frame.key_line = line

    def _value(self, event: yaml.ScalarEvent, line: int) -> object:
        text: str = event.value
        if event.tag in {"!", f"{_TAG}str"} or (event.tag is None and not event.implicit[0]):
            return text
        if event.tag is not None and event.tag not in _SCALAR_TAGS:
            raise DocumentError(_foreign_tag(line, event.tag))
        if _NOT_FINITE.fullmatch(text):
            msg = f"line {line}: {_no_number(text)}"
            raise DocumentError(msg)
        agreed = _AGREED.fullmatch(text)
        if agreed is None:
            if event.tag is not None:
                msg = f"line {line}: {text!r} is no {event.tag.removeprefix(_TAG)}; correct it."
                raise DocumentError(msg)
            if _is_contested(text):
                self._slip(
                    line,
                    f"{text} is text here, and something else to other readers of YAML",
                    f"put it in quotes: '{text}'; or write the number, true or false that is meant",
                )
            return text
        value = _json_value(agreed)
        fault = _fault(value)
        if fault:
            msg = f"line {line}: {fault}"
            raise DocumentError(msg)
        return value

    def _take_alias(self, event: yaml.AliasEvent) -> None:
        name, line = event.anchor, _line(event)
        if name not in self._anchors:
            msg = f"line {line}: *{name} stands for nothing; write &{name} at what it repeats."
            raise DocumentError(msg)
        known = self._anchors[name]
        if known is None:
            msg = f"line {line}: *{name} stands within &{name}, so that it holds itself."
            raise DocumentError(msg)
        if self._expects_key():
            if known.text is None:
                raise DocumentError(_no_text_key(line))
            self._set_key(known.text, line)
            return
        self._aliased += known.size
        if self._aliased > _MOST_ALIASED:
            msg = (
                f"line {line}: aliases repeat more than {_MOST_ALIASED:,} values; "
                "write the document with fewer of them."
            )
            raise DocumentError(msg)
        if len(self._opened) + known.height > _DEEPEST:
            msg = f"line {line}: {_TOO_DEEP}"
            raise DocumentError(msg)
        self._add(_copied(known.value), known.size, known.height, line)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        line = _line(event)
        if self._expects_key():
            raise DocumentError(_no_text_key(line))
        if len(self._opened) >= _DEEPEST:
            msg = f"line {line}: {_TOO_DEEP}"
            raise DocumentError(msg)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        if event.tag not in {None, "!", f"{_TAG}map" if is_mapping else f"{_TAG}seq"}:
            raise DocumentError(_foreign_tag(line, event.tag))
        if event.anchor:
            self._anchors[event.anchor] = None
        self._opened.append(_Open({} if is_mapping else [], event.anchor, line))

    def _close(self) -> None:
        frame = self._opened.pop()
        value = frame.value
        if isinstance(value, dict) and frame.merged:
            inherited: dict[str, Any] = {}
            for each in frame.merged:
                inherited |= each
            value = {**inherited, **value}
        if frame.anchor:
            self._anchors[frame.anchor] = _Anchored(value, frame.size, frame.height + 1, None)
        self._add(value, frame.size, frame.height + 1, frame.line)

    def _add(self, value: Any, size: int, height: int, line: int) -> None:
        if not self._opened:
            self._root = value
            return
        frame = self._opened[-1]
        frame.size += size
        frame.height = max(frame.height, height)
        if isinstance(frame.value, list):
            frame.value.append(value)
        elif frame.key is _MERGE:
            frame.merged += _merged(value, line)
            frame.key = None
        else:
            if self._lines is not None:
                self._lines[self._pointer()] = frame.key_line
            frame.value[frame.key] = value
            frame.key = None
            return
        if self._lines is not None and isinstance(frame.value, list):
            self._lines[join_pointer(self._pointer(), len(frame.value) - 1)] = line

    def _slip(self, line: int, what: str, remedy: str) -> None:
        pointer = self._pointer()
        frame = self._opened[-1] if self._opened else None
        if frame is not None and isinstance(frame.value, list):
            pointer = join_pointer(pointer, len(frame.value))
        self._slips.append(Slip(pointer, line, what, remedy))

    def _pointer(self) -> str:
        """Return the pointer to the member that is being read; for an item, to its list."""
        parts: list[str | int] = []
        for depth, frame in enumerate(self._opened):
            if isinstance(frame.value, dict):
                if isinstance(frame.key, str):
                    parts.append(frame.key)
            elif depth + 1 < len(self._opened):
                parts.append(len(frame.value))
        return join_pointer("#", *parts)


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return 1 if mark is None else mark.line + 1


def _foreign_tag(line: int, tag: str | None) -> str:
    return f"line {line}: the tag {tag} says nothing that JSON could; remove it."


def _no_text_key(line: int) -> str:
    return f"line {line}: a key is a list or an object, and OpenAPI's keys are text; write text."


def _is_contested(text: str, *, dates: bool = False) -> bool:
    """Whether some reader of YAML takes a plain scalar for something else than text."""
    if _NUMBER_OF_1_2.fullmatch(text):
        return True
    for tag, pattern in _RESOLVERS.get(text[:1], []):
        if pattern.match(text):
            return tag not in _NO_VALUES and (dates or tag != _TIMESTAMP)
    return False


def _json_value(agreed: re.Match[str]) -> object:
    text = agreed[0]
    match agreed.lastgroup:
        case "int":
            # Integers beyond 64 bits are rejected later; Python cannot read far longer ones.
            digits = 16 if text.startswith("0x") else 10
            return int(text, digits) if len(text) < len("-18446744073709551616") + 2 else 2**64
        case "float":
            return float(text)
        case "null":
            return None
        case kind:
            return kind == "true"


def _merged(value: object, line: int) -> list[Mapping[str, Any]]:
    """Return what ``<<`` brings in, the weakest first."""
    members = value[::-1] if is_array(value) else [value]
    found = [each for each in members if is_object(each)]
    if len(found) < len(members):
        msg = f"line {line}: << takes an object or a list of them; correct what it refers to."
        raise DocumentError(msg)
    return found


def _copied(value: Any) -> Any:
    """Copy a value, so that two places of a document never share an object."""
    if is_object(value):
        return {key: _copied(each) for key, each in value.items()}
    return [_copied(each) for each in value] if is_array(value) else value
