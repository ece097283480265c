"""At openai's path."""

from .parsed_chat_completion import (
    ParsedFunction as ParsedFunction,
    ParsedFunctionToolCall as ParsedFunctionToolCall,
)
