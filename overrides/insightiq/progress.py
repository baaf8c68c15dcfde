"""Progress bars for lists, drawn on standard error by tqdm or rich where one is installed.

    with progress.bar("contents") as shown:
        for content in iq.contents.list(account_id=account_id).on_progress(shown):
            ...

The API does not say how long a list is: a bar without ``total`` counts.
"""

from __future__ import annotations

import importlib
import importlib.util
import typing

from insightiq.errors import ConfigurationError

if typing.TYPE_CHECKING:
    import types

__all__ = ["ProgressBar", "bar", "rich_bar", "tqdm_bar"]


class ProgressBar(typing.Protocol):
    """Shows how far a list is; give it to ``on_progress``."""

    def __call__(self, items: int, pages: int, /) -> None:
        """Show that so many are done."""
        ...

    def __enter__(self) -> typing.Self: ...

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: types.TracebackType | None,
        /,
    ) -> None: ...


def bar(description: str = "", *, total: int | None = None) -> ProgressBar:
    """Return a bar of tqdm or else of rich; without both, nothing is shown.

    Args:
        description: Text beside the bar.
        total: Expected number of items, if known.
    """
    if importlib.util.find_spec("tqdm") is not None:
        return tqdm_bar(description, total=total)
    if importlib.util.find_spec("rich") is not None:
        return rich_bar(description, total=total)
    return _NoBar()


def tqdm_bar(description: str = "", *, total: int | None = None) -> ProgressBar:
    """Return a bar that tqdm draws.

    Raises:
        ConfigurationError: tqdm is not installed.
    """
    return _TqdmBar(_imported("tqdm.auto", "tqdm").tqdm(desc=description, total=total, unit="row"))


def rich_bar(description: str = "", *, total: int | None = None) -> ProgressBar:
    """Return a bar that rich draws.

    Raises:
        ConfigurationError: rich is not installed.
    """
    module = _imported("rich.progress", "rich")
    # On its own it draws on standard output, in between a program's results.
    console = _imported("rich.console", "rich").Console(stderr=True)
    columns = (*module.Progress.get_default_columns(), module.MofNCompleteColumn())
    return _RichBar(module.Progress(*columns, console=console), description, total)


class _NoBar:
    def __call__(self, items: int, pages: int, /) -> None:
        pass

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class _TqdmBar:
    def __init__(self, drawn: typing.Any) -> None:
        self._drawn = drawn

    def __call__(self, items: int, pages: int, /) -> None:
        self._drawn.set_postfix(pages=pages, refresh=False)
        self._drawn.update(items - self._drawn.n)

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._drawn.close()


class _RichBar:
    def __init__(
        self,
        drawn: typing.Any,
        description: str,
        total: int | None,
    ) -> None:
        self._drawn = drawn
        self._task = drawn.add_task(description, total=total)

    def __call__(self, items: int, pages: int, /) -> None:  # noqa: ARG002 - rich counts rows only
        self._drawn.update(self._task, completed=items)

    def __enter__(self) -> typing.Self:
        self._drawn.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._drawn.stop()


def _imported(module: str, package: str) -> typing.Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        msg = f"{package}_bar: {package} is not installed; pip install {package}, or use bar()."
        raise ConfigurationError(msg) from None
