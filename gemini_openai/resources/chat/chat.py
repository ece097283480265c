"""Group what answers conversations: `chat`, with `completions` in it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .._group_views import RawGroupView, StreamedGroupView
from .._resource import AsyncAPIResource, SyncAPIResource
from .completions import AsyncCompletions, Completions

if TYPE_CHECKING:
    from .completions import (
        AsyncCompletionsWithRawResponse,
        AsyncCompletionsWithStreamingResponse,
        CompletionsWithRawResponse,
        CompletionsWithStreamingResponse,
    )


class ChatWithRawResponse(RawGroupView):
    """`Chat`, giving `LegacyAPIResponse`."""

    completions: CompletionsWithRawResponse


class AsyncChatWithRawResponse(RawGroupView):
    """`AsyncChat`, giving `LegacyAPIResponse`."""

    completions: AsyncCompletionsWithRawResponse


class ChatWithStreamingResponse(StreamedGroupView):
    """`Chat`, giving `APIResponse`."""

    completions: CompletionsWithStreamingResponse


class AsyncChatWithStreamingResponse(StreamedGroupView):
    """`AsyncChat`, giving `AsyncAPIResponse`."""

    completions: AsyncCompletionsWithStreamingResponse


class Chat(SyncAPIResource):
    """The group of `completions`."""

    with_raw_response = cached_property(ChatWithRawResponse)
    with_streaming_response = cached_property(ChatWithStreamingResponse)

    @cached_property
    def completions(self) -> Completions:
        """Answer conversations, whole or in chunks."""
        return Completions(self._client)


class AsyncChat(AsyncAPIResource):
    """The group of `completions`."""

    with_raw_response = cached_property(AsyncChatWithRawResponse)
    with_streaming_response = cached_property(AsyncChatWithStreamingResponse)

    @cached_property
    def completions(self) -> AsyncCompletions:
        """Answer conversations, whole or in chunks."""
        return AsyncCompletions(self._client)
