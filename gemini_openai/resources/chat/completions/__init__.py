"""`chat.completions`, at the path where tracers and tests look for it."""

from ..._with_response import (
    AsyncCompletionsWithRawResponse as AsyncCompletionsWithRawResponse,
    AsyncCompletionsWithStreamingResponse as AsyncCompletionsWithStreamingResponse,
    CompletionsWithRawResponse as CompletionsWithRawResponse,
    CompletionsWithStreamingResponse as CompletionsWithStreamingResponse,
)
from .completions import AsyncCompletions as AsyncCompletions, Completions as Completions
from .messages import AsyncMessages as AsyncMessages, Messages as Messages
