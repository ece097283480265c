"""Messages in threads, which Gemini has not: for tracers."""

from ..._unsupported import unsupported_classes

Messages, AsyncMessages = unsupported_classes(
    "beta.threads.messages",
    "Messages",
    """
        create retrieve update list delete
    """,
)
