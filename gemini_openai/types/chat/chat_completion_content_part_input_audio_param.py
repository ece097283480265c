"""At openai's path."""

from .chat_completion_message_param import (
    ChatCompletionContentPartInputAudioParam as ChatCompletionContentPartInputAudioParam,
    InputAudio as InputAudio,
    PromptCacheBreakpoint as PromptCacheBreakpoint,
)
