"""Re-export a type at the import path that `openai` has."""

from .chat_completion_tool_param import (
    ChatCompletionCustomToolParam as ChatCompletionCustomToolParam,
    Custom as Custom,
    CustomFormat as CustomFormat,
    CustomFormatGrammar as CustomFormatGrammar,
    CustomFormatGrammarGrammar as CustomFormatGrammarGrammar,
    CustomFormatText as CustomFormatText,
)
