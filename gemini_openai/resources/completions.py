"""Completions without a conversation, which Gemini lacks: classes for tracers to patch."""

from ._unsupported import unsupported_classes

Completions, AsyncCompletions = unsupported_classes("completions", "create")
