"""Re-export a type at the import path that `openai` has."""

from .image_edit_stream_event import (
    ImageEditCompletedEvent as ImageEditCompletedEvent,
    Usage as Usage,
    UsageInputTokensDetails as UsageInputTokensDetails,
)
