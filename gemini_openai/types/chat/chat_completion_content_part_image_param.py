"""Re-export a type at the import path that `openai` has."""

from .chat_completion_message_param import (
    ChatCompletionContentPartImageParam as ChatCompletionContentPartImageParam,
    ImageURL as ImageURL,
    PromptCacheBreakpoint as PromptCacheBreakpoint,
)
