"""`beta`: what was new once. Of it Gemini has `chat`, which is the client's own."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .._resource import AsyncAPIResource, SyncAPIResource
from .._unsupported import unsupported
from .._with_response import (
    AsyncBetaWithRawResponse as AsyncBetaWithRawResponse,
    AsyncBetaWithStreamingResponse as AsyncBetaWithStreamingResponse,
    BetaWithRawResponse as BetaWithRawResponse,
    BetaWithStreamingResponse as BetaWithStreamingResponse,
)

if TYPE_CHECKING:
    from ..._client import AsyncClient, Client
    from ..chat.chat import AsyncChat, Chat

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
    """What was new once."""

    with_raw_response = cached_property(BetaWithRawResponse)
    with_streaming_response = cached_property(BetaWithStreamingResponse)
    _client: Client

    @cached_property
    def chat(self) -> Chat:
        """The same object as `client.chat`."""
        return self._client.chat


class AsyncBeta(AsyncAPIResource, _OpenAIOnly):
    """What was new once."""

    with_raw_response = cached_property(AsyncBetaWithRawResponse)
    with_streaming_response = cached_property(AsyncBetaWithStreamingResponse)
    _client: AsyncClient

    @cached_property
    def chat(self) -> AsyncChat:
        """The same object as `client.chat`."""
        return self._client.chat
