"""Threads of assistants, which Gemini has not: for tracers."""

from ..._unsupported import unsupported_classes

Threads, AsyncThreads = unsupported_classes(
    "beta.threads",
    "Threads",
    """
        create retrieve update delete create_and_run create_and_run_poll
        create_and_run_stream
    """,
)
