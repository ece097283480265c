"""`beta.chat.completions`: the same classes as `chat.completions`, where tracers look for them."""

from ...chat.completions import AsyncCompletions as AsyncCompletions, Completions as Completions
