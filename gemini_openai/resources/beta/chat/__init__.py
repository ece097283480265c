"""`beta.chat`, at the path it had in openai before 1.92, where tracers still look for it."""

from ...chat import AsyncChat as AsyncChat, Chat as Chat
from . import completions as completions
