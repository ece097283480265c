"""Refuse what needs completions kept by the server: Gemini keeps none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._unsupported import unsupported, unsupported_async_method, unsupported_method

if TYPE_CHECKING:
    from ....types.chat.completion_list_params import CompletionListParams
    from ....types.chat.completion_update_params import CompletionUpdateParams


def _list_params() -> type[CompletionListParams]:
    from ....types.chat.completion_list_params import CompletionListParams

    return CompletionListParams


def _update_params() -> type[CompletionUpdateParams]:
    from ....types.chat.completion_update_params import CompletionUpdateParams

    return CompletionUpdateParams


class StoredCompletions:
    """Each method raises `NotSupportedError`: Gemini keeps no completions."""

    messages = unsupported("chat.completions.messages")
    retrieve = unsupported_method("chat.completions.retrieve", first="completion_id")
    update = unsupported_method("chat.completions.update", _update_params, first="completion_id")
    list = unsupported_method("chat.completions.list", _list_params)
    delete = unsupported_method("chat.completions.delete", first="completion_id")


class AsyncStoredCompletions:
    """`StoredCompletions`, raising when awaited."""

    messages = unsupported("chat.completions.messages")
    retrieve = unsupported_async_method("chat.completions.retrieve", first="completion_id")
    update = unsupported_async_method(
        "chat.completions.update", _update_params, first="completion_id"
    )
    list = unsupported_method("chat.completions.list", _list_params)
    delete = unsupported_async_method("chat.completions.delete", first="completion_id")
