"""Re-export a type at the import path that `openai` has."""

from .image_edit_stream_event import ImageEditPartialImageEvent as ImageEditPartialImageEvent
