"""`chat`: the group that `completions` is in."""

from __future__ import annotations

from functools import cached_property

from .._resource import AsyncAPIResource, SyncAPIResource
from .._with_response import (
    AsyncChatWithRawResponse as AsyncChatWithRawResponse,
    AsyncChatWithStreamingResponse as AsyncChatWithStreamingResponse,
    ChatWithRawResponse as ChatWithRawResponse,
    ChatWithStreamingResponse as ChatWithStreamingResponse,
)
from .completions import AsyncCompletions, Completions


class Chat(SyncAPIResource):
    """Conversations."""

    with_raw_response = cached_property(ChatWithRawResponse)
    with_streaming_response = cached_property(ChatWithStreamingResponse)

    @cached_property
    def completions(self) -> Completions:
        """Answers to conversations."""
        return Completions(self._client)


class AsyncChat(AsyncAPIResource):
    """Conversations."""

    with_raw_response = cached_property(AsyncChatWithRawResponse)
    with_streaming_response = cached_property(AsyncChatWithStreamingResponse)

    @cached_property
    def completions(self) -> AsyncCompletions:
        """Answers to conversations."""
        return AsyncCompletions(self._client)
