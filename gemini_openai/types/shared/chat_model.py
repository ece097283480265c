"""Names of chat models, for completion in editors: every other name is as good."""

from typing import Literal, TypeAlias

ChatModel: TypeAlias = Literal[
    "gemini-pro-latest", "gemini-flash-latest", "gemini-flash-lite-latest"
]
"""Google moves these to its newest models; `client.models.list()` has all of today's."""
