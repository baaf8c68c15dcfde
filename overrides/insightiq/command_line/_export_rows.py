"""``insightiq export``: all rows of a list into a file, as quickly as the quota allows."""

from __future__ import annotations

import dataclasses
import hashlib
import typing

from insightiq.command_line._catalogue import spelled
from insightiq.command_line._columns import chosen_columns, columns_of
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

__all__ = ["PAGES_AHEAD", "Export", "format_for"]

# Two seconds' worth of the quota: while the pages of one second are still on their way, those of
# the next wait in line already, so that slow answers leave no request unused.
PAGES_AHEAD: typing.Final = 20


def format_for(path: pathlib.Path, model: type[Model], wanted: Sequence[str] | None) -> Format:
    """Return the format that the name of a file asks for.

    Raises:
        ConfigurationError: The name does not say, or a column does not exist.
    """
    if path.suffix in {".ndjson", ".jsonl"}:
        if wanted is not None:
            msg = "--columns belongs to CSV; NDJSON has all that the API sent."
            raise ConfigurationError(msg)
        return Ndjson()
    if path.suffix == ".csv":
        return Csv(chosen_columns(columns_of(model), wanted))
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
    """

    operation: PagedOperation[Model, object]
    pager: Pager[Model, object]
    form: Format
    path: pathlib.Path

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
            },
        )

    def run(self, file: ExportFile, progress: Progress) -> int:
        """Write what is not in the file yet, and return how many rows this run wrote."""
        before = file.rows
        pager = self.pager.prefetch(PAGES_AHEAD).on_progress(progress)
        if file.resumed is None:
            file.append(self.form.opening())
        elif file.resumed.pager is not None:
            pager = pager.resume(file.resumed.pager)
        for page in pager.pages():
            rows = self.operation.items(page)
            text = "".join(self.form.row(row.to_dict()) for row in rows)
            file.append(text, len(rows), pager.state)
        file.finish()
        return file.rows - before
