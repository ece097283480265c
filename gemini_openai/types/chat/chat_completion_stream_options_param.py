"""Re-export a type at the import path that `openai` has."""

from .completion_create_params import (
    ChatCompletionStreamOptionsParam as ChatCompletionStreamOptionsParam,
)
