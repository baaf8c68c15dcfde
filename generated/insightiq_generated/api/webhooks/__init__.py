# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``iq.webhooks``: Addresses that notifications are posted to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...client import AsyncCaller, AsyncPager, Caller, Pager
from ...types import UNSET, Unset

if TYPE_CHECKING:
    from ...models.webhook import Webhook
    from ...models.webhook_event import WebhookEvent, WebhookEventText
    from ...models.webhook_list import WebhookList
    from ...models.webhook_send_payload import WebhookSendPayload

__all__ = ["AsyncWebhooks", "Webhooks"]


class Webhooks:
    """Addresses that notifications are posted to."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, id: str) -> Webhook:
        """Get a webhook.

        Returns one webhook.

        Args:
            id: Identifier of the webhook.

        Returns:
            The webhook.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            NotFoundError: 404: There is no such resource, or it is not yours.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> webhook = iq.webhooks.get("b19c5e72-0d46-4f8a-a3e1-95d7c2046fb8")
        """
        from .get import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(id))

    def update(
        self,
        id: str,
        *,
        url: str,
        events: Sequence[WebhookEvent | WebhookEventText],
        name: str | None | Unset = UNSET,
        is_active: bool | None | Unset = UNSET,
    ) -> Webhook:
        """Replace a webhook.

        Replaces a webhook as a whole. This is also how a webhook that was switched off after failed
        deliveries is switched on again.

        Args:
            id: Identifier of the webhook.
            url: Address to post to.
            events: The events to post. 1 or more items.
            name: Name of the webhook. Required in the vendor's documents, absent from its own
                samples: send it. 1 to 100 characters.
            is_active: Whether to post to it; true where left out.

        Returns:
            The webhook.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            NotFoundError: 404: There is no such resource, or it is not yours.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> from insightiq.models import WebhookEvent
            >>> webhook = iq.webhooks.update(
            ...     "b19c5e72-0d46-4f8a-a3e1-95d7c2046fb8",
            ...     url="https://hooks.example/insightiq",
            ...     events=[
            ...         WebhookEvent.PROFILES_ADDED,
            ...         WebhookEvent.PROFILES_UPDATED,
            ...         WebhookEvent.CONTENTS_ADDED,
            ...     ],
            ... )
        """
        from .update import OPERATION, build_request

        return self._caller.call(
            OPERATION, build_request(id, url=url, events=events, name=name, is_active=is_active)
        )

    def delete(self, id: str) -> None:
        """Delete a webhook.

        Deletes a webhook. Nothing is posted to it any more.

        Args:
            id: Identifier of the webhook.

        Returns:
            Nothing.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            NotFoundError: 404: There is no such resource, or it is not yours.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> iq.webhooks.delete("b19c5e72-0d46-4f8a-a3e1-95d7c2046fb8")
        """
        from .delete import OPERATION, build_request

        self._caller.call(OPERATION, build_request(id))

    def list(
        self, *, limit: int | None | Unset = UNSET, offset: int | None | Unset = UNSET
    ) -> Pager[Webhook, WebhookList]:
        """List webhooks.

        Lists the webhooks of the environment. `metadata` held nulls where no window was asked for.

        Args:
            limit: Page size: items of each request, 1 to 100; 100 where left out. The list has all
                pages; `take` gives fewer items.
            offset: Rows to skip; 0 where left out. 0 or more.

        Returns:
            The items of all pages, fetched as they are needed.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> for webhook in iq.webhooks.list():
            ...     print(webhook.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(OPERATION, build_request(limit=limit, offset=offset))

    def create(
        self,
        *,
        url: str,
        events: Sequence[WebhookEvent | WebhookEventText],
        name: str | None | Unset = UNSET,
    ) -> Webhook:
        """Register a webhook.

        Registers an address to which the chosen events are posted. Several webhooks may exist side
        by side.

        Args:
            url: Address to post to.
            events: The events to post. 1 or more items.
            name: Name of the webhook. Required in the vendor's documents, absent from its own
                samples: send it. 1 to 100 characters.

        Returns:
            The webhook.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> from insightiq.models import WebhookEvent
            >>> webhook = iq.webhooks.create(
            ...     url="https://hooks.example/insightiq",
            ...     events=[
            ...         WebhookEvent.PROFILES_ADDED,
            ...         WebhookEvent.PROFILES_UPDATED,
            ...         WebhookEvent.CONTENTS_ADDED,
            ...     ],
            ... )
        """
        from .create import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(url=url, events=events, name=name))

    def send(self, *, payload: WebhookSendPayload) -> WebhookSendPayload:
        """Send a notification.

        Posts a notification of your making to the webhooks of the environment that ask for its
        event, to try a receiver out.

        Args:
            payload: The notification.

        Returns:
            The notification, as it was sent.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> from insightiq.models import WebhookEvent, WebhookSendData, WebhookSendPayload
            >>> webhook_send_payload = iq.webhooks.send(
            ...     payload=WebhookSendPayload(
            ...         event=WebhookEvent.PROFILES_ADDED,
            ...         name="profile added",
            ...         id="8043271c-8754-46d7-95e8-2d1529457440",
            ...         data=WebhookSendData(
            ...             additional_properties={
            ...                 "account_id": "5e1c8f07-93ab-4d26-8a15-c40be7d2f391",
            ...                 "user_id": "0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60",
            ...                 "profile_id": "7b20f6c4-1d85-4e9a-b3f7-58c6a90e2d14",
            ...                 "last_updated_time": "2026-04-26T12:00:31.114870",
            ...             }
            ...         ),
            ...     )
            ... )
        """
        from .send import OPERATION, build_request

        return self._caller.call(OPERATION, build_request(payload=payload))


