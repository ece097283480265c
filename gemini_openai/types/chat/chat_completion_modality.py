"""At openai's path."""

from .completion_create_params import ChatCompletionModality as ChatCompletionModality
