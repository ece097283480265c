"""Assistants, which Gemini lacks: classes for tracers to patch."""

from .._unsupported import unsupported_classes

Assistants, AsyncAssistants = unsupported_classes(
    "beta.assistants", "create retrieve update list delete"
)
