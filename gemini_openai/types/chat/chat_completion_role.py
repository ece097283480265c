"""The role of a message's author."""

from typing import Literal, TypeAlias

ChatCompletionRole: TypeAlias = Literal[
    "developer", "system", "user", "assistant", "tool", "function"
]
