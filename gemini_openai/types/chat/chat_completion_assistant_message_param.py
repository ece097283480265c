"""At openai's path."""

from .chat_completion_message_param import (
    Audio as Audio,
    ChatCompletionAssistantMessageParam as ChatCompletionAssistantMessageParam,
    ContentArrayOfContentPart as ContentArrayOfContentPart,
    FunctionCall as FunctionCall,
)
