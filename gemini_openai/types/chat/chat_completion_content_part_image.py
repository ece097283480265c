"""At openai's path."""

from .chat_completion_store_message import (
    ChatCompletionContentPartImage as ChatCompletionContentPartImage,
    ImageURL as ImageURL,
    PromptCacheBreakpoint as PromptCacheBreakpoint,
)
