"""At openai's path."""

from .chat_completion_message import ChatCompletionAudio as ChatCompletionAudio
