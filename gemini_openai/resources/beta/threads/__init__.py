"""Threads of assistants, which Gemini has not."""

from .messages import AsyncMessages as AsyncMessages, Messages as Messages
from .runs import AsyncRuns as AsyncRuns, Runs as Runs
from .threads import AsyncThreads as AsyncThreads, Threads as Threads
