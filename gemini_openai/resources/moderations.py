"""Moderation of texts, which Gemini lacks: classes for tracers to patch."""

from ._unsupported import unsupported_classes

Moderations, AsyncModerations = unsupported_classes("moderations", "create")
