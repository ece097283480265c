"""Re-export a type at the import path that `openai` has."""

from .chat_completion_message_param import (
    ChatCompletionContentPartParam as ChatCompletionContentPartParam,
    File as File,
    FileFile as FileFile,
    PromptCacheBreakpoint,
)

FilePromptCacheBreakpoint = PromptCacheBreakpoint
