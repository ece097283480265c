"""`chat`: the group that `completions` is in."""

from __future__ import annotations

from functools import cached_property

from .._resource import AsyncAPIResource, SyncAPIResource
from .completions import AsyncCompletions, Completions


class Chat(SyncAPIResource):
    """Conversations."""

    @cached_property
    def completions(self) -> Completions:
        """Answers to conversations."""
        return Completions(self._client)


class AsyncChat(AsyncAPIResource):
    """Conversations."""

    @cached_property
    def completions(self) -> AsyncCompletions:
        """Answers to conversations."""
        return AsyncCompletions(self._client)
