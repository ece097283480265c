"""Threads of assistants, which Gemini lacks: classes for tracers to patch."""

from ..._unsupported import unsupported_classes

Threads, AsyncThreads = unsupported_classes(
    "beta.threads",
    "create retrieve update delete create_and_run create_and_run_poll create_and_run_stream",
)
