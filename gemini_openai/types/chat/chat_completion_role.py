"""Who may speak in a conversation."""

from typing import Literal, TypeAlias

ChatCompletionRole: TypeAlias = Literal[
    "developer", "system", "user", "assistant", "tool", "function"
]
