"""What a store does not hold yet, but knows whom to ask for."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from .kinds import Kind, Record
    from .store import Selection

__all__ = ["Supply"]


class Supply(typing.Protocol):
    """Makes resources when somebody first asks for them, or computes them whenever somebody does.

    A store asks only where its rows leave a question open, so that what lies there already costs
    nothing more. It first lets the supply prepare: make the rows that are lacking. It reads again
    then, also where another thread or process was quicker, and what is lacking still can only be
    computed. Every method may write to the store.
    """

    def prepare(self, developer_id: str, kind: Kind, resource_id: str) -> bool:
        """Make what the id belongs to; tell whether there may be a row or a computed resource now."""
        ...

    def prepare_key(self, developer_id: str, kind: Kind, natural_key: str) -> bool:
        """Make what the natural key belongs to; tell whether there may be a row now."""
        ...

    def prepare_page(self, developer_id: str, kind: Kind, selection: Selection) -> bool:
        """Make what the page selects from; tell whether there may be more on it now."""
        ...

    def get(self, developer_id: str, kind: Kind, resource_id: str) -> bytes | None:
        """Return a computed resource, or None where there is none."""
        ...

    def page(self, developer_id: str, kind: Kind, selection: Selection) -> list[bytes]:
        """Return a page of computed resources."""
        ...

    def owns(self, developer_id: str, kind: Kind, resource_id: str, account_id: str) -> bool:
        """Tell whether there is such a computed resource and it is one of the account's."""
        ...

    def admit(self, developer_id: str, records: Iterable[Record]) -> Iterable[Record]:
        """Return the records as they are to be kept; it comes before every writing of new ones."""
        ...

    def replace(self, developer_id: str, record: Record) -> None:
        """Keep the new state of a resource of which the store has no row."""
        ...
