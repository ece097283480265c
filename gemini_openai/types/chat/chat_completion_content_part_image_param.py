"""At openai's path."""

from .chat_completion_message_param import (
    ChatCompletionContentPartImageParam as ChatCompletionContentPartImageParam,
    ImageURL as ImageURL,
    PromptCacheBreakpoint as PromptCacheBreakpoint,
)
