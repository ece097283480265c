"""Re-export a type at the import path that `openai` has."""

from .image_gen_stream_event import ImageGenPartialImageEvent as ImageGenPartialImageEvent
