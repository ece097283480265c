"""Assistants, which Gemini has not: for tracers."""

from .._unsupported import unsupported_classes

Assistants, AsyncAssistants = unsupported_classes(
    "beta.assistants",
    "Assistants",
    """
        create retrieve update list delete
    """,
)
