"""Judgements on texts, which Gemini has not: for tracers."""

from ._unsupported import unsupported_classes

Moderations, AsyncModerations = unsupported_classes("moderations", "Moderations", "create")
