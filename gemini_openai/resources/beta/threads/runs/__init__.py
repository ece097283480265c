"""Runs of threads of assistants, which Gemini lacks."""

from .runs import AsyncRuns as AsyncRuns, Runs as Runs
