"""How much the model may think."""

from typing import Literal, TypeAlias

ReasoningEffort: TypeAlias = (
    Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None
)
"""Gemini accepts `none` to `high`; not every model accepts all of these."""
