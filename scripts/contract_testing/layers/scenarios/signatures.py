"""Receiving notifications: what is signed is taken once, what is changed is not (evidence.md#webhook-signature)."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import logging
import typing

from contract_testing.layers.scenarios.scene import Needs, Scenarios, broken, hold
from insightiq import errors, webhooks

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_testing.layers.scenarios.scene import Scene

__all__ = ["SCENARIOS"]

Headers: typing.TypeAlias = "list[tuple[str, str]]"

SCENARIOS = Scenarios()

_SECRET: typing.Final = "39ddfcba-f304-48ba-be9d-98ecb0cdde1a"  # noqa: S105 - invented
_OLD: typing.Final = "b1946ac9-2f4e-4a0d-8c55-7d2e6a90f3b8"
_PAYLOAD: typing.Final[dict[str, typing.Any]] = {
    "event": "CONTENTS.ADDED",
    "name": "contents added",
    "id": "8043271c-8754-46d7-95e8-2d1529457440",
    "data": {
        "account_id": "5e1c8f07-93ab-4d26-8a15-c40be7d2f391",
        "user_id": "0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60",
        "last_updated_time": "2026-04-26T12:00:31.114870",
        "items": ["2c6b9e01-4a7d-4f35-9d82-e1f04c8b7a53"],
    },
}
# Blanks, an escape and a letter beyond ASCII: JSON that is read and written again is other bytes.
_BODY: typing.Final = (
    json.dumps(_PAYLOAD, indent=1).replace("contents added", "contents added \\u00e9 é").encode()
)


def _sign(body: bytes, secret: str = _SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _accepts(body: bytes, headers: Headers, secret: str | list[str] = _SECRET) -> bool:
    try:
        webhooks.verify(body, headers, secret)
    except errors.WebhookVerificationError:
        return False
    return True


def _good(signature: str) -> Iterator[tuple[str, Headers]]:
    yield "its own signature", [("Webhook-Signatures", signature)]
    yield "a header in lower case", [("webhook-signatures", signature)]
    yield "a header in capitals", [("WEBHOOK-SIGNATURES", signature)]
    yield "the former header", [("Phyllo-Signature", signature)]
    yield (
        "two signatures, the second of which fits",
        [("Webhook-Signatures", f"{_sign(_BODY, _OLD)},{signature}")],
    )
    yield (
        "two signatures, the first of which fits",
        [("Webhook-Signatures", f"{signature} , {_sign(_BODY, _OLD)}")],
    )
    yield (
        "two headers, the second of which fits",
        [
            ("Webhook-Signatures", _sign(_BODY, _OLD)),
            ("Webhook-Signatures", signature),
        ],
    )


def _bad(signature: str) -> Iterator[tuple[str, Headers]]:
    other = "0" if signature[0] != "0" else "1"
    yield "no header", [("Content-Type", "application/json")]
    for what, value in (
        ("an empty signature", ""),
        ("only commas", ", ,"),
        ("a signature with its first digit changed", other + signature[1:]),
        (
            "a signature with its last digit changed",
            signature[:-1] + ("0" if signature[-1] != "0" else "1"),
        ),
        ("the first half of a signature", signature[:32]),
        ("a signature without its last digit", signature[:-1]),
        ("a signature with a digit more", f"{signature}0"),
        ("a signature of nothing", _sign(b"")),
        ("a signature by another secret", _sign(_BODY, _OLD)),
        ("a signature by an empty secret", _sign(_BODY, "")),
        ("a plain hash of the body", hashlib.sha256(_BODY).hexdigest()),
        ("the secret itself", _SECRET),
    ):
        yield what, [("Webhook-Signatures", value)]


@SCENARIOS.rule("a signature fits its own body and no other", Needs.NOTHING)
def verifying(_: Scene) -> None:
    """Spellings of the header that are right, signatures that are not, each byte changed."""
    signature = _sign(_BODY)
    for what, headers in _good(signature):
        hold(_accepts(_BODY, headers), f"webhooks.verify refuses {what}")
    for what, headers in _bad(signature):
        hold(not _accepts(_BODY, headers), f"webhooks.verify accepts {what}")
    right: Headers = [("Webhook-Signatures", signature)]
    for place in range(len(_BODY)):
        changed = bytearray(_BODY)
        changed[place] ^= 1
        hold(
            not _accepts(bytes(changed), right),
            f"webhooks.verify accepts a body whose byte {place} of {len(_BODY)} was changed",
        )
    rewritten = json.dumps(json.loads(_BODY)).encode()
    for what, body in (
        ("shortened", _BODY[:-1]),
        ("lengthened", _BODY + b"\n"),
        ("empty", b""),
        ("read and written again", rewritten),
    ):
        hold(not _accepts(body, right), f"webhooks.verify accepts a body that was {what}")
    hold(
        _accepts(_BODY, right, [_OLD, _SECRET]), "webhooks.verify refuses the second of two secrets"
    )
    hold(not _accepts(_BODY, right, [_OLD]), "webhooks.verify accepts another secret")
    nothing: list[str] = []
    for empty in ("", " ", nothing):
        try:
            webhooks.verify(_BODY, right, empty)
        except errors.ConfigurationError:
            continue
        broken(f"webhooks.verify takes {empty!r} as a secret")


@SCENARIOS.rule("what is received is verified before it is read", Needs.NOTHING)
def receiving(_: Scene) -> None:
    """receive() gives the event; without a signature it gives nothing, whatever the body is."""
    event = webhooks.receive(_BODY, [("Webhook-Signatures", _sign(_BODY))], _SECRET)
    hold(event.event == "CONTENTS.ADDED", f"webhooks.receive gives {event.event}")
    for body in (_BODY, b"no JSON", b"[]"):
        try:
            webhooks.receive(body, [("Webhook-Signatures", _sign(_BODY, _OLD))], _SECRET)
        except errors.WebhookVerificationError:
            continue
        broken(f"webhooks.receive reads {body[:20]!r} that is not signed")
    for body in (b"no JSON", b"[]", b'{"data": {}}', b'{"event": 3}'):
        try:
            webhooks.receive(body, [("Webhook-Signatures", _sign(body))], _SECRET)
        except errors.WebhookPayloadError as error:
            hold(body.decode() not in str(error) or body == b"[]", "an error shows the payload")
            continue
        broken(f"webhooks.receive takes {body!r} for a notification")


@SCENARIOS.rule("ids with and without hyphens are the same id", Needs.NOTHING)
def spellings(_: Scene) -> None:
    """In events, in comparisons, and in what tells repetitions."""
    account = _PAYLOAD["data"]["account_id"]
    plain = json.dumps(_PAYLOAD).replace(account, account.replace("-", ""))
    event = webhooks.parse(plain)
    data = typing.cast("typing.Any", event).data
    hold(
        data.account_id == account, f"webhooks.parse gives the id {data.account_id}, not {account}"
    )
    hold(
        webhooks.same_id(account, account.replace("-", "").upper()), "same_id tells spellings apart"
    )
    hold(not webhooks.same_id(account, account[:-1] + "0"), "same_id takes two ids for one")
    key = _PAYLOAD["id"]
    again = webhooks.parse(json.dumps({**_PAYLOAD, "id": str(key).replace("-", "")}))
    first = webhooks.parse(json.dumps(_PAYLOAD))
    hold(webhooks.event_key(first) == webhooks.event_key(again), "one notification has two keys")
    other = webhooks.parse(json.dumps({**_PAYLOAD, "id": "another"}))
    hold(webhooks.event_key(first) != webhooks.event_key(other), "two notifications have one key")


class _Receiver:
    """A WSGI receiver, and what it handed over."""

    def __init__(self) -> None:
        self.handled: list[str] = []
        self.failures = 0
        self._app = webhooks.WebhookWSGIApp(self._handle, secret=_SECRET)

    def _handle(self, event: webhooks.Event) -> None:
        if self.failures:
            self.failures -= 1
            msg = "the handler fails"
            raise RuntimeError(msg)
        self.handled.append(str(event.id))

    def post(self, body: bytes, signature: str, method: str = "POST") -> int:
        """Return the status that a request gets."""
        said: list[str] = []
        environ: dict[str, typing.Any] = {
            "REQUEST_METHOD": method,
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/json",
            "HTTP_WEBHOOK_SIGNATURES": signature,
            "wsgi.input": io.BytesIO(body),
        }
        pieces = self._app(environ, lambda status, _headers, _info=None: said.append(status))  # type: ignore[arg-type]  # WSGI's write() is not used
        b"".join(pieces)
        return int(said[0].partition(" ")[0])


@SCENARIOS.rule(
    "a receiver handles each notification once, and asks for those it could not handle",
    Needs.NOTHING,
)
def receivers(_: Scene) -> None:
    """Repeated, unsigned, unreadable, failing."""
    logging.getLogger("insightiq.webhooks").addHandler(logging.NullHandler())
    receiver = _Receiver()
    signature = _sign(_BODY)
    steps = [
        ("unsigned", receiver.post(_BODY, ""), 401, 0),
        ("signed by another", receiver.post(_BODY, _sign(_BODY, _OLD)), 401, 0),
    ]
    receiver.failures = 1
    steps += [
        ("while the handler fails", receiver.post(_BODY, signature), 500, 0),
        ("sent again afterwards", receiver.post(_BODY, signature), 204, 1),
        ("sent a third time", receiver.post(_BODY, signature), 204, 1),
        ("unreadable", receiver.post(b"{}", _sign(b"{}")), 400, 1),
        ("a GET", receiver.post(b"", _sign(b""), "GET"), 405, 1),
    ]
    other = json.dumps({**_PAYLOAD, "id": "another"}).encode()
    steps.append(("another notification", receiver.post(other, _sign(other)), 204, 2))
    for what, status, wanted, _count in steps:
        hold(
            status == wanted,
            f"a receiver answers a notification {what} with {status}, not {wanted}",
        )
    hold(
        receiver.handled == [_PAYLOAD["id"], "another"],
        f"a receiver handled {receiver.handled}; two notifications came, one of them three times",
    )
