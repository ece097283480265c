"""Completions of a text without a conversation, which Gemini has not: for tracers."""

from ._unsupported import unsupported_classes

Completions, AsyncCompletions = unsupported_classes("completions", "Completions", "create")
