"""Live talk, which Gemini has by another API: for tracers."""

from .._unsupported import unsupported_classes

Realtime, AsyncRealtime = unsupported_classes("realtime", "Realtime", "connect")
