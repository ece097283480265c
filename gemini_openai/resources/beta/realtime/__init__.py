"""Realtime sessions, which Gemini has in another API."""

from .realtime import AsyncRealtime as AsyncRealtime, Realtime as Realtime
