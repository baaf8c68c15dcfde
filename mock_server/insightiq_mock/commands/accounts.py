"""The verbs about accounts: what creators and platforms do."""

from __future__ import annotations

import typing

from insightiq_mock.commands.output import Shown

if typing.TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from insightiq_mock.control import MockControl

__all__ = ["connect", "disconnect", "expire", "grow", "publish", "sync"]


def connect(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """Connect an account."""
    products = None if options.products is None else _listed(options.products)
    account = control.connect(
        options.platform,
        sdk_token=options.sdk_token,
        user_id=options.user,
        products=products,
        handle=options.handle,
    )
    yield Shown(account, account["id"] if options.id else _account_text(account))


def disconnect(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """Cut an account off."""
    account = control.disconnect(options.account)
    yield Shown(account, _account_text(account))


def expire(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """Let a session expire."""
    account = control.expire(options.account)
    yield Shown(account, _account_text(account))


def grow(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """Let metrics grow."""
    control.grow(options.account)
    yield Shown({"grown": options.account}, f"Account {options.account} has grown.")


def publish(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """Publish contents."""
    ids = control.add_contents(options.account, options.count)
    yield Shown(ids, "\n".join(ids))


def sync(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """Sync a product."""
    product = options.product.upper()
    control.sync(options.account, product)
    text = f"{product} of account {options.account} is synced next."
    yield Shown({"synced": options.account, "product": product}, text)


def _listed(text: str) -> list[str]:
    return [part.strip().upper() for part in text.split(",") if part.strip()]


def _account_text(account: Mapping[str, typing.Any]) -> str:
    rows = {
        "id": account["id"],
        "status": account["status"],
        "platform": account.get("work_platform", {}).get("name"),
        "username": account.get("platform_username"),
        "user": account.get("user", {}).get("id"),
    }
    return "\n".join(f"{name:<9} {value}" for name, value in rows.items() if value is not None)
