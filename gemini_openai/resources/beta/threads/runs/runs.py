"""Runs of threads, which Gemini lacks: classes for tracers to patch."""

from ...._unsupported import unsupported_classes

Runs, AsyncRuns = unsupported_classes(
    "beta.threads.runs",
    "create retrieve update list cancel create_and_poll create_and_stream poll stream "
    "submit_tool_outputs",
)
