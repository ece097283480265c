"""Features that were new once: `beta`. Gemini has `chat` of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._primitives.lazy import cached_property
from .. import _views
from .._resource import AsyncAPIResource, SyncAPIResource
from .._unsupported import unsupported
from ..chat.chat import AsyncChat, Chat

if TYPE_CHECKING:
    from typing import ClassVar

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
        """What `client.chat` is, as an object of its own.

        Tracers wrap the methods of both: on one object a call would be recorded twice.
        """
        return Chat(self._client)


class AsyncBeta(AsyncAPIResource, _OpenAIOnly):
    """Features that were new once."""

    with_raw_response = _views.view_as(lambda: AsyncBetaWithRawResponse)
    with_streaming_response = _views.view_as(lambda: AsyncBetaWithStreamingResponse)

    @cached_property
    def chat(self) -> AsyncChat:
        """What `client.chat` is, as an object of its own; see `Beta.chat`."""
        return AsyncChat(self._client)


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
