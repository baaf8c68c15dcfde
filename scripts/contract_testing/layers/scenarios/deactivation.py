"""What happens when a receiver fails: tries after a minute, five minutes, six hours; then an end."""

from __future__ import annotations

import typing

from contract_testing.layers.scenarios import receiving
from contract_testing.layers.scenarios.scene import Needs, Scenarios, hold

if typing.TYPE_CHECKING:
    from contract_testing.layers.scenarios.scene import Scene

__all__ = ["SCENARIOS"]

SCENARIOS = Scenarios()

_ABOUT: typing.Final = ("webhooks.create", "webhooks.update")
# An event that the world does not bring forth by itself.
_EVENT: typing.Final = "ACCOUNTS.REMOVED"
# Facts D.3: seconds after the first try.
_TRIES: typing.Final = [0.0, 60.0, 300.0, 21_600.0]


def _trigger(scene: Scene) -> None:
    scene.control.trigger(_EVENT)
    scene.control.advance(seconds=0)


@SCENARIOS.rule(
    "a notification is tried four times, and then its webhook is switched off",
    Needs.CONTROL,
    about=_ABOUT,
)
def given_up(scene: Scene) -> None:
    """At once, after 60 s, 5 min and 6 h; nothing afterwards until an update switches it on."""
    hook = receiving.register(scene, [_EVENT], "broken", [503])
    well = receiving.register(scene, [_EVENT], "well")
    _trigger(scene)
    for seconds in (59, 2, 238, 2, 21_298):
        scene.control.advance(seconds=seconds)
        hold(
            scene.iq.webhooks.get(hook.id).is_active,
            f"a webhook is switched off after {len(receiving.deliveries(scene, hook))} tries",
        )
    scene.control.advance(minutes=1)
    tries = receiving.deliveries(scene, hook)
    after = [(each.at - tries[0].at).total_seconds() for each in tries]
    hold(
        after == _TRIES,
        f"a failing notification was tried {after} s after its first try; expected {_TRIES}",
    )
    bodies = {(each.notification_id, each.request_body) for each in tries}
    hold(len(bodies) == 1, "the tries of one notification differ in their id or body")
    hold(
        not scene.iq.webhooks.get(hook.id).is_active,
        "after four failed tries, the webhook is still active",
    )
    hold(
        scene.iq.webhooks.get(well.id).is_active,
        "a webhook that answers well was switched off, too",
    )
    _trigger(scene)
    scene.control.advance(days=1)
    count = len(receiving.deliveries(scene, hook))
    hold(
        count == len(_TRIES), f"a webhook that is switched off was sent {count - len(_TRIES)} more"
    )
    url = receiving.address(scene, "repaired")
    scene.iq.webhooks.update(hook.id, url=url, events=[_EVENT], name="repaired")
    hold(scene.iq.webhooks.get(hook.id).is_active, "an update did not switch the webhook on again")
    _trigger(scene)
    told = [each for each in receiving.deliveries(scene, hook) if each.delivered]
    hold(
        len(told) == 1,
        f"a webhook that was switched on again heard {len(told)} notifications, not one",
    )


@SCENARIOS.rule(
    "a notification that arrives at the second try is not tried again", Needs.CONTROL, about=_ABOUT
)
def recovered(scene: Scene) -> None:
    """One failure, one success, and the webhook stays."""
    if scene.server.tenant is None:
        scene.run.not_applicable(
            "a notification that arrives at the second try is not tried again",
            "it needs a receiver that fails once, which only a mock in this process has",
        )
        return
    hook = receiving.register(scene, [_EVENT], "shaky", [500, 204])
    _trigger(scene)
    scene.control.advance(days=1)
    tries = [(each.number, each.delivered) for each in receiving.deliveries(scene, hook)]
    hold(tries == [(1, False), (2, True)], f"failing once, a notification was tried as {tries}")
    hold(scene.iq.webhooks.get(hook.id).is_active, "a webhook that failed once is switched off")


@SCENARIOS.rule(
    "a redirect and a refusal are failures, any 2xx is none", Needs.CONTROL, about=_ABOUT
)
def verdicts(scene: Scene) -> None:
    """Receivers that answer with this and that; what failed comes again after a minute."""
    for status, is_well in ((200, True), (204, True), (302, False), (400, False), (500, False)):
        hook = receiving.register(scene, [_EVENT], f"says-{status}", [status])
        _trigger(scene)
        tries = receiving.deliveries(scene, hook)
        hold(
            [each.delivered for each in tries] == [is_well],
            f"a receiver answered {status}: the notification counts as "
            f"{'delivered' if tries and tries[0].delivered else 'failed'}",
        )
        scene.control.advance(seconds=61)
        count = len(receiving.deliveries(scene, hook))
        hold(
            count == (1 if is_well else 2),
            f"a receiver answered {status}: after a minute, the notification was sent {count} times",
        )
        scene.iq.webhooks.delete(hook.id)


@SCENARIOS.rule(
    "a webhook that is deleted while it fails is not tried again", Needs.CONTROL, about=_ABOUT
)
def deleted_meanwhile(scene: Scene) -> None:
    """After the first try."""
    hook = receiving.register(scene, [_EVENT], "broken", [503])
    _trigger(scene)
    scene.iq.webhooks.delete(hook.id)
    scene.control.advance(days=1)
    tries = [each for each in receiving.deliveries(scene, hook) if each.status is not None]
    hold(len(tries) == 1, f"a webhook that is deleted was tried {len(tries) - 1} more times")
