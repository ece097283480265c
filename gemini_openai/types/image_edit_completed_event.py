"""At openai's path."""

from .image_edit_stream_event import (
    ImageEditCompletedEvent as ImageEditCompletedEvent,
    Usage as Usage,
    UsageInputTokensDetails as UsageInputTokensDetails,
)