class AsyncWebhooks:
    """Addresses that notifications are posted to."""

    __slots__ = ("_caller",)

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def get(self, id: str) -> Webhook:
        """Get a webhook.

        Returns one webhook.

        Args:
            id: Identifier of the webhook.

        Returns:
            The webhook.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            NotFoundError: 404: There is no such resource, or it is not yours.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> webhook = await iq.webhooks.get("b19c5e72-0d46-4f8a-a3e1-95d7c2046fb8")
        """
        from .get import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(id))

    async def update(
        self,
        id: str,
        *,
        url: str,
        events: Sequence[WebhookEvent | WebhookEventText],
        name: str | None | Unset = UNSET,
        is_active: bool | None | Unset = UNSET,
    ) -> Webhook:
        """Replace a webhook.

        Replaces a webhook as a whole. This is also how a webhook that was switched off after failed
        deliveries is switched on again.

        Args:
            id: Identifier of the webhook.
            url: Address to post to.
            events: The events to post. 1 or more items.
            name: Name of the webhook. Required in the vendor's documents, absent from its own
                samples: send it. 1 to 100 characters.
            is_active: Whether to post to it; true where left out.

        Returns:
            The webhook.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            NotFoundError: 404: There is no such resource, or it is not yours.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> from insightiq.models import WebhookEvent
            >>> webhook = await iq.webhooks.update(
            ...     "b19c5e72-0d46-4f8a-a3e1-95d7c2046fb8",
            ...     url="https://hooks.example/insightiq",
            ...     events=[
            ...         WebhookEvent.PROFILES_ADDED,
            ...         WebhookEvent.PROFILES_UPDATED,
            ...         WebhookEvent.CONTENTS_ADDED,
            ...     ],
            ... )
        """
        from .update import OPERATION, build_request

        return await self._caller.call(
            OPERATION, build_request(id, url=url, events=events, name=name, is_active=is_active)
        )

    async def delete(self, id: str) -> None:
        """Delete a webhook.

        Deletes a webhook. Nothing is posted to it any more.

        Args:
            id: Identifier of the webhook.

        Returns:
            Nothing.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            NotFoundError: 404: There is no such resource, or it is not yours.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> await iq.webhooks.delete("b19c5e72-0d46-4f8a-a3e1-95d7c2046fb8")
        """
        from .delete import OPERATION, build_request

        await self._caller.call(OPERATION, build_request(id))

    def list(
        self, *, limit: int | None | Unset = UNSET, offset: int | None | Unset = UNSET
    ) -> AsyncPager[Webhook, WebhookList]:
        """List webhooks.

        Lists the webhooks of the environment. `metadata` held nulls where no window was asked for.

        Args:
            limit: Page size: items of each request, 1 to 100; 100 where left out. The list has all
                pages; `take` gives fewer items.
            offset: Rows to skip; 0 where left out. 0 or more.

        Returns:
            The items of all pages, fetched as they are needed.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> async for webhook in iq.webhooks.list():
            ...     print(webhook.id)
        """
        from .list_ import OPERATION, build_request

        return self._caller.paginate(OPERATION, build_request(limit=limit, offset=offset))

    async def create(
        self,
        *,
        url: str,
        events: Sequence[WebhookEvent | WebhookEventText],
        name: str | None | Unset = UNSET,
    ) -> Webhook:
        """Register a webhook.

        Registers an address to which the chosen events are posted. Several webhooks may exist side
        by side.

        Args:
            url: Address to post to.
            events: The events to post. 1 or more items.
            name: Name of the webhook. Required in the vendor's documents, absent from its own
                samples: send it. 1 to 100 characters.

        Returns:
            The webhook.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> from insightiq.models import WebhookEvent
            >>> webhook = await iq.webhooks.create(
            ...     url="https://hooks.example/insightiq",
            ...     events=[
            ...         WebhookEvent.PROFILES_ADDED,
            ...         WebhookEvent.PROFILES_UPDATED,
            ...         WebhookEvent.CONTENTS_ADDED,
            ...     ],
            ... )
        """
        from .create import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(url=url, events=events, name=name))

    async def send(self, *, payload: WebhookSendPayload) -> WebhookSendPayload:
        """Send a notification.

        Posts a notification of your making to the webhooks of the environment that ask for its
        event, to try a receiver out.

        Args:
            payload: The notification.

        Returns:
            The notification, as it was sent.

        Raises:
            BadRequestError: 400: The request does not fit this document.
            AuthenticationError: 401: Credentials are missing or wrong for this environment.
            RateLimitError: 429: More requests in this second, or more at the same time, than the
                developer account allows.
            InternalServerError: 500: Something went wrong on the server.
            ServiceUnavailableError: 503: The API is down for a moment, as in the weekly
                maintenance: Friday 09:30 to 09:45 UTC.

        Example:
            >>> from insightiq.models import WebhookEvent, WebhookSendData, WebhookSendPayload
            >>> webhook_send_payload = await iq.webhooks.send(
            ...     payload=WebhookSendPayload(
            ...         event=WebhookEvent.PROFILES_ADDED,
            ...         name="profile added",
            ...         id="8043271c-8754-46d7-95e8-2d1529457440",
            ...         data=WebhookSendData(
            ...             additional_properties={
            ...                 "account_id": "5e1c8f07-93ab-4d26-8a15-c40be7d2f391",
            ...                 "user_id": "0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60",
            ...                 "profile_id": "7b20f6c4-1d85-4e9a-b3f7-58c6a90e2d14",
            ...                 "last_updated_time": "2026-04-26T12:00:31.114870",
            ...             }
            ...         ),
            ...     )
            ... )
        """
        from .send import OPERATION, build_request

        return await self._caller.call(OPERATION, build_request(payload=payload))
