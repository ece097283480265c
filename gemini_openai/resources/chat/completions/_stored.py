"""Completions kept by the server, which Gemini does not do: the methods that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...._call.signature import spell_out
from ...._types import RequestExtras
from ....types.chat.completion_list_params import CompletionListParams
from ....types.chat.completion_update_params import CompletionUpdateParams
from ..._unsupported import not_supported, unsupported

if TYPE_CHECKING:
    from typing_extensions import Never, Unpack


class ListParams(CompletionListParams, RequestExtras, total=False):
    """Everything `list` takes."""


class UpdateParams(CompletionUpdateParams, RequestExtras, total=False):
    """Everything `update` takes beside the id."""


class StoredCompletions:
    """Each method raises `NotSupportedError`: Gemini keeps no completions."""

    messages = unsupported("chat.completions.messages")

    @spell_out(RequestExtras)
    def retrieve(self, completion_id: str, **extras: Unpack[RequestExtras]) -> Never:
        """Raise `NotSupportedError`."""
        raise not_supported("chat.completions.retrieve")

    @spell_out(UpdateParams)
    def update(self, completion_id: str, **params: Unpack[UpdateParams]) -> Never:
        """Raise `NotSupportedError`."""
        raise not_supported("chat.completions.update")

    @spell_out(ListParams)
    def list(self, **params: Unpack[ListParams]) -> Never:
        """Raise `NotSupportedError`."""
        raise not_supported("chat.completions.list")

    @spell_out(RequestExtras)
    def delete(self, completion_id: str, **extras: Unpack[RequestExtras]) -> Never:
        """Raise `NotSupportedError`."""
        raise not_supported("chat.completions.delete")


class AsyncStoredCompletions:
    """Each method raises `NotSupportedError`: Gemini keeps no completions."""

    messages = unsupported("chat.completions.messages")

    @spell_out(RequestExtras)
    async def retrieve(self, completion_id: str, **extras: Unpack[RequestExtras]) -> Never:
        """Raise `NotSupportedError`."""
        raise not_supported("chat.completions.retrieve")

    @spell_out(UpdateParams)
    async def update(self, completion_id: str, **params: Unpack[UpdateParams]) -> Never:
        """Raise `NotSupportedError`."""
        raise not_supported("chat.completions.update")

    @spell_out(ListParams)
    def list(self, **params: Unpack[ListParams]) -> Never:
        """Raise `NotSupportedError`."""
        raise not_supported("chat.completions.list")

    @spell_out(RequestExtras)
    async def delete(self, completion_id: str, **extras: Unpack[RequestExtras]) -> Never:
        """Raise `NotSupportedError`."""
        raise not_supported("chat.completions.delete")
