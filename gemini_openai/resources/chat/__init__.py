"""`chat` and what is in it."""

from .chat import AsyncChat as AsyncChat, Chat as Chat
from .completions import AsyncCompletions as AsyncCompletions, Completions as Completions
