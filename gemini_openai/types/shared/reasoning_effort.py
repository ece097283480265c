"""How long the model may think."""

from typing import Literal, TypeAlias

ReasoningEffort: TypeAlias = (
    Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None
)
"""Gemini knows `none` to `high`, and not every model knows all of these."""
