"""At openai's path."""

from .image_gen_stream_event import (
    ImageGenCompletedEvent as ImageGenCompletedEvent,
    Usage as Usage,
    UsageInputTokensDetails as UsageInputTokensDetails,
)
