"""Realtime sessions, which Gemini has in another API: classes for tracers to patch."""

from ..._unsupported import unsupported_classes

Realtime, AsyncRealtime = unsupported_classes("beta.realtime", "connect")
