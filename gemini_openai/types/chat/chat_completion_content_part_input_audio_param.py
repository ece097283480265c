"""Re-export a type at the import path that `openai` has."""

from .chat_completion_message_param import (
    ChatCompletionContentPartInputAudioParam as ChatCompletionContentPartInputAudioParam,
    InputAudio as InputAudio,
    PromptCacheBreakpoint as PromptCacheBreakpoint,
)
