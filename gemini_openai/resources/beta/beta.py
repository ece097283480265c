"""Features that were new once: `beta`. Gemini has `chat` of them, which is the client's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ..._primitives.lazy import cached_property
from .. import _views
from .._resource import AsyncAPIResource, SyncAPIResource
from .._unsupported import unsupported

if TYPE_CHECKING:
    from typing import ClassVar, Protocol

    from ..chat.chat import AsyncChat, Chat

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


class Beta(SyncAPIResource, _OpenAIOnly):
    """Features that were new once."""

    with_raw_response = _views.view_as(lambda: BetaWithRawResponse)
    with_streaming_response = _views.view_as(lambda: BetaWithStreamingResponse)

    @cached_property
    def chat(self) -> Chat:
        """The same object as `client.chat`."""
        return cast("HasChat", self._client).chat


class AsyncBeta(AsyncAPIResource, _OpenAIOnly):
    """Features that were new once."""

    with_raw_response = _views.view_as(lambda: AsyncBetaWithRawResponse)
    with_streaming_response = _views.view_as(lambda: AsyncBetaWithStreamingResponse)

    @cached_property
    def chat(self) -> AsyncChat:
        """The same object as `client.chat`."""
        return cast("HasAsyncChat", self._client).chat


class _BetaResources(_views.ViewedGroup):
    chat: ClassVar[_views.ViewedResource[Chat, AsyncChat]]


class BetaWithRawResponse(_BetaResources, _views.RawView):
    """`Beta`, giving `LegacyAPIResponse`."""


class AsyncBetaWithRawResponse(_BetaResources, _views.AsyncRawView):
    """`AsyncBeta`, giving `LegacyAPIResponse`."""


class BetaWithStreamingResponse(_BetaResources, _views.StreamedView):
    """`Beta`, giving `APIResponse`."""


class AsyncBetaWithStreamingResponse(_BetaResources, _views.AsyncStreamedView):
    """`AsyncBeta`, giving `AsyncAPIResponse`."""
