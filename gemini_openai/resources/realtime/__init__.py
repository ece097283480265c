"""Live talk, which Gemini has by another API."""

from .realtime import AsyncRealtime as AsyncRealtime, Realtime as Realtime
