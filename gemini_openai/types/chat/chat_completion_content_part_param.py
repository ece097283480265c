"""At openai's path."""

from .chat_completion_message_param import (
    ChatCompletionContentPartParam as ChatCompletionContentPartParam,
    File as File,
    FileFile as FileFile,
    PromptCacheBreakpoint,
)

FilePromptCacheBreakpoint = PromptCacheBreakpoint
