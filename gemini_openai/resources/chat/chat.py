"""Group what answers conversations: `chat`, with `completions` in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._primitives.lazy import cached_property
from .. import _views
from .._resource import AsyncAPIResource, SyncAPIResource
from .completions import AsyncCompletions, Completions

if TYPE_CHECKING:
    from typing import ClassVar


class Chat(SyncAPIResource):
    """The group of `completions`."""

    with_raw_response = _views.view_as(lambda: ChatWithRawResponse)
    with_streaming_response = _views.view_as(lambda: ChatWithStreamingResponse)

    @cached_property
    def completions(self) -> Completions:
        """Answer conversations, whole or in chunks."""
        return Completions(self._client)


class AsyncChat(AsyncAPIResource):
    """The group of `completions`."""

    with_raw_response = _views.view_as(lambda: AsyncChatWithRawResponse)
    with_streaming_response = _views.view_as(lambda: AsyncChatWithStreamingResponse)

    @cached_property
    def completions(self) -> AsyncCompletions:
        """Answer conversations, whole or in chunks."""
        return AsyncCompletions(self._client)


class _ChatResources(_views.ViewedGroup):
    completions: ClassVar[_views.ViewedResource[Completions, AsyncCompletions]]


class ChatWithRawResponse(_ChatResources, _views.RawView):
    """`Chat`, giving `LegacyAPIResponse`."""


class AsyncChatWithRawResponse(_ChatResources, _views.AsyncRawView):
    """`AsyncChat`, giving `LegacyAPIResponse`."""


class ChatWithStreamingResponse(_ChatResources, _views.StreamedView):
    """`Chat`, giving `APIResponse`."""


class AsyncChatWithStreamingResponse(_ChatResources, _views.AsyncStreamedView):
    """`AsyncChat`, giving `AsyncAPIResponse`."""
