"""At openai's path."""

from .completion_create_params import (
    ChatCompletionStreamOptionsParam as ChatCompletionStreamOptionsParam,
)
