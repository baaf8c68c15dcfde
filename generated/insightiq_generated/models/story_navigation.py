# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``StoryNavigation``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset

__all__ = ["StoryNavigation"]

_make = object.__new__


@_define(repr=False, kw_only=True)
class StoryNavigation(Model):
    """Navigation of an Instagram story's viewers.

    Attributes:
        swipe_ups: Swipes up. 0 or more.
        tap_backs: Taps back. 0 or more.
        tap_exits: Taps on exit. 0 or more.
        swipe_backs: Swipes back. 0 or more.
        swipe_downs: Swipes down. 0 or more.
        tap_forwards: Taps forward. 0 or more.
        swipe_forwards: Swipes forward. 0 or more.
        automatic_forwards: Moves on by themselves. 0 or more.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "swipe_ups": "swipe_ups",
        "tap_backs": "tap_backs",
        "tap_exits": "tap_exits",
        "swipe_backs": "swipe_backs",
        "swipe_downs": "swipe_downs",
        "tap_forwards": "tap_forwards",
        "swipe_forwards": "swipe_forwards",
        "automatic_forwards": "automatic_forwards",
    }

    swipe_ups: int | None | Unset = UNSET
    tap_backs: int | None | Unset = UNSET
    tap_exits: int | None | Unset = UNSET
    swipe_backs: int | None | Unset = UNSET
    swipe_downs: int | None | Unset = UNSET
    tap_forwards: int | None | Unset = UNSET
    swipe_forwards: int | None | Unset = UNSET
    automatic_forwards: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        swipe_ups = _get("swipe_ups", UNSET)
        tap_backs = _get("tap_backs", UNSET)
        tap_exits = _get("tap_exits", UNSET)
        swipe_backs = _get("swipe_backs", UNSET)
        swipe_downs = _get("swipe_downs", UNSET)
        tap_forwards = _get("tap_forwards", UNSET)
        swipe_forwards = _get("swipe_forwards", UNSET)
        automatic_forwards = _get("automatic_forwards", UNSET)
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.swipe_ups = swipe_ups
        _new.tap_backs = tap_backs
        _new.tap_exits = tap_exits
        _new.swipe_backs = swipe_backs
        _new.swipe_downs = swipe_downs
        _new.tap_forwards = tap_forwards
        _new.swipe_forwards = swipe_forwards
        _new.automatic_forwards = automatic_forwards
        if len(src_dict) != 8 - (
            (swipe_ups is UNSET)
            + (tap_backs is UNSET)
            + (tap_exits is UNSET)
            + (swipe_backs is UNSET)
            + (swipe_downs is UNSET)
            + (tap_forwards is UNSET)
            + (swipe_forwards is UNSET)
            + (automatic_forwards is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
