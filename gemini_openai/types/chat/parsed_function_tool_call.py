"""Re-export a type at the import path that `openai` has."""

from .parsed_chat_completion import (
    ParsedFunction as ParsedFunction,
    ParsedFunctionToolCall as ParsedFunctionToolCall,
)
