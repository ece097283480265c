"""Names of chat models, as suggestions for editors; any other name is accepted too."""

from typing import Literal, TypeAlias

ChatModel: TypeAlias = Literal[
    "gemini-pro-latest", "gemini-flash-latest", "gemini-flash-lite-latest"
]
"""Google points these at its newest models; `client.models.list()` has all current models."""
