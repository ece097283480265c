"""`chat.completions`, at the path where tracers and tests look for it."""

from .completions import AsyncCompletions as AsyncCompletions, Completions as Completions
