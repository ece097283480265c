"""Messages in threads, which Gemini lacks: classes for tracers to patch."""

from ..._unsupported import unsupported_classes

Messages, AsyncMessages = unsupported_classes(
    "beta.threads.messages", "create retrieve update list delete"
)
