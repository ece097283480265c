"""Refuse what needs completions kept by the server: Gemini keeps none."""

from ....types.chat.completion_list_params import CompletionListParams
from ....types.chat.completion_update_params import CompletionUpdateParams
from ..._unsupported import unsupported, unsupported_async_method, unsupported_method


class StoredCompletions:
    """Each method raises `NotSupportedError`: Gemini keeps no completions."""

    messages = unsupported("chat.completions.messages")
    retrieve = unsupported_method("chat.completions.retrieve", first="completion_id")
    update = unsupported_method(
        "chat.completions.update", CompletionUpdateParams, first="completion_id"
    )
    list = unsupported_method("chat.completions.list", CompletionListParams)
    delete = unsupported_method("chat.completions.delete", first="completion_id")


class AsyncStoredCompletions:
    """`StoredCompletions`, raising when awaited."""

    messages = unsupported("chat.completions.messages")
    retrieve = unsupported_async_method("chat.completions.retrieve", first="completion_id")
    update = unsupported_async_method(
        "chat.completions.update", CompletionUpdateParams, first="completion_id"
    )
    list = unsupported_method("chat.completions.list", CompletionListParams)
    delete = unsupported_async_method("chat.completions.delete", first="completion_id")
