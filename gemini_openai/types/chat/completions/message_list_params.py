"""The parameters of `chat.completions.messages.list`: messages Gemini does not keep."""

from typing import Literal

from typing_extensions import TypedDict

from ...._types import Maybe


class MessageListParams(TypedDict, total=False):
    after: Maybe[str]
    limit: Maybe[int]
    order: Maybe[Literal["asc", "desc"]]
