"""Names of chat models, as suggestions for editors; any other name is accepted too."""

from typing import Literal, TypeAlias

ChatModel: TypeAlias = Literal[
    "gemini-pro-latest",
    "gemini-flash-latest",
    "gemini-flash-lite-latest",
    "gemini-4-argon",
    "gemini-4-carbon",
    "gemini-4-hydrogen",
    "gemini-4-neon",
    "gemini-3.8-flash",
    "gemini-3.6-flash",
    "gemini-3.5-flash-lite",
    "gemini-3.1-pro-preview",
]
"""Google points the first three at its newest models; `client.models.list()` has all."""
