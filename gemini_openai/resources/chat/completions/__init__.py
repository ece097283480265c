"""`chat.completions`: the requests, their parameters, and what Gemini lacks of them.

A folder because openai has one: tracers look for `chat.completions.messages`. Reading answers as
types, and streams as events, belongs to `lib`.
"""

from .completions import (
    AsyncCompletions as AsyncCompletions,
    AsyncCompletionsWithRawResponse as AsyncCompletionsWithRawResponse,
    AsyncCompletionsWithStreamingResponse as AsyncCompletionsWithStreamingResponse,
    Completions as Completions,
    CompletionsWithRawResponse as CompletionsWithRawResponse,
    CompletionsWithStreamingResponse as CompletionsWithStreamingResponse,
)
from .messages import AsyncMessages as AsyncMessages, Messages as Messages
