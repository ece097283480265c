"""At openai's path."""

from .completion_create_params import (
    ChatCompletionAudioParam as ChatCompletionAudioParam,
    Voice as Voice,
    VoiceID as VoiceID,
)
