"""Re-export a type at the import path that `openai` has."""

from .chat_completion_message_param import (
    ChatCompletionContentPartTextParam as ChatCompletionContentPartTextParam,
    PromptCacheBreakpoint as PromptCacheBreakpoint,
)
