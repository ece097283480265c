"""Re-export a type at the import path that `openai` has."""

from .completion_create_params import (
    ChatCompletionAudioParam as ChatCompletionAudioParam,
    Voice as Voice,
    VoiceID as VoiceID,
)
