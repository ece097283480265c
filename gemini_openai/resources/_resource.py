"""Send what the methods of a resource ask for: the base classes of all resources."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

import anyio

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .._base_client import AsyncAPIClient, SyncAPIClient
    from .._call.request import Call
    from ..pagination import AsyncPageT, AsyncPaginator, ItemT, SyncPageT

T = TypeVar("T")


class SyncAPIResource:
    """Methods that send through a `Client`."""

    def __init__(self, client: SyncAPIClient) -> None:
        self._client = client
        self._get = client.get
        self._post = client.post
        self._patch = client.patch
        self._put = client.put
        self._delete = client.delete
        self._get_api_list = client.get_api_list

    def _sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def _send(self, call: Call[T]) -> T:
        verb: Callable[..., T] = getattr(self, f"_{call.method}")
        return verb(call.path, **_arguments(call))

    def _send_stream(self, call: Call[Any], stream_cls: type[T]) -> T:
        answer: T = self._post(call.path, **_arguments(call), stream=True, stream_cls=stream_cls)
        return answer

    def _send_list(self, call: Call[Any], page: type[SyncPageT]) -> SyncPageT:
        return self._get_api_list(call.path, page=page, model=call.cast_to, options=call.options)


class AsyncAPIResource:
    """Methods that send through an `AsyncClient`."""

    def __init__(self, client: AsyncAPIClient) -> None:
        self._client = client
        self._get = client.get
        self._post = client.post
        self._patch = client.patch
        self._put = client.put
        self._delete = client.delete
        self._get_api_list = client.get_api_list

    async def _sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)

    async def _send(self, call: Call[T]) -> T:
        verb: Callable[..., Awaitable[T]] = getattr(self, f"_{call.method}")
        return await verb(call.path, **_arguments(call))

    async def _send_stream(self, call: Call[Any], stream_cls: type[T]) -> T:
        sent = self._post(call.path, **_arguments(call), stream=True, stream_cls=stream_cls)
        answer: T = await sent
        return answer

    def _send_list(
        self, call: Call[ItemT], page: type[AsyncPageT]
    ) -> AsyncPaginator[ItemT, AsyncPageT]:
        return self._get_api_list(call.path, page=page, model=call.cast_to, options=call.options)


def _arguments(call: Call[Any]) -> dict[str, Any]:
    """The keywords for the client's verb; those that say nothing are left out."""
    said = {"body": call.body, "files": call.files}
    given = {name: value for name, value in said.items() if value is not None}
    return {"cast_to": call.cast_to, "options": call.options, **given}
