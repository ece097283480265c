"""`Client` and `AsyncClient`: the verbs of `_base_client` and the resources that use them."""

from __future__ import annotations

from functools import cached_property

from ._base_client import AsyncAPIClient, SyncAPIClient

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .resources.chat.chat import AsyncChat, Chat

__all__ = ["AsyncClient", "AsyncOpenAI", "Client", "OpenAI"]


class Client(SyncAPIClient):
    __doc__ = f"Gemini behind the interface of `openai`, blocking.\n{SyncAPIClient.__doc__}"

    @cached_property
    def chat(self) -> Chat:
        """Conversations."""
        from .resources.chat.chat import Chat

        return Chat(self)


class AsyncClient(AsyncAPIClient):
    """`Client` for asyncio and trio. Each event loop gets connections of its own.

    A function given as `api_key` may be a coroutine function, and `http_client` is an
    `httpx.AsyncClient` or `httpx2.AsyncClient`.
    """

    @cached_property
    def chat(self) -> AsyncChat:
        """Conversations."""
        from .resources.chat.chat import AsyncChat

        return AsyncChat(self)


OpenAI = Client
AsyncOpenAI = AsyncClient
