"""What every resource has: the client it sends through, and the sending of a `Call`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import anyio

from .._streaming import AsyncStream, Stream

if TYPE_CHECKING:
    from .._base_client import AsyncAPIClient, SyncAPIClient
    from .._call.request import Call


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

    def _send(self, call: Call) -> Any:
        return getattr(self, f"_{call.method}")(call.path, **_arguments(call, Stream))


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

    async def _send(self, call: Call) -> Any:
        return await getattr(self, f"_{call.method}")(call.path, **_arguments(call, AsyncStream))


def _arguments(call: Call, stream_cls: Any) -> dict[str, Any]:
    """The keywords for the client's verb; those that say nothing are left out."""
    arguments: dict[str, Any] = {"cast_to": call.cast_to, "options": call.options}
    if call.body is not None:
        arguments["body"] = call.body
    if call.files is not None:
        arguments["files"] = call.files
    if call.chunk is not None:
        arguments["stream"] = call.stream
        arguments["stream_cls"] = stream_cls[call.chunk]
    return arguments
