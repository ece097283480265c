"""At openai's path."""

from .chat_completion import (
    ChatCompletionTokenLogprob as ChatCompletionTokenLogprob,
    TopLogprob as TopLogprob,
)
