"""`chat` and what is in it."""

from .._with_response import (
    AsyncChatWithRawResponse as AsyncChatWithRawResponse,
    AsyncChatWithStreamingResponse as AsyncChatWithStreamingResponse,
    AsyncCompletionsWithRawResponse as AsyncCompletionsWithRawResponse,
    AsyncCompletionsWithStreamingResponse as AsyncCompletionsWithStreamingResponse,
    ChatWithRawResponse as ChatWithRawResponse,
    ChatWithStreamingResponse as ChatWithStreamingResponse,
    CompletionsWithRawResponse as CompletionsWithRawResponse,
    CompletionsWithStreamingResponse as CompletionsWithStreamingResponse,
)
from .chat import AsyncChat as AsyncChat, Chat as Chat
from .completions import AsyncCompletions as AsyncCompletions, Completions as Completions
