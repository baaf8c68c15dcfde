"""Progress bars, drawn by whichever library is installed."""

from __future__ import annotations

import importlib.util
import sys
import types
from typing import Any

import pytest

from insightiq import errors, progress


class _Drawn:
    """What tqdm's bar is to us."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.n = 0
        self.closed = False

    def update(self, count: int) -> None:
        """Count."""
        self.n += count

    def set_postfix(self, **shown: object) -> None:
        """Show beside the bar."""
        self.options.update(shown)

    def close(self) -> None:
        """End the bar."""
        self.closed = True


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[_Drawn]:
    """Install a tqdm of our own."""
    made: list[_Drawn] = []

    def tqdm(**options: Any) -> _Drawn:
        made.append(_Drawn(**options))
        return made[-1]

    package, module = types.ModuleType("tqdm"), types.ModuleType("tqdm.auto")
    package.__spec__ = importlib.util.spec_from_loader("tqdm", None)
    vars(module)["tqdm"] = tqdm
    monkeypatch.setitem(sys.modules, "tqdm", package)
    monkeypatch.setitem(sys.modules, "tqdm.auto", module)
    return made


def test_tqdm_is_told_what_is_new(drawn: list[_Drawn]) -> None:
    """It counts what is added, we know what is done."""
    with progress.bar("contents", total=250) as shown:
        shown(100, 1)
        shown(250, 3)
    (only,) = drawn
    assert (only.n, only.closed) == (250, True)
    assert only.options["desc"] == "contents"
    assert (only.options["total"], only.options["pages"]) == (250, 3)


def test_rich_shows_the_rows_beside_the_results(capsys: pytest.CaptureFixture[str]) -> None:
    """The bar of rich is the real one, and leaves standard output to the program."""
    pytest.importorskip("rich.progress")
    with progress.rich_bar("contents", total=250) as shown:
        shown(250, 3)
    output, beside = capsys.readouterr()
    assert output == ""
    assert "contents" in beside
    assert "250/250" in beside


def test_without_either_library_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A script runs the same on a machine that lacks them."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with progress.bar("contents") as shown:
        shown(1, 1)


@pytest.mark.parametrize("name", ["tqdm", "rich"])
def test_a_bar_whose_library_is_absent_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Asking for one by name is a wish that has to be refused."""
    for module in ("tqdm.auto", "rich.progress"):
        monkeypatch.setitem(sys.modules, module, None)
    make = {"tqdm": progress.tqdm_bar, "rich": progress.rich_bar}[name]
    with pytest.raises(errors.ConfigurationError, match=f"pip install {name}"):
        make("contents")
