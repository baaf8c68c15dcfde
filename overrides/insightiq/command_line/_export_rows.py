"""``insightiq export``: all rows of a list into a file, as quickly as the quota allows."""

from __future__ import annotations

import dataclasses
import hashlib
import typing

from insightiq.command_line import _checkpoint
from insightiq.command_line._catalogue import spelled
from insightiq.command_line._columns import chosen_columns, columns_of, plain
from insightiq.command_line._export_file import ExportFile
from insightiq.command_line._formats import Csv, Ndjson
from insightiq.errors import ConfigurationError

if typing.TYPE_CHECKING:
    import pathlib
    from collections.abc import Sequence

    from insightiq._config import Settings
    from insightiq.command_line._formats import Format
    from insightiq_generated.client import PagedOperation, Pager, Progress
    from insightiq_generated.types import Model

__all__ = ["Export", "format_for", "pages_ahead"]

# Two seconds' worth of the quota: while the pages of one second are still on their way, those of
# the next wait in line already, so that slow answers leave no request unused.
_PAGES_AHEAD: typing.Final = 20


def pages_ahead(items: int | None, page_size: int) -> int:
    """Return how many pages to fetch ahead for so many items; None for all there are.

    The pages ahead of the last one are asked for in vain: at most a tenth of all.
    """
    return _PAGES_AHEAD if items is None else min(_PAGES_AHEAD, items // page_size // 10)


def format_for(
    path: pathlib.Path, model: type[Model], wanted: Sequence[str] | None, *, raw: bool = False
) -> Format:
    """Return the format that the name of a file asks for.

    Raises:
        ConfigurationError: The name does not say, or a column does not exist.
    """
    if path.suffix in {".ndjson", ".jsonl"}:
        if wanted is not None:
            msg = "--columns belongs to CSV; NDJSON has all that the API sent."
            raise ConfigurationError(msg)
        if raw:
            msg = "--raw-cells belongs to CSV; NDJSON has text as it is."
            raise ConfigurationError(msg)
        return Ndjson()
    if path.suffix == ".csv":
        return Csv(chosen_columns(columns_of(model), wanted), raw=raw)
    msg = f"--to {path}: the name ends neither with .ndjson nor with .csv."
    raise ConfigurationError(msg)


@dataclasses.dataclass(frozen=True, slots=True)
class Export:
    """An export.

    Attributes:
        operation: The list operation.
        pager: The list.
        form: How rows are written.
        path: Where.
        most: Number of rows after which to stop; None for all.
    """

    operation: PagedOperation[Model, object]
    pager: Pager[Model, object]
    form: Format
    path: pathlib.Path
    most: int | None = None

    def begin(self, settings: Settings) -> ExportFile:
        """Return the file, new or where an earlier run left it.

        Raises:
            ConfigurationError: It cannot be used for this export.
        """
        state = self.pager.state
        return ExportFile(
            self.path,
            {
                "operation": state["operation"],
                **{f"--{spelled(key)}": value for key, value in state["query"].items()},
                "--base-url": settings.base_url,
                # Enough to tell, and not the id itself.
                "client id": hashlib.sha256(settings.client_id.encode()).hexdigest()[:12],
                "--columns": self.form.opening().strip(),
                **self._bounds(),
            },
        )

    def _bounds(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if isinstance(self.form, Csv):
            found["--raw-cells"] = "yes" if self.form.raw else "no"
        if self.most is not None:
            found["--max-items"] = str(self.most)
        return found

    def run(self, file: ExportFile, progress: Progress) -> int:
        """Write what is not in the file yet, and return how many rows this run wrote."""
        before = file.rows
        left = None if self.most is None else self.most - file.rows
        ahead = pages_ahead(left, self.operation.pagination.maximum)
        pager = self.pager.prefetch(ahead).on_progress(progress)
        if file.resumed is None:
            file.append(self.form.opening())
        elif file.resumed.pager is not None:
            try:
                pager = pager.resume(file.resumed.pager)
            except ConfigurationError:
                raise _checkpoint.unusable(self.path) from None
        # A run that was killed at its very end has nothing left to ask for.
        for page in pager.pages() if left != 0 else ():
            rows = self.operation.items(page)[:left]
            text = "".join(map(self.form.row, map(plain, rows)))
            file.append(text, len(rows), pager.state)
            if left is not None:
                left -= len(rows)
                if not left:
                    break
        file.finish()
        return file.rows - before
