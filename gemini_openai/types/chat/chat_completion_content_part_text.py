"""At openai's path."""

from .chat_completion_store_message import (
    ChatCompletionContentPartText as ChatCompletionContentPartText,
    PromptCacheBreakpoint as PromptCacheBreakpoint,
)
