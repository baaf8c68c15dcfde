"""Changing accounts: how they are monitored, and cutting them off."""

from __future__ import annotations

import typing

from insightiq_mock.context import Handler, RequestContext, Response
from insightiq_mock.db import Kind, encode
from insightiq_mock.simulation import AccountStateError

from . import refusals
from .writing import load, save

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from .backend import Backend

__all__ = ["disconnect_account", "update_account"]

_DISCONNECTED_KEYS: typing.Final = (
    "id",
    "created_at",
    "updated_at",
    "user",
    "work_platform",
    "status",
)

_MONITORING_TYPES: typing.Final = ("STANDARD", "ON_DEMAND")


def update_account(backend: Backend) -> Handler:
    """Set how products are monitored, and answer with the account.

    ``monitoring_type`` of the request becomes ``monitor_type`` of the answer; products that the
    account lacks and keys that mean nothing are passed over (evidence.md#open-question-12). ``updated_at``
    stays: it moves with the state of the connection alone (evidence.md#sync-cadence).
    """

    def handle(call: RequestContext) -> Response:
        with backend.store.transaction():
            account = load(backend, call.developer_id, Kind.ACCOUNT, call.path["id"])
            _merge_monitoring(account["data"], call.body.get("data") or {})
            return Response(200, save(backend, call.developer_id, Kind.ACCOUNT, account))

    return handle


def disconnect_account(backend: Backend) -> Handler:
    """Cut an account off; what was synced stays readable, and it stays in the list (evidence.md#account-lifecycle)."""

    def handle(call: RequestContext) -> Response:
        with backend.store.transaction():
            account_id = load(backend, call.developer_id, Kind.ACCOUNT, call.path["id"])["id"]
            try:
                account = backend.simulation.disconnect(call.developer_id, account_id)
            except AccountStateError as error:
                raise refusals.account_already_disconnected(account_id) from error
        return Response(200, encode({key: account[key] for key in _DISCONNECTED_KEYS}))

    return handle


def _merge_monitoring(block: dict[str, typing.Any], change: Mapping[str, typing.Any]) -> None:
    for key, wanted in change.items():
        if key == "monitoring_type" and "monitor_type" in block and wanted in _MONITORING_TYPES:
            block["monitor_type"] = wanted
        elif isinstance(wanted, dict) and isinstance(block.get(key), dict):
            _merge_monitoring(block[key], typing.cast("dict[str, typing.Any]", wanted))
