"""Live talk, which Gemini has by another API: for tracers."""

from ..._unsupported import unsupported_classes

Realtime, AsyncRealtime = unsupported_classes("beta.realtime", "Realtime", "connect")
