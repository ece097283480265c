"""Features that were new once: `beta`. Gemini has `chat` of them, which is the client's own."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from .._group_views import RawGroupView, StreamedGroupView
from .._resource import AsyncAPIResource, SyncAPIResource
from .._unsupported import unsupported

if TYPE_CHECKING:
    from typing import Protocol

    from ..chat.chat import (
        AsyncChat,
        AsyncChatWithRawResponse,
        AsyncChatWithStreamingResponse,
        Chat,
        ChatWithRawResponse,
        ChatWithStreamingResponse,
    )

    class HasChat(Protocol):
        chat: Chat

    class HasAsyncChat(Protocol):
        chat: AsyncChat


__all__ = ["AsyncBeta", "Beta"]


class _OpenAIOnly:
    agents = unsupported("beta.agents")
    assistants = unsupported("beta.assistants")
    chatkit = unsupported("beta.chatkit")
    realtime = unsupported("beta.realtime")
    responses = unsupported("beta.responses")
    threads = unsupported("beta.threads")
    vector_stores = unsupported("beta.vector_stores")


class BetaWithRawResponse(RawGroupView):
    """`Beta`, giving `LegacyAPIResponse`."""

    chat: ChatWithRawResponse


class AsyncBetaWithRawResponse(RawGroupView):
    """`AsyncBeta`, giving `LegacyAPIResponse`."""

    chat: AsyncChatWithRawResponse


class BetaWithStreamingResponse(StreamedGroupView):
    """`Beta`, giving `APIResponse`."""

    chat: ChatWithStreamingResponse


class AsyncBetaWithStreamingResponse(StreamedGroupView):
    """`AsyncBeta`, giving `AsyncAPIResponse`."""

    chat: AsyncChatWithStreamingResponse


class Beta(SyncAPIResource, _OpenAIOnly):
    """Features that were new once."""

    with_raw_response = cached_property(BetaWithRawResponse)
    with_streaming_response = cached_property(BetaWithStreamingResponse)

    @cached_property
    def chat(self) -> Chat:
        """The same object as `client.chat`."""
        return cast("HasChat", self._client).chat


class AsyncBeta(AsyncAPIResource, _OpenAIOnly):
    """Features that were new once."""

    with_raw_response = cached_property(AsyncBetaWithRawResponse)
    with_streaming_response = cached_property(AsyncBetaWithStreamingResponse)

    @cached_property
    def chat(self) -> AsyncChat:
        """The same object as `client.chat`."""
        return cast("HasAsyncChat", self._client).chat
