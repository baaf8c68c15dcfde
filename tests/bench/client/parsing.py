"""Benchmark of reading a page of 100 items of 45 fields, beside other ways to read it."""

from __future__ import annotations

import datetime as dt
import enum
import gc
import importlib
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import typing
import uuid

sys.path.append(str(pathlib.Path(__file__).parents[3] / "scripts"))

import page
import peers
from generate import run_generator
from table import Row, peer

from insightiq import _response

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["measure"]

_WORK = f"parse a page of {page.ITEMS} items of 45 fields"
_ROUNDS = 40
_CALLS = 3
_OURS = "insightiq, orjson installed"
_OURS_ALONE = "insightiq, standard library"
_STOCK = "stock openapi-python-client"
_PYDANTIC = "pydantic model_validate_json"
_OPENAI = "openai-python construct"

Read: typing.TypeAlias = "Callable[[], object]"


def measure() -> list[Row]:
    """Return the rows: processor time from the bytes of the body to objects.

    Raises:
        PeersError: There is nothing to compare with.
    """
    peers.bring()
    content = page.page()
    with tempfile.TemporaryDirectory() as folder:
        _generate(pathlib.Path(folder))
        sys.path.insert(0, folder)
        try:
            contenders = _contenders(content)
        finally:
            sys.path.remove(folder)
        best = _best(contenders)
    return _rows(best)


def _rows(best: Mapping[str, float]) -> list[Row]:
    ours, stock, pydantic = best[_OURS], best[_STOCK], best[_PYDANTIC]
    rows = [
        Row(_WORK, _OURS, _millis(ours)),
        Row(_WORK, _OURS_ALONE, _millis(best[_OURS_ALONE])),
        *(peer(_WORK, name, _millis(best[name])) for name in (_STOCK, _PYDANTIC, _OPENAI)),
    ]
    for name in (_OURS, _OURS_ALONE):
        work = f"the same, {name.partition(', ')[2]}"
        rows += [
            _times(work, "beside the stock generator", stock / best[name], 2.7),
            _times(work, "beside pydantic", pydantic / best[name], 0.9),
            _times(work, "beside openai-python", best[_OPENAI] / best[name], 20.0),
        ]
    return rows


def _times(work: str, who: str, quicker: float, target: float) -> Row:
    return Row(work, who, f"{quicker:.2f} x as quick", f"≥ {target:g} x", quicker >= target)


def _millis(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms = {page.ITEMS / seconds:,.0f} items/s"


def _for_stock_generator(document: Mapping[str, typing.Any]) -> dict[str, typing.Any]:
    """Return a copy whose times have the one format that the stock generator knows."""
    return typing.cast(
        "dict[str, typing.Any]",
        json.loads(json.dumps(document).replace('"date-time-local"', '"date-time"')),
    )


def _generate(folder: pathlib.Path) -> None:
    """Write the models of the page, by our templates and by the generator's own."""
    document = page.document()
    run_generator.generate(document, folder / "bench_ours")
    derived = _for_stock_generator(document)
    written, settings = folder / "document.json", folder / "settings.yaml"
    written.write_text(json.dumps(derived))
    settings.write_text("post_hooks: []\n")
    command = [
        *(run_generator.tool("openapi-python-client"), "generate", "--path", str(written)),
        *("--meta", "none", "--fail-on-warning", "--config", str(settings)),
        *("--output-path", str(folder / "bench_stock")),
    ]
    subprocess.run(command, check=True, capture_output=True)


def _contenders(content: bytes) -> dict[str, Read]:
    ours = importlib.import_module("bench_ours.models").ItemPage
    stock = importlib.import_module("bench_stock.models").ItemPage
    pydantic: typing.Any = importlib.import_module("pydantic")
    openai: typing.Any = importlib.import_module("openai")
    construct: typing.Any = importlib.import_module("openai._models").construct_type

    def validating(name: str, fields: dict[str, typing.Any]) -> type:
        made: type = pydantic.create_model(
            name, **{key: (kind, ...) for key, kind in fields.items()}
        )
        return made

    def constructing(name: str, fields: dict[str, typing.Any]) -> type:
        kinds = {key: (kind, ...) for key, kind in fields.items()}
        made: type = pydantic.create_model(name, __base__=openai.BaseModel, **kinds)
        return made

    def members(name: str, values: list[str]) -> typing.Any:
        return enum.Enum(name, {value: value for value in values})

    def literal(name: str, values: list[str]) -> typing.Any:
        del name
        return typing.Literal[tuple(values)]  # type: ignore[misc] # made at run time

    validated: typing.Any = page.models(validating, members, dt.datetime, uuid.UUID)
    constructed = page.models(constructing, literal, dt.datetime, str)
    contenders: dict[str, Read] = {
        _OURS: lambda: ours.from_dict(_response.decode_json(content)),
        _OURS_ALONE: lambda: ours.from_dict(json.loads(content)),
        _STOCK: lambda: stock.from_dict(json.loads(content)),
        _PYDANTIC: lambda: validated.model_validate_json(content),
        _OPENAI: lambda: construct(value=json.loads(content), type_=constructed),
    }
    for name, read in contenders.items():
        _check(name, read())
    return contenders


def _check(name: str, read: typing.Any) -> None:
    """Reject a contender that leaves work undone."""
    item = read.data[-1]
    assert len(read.data) == page.ITEMS, name
    assert isinstance(item.created_at, dt.datetime), name
    assert item.media[1].width >= 0, name
    assert item.statistics.comment_count >= 0, name


def _best(contenders: Mapping[str, Read]) -> dict[str, float]:
    """Let them take turns, so that a bad moment of the machine meets all of them."""
    best = dict.fromkeys(contenders, float("inf"))
    # What the imports left is not searched for garbage again while a contender is measured.
    gc.collect()
    gc.freeze()
    for number in range(_ROUNDS):
        for name, read in contenders.items():
            if name == _OPENAI and number % 8:
                continue  # ten times as slow as all others together
            gc.collect()
            begin = time.process_time()
            for _ in range(_CALLS):
                read()
            best[name] = min(best[name], (time.process_time() - begin) / _CALLS)
    gc.unfreeze()
    return best
