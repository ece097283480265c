"""Messages of stored completions, which Gemini lacks: classes for tracers to patch."""

from ..._unsupported import unsupported_classes

Messages, AsyncMessages = unsupported_classes("chat.completions.messages", "list")
