"""Messages of stored completions, which Gemini does not keep: for tracers."""

from ..._unsupported import unsupported_classes

Messages, AsyncMessages = unsupported_classes("chat.completions.messages", "Messages", "list")
