"""Names of models of any kind."""

from typing import TypeAlias

from .chat_model import ChatModel

AllModels: TypeAlias = str | ChatModel
