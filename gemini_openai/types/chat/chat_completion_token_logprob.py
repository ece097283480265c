"""Re-export a type at the import path that `openai` has."""

from .chat_completion import (
    ChatCompletionTokenLogprob as ChatCompletionTokenLogprob,
    TopLogprob as TopLogprob,
)
