"""Re-export a type at the import path that `openai` has."""

from .image_gen_stream_event import (
    ImageGenCompletedEvent as ImageGenCompletedEvent,
    Usage as Usage,
    UsageInputTokensDetails as UsageInputTokensDetails,
)
